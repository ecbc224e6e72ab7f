#include "../http1_state.h"

enum { BOUND = 65536 };

int STATIC(http1, read_lines)(struct ivs_http1 *h, const char **at, const char *end);

void harness(void) {
  struct ivs_http1 h = any_response();
  GIVEN(h.state != FAILED && h.state != DATA && !h.done);
  ivs_http1_field_fn *field = h.on_field;
  ivs_str s = any_text(BOUND);
  GIVEN(s.n > 0);
  const char *at = s.p, *end = s.p + s.n;
  int r = STATIC(http1, read_lines)(&h, &at, end);
  MUST(r <= 0 && r >= IVS_ERR_HTTP_CODING);
  MUST(HOLDS(&h) && h.state != FAILED && h.on_field == field);
  MUST(at >= s.p && at <= end && (at > s.p || r < 0));
}
