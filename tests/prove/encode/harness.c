#include "../encode_state.h"
#include "../heights.h"

enum { MEMORY = 65535 };

int STATIC(encode, walk)(const struct walk *w, unsigned type, const void *base, unsigned without);

const char *memory; /* see contracts/walk_member.c */

/* Stands for any check: the contract of walk_member() does not call it. */
static int check(const struct ivs_field *f, const void *member) {
  (void)f, (void)member;
  return 0;
}

void harness(void) {
  measure();
  measure_requests();
  uint8_t type = any_type();
  GIVEN(requested(type));
  memory = any_bytes(MEMORY);
  struct ivs_out o = ivs_out_to(NULL, any_size());
  ivs_str culprit = {NULL, 0};
  struct walk w = {&o, any_bool() ? &culprit : NULL, {NULL, 0}, any_bool() ? check : NULL};
  const char *base = memory + (MEMORY - ivs_types[type].size);
  int r = STATIC(encode, walk)(&w, type, base, any_uint32());
  MUST(is_result(&w, r));
  MUST((culprit.p != NULL) == (r != 0 && w.culprit != NULL));
}
