/* ivs_json_member() as proof `json_member` has it: a name and a value that lie in the object, if
   there are two more tokens. */
#include <ivs/json.h>

#include "../prove.h"

int ivs_json_member(struct ivs_json_object *o, ivs_str *name, struct ivs_json_value *v) {
  READABLE(o->tokens, o->count * (size_t)IVS_JSON_TOKEN_SIZE);
  MUST(__CPROVER_same_object(o->text, o->end) && o->text < o->end);
  READABLE(o->text, (size_t)(o->end - o->text));
  if (o->next + 1u >= o->count) return 0;
  o->next = (uint16_t)(o->next + 2);
  *name = any_part((ivs_str){o->text, (size_t)(o->end - o->text)});
  v->p = o->text + any_size_to((size_t)(o->end - o->text));
  v->n = (uint32_t)any_size_to((size_t)(o->end - v->p));
  v->type = any_byte();
  GIVEN(v->type <= IVS_JSON_OBJECT && (v->n > 0 || v->type == IVS_JSON_STRING));
  return 1;
}
