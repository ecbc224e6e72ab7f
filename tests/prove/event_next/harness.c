#include <ivs/event.h>

#include "../prove.h"

enum { BOUND = 64 };

void harness(void) {
  ivs_str s = any_text(BOUND);
  ivs_str array = s, text;
  GIVEN(array.n == 0 || array.p[0] != '[' || array.n >= 2);
  int r = ivs_event_next(&array, &text);
  MUST(r == 0 || r == 1);
  if (s.n == 0) return;
  MUST(array.n > 0 && lies_in(array, s) && array.p + array.n == s.p + s.n);
  if (r == 1) MUST(lies_in(text, s) && array.n < s.n);
}
