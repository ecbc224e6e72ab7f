/* decode() of decode.c as proof `decode` has it: writes the struct and nothing else, and leaves
   the object's own size, or less than all of the text. */
#include <ivs/codec.h>

#include "../prove.h"

int STATIC(decode, decode)(struct ivs_arena arena, uint8_t type, struct ivs_json_value *whole,
                           void *out, ivs_str *culprit) {
  (void)arena;
  READABLE(whole->p, whole->n);
  WRITABLE(out, ivs_types[type].size);
  *culprit = (ivs_str){ivs_member_names, 1};
  whole->n = (uint32_t)any_size_to(whole->n);
  int r = any_int();
  GIVEN(r == 0 || r == IVS_ERR_TYPE || r == IVS_ERR_SPACE || r == IVS_ERR_JSON);
  return r;
}
