/* put_escaped() of json_read.c as proof `unicode` has it: reads the digits of a whole escape,
   writes its UTF-8, which is shorter. */
#include "../json_text.h"

const char *STATIC(json_read, put_escaped)(const char *r, const char *end, char **w) {
  MUST(__CPROVER_same_object(*w, r) && *w <= r - 2);
  bool two = any_bool();
  size_t size = two ? 10 : 4;
  MUST((size_t)(end - r) >= 4);
  GIVEN((size_t)(end - r) >= size);
  READABLE(r, size);
  WRITABLE(*w, two ? 4 : 3);
  *w += two ? 4 : 1 + any_size_to(2);
  return r + size;
}
