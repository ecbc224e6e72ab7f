/*
 * ivs_put() as proof `put` has it: reads n bytes at p, writes nothing but into the room that o has,
 * counts: how far is of no account to those who put.
 */
#include "../prove.h"

void ivs_put(struct ivs_out *o, const void *p, size_t n) {
  __CPROVER_assert(n == 0 || __CPROVER_r_ok(p, n), "ivs_put: the text is readable");
  if (o->hash != NULL && o->err == 0) o->err = any_int();
  o->n = any_size();
}
