/*
 * SHA-256 and HMAC: the published vectors of tests/vectors/sigv4 (its README.md has the format),
 * every split of a message, and what copying and wiping promise. Argument: the folder of the
 * vectors.
 */
#include "../check.h"

#include <ivs/crypto.h>

#ifdef IVS_CRYPTO_PSA
#include <psa/crypto.h>
#endif

enum { MESSAGE_MAX = 512, LINE_MAX_ = 2048 };

struct bytes {
  uint8_t p[MESSAGE_MAX];
  size_t n;
};

static const char *folder;

/* The bytes of a text in hex; "-" is empty. */
static struct bytes from_hex(const char *hex) {
  struct bytes b = {{0}, 0};
  unsigned byte;
  for (; b.n < MESSAGE_MAX && sscanf(hex, "%2x", &byte) == 1; hex += 2) b.p[b.n++] = (uint8_t)byte;
  return b;
}

static FILE *open_vectors(const char *name) {
  char path[512];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *f = fopen(path, "r");
  if (f != NULL) return f;
  fprintf(stderr,
          "cannot read %s: give the folder of the vectors (tests/vectors/sigv4) as argument\n",
          path);
  exit(2);
}

static void digest_of(const void *p, size_t n, uint8_t digest[IVS_SHA256_BYTES]) {
  struct ivs_sha256 h;
  CHECK_INT(ivs_sha256_start(&h), 0);
  CHECK_INT(ivs_sha256_update(&h, p, n), 0);
  CHECK_INT(ivs_sha256_final(&h, digest), 0);
}

static void test_sha256_vectors(void) {
  char line[LINE_MAX_], message[LINE_MAX_], digest[LINE_MAX_];
  unsigned times, cases = 0;
  FILE *f = open_vectors("sha256.txt");
  for (; fgets(line, sizeof line, f) != NULL; cases++) {
    if (!CHECK(sscanf(line, "%2047s %u %2047s", message, &times, digest) == 3)) break;
    struct bytes m = from_hex(message), expected = from_hex(digest);
    struct ivs_sha256 h;
    uint8_t got[IVS_SHA256_BYTES];
    CHECK_INT(ivs_sha256_start(&h), 0);
    int r = 0;
    for (unsigned i = 0; i < times; i++) r |= ivs_sha256_update(&h, m.p, m.n);
    CHECK_INT(r, 0);
    CHECK_INT(ivs_sha256_final(&h, got), 0);
    CHECK_MEM(got, sizeof got, expected.p, expected.n);
  }
  fclose(f);
  CHECK_INT(cases, 5);
}

static void test_hmac_vectors(void) {
  char line[LINE_MAX_], key[LINE_MAX_], message[LINE_MAX_], mac[LINE_MAX_];
  unsigned cases = 0;
  FILE *f = open_vectors("hmac-sha256.txt");
  for (; fgets(line, sizeof line, f) != NULL; cases++) {
    if (!CHECK(sscanf(line, "%2047s %2047s %2047s", key, message, mac) == 3)) break;
    struct bytes k = from_hex(key), m = from_hex(message), expected = from_hex(mac);
    struct ivs_hmac_key hmac = {0};
    uint8_t got[IVS_SHA256_BYTES];
    CHECK_INT(ivs_hmac_key_start(&hmac, k.p, k.n), 0);
    for (int twice = 0; twice < 2; twice++) { /* a key serves any number of messages */
      CHECK_INT(ivs_hmac(&hmac, m.p, m.n, got), 0);
      CHECK_MEM(got, expected.n, expected.p, expected.n);
    }
    ivs_hmac_key_wipe(&hmac);
  }
  fclose(f);
  CHECK_INT(cases, 7);
}

/* Keys of every length around a block, cut in two at every place, are the key in one. */
static void test_key_in_parts(void) {
  char key[IVS_SHA256_BLOCK + 3];
  for (size_t i = 0; i < sizeof key; i++) key[i] = (char)(i * 7 + 1);
  for (size_t n = 0; n <= sizeof key; n++) {
    uint8_t whole[IVS_SHA256_BYTES], got[IVS_SHA256_BYTES];
    struct ivs_hmac_key k = {0};
    CHECK_INT(ivs_hmac_key_start(&k, key, n), 0);
    CHECK_INT(ivs_hmac(&k, "message", 7, whole), 0);
    for (size_t cut = 0; cut <= n; cut++) {
      ivs_hmac_key_wipe(&k);
      CHECK_INT(ivs_hmac_key_start_parts(&k, (ivs_str){key, cut}, (ivs_str){key + cut, n - cut}),
                0);
      CHECK_INT(ivs_hmac(&k, "message", 7, got), 0);
      CHECK_MEM(got, sizeof got, whole, sizeof whole);
    }
    ivs_hmac_key_wipe(&k);
  }
}

/* Cut in three at every pair of places; the middle piece goes on in a copy. */
static void test_pieces_and_copy(void) {
  uint8_t message[150], whole[IVS_SHA256_BYTES], got[IVS_SHA256_BYTES];
  for (size_t i = 0; i < sizeof message; i++) message[i] = (uint8_t)(i * 11);
  digest_of(message, sizeof message, whole);
  for (size_t a = 0; a <= sizeof message; a++) {
    for (size_t b = a; b <= sizeof message; b++) {
      struct ivs_sha256 h, copy;
      int r = ivs_sha256_start(&h);
      r |= ivs_sha256_update(&h, message, a);
      r |= ivs_sha256_copy(&copy, &h);
      ivs_sha256_wipe(&h); /* the copy does not depend on it */
      r |= ivs_sha256_update(&copy, message + a, b - a);
      r |= ivs_sha256_update(&copy, message + b, sizeof message - b);
      r |= ivs_sha256_final(&copy, got);
      CHECK_INT(r, 0);
      CHECK_MEM(got, sizeof got, whole, sizeof whole);
    }
  }
}

static void test_hmac_in_pieces(void) {
  struct ivs_hmac_key k = {0};
  uint8_t whole[IVS_SHA256_BYTES], got[IVS_SHA256_BYTES];
  const char message[] = "what do ya want for nothing?";
  CHECK_INT(ivs_hmac_key_start(&k, "Jefe", 4), 0);
  CHECK_INT(ivs_hmac(&k, message, sizeof message - 1, whole), 0);
  for (size_t cut = 0; cut < sizeof message; cut++) {
    struct ivs_sha256 h;
    CHECK_INT(ivs_hmac_start(&h, &k), 0);
    CHECK_INT(ivs_sha256_update(&h, message, cut), 0);
    CHECK_INT(ivs_sha256_update(&h, message + cut, sizeof message - 1 - cut), 0);
    CHECK_INT(ivs_hmac_final(&h, &k, got), 0);
    CHECK_MEM(got, sizeof got, whole, sizeof whole);
  }
  ivs_hmac_key_wipe(&k);
}

static bool all_zero(const void *p, size_t n) {
  const uint8_t *byte = p;
  while (n > 0 && *byte == 0) byte++, n--;
  return n == 0;
}

static void test_no_trace(void) {
  struct ivs_sha256 h;
  uint8_t digest[IVS_SHA256_BYTES];
  memset(&h, 0, sizeof h);
  ivs_sha256_wipe(&h); /* allowed though not started */
  CHECK(all_zero(&h, sizeof h));
  CHECK_INT(ivs_sha256_start(&h), 0);
  CHECK_INT(ivs_sha256_update(&h, "secret", 6), 0);
  CHECK(!all_zero(&h, sizeof h));
  CHECK_INT(ivs_sha256_final(&h, digest), 0);
  CHECK(all_zero(&h, sizeof h));

  struct ivs_hmac_key k;
  memset(&k, 0, sizeof k);
  CHECK_INT(ivs_hmac_key_start(&k, "secret", 6), 0);
  CHECK(!all_zero(&k.inner, sizeof k.inner) && !all_zero(&k.outer, sizeof k.outer));
  ivs_hmac_key_wipe(&k);
  CHECK(all_zero(&k, sizeof k));

  char text[] = "secret";
  ivs_wipe(text + 1, 4);
  CHECK_MEM(text, sizeof text, "s\0\0\0\0t", 7);
  ivs_wipe(text, 0);
  CHECK_INT(text[0], 's');
}

int main(int count, char **arguments) {
  if (count != 2) {
    fprintf(stderr, "usage: test_crypto VECTORS (tests/vectors/sigv4)\n");
    return 2;
  }
  folder = arguments[1];
#ifdef IVS_CRYPTO_PSA
  CHECK_INT(psa_crypto_init(), PSA_SUCCESS);
#endif
  RUN(test_sha256_vectors);
  RUN(test_hmac_vectors);
  RUN(test_key_in_parts);
  RUN(test_pieces_and_copy);
  RUN(test_hmac_in_pieces);
  RUN(test_no_trace);
  return check_done();
}
