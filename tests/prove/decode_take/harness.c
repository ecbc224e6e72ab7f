#include "../../../core/src/decode.h"
#include "../prove.h"

enum { BOUND = 65536 };

void harness(void) {
  ivs_str s = any_text(BOUND);
  char *p = (char *)s.p, *end = p + s.n;
  struct ivs_json_value v;
  char *next = ivs_decode_take(p, end, &v);
  MUST(__CPROVER_same_object(next, p) && next >= p && next <= end && (next > p || p == end));
  MUST(v.type <= IVS_JSON_OBJECT && (v.type <= IVS_JSON_STRING || v.n > 0));
  MUST(lies_in((ivs_str){v.p, v.n}, (ivs_str){p, (size_t)(next - p)}));
  MUST(v.type != IVS_JSON_STRING || (v.p > p && v.p + v.n < next));
}
