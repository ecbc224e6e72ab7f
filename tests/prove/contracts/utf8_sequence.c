/* utf8_sequence() of text.c as proof `utf8_sequence` has it. */
#include "../prove.h"

size_t STATIC(text, utf8_sequence)(const char *p, size_t n) {
  MUST(n > 0);
  READABLE(p, n);
  return any_size_to(n < 4 ? n : 4);
}
