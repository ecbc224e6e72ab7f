/* take_value() of http1.c as proof `http_line` has it: keeps a beginning, stops at the end at the
   latest. */
#include "../http1_state.h"

const char *STATIC(http1, take_value)(struct ivs_http1 *h, const char *p, const char *end) {
  MUST(HOLDS(h) && p <= end);
  READABLE(p, (size_t)(end - p));
  h->value_n = any_byte();
  h->flags = any_byte();
  GIVEN(h->value_n <= sizeof h->value);
  return p + any_size_to((size_t)(end - p));
}
