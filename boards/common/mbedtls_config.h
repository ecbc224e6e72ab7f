/*
 * mbedTLS for firmware: a TLS 1.2 client with ECDHE, AES-GCM and RSA or ECDSA certificates, memory
 * from one static pool, no file, no clock, no entropy of its own (both are the port's). Taken in
 * place of mbedTLS's default configuration, by MBEDTLS_CONFIG_FILE.
 *
 * TLS 1.3 would cost 31 KB of flash more, 3 KB of the pool and 2 KB of stack.
 */
#ifndef IVS_FIRMWARE_MBEDTLS_CONFIG_H
#define IVS_FIRMWARE_MBEDTLS_CONFIG_H

/* The system: none. What comes of a corrupted pool is a panic. */
#define MBEDTLS_PLATFORM_C
#define MBEDTLS_PLATFORM_MEMORY
#define MBEDTLS_PLATFORM_NO_STD_FUNCTIONS
#define MBEDTLS_MEMORY_BUFFER_ALLOC_C
#define MBEDTLS_MEMORY_DEBUG /* for the most that was ever in use */
#define MBEDTLS_NO_PLATFORM_ENTROPY
#define MBEDTLS_PLATFORM_EXIT_MACRO(code) board_panic("mbedTLS's pool is damaged")
#define MBEDTLS_PLATFORM_PRINTF_MACRO IVS_FIRMWARE_NO_PRINT
#define MBEDTLS_PLATFORM_FPRINTF_MACRO IVS_FIRMWARE_NO_PRINT
#define IVS_FIRMWARE_NO_PRINT(...) ((void)0)
void board_panic(const char *why) __attribute__((noreturn)); /* of <board.h> */

/* TLS. The service's records can have 16 KB; of ours a larger one only saves the second record of a
   long request, so a board can set less. */
#define MBEDTLS_SSL_TLS_C
#define MBEDTLS_SSL_CLI_C
#define MBEDTLS_SSL_PROTO_TLS1_2
#define MBEDTLS_SSL_SERVER_NAME_INDICATION
#define MBEDTLS_SSL_EXTENDED_MASTER_SECRET
#define MBEDTLS_SSL_SESSION_TICKETS
#define MBEDTLS_SSL_IN_CONTENT_LEN 16384
#ifndef MBEDTLS_SSL_OUT_CONTENT_LEN
#define MBEDTLS_SSL_OUT_CONTENT_LEN 4096
#endif
#define MBEDTLS_KEY_EXCHANGE_ECDHE_ECDSA_ENABLED
#define MBEDTLS_KEY_EXCHANGE_ECDHE_RSA_ENABLED

/* Certificates and keys. */
#define MBEDTLS_X509_USE_C
#define MBEDTLS_X509_CRT_PARSE_C
#define MBEDTLS_X509_REMOVE_INFO
#define MBEDTLS_PK_C
#define MBEDTLS_PK_PARSE_C
#define MBEDTLS_PEM_PARSE_C
#define MBEDTLS_BASE64_C
#define MBEDTLS_ASN1_PARSE_C
#define MBEDTLS_ASN1_WRITE_C
#define MBEDTLS_OID_C
#define MBEDTLS_RSA_C
#define MBEDTLS_PKCS1_V15
#define MBEDTLS_ECDSA_C
#define MBEDTLS_ECDH_C
#define MBEDTLS_ECP_C
#define MBEDTLS_ECP_DP_SECP256R1_ENABLED
#define MBEDTLS_ECP_DP_SECP384R1_ENABLED
#define MBEDTLS_ECP_NIST_OPTIM
#define MBEDTLS_BIGNUM_C

/* Ciphers and hashes. */
#define MBEDTLS_HAVE_ASM
#define MBEDTLS_CIPHER_C
#define MBEDTLS_AES_C
#define MBEDTLS_AES_ROM_TABLES
#define MBEDTLS_AES_FEWER_TABLES
#define MBEDTLS_GCM_C
#define MBEDTLS_CTR_DRBG_C
#define MBEDTLS_MD_C
#define MBEDTLS_SHA256_C
#define MBEDTLS_SHA384_C
#define MBEDTLS_SHA512_C

#endif
