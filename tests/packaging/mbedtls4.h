/*
 * mbedTLS 4 as far as ivs can see it, made of 3.6: read in front of each source file by
 * test_mbedtls4.py, which then forbids what 4 no longer has. Written after the migration guides of
 * mbedTLS 4.0 and TF-PSA-Crypto 1.0: functions take no generator of random numbers, and errors that
 * PSA has a name for are PSA's.
 */
#include "mbedtls/base64.h"
#include "mbedtls/error.h"
#include "mbedtls/net_sockets.h"
#include "mbedtls/pem.h"
#include "mbedtls/platform_time.h"
#include "mbedtls/psa_util.h"
#include "mbedtls/ssl.h"
#include "mbedtls/version.h"
#include "mbedtls/x509_crt.h"
#include "psa/crypto.h"

#if !defined(MBEDTLS_USE_PSA_CRYPTO)
#error "mbedtls4.h stands on an mbedTLS 3.6 with MBEDTLS_USE_PSA_CRYPTO"
#endif

#undef MBEDTLS_VERSION_MAJOR
#define MBEDTLS_VERSION_MAJOR 4
#undef MBEDTLS_VERSION_NUMBER
#define MBEDTLS_VERSION_NUMBER 0x04000000

/* The error that 4 returns where 3.6 returned r. */
static inline int mbedtls4_error(int r) {
  if (r >= 0) return r;
  switch (-(-r & 0xff80)) {
    case MBEDTLS_ERR_SSL_ALLOC_FAILED:
    case MBEDTLS_ERR_X509_ALLOC_FAILED:
    case MBEDTLS_ERR_PK_ALLOC_FAILED:
    case MBEDTLS_ERR_ECP_ALLOC_FAILED:
    case MBEDTLS_ERR_PEM_ALLOC_FAILED:
    case MBEDTLS_ERR_MD_ALLOC_FAILED:
    case MBEDTLS_ERR_CIPHER_ALLOC_FAILED: return PSA_ERROR_INSUFFICIENT_MEMORY;
    case MBEDTLS_ERR_SSL_BUFFER_TOO_SMALL: return PSA_ERROR_BUFFER_TOO_SMALL;
    default: break;
  }
  int low = -(-r & 0x7f);
  if (low == MBEDTLS_ERR_MPI_ALLOC_FAILED || low == MBEDTLS_ERR_ASN1_ALLOC_FAILED)
    return PSA_ERROR_INSUFFICIENT_MEMORY;
  return r;
}

static inline int mbedtls4_pk_parse_key(mbedtls_pk_context *pk, const unsigned char *key, size_t n,
                                        const unsigned char *password, size_t password_n) {
  return mbedtls4_error(mbedtls_pk_parse_key(pk, key, n, password, password_n,
                                             mbedtls_psa_get_random, MBEDTLS_PSA_RANDOM_STATE));
}
#define mbedtls_pk_parse_key mbedtls4_pk_parse_key

static inline int mbedtls4_pk_sign(mbedtls_pk_context *pk, mbedtls_md_type_t hash_type,
                                   const unsigned char *hash, size_t hash_n, unsigned char *to,
                                   size_t size, size_t *n) {
  return mbedtls4_error(mbedtls_pk_sign(pk, hash_type, hash, hash_n, to, size, n,
                                        mbedtls_psa_get_random, MBEDTLS_PSA_RANDOM_STATE));
}
#define mbedtls_pk_sign mbedtls4_pk_sign
#define mbedtls_pk_parse_public_key(...) mbedtls4_error(mbedtls_pk_parse_public_key(__VA_ARGS__))
#define mbedtls_pk_write_key_pem(...) mbedtls4_error(mbedtls_pk_write_key_pem(__VA_ARGS__))
#define mbedtls_pk_write_pubkey_pem(...) mbedtls4_error(mbedtls_pk_write_pubkey_pem(__VA_ARGS__))

static inline int mbedtls4_ssl_setup(mbedtls_ssl_context *ssl, mbedtls_ssl_config *config) {
  mbedtls_ssl_conf_rng(config, mbedtls_psa_get_random, MBEDTLS_PSA_RANDOM_STATE);
  return mbedtls4_error(mbedtls_ssl_setup(ssl, config));
}
#define mbedtls_ssl_setup mbedtls4_ssl_setup

/* 3.6 needs memory to hand an RSA key to PSA, and says of its lack that the key is bad. */
static inline int mbedtls4_verify_error(int r) {
  return r == MBEDTLS_ERR_PK_BAD_INPUT_DATA ? PSA_ERROR_INSUFFICIENT_MEMORY : mbedtls4_error(r);
}
#define mbedtls_pk_verify(...) mbedtls4_verify_error(mbedtls_pk_verify(__VA_ARGS__))
#define mbedtls_ssl_get_session(...) mbedtls4_error(mbedtls_ssl_get_session(__VA_ARGS__))
#define mbedtls_ssl_handshake(...) mbedtls4_error(mbedtls_ssl_handshake(__VA_ARGS__))
#define mbedtls_ssl_handshake_step(...) mbedtls4_error(mbedtls_ssl_handshake_step(__VA_ARGS__))
#define mbedtls_ssl_read(...) mbedtls4_error(mbedtls_ssl_read(__VA_ARGS__))
#define mbedtls_ssl_session_load(...) mbedtls4_error(mbedtls_ssl_session_load(__VA_ARGS__))
#define mbedtls_ssl_session_save(...) mbedtls4_error(mbedtls_ssl_session_save(__VA_ARGS__))
#define mbedtls_ssl_set_hostname(...) mbedtls4_error(mbedtls_ssl_set_hostname(__VA_ARGS__))
#define mbedtls_ssl_set_session(...) mbedtls4_error(mbedtls_ssl_set_session(__VA_ARGS__))
#define mbedtls_ssl_write(...) mbedtls4_error(mbedtls_ssl_write(__VA_ARGS__))
#define mbedtls_x509_crt_parse(...) mbedtls4_error(mbedtls_x509_crt_parse(__VA_ARGS__))
#define mbedtls_x509_crt_parse_der_nocopy(...) \
  mbedtls4_error(mbedtls_x509_crt_parse_der_nocopy(__VA_ARGS__))
#define mbedtls_x509_crt_parse_file(...) mbedtls4_error(mbedtls_x509_crt_parse_file(__VA_ARGS__))
