#include "../prove.h"

enum { BOUND = 64 };

const char *STATIC(json_check, scan_scalar)(const char *p, const char *end);

void harness(void) {
  ivs_str s = any_last_of(BOUND);
  GIVEN(s.n > 0);
  const char *end = s.p + s.n, *to = STATIC(json_check, scan_scalar)(s.p, end);
  MUST(to == NULL || (__CPROVER_same_object(to, end) && to > s.p && to <= end));
}
