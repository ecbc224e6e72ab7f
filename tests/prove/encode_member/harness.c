#include "../encode_state.h"
#include "../heights.h"

enum { BOUND = 64, LARGEST = 240, MEMORY = BOUND * LARGEST };

int STATIC(encode, walk_member)(const struct walk *w, struct place **at, unsigned without);

static char *memory; /* of the caller's, for a text or list: it ends where that ends */

/* Any check of the caller's. */
int ivs_check_member(const struct ivs_field *f, const void *member) {
  READABLE(member, member_size(f));
  return any_bool() ? 0 : IVS_ERR_LENGTH;
}

/* A text or list that is there, as the caller has it, or absent. */
static void fill(const struct ivs_field *f, char *member) {
  size_t size = f->kind == IVS_K_STR ? 1 : element_size(f), n = any_size_to(BOUND);
  MUST(size <= LARGEST);
  ivs_str any = {any_bool() ? memory + (MEMORY - n * size) : NULL, n};
  if (f->kind == IVS_K_STR) *(ivs_str *)member = any;
  if (f->kind < IVS_K_LIST) return;
  ((struct ivs_any_list *)member)->items = any.p;
  ((struct ivs_any_list *)member)->count = any.n;
}

/* What was entered is the member: the struct, or the elements of the list. */
static void is_entered(const struct place *to, const struct ivs_field *f, const char *member) {
  const struct ivs_any_list *list = (const void *)member;
  bool in_list = f->kind == IVS_K_LIST;
  MUST(f->kind == IVS_K_STRUCT || in_list);
  MUST(to->type == &ivs_types[f->type] && to->in_list == in_list);
  MUST(to->base != NULL && to->base == (in_list ? (const char *)list->items : member));
  MUST(to->structs == (in_list ? list->count : 1));
  MUST(!to->begun && to->members == 0);
}

/* Takes a member of a struct, in which there may be anything. */
static void take(const struct walk *w, const struct ivs_type *type, const struct ivs_field *f) {
  MUST(type->size <= LARGEST);
  char *base = any_bytes(LARGEST) + (LARGEST - type->size);
  fill(f, base + f->offset);
  unsigned left = (unsigned)(ivs_fields + type->first + type->count - f), without = any_uint32();
  bool in_list = any_bool() ? true : false;
  struct place stack[2] = {{base, type, f, left, any_size(), in_list, true, any_bool()}};
  struct place before = stack[0], *at = stack;
  int r = STATIC(encode, walk_member)(w, &at, without);
  MUST(is_result(w, r) && (r == 0 || (f->flags & without) == 0));
  MUST(stack->next == f + 1 && stack->members == left - 1 && stack->begun);
  MUST(stack->base == base && stack->type == type);
  MUST(stack->structs == before.structs && stack->in_list == in_list);
  if (w->culprit != NULL) {
    MUST(w->culprit->p == (r == 0 ? NULL : ivs_member_names + f->name));
    MUST(r == 0 || w->culprit->n == f->name_n);
  }
  if (at == stack) return;
  MUST(r == 0 && at == stack + 1);
  is_entered(at, f, base + f->offset);
}

/* Any member of any struct that requests consist of. */
void harness(void) {
  struct ivs_out o = ivs_out_to(NULL, any_size());
  ivs_str culprit = {NULL, 0};
  struct ivs_region forbidden = {any_bytes(1), any_size()};
  GIVEN(is_memory(forbidden.p, forbidden.n, 1));
  struct walk w = {&o, any_bool() ? &culprit : NULL, forbidden,
                   any_bool() ? ivs_check_member : NULL};
  memory = any_bytes(MEMORY);
  measure_requests();
  uint8_t type = any_type();
  GIVEN(requested(type));
  take(&w, &ivs_types[type], any_field(type));
}
