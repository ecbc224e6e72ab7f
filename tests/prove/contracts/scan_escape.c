/* scan_escape() of json_check.c as proof `json_escape` has it: from behind a backslash to behind
   its escape, or nowhere. */
#include "../prove.h"

const char *STATIC(json_check, scan_escape)(const char *p, const char *end) {
  MUST(p <= end);
  READABLE(p, (size_t)(end - p));
  if (p == end || any_bool()) return NULL;
  return p + 1 + any_size_to((size_t)(end - p) - 1);
}
