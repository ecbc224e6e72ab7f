#include "../prove.h"

enum { BOUND = 65536 };

ivs_str STATIC(http1, trimmed)(ivs_str s);

void harness(void) {
  ivs_str s = any_text(BOUND);
  MUST(lies_in(STATIC(http1, trimmed)(s), s));
}
