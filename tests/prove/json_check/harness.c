#include <ivs/json.h>

#include "../prove.h"

enum { BOUND = 65536 };

void harness(void) {
  ivs_str s = any_text(BOUND);
  size_t tokens;
  int r = ivs_json_check(s.p, s.n, &tokens);
  if (r == 0) MUST(tokens <= IVS_JSON_DEPTH * (size_t)UINT16_MAX);
  else MUST(r == IVS_ERR_JSON || r == IVS_ERR_JSON_DEPTH);
}
