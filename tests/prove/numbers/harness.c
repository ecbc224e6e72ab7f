#include "../prove.h"

enum { BOUND = 65536 };

void harness(void) {
  struct ivs_out o = ivs_out_to(NULL, any_size());
  ivs_str s = any_text(BOUND);
  int64_t v;
  if (any_bool()) ivs_put_int(&o, any_int64());
  else if (any_bool()) ivs_put_hex(&o, (const uint8_t *)s.p, s.n);
  else if (ivs_str_to_int(s, &v) == 0) MUST(s.n > 0 && v >= 0);
}
