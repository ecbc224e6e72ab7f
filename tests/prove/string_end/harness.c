#include "../prove.h"

enum { BOUND = 64 };

char *STATIC(json_read, skip_string)(char *p, const char *end);

void harness(void) {
  ivs_str s = any_text(BOUND);
  GIVEN(s.n > 0 && *s.p != '\\');
  const char *end = s.p + s.n, *to = STATIC(json_read, skip_string)((char *)s.p, end);
  MUST(__CPROVER_same_object(to, end) && to > s.p && to <= end);
  MUST(to == end || (to >= s.p + 2 && to[-1] == '"'));
}
