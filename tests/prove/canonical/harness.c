#include "../prove.h"

enum { BOUND = 64 };

void STATIC(sigv4, put_encoded)(struct ivs_out *o, ivs_str s);

void harness(void) {
  struct ivs_out o = ivs_out_to(NULL, any_size());
  STATIC(sigv4, put_encoded)(&o, any_last_of(BOUND));
}
