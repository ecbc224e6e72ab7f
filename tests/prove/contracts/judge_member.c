/* judge_member() of encode.c as proof `encode_judge` has it: a text, list or map that is good is
   there. */
#include "../encode_state.h"

int STATIC(encode, judge_member)(const struct walk *w, const struct ivs_field *f,
                                 const char *base) {
  READABLE(base + f->offset, member_size(f));
  int r = any_int();
  GIVEN(r == 1 || (is_result(w, r) && r != IVS_ERR_UTF8));
  if (r == 1 && begins_with_pointer(f)) GIVEN(*(const void *const *)(base + f->offset) != NULL);
  return r;
}
