/* skip_word() of sigv4.c as proof `skip_word` has it: takes what is no white space, to the end
   at the latest. */
#include "../prove.h"

const char *STATIC(sigv4, skip_word)(const char *p, const char *end) {
  MUST(p < end);
  READABLE(p, (size_t)(end - p));
  MUST(*p != ' ' && (*p < '\t' || *p > '\r'));
  return p + 1 + any_size_to((size_t)(end - p) - 1);
}
