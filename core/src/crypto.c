/*
 * HMAC-SHA-256 (RFC 2104) over whichever SHA-256 is linked, and the wiping of secrets.
 */
#include <ivs/crypto.h>

/* A hash that has seen one block: pad, each byte changed by mask. */
static int start_padded(struct ivs_sha256 *h, uint8_t pad[IVS_SHA256_BLOCK], uint8_t mask) {
  for (size_t i = 0; i < IVS_SHA256_BLOCK; i++) pad[i] = (uint8_t)(pad[i] ^ mask);
  int r = ivs_sha256_start(h);
  if (r != IVS_OK) return r;
  return ivs_sha256_update(h, pad, IVS_SHA256_BLOCK);
}

/* A key longer than a block counts as its hash; h is free for that. */
static int shorten(struct ivs_sha256 *h, ivs_str first, ivs_str second, uint8_t *digest) {
  int r = ivs_sha256_start(h);
  if (r == IVS_OK) r = ivs_sha256_update(h, first.p, first.n);
  if (r == IVS_OK) r = ivs_sha256_update(h, second.p, second.n);
  if (r == IVS_OK) r = ivs_sha256_final(h, digest);
  return r;
}

/* see ivs/crypto.h */
int ivs_hmac_key_start_parts(struct ivs_hmac_key *k, ivs_str first, ivs_str second) {
  enum { INNER = 0x36, OUTER = 0x5c };
  uint8_t pad[IVS_SHA256_BLOCK] = {0};
  int r = IVS_OK;
  if (first.n > sizeof pad || second.n > sizeof pad - first.n) {
    r = shorten(&k->inner, first, second, pad);
  } else {
    if (first.n > 0) memcpy(pad, first.p, first.n);
    if (second.n > 0) memcpy(pad + first.n, second.p, second.n);
  }
  if (r == IVS_OK) r = start_padded(&k->inner, pad, INNER);
  if (r == IVS_OK) r = start_padded(&k->outer, pad, INNER ^ OUTER);
  ivs_wipe(pad, sizeof pad);
  if (r != IVS_OK) ivs_hmac_key_wipe(k);
  return r;
}

/* see ivs/crypto.h */
int ivs_hmac_key_start(struct ivs_hmac_key *k, const void *key, size_t n) {
  ivs_str whole = {key, n};
  ivs_str none = {NULL, 0};
  return ivs_hmac_key_start_parts(k, whole, none);
}

/* see ivs/crypto.h */
void ivs_hmac_key_wipe(struct ivs_hmac_key *k) {
  ivs_sha256_wipe(&k->inner);
  ivs_sha256_wipe(&k->outer);
}

/* see ivs/crypto.h */
int ivs_hmac_start(struct ivs_sha256 *h, const struct ivs_hmac_key *k) {
  return ivs_sha256_copy(h, &k->inner);
}

/* see ivs/crypto.h */
int ivs_hmac_final(struct ivs_sha256 *h, const struct ivs_hmac_key *k,
                   uint8_t mac[IVS_SHA256_BYTES]) {
  int r = ivs_sha256_final(h, mac);
  if (r != IVS_OK) return r;
  r = ivs_sha256_copy(h, &k->outer);
  if (r == IVS_OK) r = ivs_sha256_update(h, mac, IVS_SHA256_BYTES);
  if (r == IVS_OK) return ivs_sha256_final(h, mac);
  ivs_sha256_wipe(h);
  return r;
}

/* see ivs/crypto.h */
int ivs_hmac(const struct ivs_hmac_key *k, const void *p, size_t n, uint8_t mac[IVS_SHA256_BYTES]) {
  struct ivs_sha256 h;
  int r = ivs_hmac_start(&h, k);
  if (r == IVS_OK) r = ivs_sha256_update(&h, p, n);
  if (r == IVS_OK) return ivs_hmac_final(&h, k, mac);
  ivs_sha256_wipe(&h);
  return r;
}

/* see ivs/crypto.h */
void ivs_wipe(void *p, size_t n) {
#if defined(__GNUC__)
  memset(p, 0, n);
  /* To the compiler this may read what p points to, so that the zeroes are not dead stores. */
  __asm__ volatile("" : : "r"(p) : "memory");
#else
  volatile unsigned char *byte = p;
  while (n-- > 0) *byte++ = 0;
#endif
}
