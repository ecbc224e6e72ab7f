/* control_byte() of http1.c as proof `http_line` has it: any state that can be, but none of
   failure. */
#include "../http1_state.h"

int STATIC(http1, control_byte)(struct ivs_http1 *h, char c) {
  (void)c;
  MUST(HOLDS(h) && h->state != DATA && h->state != FAILED && !h->done);
  ivs_http1_field_fn *field = h->on_field;
  *h = any_response();
  h->on_field = field;
  GIVEN(h->state != FAILED);
  int r = any_int();
  GIVEN(r <= 0 && r >= IVS_ERR_HTTP_CODING);
  return r;
}
