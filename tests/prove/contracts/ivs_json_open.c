/* ivs_json_open() as proof `json_open` has it: an object that ends in its text, with as many tokens
   as there is room for at the most. That an object begins with its bracket is shown where its type
   is found: proofs `value_at`, `json_member`. */
#include <ivs/json.h>

#include "../prove.h"

int ivs_json_open(struct ivs_json_object *o, struct ivs_json_value v, void *tokens, size_t room) {
  MUST(v.type == IVS_JSON_OBJECT);
  READABLE(v.p, v.n);
  WRITABLE(tokens, room * IVS_JSON_TOKEN_SIZE);
  if (v.n == 0 || any_bool()) return any_bool() ? IVS_ERR_SPACE : IVS_ERR_JSON;
  o->text = v.p;
  o->end = v.p + 1 + any_size_to(v.n - 1u);
  o->tokens = tokens;
  o->count = (uint16_t)any_size_to(room < UINT16_MAX ? room : UINT16_MAX);
  o->next = 1;
  return 0;
}
