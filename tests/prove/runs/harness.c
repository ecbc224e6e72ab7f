#include "../../../core/src/chars.h"
#include "../prove.h"

enum { BOUND = 64 };

void harness(void) {
  ivs_str s = any_last_of(BOUND);
  const char *end = s.p + s.n;
  bool text = any_bool();
  const char *to = text ? ivs_text_run(s.p, end) : ivs_plain_run(s.p, end);
  MUST(__CPROVER_same_object(to, end) && to >= s.p && to <= end);
  MUST(!text || to == end || *to == 0x7F || (*to >= 0 && *to < ' ' && *to != '\t'));
}
