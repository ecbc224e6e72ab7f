#include "../encode_state.h"
#include "../heights.h"

int STATIC(encode, judge_member)(const struct walk *w, const struct ivs_field *f, const char *base);

/* Any check of the caller's. */
int ivs_check_member(const struct ivs_field *f, const void *member) {
  READABLE(member, member_size(f));
  return any_bool() ? 0 : IVS_ERR_LENGTH;
}

/* A member of a struct that may hold anything, lists that are memory apart. */
static void judge(const struct walk *w, const struct ivs_field *f, const char *base) {
  if (f->kind >= IVS_K_LIST) {
    const struct ivs_any_list *list = (const void *)(base + f->offset);
    GIVEN(is_memory(list->items, list->count, element_size(f)));
  }
  int r = STATIC(encode, judge_member)(w, f, base);
  MUST(r == 1 || (is_result(w, r) && r != IVS_ERR_UTF8));
  if (r == 1 && begins_with_pointer(f)) MUST(*(const void *const *)(base + f->offset) != NULL);
}

/* Every member of every struct that requests consist of. */
void harness(void) {
  struct ivs_region forbidden = {any_bytes(1), any_size()};
  GIVEN(is_memory(forbidden.p, forbidden.n, 1));
  struct walk w = {NULL, NULL, forbidden, any_bool() ? ivs_check_member : NULL};
  measure_requests();
  for (unsigned t = 1; t < TYPES; t++) {
    if (!requested(t)) continue;
    const char *base = any_bytes(ivs_types[t].size);
    for (unsigned i = 0; i < ivs_types[t].count; i++)
      judge(&w, ivs_fields + ivs_types[t].first + i, base);
  }
}
