#include "../prove.h"

enum { BOUND = 64 };

const char *STATIC(sigv4, skip_word)(const char *p, const char *end);

static bool is_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

void harness(void) {
  ivs_str s = any_last_of(BOUND);
  const char *end = s.p + s.n, *to = STATIC(sigv4, skip_word)(s.p, end);
  MUST(__CPROVER_same_object(to, end) && to >= s.p && to <= end);
  MUST(to == end || is_blank(*to));
}
