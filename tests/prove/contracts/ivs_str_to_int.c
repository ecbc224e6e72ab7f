/* ivs_str_to_int() as proof `numbers` has it. */
#include "../prove.h"

int ivs_str_to_int(ivs_str s, int64_t *v) {
  READABLE(s.p, s.n);
  int64_t any = any_int64();
  if (s.n == 0 || any < 0) return IVS_ERR_ARGUMENT;
  *v = any;
  return 0;
}
