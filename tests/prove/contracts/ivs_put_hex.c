/* ivs_put_hex() as proof `numbers` has it. */
#include "../prove.h"

void ivs_put_hex(struct ivs_out *o, const uint8_t *p, size_t n) {
  READABLE(p, n);
  o->n = any_size();
}
