#include "../prove.h"

enum { BOUND = 64 };

void STATIC(sigv4, put_lower)(struct ivs_out *o, ivs_str name, char behind);
void STATIC(sigv4, put_folded)(struct ivs_out *o, ivs_str value);

void harness(void) {
  struct ivs_out o = ivs_out_to(NULL, any_size());
  ivs_str s = any_last_of(BOUND);
  if (any_bool()) STATIC(sigv4, put_lower)(&o, s, any_char());
  else STATIC(sigv4, put_folded)(&o, s);
}
