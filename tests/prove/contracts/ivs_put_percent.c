/* ivs_put_percent() as proof `uri_encoding` has it. */
#include "../prove.h"

void ivs_put_percent(struct ivs_out *o, ivs_str s, const char *keep) {
  READABLE(s.p, s.n);
  READABLE(keep, 1);
  o->n = any_size();
}
