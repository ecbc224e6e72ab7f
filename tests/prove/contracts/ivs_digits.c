/* ivs_digits() as proof `numbers` has it, by ivs_str_to_int(): reads its text. */
#include "../prove.h"

bool ivs_digits(ivs_str s, int64_t *negative) {
  READABLE(s.p, s.n);
  if (any_bool()) return false;
  *negative = any_int64();
  return true;
}
