/* ivs_text_run() as proof `runs` has it: reads up to end, stops there at the latest. */
#include "../prove.h"

const char *ivs_text_run(const char *p, const char *end) {
  MUST(p <= end);
  READABLE(p, (size_t)(end - p));
  return p + any_size_to((size_t)(end - p));
}
