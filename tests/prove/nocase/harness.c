#include "../../../core/src/chars.h"
#include "../prove.h"

enum { BOUND = 64 };

static int lower(char c) {
  return c >= 'A' && c <= 'Z' ? c + 32 : (uint8_t)c;
}

/* Two texts of which the first `same` bytes are equal but for the case, and not one more. */
void harness(void) {
  ivs_str a = any_text(BOUND), b = any_text(BOUND);
  size_t same = any_size_to(a.n < b.n ? a.n : b.n);
  for (size_t i = 0; i < same; i++) GIVEN(lower(a.p[i]) == lower(b.p[i]));
  int of_a = same < a.n ? lower(a.p[same]) : -1, of_b = same < b.n ? lower(b.p[same]) : -1;
  GIVEN(of_a != of_b || of_a < 0);
  int r = ivs_compare_nocase(a, b);
  MUST((r < 0) == (of_a < of_b) && (r == 0) == (of_a == of_b));
  MUST(ivs_str_eq_nocase(a, b) == (r == 0));
}
