#include "../http1_state.h"

enum { BOUND = 64 };

int STATIC(http1, control_byte)(struct ivs_http1 *h, char c);
const char *STATIC(http1, take_name)(struct ivs_http1 *h, const char *p, const char *end);
const char *STATIC(http1, take_value)(struct ivs_http1 *h, const char *p, const char *end);

void harness(void) {
  struct ivs_http1 h = any_response();
  GIVEN(h.state != FAILED && h.state != DATA && !h.done);
  GIVEN(h.head_size >= 2); /* the status line was counted */
  ivs_str s = any_text(BOUND);
  const char *p = s.p, *end = s.p + s.n;
  struct ivs_http1 before = h;
  bool run = any_bool(), name = any_bool();
  int r = 0;
  if (run && name) p = STATIC(http1, take_name)(&h, p, end);
  else if (run) p = STATIC(http1, take_value)(&h, p, end);
  else r = STATIC(http1, control_byte)(&h, any_char());
  MUST(p >= s.p && p <= end);
  MUST(r <= 0 && r >= IVS_ERR_HTTP_CODING);
  MUST(HOLDS(&h) && h.state != FAILED);
  MUST(h.on_field == before.on_field);
  if (!run) return;
  MUST(h.state == before.state && h.line == before.line && h.done == before.done);
  MUST(h.left == before.left && h.length == before.length);
  if (name) MUST(h.flags == before.flags && h.value_n == before.value_n);
  else MUST(h.name_n == before.name_n);
}
