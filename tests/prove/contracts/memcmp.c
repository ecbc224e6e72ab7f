/* memcmp(): reads both, and says anything. */
#include "../prove.h"

int memcmp(const void *a, const void *b, size_t n) {
  READABLE(a, n);
  READABLE(b, n);
  return any_int();
}
