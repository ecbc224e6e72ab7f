#include "../../../core/src/chars.h"
#include "../prove.h"

enum { BOUND = 64 };

int STATIC(sigv4, compare_encoded)(ivs_str a, ivs_str b);

/* Where a byte stands in the order of what is written for it: %00 to %FF before all that stay. */
static int rank(char c) {
  return (uint8_t)c + (ivs_is_unreserved(c) ? 256 : 0);
}

/* Two texts of which the first `same` bytes are equal, and not one more. */
void harness(void) {
  ivs_str a = {any_bytes(BOUND), any_size_to(BOUND)}, b = {any_bytes(BOUND), any_size_to(BOUND)};
  size_t same = any_size_to(a.n < b.n ? a.n : b.n);
  for (size_t i = 0; i < same; i++) GIVEN(a.p[i] == b.p[i]);
  int of_a = same < a.n ? rank(a.p[same]) : -1, of_b = same < b.n ? rank(b.p[same]) : -1;
  GIVEN(of_a != of_b || of_a < 0);
  int r = STATIC(sigv4, compare_encoded)(a, b);
  MUST((r < 0) == (of_a < of_b) && (r == 0) == (of_a == of_b));
}
