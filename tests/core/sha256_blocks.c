/*
 * How many SHA-256 blocks a signature costs: the first of a day, which derives the key, and each
 * that follows, for a PutMetadata of 1 KB with a session token. Linked with --wrap for the
 * functions of sha256_wrap.h, so that what the signer really hashes is counted. Exit code 1
 * if it is not the minimum.
 */
#include <stdio.h>
#include <stdlib.h>

#include "put_metadata.h"
#include "sha256_wrap.h"

#ifdef IVS_CRYPTO_PSA
#include <psa/crypto.h>
#endif

enum { BLOCK = IVS_SHA256_BLOCK, PADDING = 9, CONTEXTS = 16 };

/* Bytes that each context has taken: a block is compressed when it is full. */
static struct {
  const struct ivs_sha256 *h;
  size_t bytes;
} contexts[CONTEXTS];

static size_t blocks;

static size_t *bytes_of(const struct ivs_sha256 *h) {
  for (size_t i = 0; i < CONTEXTS; i++) {
    if (contexts[i].h == NULL) contexts[i].h = h;
    if (contexts[i].h == h) return &contexts[i].bytes;
  }
  fprintf(stderr, "sha256-blocks: more than %d hash contexts\n", CONTEXTS);
  exit(1);
}

int __wrap_ivs_sha256_start(struct ivs_sha256 *h) {
  *bytes_of(h) = 0;
  return __real_ivs_sha256_start(h);
}

int __wrap_ivs_sha256_update(struct ivs_sha256 *h, const void *p, size_t n) {
  size_t *bytes = bytes_of(h);
  blocks += (*bytes + n) / BLOCK - *bytes / BLOCK;
  *bytes += n;
  return __real_ivs_sha256_update(h, p, n);
}

int __wrap_ivs_sha256_final(struct ivs_sha256 *h, uint8_t digest[IVS_SHA256_BYTES]) {
  blocks += (*bytes_of(h) % BLOCK + PADDING + BLOCK - 1) / BLOCK;
  return __real_ivs_sha256_final(h, digest);
}

int __wrap_ivs_sha256_copy(struct ivs_sha256 *to, const struct ivs_sha256 *from) {
  size_t bytes = *bytes_of(from);
  *bytes_of(to) = bytes;
  return __real_ivs_sha256_copy(to, from);
}

/* Blocks of a message of n bytes with its padding. */
static size_t blocks_of(size_t n) {
  return (n + PADDING + BLOCK - 1) / BLOCK;
}

/* What HMAC needs for n bytes once both states of the key are there: the message, and one for the
   outer hash. */
static size_t blocks_of_hmac(size_t n) {
  return blocks_of(n) + 1;
}

static int sign(const struct ivs_sigv4_key *key) {
  char text[1024];
  struct ivs_out o = ivs_out_to(text, sizeof text);
  return put_metadata_sign(key, &o);
}

/* Five keys of two blocks each (the secret, day, region, service, and the signing key itself) and
   four HMACs between them. */
static size_t minimum_of_key(void) {
  return 5 * 2 + blocks_of_hmac(sizeof PUT_METADATA_DAY - 1) + blocks_of_hmac(sizeof region - 1) +
         blocks_of_hmac(sizeof service - 1) + blocks_of_hmac(sizeof "aws4_request" - 1);
}

static size_t minimum_of_signature(size_t canonical_size) {
  /* With the slashes. */
  size_t scope =
      sizeof PUT_METADATA_DAY + sizeof region + sizeof service + sizeof "aws4_request" - 1;
  size_t to_sign =
      sizeof "AWS4-HMAC-SHA256" + sizeof PUT_METADATA_DATE + scope + 1 + 2 * IVS_SHA256_BYTES;
  return blocks_of(sizeof body) + blocks_of(canonical_size) + blocks_of_hmac(to_sign);
}

static bool report(const char *what, size_t counted, size_t minimum) {
  printf("sha256 blocks, %s: %zu (minimum %zu)\n", what, counted, minimum);
  if (counted == minimum) return true;
  fprintf(stderr, "sha256-blocks: %s: %zu blocks, not the minimum of %zu\n", what, counted,
          minimum);
  return false;
}

int main(void) {
#ifdef IVS_CRYPTO_PSA
  if (psa_crypto_init() != PSA_SUCCESS) return 1;
#endif
  struct ivs_sigv4_key key = {0};
  int r = put_metadata_key(&key);
  if (r == IVS_OK) r = sign(&key);
  size_t first = blocks;
  if (r == IVS_OK) r = sign(&key);
  size_t following = blocks - first;
  ivs_sigv4_key_wipe(&key);
  if (r != IVS_OK) {
    fprintf(stderr, "sha256-blocks: signing failed (%d)\n", r);
    return 1;
  }
  struct ivs_out canonical = {0}; /* counts only */
  if (ivs_sigv4_canonical(&request, &canonical) != IVS_ERR_SPACE) return 1;
  size_t minimum = minimum_of_signature(canonical.n);
  bool good = report("first signature of a day", first, minimum_of_key() + minimum);
  return report("each that follows", following, minimum) && good ? 0 : 1;
}
