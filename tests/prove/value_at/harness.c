#include <ivs/json.h>

#include "../prove.h"

enum { BOUND = 64 };

void harness(void) {
  ivs_str s = any_last_of(BOUND);
  char *p = (char *)s.p, *end = p + s.n;
  struct ivs_json_value v;
  char *to = ivs_json_value_at(p, end, &v);
  MUST(__CPROVER_same_object(to, p) && to >= p && to <= end);
  MUST(v.type <= IVS_JSON_OBJECT && v.p >= p && v.p <= end && v.n <= (size_t)(end - v.p));
  MUST(v.type <= IVS_JSON_STRING || v.n > 0);
  MUST(v.type != IVS_JSON_OBJECT || *v.p == '{');
  MUST(p == end || *p != '"' || v.type == IVS_JSON_STRING);
  MUST(p == end || (*p | 0x20) != '{' || v.type > IVS_JSON_STRING);
  MUST(v.type == IVS_JSON_STRING ? v.p > p && v.p + v.n < to : v.p + v.n == to);
}
