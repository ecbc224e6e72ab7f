/* ivs_event_next() as proof `event_next` has it: stays within what is left of the array. */
#include <ivs/event.h>

#include "../prove.h"

int ivs_event_next(ivs_str *array, ivs_str *text) {
  READABLE(array->p, array->n);
  if (array->n == 0) return 0;
  size_t n = any_size_to(array->n - 1);
  bool found = any_bool();
  if (found) *text = any_part(*array);
  array->p += n;
  array->n -= n;
  return found;
}
