#include "../decode_state.h"

enum { BOUND = 64 };

const struct ivs_field *STATIC(decode, find_field)(struct place *at, ivs_str name);

void harness(void) {
  uint8_t type = any_type();
  const struct ivs_type *t = &ivs_types[type];
  struct place at = {.type = t, .next = ivs_fields + t->first + any_size_to(t->count)};
  const struct ivs_field *f = STATIC(decode, find_field)(&at, any_last_of(BOUND));
  MUST(searches(&at) && at.type == t);
  if (f == NULL) return;
  MUST(__CPROVER_same_object(f, ivs_fields) && AT(f) % sizeof *f == 0);
  MUST(AT(f) / sizeof *f >= t->first && AT(f) / sizeof *f < t->first + (size_t)t->count);
  MUST(at.next == f + 1);
}
