#include "../prove.h"

enum { BOUND = 65536 };

void harness(void) {
  struct ivs_out o = ivs_out_to(NULL, any_size());
  ivs_str s = any_text(BOUND);
  char keep[4];
  keep[3] = '\0';
  ivs_put_percent(&o, s, keep);
}
