/*
 * The crypto that signing needs: SHA-256 and HMAC-SHA-256, on mbedTLS without
 * its heap. Two implementations, one of which is linked: crypto_mbedtls.c (mbedTLS
 * 2.28 and 3.x) and crypto_psa.c (PSA hash interface; define IVS_CRYPTO_PSA).
 * With PSA, the program calls psa_crypto_init() once before anything else.
 */
#ifndef IVS_CRYPTO_H
#define IVS_CRYPTO_H

#include <ivs/base.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { IVS_SHA256_BYTES = 32, IVS_SHA256_BLOCK = 64 };

/* A running hash. Zeroed is not started. Holds the crypto library's own
   context; what is in it is that library's business. */
struct ivs_sha256 {
  union {
    uint64_t align;
    void *align_pointer;
    unsigned char bytes[IVS_SHA256_SIZE];
  } private_part;
};

/* All return 0 or IVS_ERR_CRYPTO. After an error only wipe is allowed.
   A started hash is ended by final or wipe, both of which leave no trace of it. */
int ivs_sha256_start(struct ivs_sha256 *h); /* h: not started */
int ivs_sha256_update(struct ivs_sha256 *h, const void *p, size_t n);
int ivs_sha256_final(struct ivs_sha256 *h, uint8_t digest[IVS_SHA256_BYTES]);
int ivs_sha256_copy(struct ivs_sha256 *to, const struct ivs_sha256 *from); /* to: not started */
void ivs_sha256_wipe(struct ivs_sha256 *h); /* also if zeroed or ended */

/*
 * An HMAC key as the two hash states that follow its padded blocks, so that each
 * use costs two blocks less than from the key itself. Secret: wipe it.
 */
struct ivs_hmac_key {
  struct ivs_sha256 inner;
  struct ivs_sha256 outer;
};

/* Any length of key, RFC 2104. k: zeroed or wiped. On error it is wiped. */
int ivs_hmac_key_start(struct ivs_hmac_key *k, const void *key, size_t n);
/* The same for a key in two parts, so that nobody has to put a secret together. */
int ivs_hmac_key_start_parts(struct ivs_hmac_key *k, ivs_str first, ivs_str second);
void ivs_hmac_key_wipe(struct ivs_hmac_key *k);

/* HMAC-SHA-256 of n bytes at p. */
int ivs_hmac(const struct ivs_hmac_key *k, const void *p, size_t n, uint8_t mac[IVS_SHA256_BYTES]);

/* The same for a message that comes in pieces: start, ivs_sha256_update() for each, final with the
   same key. h: not started; final and ivs_sha256_wipe() end it. */
int ivs_hmac_start(struct ivs_sha256 *h, const struct ivs_hmac_key *k);
int ivs_hmac_final(struct ivs_sha256 *h, const struct ivs_hmac_key *k,
                   uint8_t mac[IVS_SHA256_BYTES]);

/* Zeroes n bytes; the compiler does not remove it. */
void ivs_wipe(void *p, size_t n);

#ifdef __cplusplus
}
#endif

#endif
