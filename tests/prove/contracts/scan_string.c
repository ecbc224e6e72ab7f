/* scan_string() of json_check.c as proof `json_string` has it. */
#include "../prove.h"

const char *STATIC(json_check, scan_string)(const char *p, const char *end) {
  MUST(p <= end);
  READABLE(p, (size_t)(end - p));
  if (p == end || any_bool()) return NULL;
  return p + 1 + any_size_to((size_t)(end - p) - 1);
}
