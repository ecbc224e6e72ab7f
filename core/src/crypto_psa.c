/*
 * SHA-256 on the PSA hash interface, of mbedTLS 3.x and 4.x or of a chip's own driver.
 */
#include <ivs/crypto.h>

#ifdef IVS_CRYPTO_PSA

#include <psa/crypto.h>

_Static_assert(sizeof(psa_hash_operation_t) <= IVS_SHA256_SIZE,
               "IVS_SHA256_SIZE is too small for this PSA crypto");
_Static_assert(_Alignof(psa_hash_operation_t) <= _Alignof(struct ivs_sha256),
               "struct ivs_sha256 is aligned too little");

static psa_hash_operation_t *operation(struct ivs_sha256 *h) {
  return (psa_hash_operation_t *)(void *)h;
}

static int result(psa_status_t status) {
  return status == PSA_SUCCESS ? IVS_OK : IVS_ERR_CRYPTO;
}

/* see ivs/crypto.h */
int ivs_sha256_start(struct ivs_sha256 *h) {
  memset(h, 0, sizeof *h);
  return result(psa_hash_setup(operation(h), PSA_ALG_SHA_256));
}

/* see ivs/crypto.h */
int ivs_sha256_update(struct ivs_sha256 *h, const void *p, size_t n) {
  return result(psa_hash_update(operation(h), p, n));
}

/* see ivs/crypto.h */
int ivs_sha256_final(struct ivs_sha256 *h, uint8_t digest[IVS_SHA256_BYTES]) {
  size_t n = 0;
  psa_status_t status = psa_hash_finish(operation(h), digest, IVS_SHA256_BYTES, &n);
  ivs_sha256_wipe(h);
  return result(status);
}

/* see ivs/crypto.h */
int ivs_sha256_copy(struct ivs_sha256 *to, const struct ivs_sha256 *from) {
  memset(to, 0, sizeof *to);
  return result(psa_hash_clone((const psa_hash_operation_t *)(const void *)from, operation(to)));
}

/* see ivs/crypto.h. PSA allows abort on an operation of zeroes. */
void ivs_sha256_wipe(struct ivs_sha256 *h) {
  psa_hash_abort(operation(h));
  ivs_wipe(h, sizeof *h);
}

#endif
