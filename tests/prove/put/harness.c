#include <ivs/crypto.h>

#include "../prove.h"

enum { BOUND = 65536 };

/* Any crypto library. */
int ivs_sha256_update(struct ivs_sha256 *h, const void *p, size_t n) {
  MUST(h != NULL);
  READABLE(p, n);
  return any_int();
}

void harness(void) {
  size_t room = any_size_to(BOUND);
  struct ivs_sha256 h;
  struct ivs_out o = {any_bytes(room), room, any_size(), any_bool() ? &h : NULL, any_int()};
  struct ivs_out before = o;
  ivs_str s = any_text(BOUND);
  GIVEN(o.n <= SIZE_MAX - s.n);
  ivs_put_str(&o, s);
  MUST(o.n == before.n + s.n);
  MUST(o.p == before.p && o.cap == before.cap && o.hash == before.hash);
  MUST(o.err == before.err || (o.hash != NULL && before.err == 0));
}
