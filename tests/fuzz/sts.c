/*
 * The XML of STS: the texts that are found lie in the answer, apart from one another, and are not
 * longer than what they were decoded from; what stands in comments is not found.
 *
 * Input: the answer.
 */
#include "fuzz.h"

#include "../../core/src/sts_answer.h"

enum { NAMES = 4 };

static const char *const names[NAMES] = {"AccessKeyId", "SecretAccessKey", "SessionToken",
                                         "Expiration"};
static const ivs_str path[] = {IVS_STR_INIT("AssumeRoleResponse"), IVS_STR_INIT("AssumeRoleResult"),
                               IVS_STR_INIT("Credentials")};

static int read_copy(const uint8_t *data, size_t n, size_t depth, char **copy, ivs_str *texts) {
  *copy = fuzz_copy(0, data, n);
  int r = ivs_sts_read(*copy, n, path, depth, names, texts, NAMES);
  HOLDS(r == 0 || r == IVS_ERR_TYPE);
  for (size_t i = 0; i < NAMES; i++) HOLDS(fuzz_within(texts[i], *copy, n));
  return r;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
  char *copy;
  ivs_str texts[NAMES], again[NAMES];
  if (n > FUZZ_MOST) return -1;
  for (size_t depth = 0; depth < 3; depth++) read_copy(data, n, depth, &copy, texts);
  int r = read_copy(data, n, 3, &copy, texts);
  if (r != 0) return 0;
  for (size_t i = 0; i < NAMES; i++) {
    if (texts[i].p == NULL) continue;
    for (size_t k = 0; k < i; k++)
      HOLDS(texts[k].p == NULL || texts[k].p + texts[k].n < texts[i].p ||
            texts[i].p + texts[i].n < texts[k].p);
    size_t at = (size_t)(texts[i].p - copy);
    HOLDS(at > 0 && data[at - 1] == '>');
    const uint8_t *end = (const uint8_t *)memchr(data + at, '<', n - at);
    HOLDS(end != NULL && texts[i].n <= (size_t)(end - (data + at)));
    for (const uint8_t *p = data + at; p < end; p++)
      HOLDS(*p != '&' || memchr(p, ';', (size_t)(end - p)) != NULL);
  }
  /* The same XML gives the same. */
  char *other = fuzz_room(1, n);
  memcpy(other, data, n);
  HOLDS(ivs_sts_read(other, n, path, 3, names, again, NAMES) == 0);
  for (size_t i = 0; i < NAMES; i++)
    HOLDS(fuzz_same(texts[i].p, texts[i].n, again[i].p, again[i].n));
  return 0;
}
