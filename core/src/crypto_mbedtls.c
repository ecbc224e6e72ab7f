/*
 * SHA-256 on the hash functions of mbedTLS 2.28 and 3.x. Neither allocates.
 */
#include <ivs/crypto.h>

#ifndef IVS_CRYPTO_PSA

#include <mbedtls/version.h>

#if MBEDTLS_VERSION_NUMBER >= 0x04000000
#error "ivs: mbedTLS 4 has no hashes but PSA's: define IVS_CRYPTO_PSA wherever ivs is compiled"
#endif
#include <mbedtls/sha256.h>

/* 2.x has these names without a result, and the same with one under the suffix. */
#if MBEDTLS_VERSION_NUMBER < 0x03000000
#define mbedtls_sha256_starts mbedtls_sha256_starts_ret
#define mbedtls_sha256_update mbedtls_sha256_update_ret
#define mbedtls_sha256_finish mbedtls_sha256_finish_ret
#endif

_Static_assert(sizeof(mbedtls_sha256_context) <= IVS_SHA256_SIZE,
               "IVS_SHA256_SIZE is too small for this mbedTLS");
_Static_assert(_Alignof(mbedtls_sha256_context) <= _Alignof(struct ivs_sha256),
               "struct ivs_sha256 is aligned too little");

static mbedtls_sha256_context *context(struct ivs_sha256 *h) {
  return (mbedtls_sha256_context *)(void *)h;
}

static int result(int mbedtls) {
  return mbedtls == 0 ? IVS_OK : IVS_ERR_CRYPTO;
}

/* see ivs/crypto.h */
int ivs_sha256_start(struct ivs_sha256 *h) {
  mbedtls_sha256_init(context(h));
  return result(mbedtls_sha256_starts(context(h), 0));
}

/* see ivs/crypto.h */
int ivs_sha256_update(struct ivs_sha256 *h, const void *p, size_t n) {
  return result(mbedtls_sha256_update(context(h), p, n));
}

/* see ivs/crypto.h */
int ivs_sha256_final(struct ivs_sha256 *h, uint8_t digest[IVS_SHA256_BYTES]) {
  int r = mbedtls_sha256_finish(context(h), digest);
  ivs_sha256_wipe(h);
  return result(r);
}

/* see ivs/crypto.h */
int ivs_sha256_copy(struct ivs_sha256 *to, const struct ivs_sha256 *from) {
  mbedtls_sha256_init(context(to));
  mbedtls_sha256_clone(context(to), (const mbedtls_sha256_context *)(const void *)from);
  return IVS_OK;
}

/* see ivs/crypto.h. A context of zeroes is what mbedtls_sha256_init() makes; free zeroes
   it again. */
void ivs_sha256_wipe(struct ivs_sha256 *h) {
  mbedtls_sha256_free(context(h));
}

#endif
