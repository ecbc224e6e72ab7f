/* memmove() for proofs in which it does not matter what is moved, but where from and to. */
#include "../prove.h"

void *memmove(void *to, const void *from, size_t n) {
  READABLE(from, n);
  WRITABLE(to, n);
  return to;
}
