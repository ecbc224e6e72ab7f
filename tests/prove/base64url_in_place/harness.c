#include <ivs/claims.h>

#include "../prove.h"

enum { BOUND = 64 };

/* How far behind the place for the code its text begins; bytes put, and read before that. */
static size_t ahead, put, taken;

/* A group of digits, one more than it has bytes, over what was read and nothing else. */
void ivs_put(struct ivs_out *o, const void *p, size_t n) {
  READABLE(p, n);
  MUST(n >= 2 && n <= 4);
  taken += n - 1;
  put += n;
  MUST(put <= ahead + taken && put <= o->cap);
}

/* As proof `claims` has it. */
void harness(void) {
  size_t n = any_byte() & (2 * BOUND - 1); /* so that CBMC knows its upper bits */
  GIVEN(n <= BOUND);
  ivs_str s = {any_bytes(n), n};
  struct ivs_out o = ivs_out_to(NULL, any_byte());
  GIVEN(3 * o.cap >= 4 * s.n && 3 * o.cap < 4 * s.n + 3);
  ahead = any_byte();
  GIVEN(3 * ahead >= s.n);
  ivs_put_base64url(&o, s.p, s.n);
  MUST(taken == s.n && put == o.cap);
}
