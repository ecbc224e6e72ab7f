/* read_elements() of http1.c as proof `http_elements` has it. */
#include "../http1_state.h"

int STATIC(http1, read_elements)(struct ivs_http1 *h, int line, ivs_str list, bool cut) {
  (void)cut;
  MUST(line >= CONTENT_LENGTH && line <= CONNECTION);
  READABLE(list.p, list.n);
  h->flags = any_byte();
  h->length = any_int64();
  GIVEN(h->length >= -1);
  return any_bool() ? 0 : any_bool() ? IVS_ERR_HTTP_LENGTH : IVS_ERR_HTTP_CODING;
}
