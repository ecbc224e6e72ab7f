/* ivs_str_eq_nocase() as proof `nocase` has it: reads both texts if they are as long as one
   another. */
#include "../prove.h"

bool ivs_str_eq_nocase(ivs_str a, ivs_str b) {
  if (a.n != b.n) return false;
  READABLE(a.p, a.n);
  READABLE(b.p, b.n);
  return any_bool();
}
