#include "../encode_state.h"

enum { BOUND = 64 };

int STATIC(encode, walk_texts)(const struct walk *w, const struct ivs_any_list *list, bool map);

void harness(void) {
  bool map = any_bool() ? true : false; /* CBMC's own has other bits too */
  size_t size = map ? sizeof(ivs_pair) : sizeof(ivs_str), count = any_size_to(BOUND);
  struct ivs_any_list list = {any_bytes(count * size), count, {0}};
  struct ivs_out o = ivs_out_to(NULL, any_size());
  struct walk w = {&o, NULL, {NULL, 0}, NULL};
  int r = STATIC(encode, walk_texts)(&w, &list, map);
  MUST(r == 0 || r == IVS_ERR_OVERLAP || r == IVS_ERR_UTF8);
}
