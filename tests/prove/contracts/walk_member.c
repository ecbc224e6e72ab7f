/* walk_member() of encode.c as proof `encode_member` has it. */
#include "../encode_state.h"

extern const char *memory; /* of the caller's: a list may be anywhere that ends where this ends */

static void enter(struct place *to, const struct ivs_field *f, const char *member) {
  WRITABLE(to, sizeof *to);
  to->base = member;
  to->type = &ivs_types[f->type];
  to->members = 0;
  to->structs = 1;
  to->in_list = f->kind == IVS_K_LIST;
  to->begun = false;
  if (!to->in_list) return;
  uint16_t count = (uint16_t)any_size_to(UINT16_MAX);
  uint32_t n = (uint32_t)count * ivs_types[f->type].size;
  GIVEN(n <= __CPROVER_OBJECT_SIZE(memory));
  to->base = memory + (__CPROVER_OBJECT_SIZE(memory) - n);
  to->structs = count;
}

int STATIC(encode, walk_member)(const struct walk *w, struct place **at, unsigned without) {
  (void)without;
  struct place *in = *at;
  const struct ivs_type *type = type_of(in);
  MUST(REQUESTED(TYPE_OF(*in)) && in->begun);
  READABLE(in->base, type->size);
  MUST(in->members > 0 && in->members <= (unsigned)type->count);
  const struct ivs_field *f = ivs_fields + (type->first + type->count - in->members);
  MUST(in->next == f);
  in->next = f + 1;
  in->members--;
  in->comma = any_bool();
  w->o->n = any_size();
  if ((f->kind == IVS_K_STRUCT || f->kind == IVS_K_LIST) && any_bool()) {
    enter(++*at, f, in->base + f->offset);
    return 0;
  }
  int r = any_int();
  GIVEN(is_result(w, r));
  if (r < 0 && w->culprit != NULL) *w->culprit = ivs_field_name(f);
  return r;
}
