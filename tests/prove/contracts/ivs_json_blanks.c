/* ivs_json_blanks() as proof `value_at` has it. */
#include "../prove.h"

char *ivs_json_blanks(char *p, const char *end) {
  MUST(p <= end);
  READABLE(p, (size_t)(end - p));
  return p + any_size_to((size_t)(end - p));
}
