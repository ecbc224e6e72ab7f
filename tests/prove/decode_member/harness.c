#include "../tables.h"

#include "../../../core/src/decode.h"

enum { BOUND = 64 };

void harness(void) {
  uint8_t type = any_type();
  const struct ivs_field *f = any_field(type);
  GIVEN(f->kind != IVS_K_STRUCT);
  ivs_str s = any_last_of(BOUND);
  struct ivs_json_value v = {(char *)s.p, (uint32_t)s.n, any_byte()};
  GIVEN(v.type > IVS_JSON_NULL && v.type <= IVS_JSON_OBJECT);
  GIVEN(v.n > 0 || v.type == IVS_JSON_STRING);
  void *member = any_bytes(member_size(f));
  int r = ivs_decode_member(f, &v, member);
  MUST(r == 0 || r == IVS_ERR_TYPE);
  if (r != 0 || f->kind < IVS_K_LIST) return;
  const ivs_span *rest = &((const struct ivs_any_list *)member)->rest;
  MUST(rest->kind == f->kind && rest->type == f->type);
  MUST(rest->n > 0 ? lies_in((ivs_str){rest->p, rest->n}, s) : rest->p == s.p + s.n);
}
