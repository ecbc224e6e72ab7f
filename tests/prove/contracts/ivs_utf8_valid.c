/* ivs_utf8_valid() as proof `utf8_valid` has it: reads the text. */
#include "../prove.h"

bool ivs_utf8_valid(ivs_str s) {
  READABLE(s.p, s.n);
  return any_bool();
}
