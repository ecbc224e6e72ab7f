#include "../prove.h"

enum { BOUND = 65536 };

void harness(void) {
  ivs_utf8_valid(any_text(BOUND));
}
