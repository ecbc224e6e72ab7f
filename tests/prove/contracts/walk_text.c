/* walk_text() of encode.c as proof `encode_member` has it; what there is to be read is not said. */
#include "../encode_state.h"

int STATIC(encode, walk_text)(const struct walk *w, ivs_str s) {
  (void)w, (void)s;
  int r = any_int();
  GIVEN(r == 0 || r == IVS_ERR_OVERLAP || r == IVS_ERR_UTF8);
  return r;
}
