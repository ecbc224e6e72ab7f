/* ivs_put_int() as proof `numbers` has it. */
#include "../prove.h"

void ivs_put_int(struct ivs_out *o, int64_t v) {
  (void)v;
  o->n = any_size();
}
