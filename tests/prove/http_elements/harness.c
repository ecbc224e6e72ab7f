#include "../http1_state.h"

int STATIC(http1, read_elements)(struct ivs_http1 *h, int line, ivs_str list, bool cut);

void harness(void) {
  struct ivs_http1 h = any_response();
  struct ivs_http1 before = h;
  ivs_str list = any_text(IVS_HTTP_VALUE_MAX);
  int line = any_int();
  GIVEN(line >= CONTENT_LENGTH && line <= CONNECTION);
  int r = STATIC(http1, read_elements)(&h, line, list, any_bool());
  MUST(r == 0 || r == IVS_ERR_HTTP_LENGTH || r == IVS_ERR_HTTP_CODING);
  MUST(h.length >= -1);
  MUST(h.state == before.state && h.line == before.line && h.left == before.left);
  MUST(h.name_n == before.name_n && h.value_n == before.value_n);
  MUST(h.done == before.done && h.on_field == before.on_field);
}
