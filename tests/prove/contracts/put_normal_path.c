/* put_normal_path() of sigv4.c as proof `canonical_path` has it, of which the harness hears. */
#include "../prove.h"

void heard_path(struct ivs_out *o, ivs_str path);

void STATIC(sigv4, put_normal_path)(struct ivs_out *o, ivs_str path) {
  READABLE(path.p, path.n);
  heard_path(o, path);
}
