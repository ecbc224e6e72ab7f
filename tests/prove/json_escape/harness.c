#include "../json_text.h"

enum { BOUND = 64 };

const char *STATIC(json_check, scan_escape)(const char *p, const char *end);

void harness(void) {
  ivs_str s = any_last_of(BOUND);
  GIVEN(s.n > 0 && *s.p == '\\');
  const char *end = s.p + s.n, *to = STATIC(json_check, scan_escape)(s.p + 1, end);
  size_t n = escape_size(s.p, end);
  MUST(to == NULL || (n != 0 && to == s.p + n));
}
