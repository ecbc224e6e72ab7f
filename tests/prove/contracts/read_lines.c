/* read_lines() of http1.c as proof `http_lines` has it. */
#include "../http1_state.h"

int STATIC(http1, read_lines)(struct ivs_http1 *h, const char **at, const char *end) {
  MUST(HOLDS(h) && h->state != DATA && h->state != FAILED && !h->done && *at < end);
  READABLE(*at, (size_t)(end - *at));
  int r = any_int();
  GIVEN(r <= 0 && r >= IVS_ERR_HTTP_CODING);
  ivs_http1_field_fn *field = h->on_field;
  *h = any_response();
  h->on_field = field;
  GIVEN(h->state != FAILED);
  size_t n = any_size_to((size_t)(end - *at));
  GIVEN(n > 0 || r < 0);
  *at += n;
  return r;
}
