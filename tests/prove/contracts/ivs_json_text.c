/* ivs_json_text() as proof `unescape` has it: not longer than it was. */
#include <ivs/json.h>

#include "../prove.h"

ivs_str ivs_json_text(struct ivs_json_value v) {
  READABLE(v.p, v.n);
  WRITABLE(v.p, v.n);
  return (ivs_str){v.p, any_size_to(v.n)};
}
