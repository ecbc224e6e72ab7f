#include "../prove.h"

enum { BOUND = 64 };

const char *STATIC(json_check, scan_string)(const char *p, const char *end);

bool ivs_utf8_valid(ivs_str s) {
  READABLE(s.p, s.n);
  return any_bool();
}

void harness(void) {
  ivs_str s = any_last_of(BOUND);
  const char *end = s.p + s.n, *to = STATIC(json_check, scan_string)(s.p, end);
  MUST(to == NULL || (__CPROVER_same_object(to, end) && to > s.p && to <= end));
}
