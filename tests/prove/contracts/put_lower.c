/* put_lower() of sigv4.c as proof `canonical_text` has it: puts a name, of which the harness
   hears. */
#include "../prove.h"

void heard_name(ivs_str name, char behind);

void STATIC(sigv4, put_lower)(struct ivs_out *o, ivs_str name, char behind) {
  READABLE(name.p, name.n);
  o->n = any_size();
  heard_name(name, behind);
}
