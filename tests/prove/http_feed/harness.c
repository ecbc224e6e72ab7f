#include "../http1_state.h"

enum { BOUND = 65536 };

void harness(void) {
  struct ivs_http1 h;
  if (any_bool()) ivs_http1_start(&h, any_bool(), NULL, NULL);
  else h = any_response();
  MUST(HOLDS(&h));
  ivs_str s = any_text(BOUND);
  size_t used, body;
  int r = ivs_http1_feed(&h, (char *)s.p, s.n, &used, &body);
  MUST(used <= s.n && body <= used);
  MUST(r < 0 || r == 1 || used == s.n);
  MUST((r == 1) == h.done || r < 0);
  MUST(HOLDS_FROM(&h, INT64_MIN / 2 - BOUND));
}
