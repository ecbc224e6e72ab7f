/* skip_string() of json_read.c as proof `string_end` has it; in checked text there is a
   closing quote. */
#include "../prove.h"

char *STATIC(json_read, skip_string)(char *p, const char *end) {
  MUST(p < end);
  READABLE(p, (size_t)(end - p));
  MUST(*p != '\\');
  GIVEN((size_t)(end - p) >= 2);
  return p + 2 + any_size_to((size_t)(end - p) - 2);
}
