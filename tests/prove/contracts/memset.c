/* memset() for proofs in which it does not matter what is set, but where. */
#include "../prove.h"

void *memset(void *to, int c, size_t n) {
  (void)c;
  WRITABLE(to, n);
  return to;
}
