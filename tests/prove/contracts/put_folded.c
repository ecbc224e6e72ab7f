/* put_folded() of sigv4.c as proof `canonical_text` has it: puts a value, of which the harness
   hears. */
#include "../prove.h"

void heard_value(ivs_str value);

void STATIC(sigv4, put_folded)(struct ivs_out *o, ivs_str value) {
  READABLE(value.p, value.n);
  o->n = any_size();
  heard_value(value);
}
