#include "../prove.h"

enum { BOUND = 64 };

bool STATIC(signature, comes_before)(const ivs_str *a, const ivs_str *b);

/* In how many bytes two texts are equal; the next ones differ, or one ends there. */
static size_t same;

int memcmp(const void *a, const void *b, size_t n) {
  READABLE(a, n);
  READABLE(b, n);
  if (same >= n) return 0;
  return ((const uint8_t *)a)[same] < ((const uint8_t *)b)[same] ? -1 : 1;
}

/* Where a text stands among those that begin as the other does: ended, or by its next byte. */
static int rank(ivs_str s) {
  return same < s.n ? ((const uint8_t *)s.p)[same] : -1;
}

/* Two members of a query, either first, of any bytes. */
void harness(void) {
  ivs_str whole = {any_bytes(BOUND), BOUND}, a = any_part(whole), b = any_part(whole);
  same = any_size_to(a.n < b.n ? a.n : b.n);
  GIVEN(rank(a) != rank(b) || rank(a) < 0);
  bool before = STATIC(signature, comes_before)(&a, &b);
  if (rank(a) != rank(b)) MUST(before == (rank(a) < rank(b)));
  else MUST(before == (a.p < b.p));
}
