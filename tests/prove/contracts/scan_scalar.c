/* scan_scalar() of json_check.c: proofs `json_scalar`, `json_string`. Takes something, or finds
   that it is no JSON. */
#include "../prove.h"

const char *STATIC(json_check, scan_scalar)(const char *p, const char *end) {
  MUST(p < end);
  READABLE(p, (size_t)(end - p));
  if (any_bool()) return NULL;
  return p + 1 + any_size_to((size_t)(end - p) - 1);
}
