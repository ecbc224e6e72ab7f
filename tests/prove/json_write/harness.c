#include <ivs/json.h>

#include "../prove.h"

enum { BOUND = 65536 };

void harness(void) {
  struct ivs_out o = ivs_out_to(NULL, any_size());
  ivs_json_put_str(&o, any_text(BOUND));
}
