/* next_struct() of encode.c as proof `encode_struct` has it. */
#include "../encode_state.h"

bool STATIC(encode, next_struct)(struct ivs_out *o, struct place *at) {
  const struct ivs_type *type = type_of(at);
  o->n = any_size();
  if (at->begun) at->base += type->size;
  if (at->structs == 0) return false;
  READABLE(at->base, type->size);
  at->begun = true;
  at->comma = false;
  at->structs--;
  at->next = ivs_fields + type->first;
  at->members = type->count;
  return true;
}
