/*
 * ivs_put_base64url() as proofs `base64url` and `base64url_in_place` have it, of a text that is coded
 * towards itself: there is room for just what it puts, four bytes for three, and the text begins
 * far enough behind where that begins.
 */
#include "../prove.h"

void ivs_put_base64url(struct ivs_out *o, const void *p, size_t n) {
  READABLE(p, n);
  WRITABLE(o->p, o->cap);
  MUST(o->n == 0 && 3 * o->cap >= 4 * n && 3 * o->cap < 4 * n + 3);
  MUST(n == 0 || __CPROVER_same_object(o->p, p));
  MUST(n == 0 || 3 * ((const char *)p - o->p) >= (int64_t)n);
  o->n = o->cap;
}
