/* take_name() of http1.c as proof `http_line` has it: keeps a beginning, stops at the end at the
   latest. */
#include "../http1_state.h"

const char *STATIC(http1, take_name)(struct ivs_http1 *h, const char *p, const char *end) {
  MUST(HOLDS(h) && p <= end);
  READABLE(p, (size_t)(end - p));
  h->name_n = any_byte();
  GIVEN(h->name_n <= sizeof h->name);
  return p + any_size_to((size_t)(end - p));
}
