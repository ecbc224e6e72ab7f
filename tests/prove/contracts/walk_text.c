/* walk_text() of encode.c: looks at no more than where a text lies, or has it written. */
#include "../encode_state.h"

int STATIC(encode, walk_text)(const struct walk *w, ivs_str s) {
  (void)w, (void)s;
  int r = any_int();
  GIVEN(r <= 0);
  return r;
}
