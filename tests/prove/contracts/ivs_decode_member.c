/* ivs_decode_member() as proof `decode_member` has it: writes the member and nothing else. */
#include "../tables.h"

int ivs_decode_member(const struct ivs_field *f, const struct ivs_json_value *v, void *to) {
  MUST(f->kind != IVS_K_STRUCT && v->type != IVS_JSON_NULL);
  MUST(v->type == IVS_JSON_STRING || v->n > 0);
  READABLE(v->p, v->n);
  WRITABLE(to, member_size(f));
  return any_bool() ? 0 : IVS_ERR_TYPE;
}
