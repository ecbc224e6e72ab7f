/* trimmed() of http1.c as proof `trimmed` has it: a part of the text. */
#include "../prove.h"

ivs_str STATIC(http1, trimmed)(ivs_str s) {
  READABLE(s.p, s.n);
  return any_part(s);
}
