/*
 * How many SHA-256 blocks a signature costs: the first of a day, which derives the key, and each
 * that follows, for a PutMetadata of 1 KB with a session token. Linked with --wrap for the
 * functions of <ivs/crypto.h> below, so that what the signer really hashes is counted. Exit code 1
 * if it is not the minimum.
 */
#include <stdio.h>
#include <stdlib.h>

#include <ivs/sigv4.h>

#ifdef IVS_CRYPTO_PSA
#include <psa/crypto.h>
#endif

enum { BLOCK = IVS_SHA256_BLOCK, PADDING = 9, CONTEXTS = 16 };

int __real_ivs_sha256_start(struct ivs_sha256 *h);
int __real_ivs_sha256_update(struct ivs_sha256 *h, const void *p, size_t n);
int __real_ivs_sha256_final(struct ivs_sha256 *h, uint8_t digest[IVS_SHA256_BYTES]);
int __real_ivs_sha256_copy(struct ivs_sha256 *to, const struct ivs_sha256 *from);
int __wrap_ivs_sha256_start(struct ivs_sha256 *h);
int __wrap_ivs_sha256_update(struct ivs_sha256 *h, const void *p, size_t n);
int __wrap_ivs_sha256_final(struct ivs_sha256 *h, uint8_t digest[IVS_SHA256_BYTES]);
int __wrap_ivs_sha256_copy(struct ivs_sha256 *to, const struct ivs_sha256 *from);

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
 * outer hash. */
static size_t blocks_of_hmac(size_t n) {
  return blocks_of(n) + 1;
}

static char body[1024], token[400];

static const ivs_pair headers[] = {
    {IVS_STR_INIT("content-type"), IVS_STR_INIT("application/json")},
    {IVS_STR_INIT("host"), IVS_STR_INIT("ivs.eu-west-1.amazonaws.com")},
    {IVS_STR_INIT("x-amz-date"), IVS_STR_INIT("20261122T093000Z")},
    {IVS_STR_INIT("x-amz-security-token"), {token, sizeof token}},
};

static const struct ivs_sigv4_request request = {
    .method = IVS_STR_INIT("POST"),
    .path = IVS_STR_INIT("/PutMetadata"),
    .headers = headers,
    .header_count = sizeof headers / sizeof *headers,
    .payload = body,
    .payload_size = sizeof body,
};

static const char date[] = "20261122T093000Z", day[] = "20261122", region[] = "eu-west-1",
                  service[] = "ivs";

static int sign(const struct ivs_sigv4_key *key) {
  char text[1024];
  struct ivs_out o = ivs_out_to(text, sizeof text);
  return ivs_sigv4_sign(key, IVS_STR("AKIDEXAMPLE"), &request, date, &o);
}

/* Five keys of two blocks each (the secret, day, region, service, and the signing key itself) and
 * four HMACs between them. */
static size_t minimum_of_key(void) {
  return 5 * 2 + blocks_of_hmac(sizeof day - 1) + blocks_of_hmac(sizeof region - 1) +
         blocks_of_hmac(sizeof service - 1) + blocks_of_hmac(sizeof "aws4_request" - 1);
}

static size_t minimum_of_signature(size_t canonical_size) {
  /* With the slashes. */
  size_t scope = sizeof day + sizeof region + sizeof service + sizeof "aws4_request" - 1;
  size_t to_sign = sizeof "AWS4-HMAC-SHA256" + sizeof date + scope + 1 + 2 * IVS_SHA256_BYTES;
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
  memset(body, 'b', sizeof body);
  memset(token, 't', sizeof token);
  struct ivs_out canonical = {0}; /* counts only */
  if (ivs_sigv4_canonical(&request, &canonical) != IVS_ERR_SPACE) return 1;

  struct ivs_sigv4_key key = {0};
  blocks = 0;
  int r = ivs_sigv4_key_derive(&key, IVS_STR("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), day,
                               (ivs_str){region, sizeof region - 1},
                               (ivs_str){service, sizeof service - 1});
  if (r == IVS_OK) r = sign(&key);
  size_t first = blocks;
  if (r == IVS_OK) r = sign(&key);
  size_t following = blocks - first;
  ivs_sigv4_key_wipe(&key);
  if (r != IVS_OK) {
    fprintf(stderr, "sha256-blocks: signing failed (%d)\n", r);
    return 1;
  }
  size_t minimum = minimum_of_signature(canonical.n);
  bool good = report("first signature of a day", first, minimum_of_key() + minimum);
  return report("each that follows", following, minimum) && good ? 0 : 1;
}
