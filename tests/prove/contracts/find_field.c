/* find_field() of decode.c as proof `decode_find` has it: a member of the struct, or none. */
#include "../decode_state.h"

const struct ivs_field *STATIC(decode, find_field)(struct place *at, ivs_str name) {
  MUST(searches(at));
  READABLE(name.p, name.n);
  const struct ivs_type *type = &ivs_types[TYPE_OF(*at)];
  if (type->count == 0) return NULL;
  const struct ivs_field *f = any_field((unsigned)TYPE_OF(*at));
  at->next = f + 1;
  return any_bool() ? f : NULL;
}
