#include "../prove.h"

enum { BOUND = 64 };

char *STATIC(json_read, next_stop)(char *p, const char *end);

void harness(void) {
  ivs_str s = any_last_of(BOUND);
  char *p = (char *)s.p, *end = p + s.n;
  char *stop = STATIC(json_read, next_stop)(p, end);
  MUST(__CPROVER_same_object(stop, p) && stop >= p && stop <= end);
  MUST(stop == end || *stop == '"' || *stop == '}' || (*stop | 0x20) == '{');
}
