/* ivs_json_put_str() as proof `json_write` has it: reads the text. */
#include <ivs/json.h>

#include "../prove.h"

void ivs_json_put_str(struct ivs_out *o, ivs_str s) {
  READABLE(s.p, s.n);
  o->n = any_size();
}
