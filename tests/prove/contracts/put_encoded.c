/* put_encoded() of sigv4.c as proof `canonical` has it: puts a text, of which the harness hears. */
#include "../prove.h"

void heard_text(ivs_str text);

void STATIC(sigv4, put_encoded)(struct ivs_out *o, ivs_str s) {
  READABLE(s.p, s.n);
  o->n = any_size();
  heard_text(s);
}
