/* next_stop() of json_read.c as proof `json_stop` has it: the end, or a string, an array, an object
   or the bracket that closes. */
#include "../prove.h"

char *STATIC(json_read, next_stop)(char *p, const char *end) {
  MUST(p <= end);
  READABLE(p, (size_t)(end - p));
  char *stop = p + any_size_to((size_t)(end - p));
  GIVEN(stop == end || *stop == '"' || *stop == '}' || (*stop | 0x20) == '{');
  return stop;
}
