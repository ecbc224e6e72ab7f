/* walk_texts() of encode.c as proof `encode_texts` has it: reads the elements of the list. */
#include "../encode_state.h"

int STATIC(encode, walk_texts)(const struct walk *w, const struct ivs_any_list *list, bool map) {
  (void)w;
  READABLE(list->items, (list->count << map) * sizeof(ivs_str));
  int r = any_int();
  GIVEN(r == 0 || r == IVS_ERR_OVERLAP || r == IVS_ERR_UTF8);
  return r;
}
