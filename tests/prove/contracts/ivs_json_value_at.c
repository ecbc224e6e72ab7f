/* ivs_json_value_at() as proof `value_at` has it: the value and what it takes lie in the text, a
   string between its quotes; an object and an array have their bracket at least. */
#include <ivs/json.h>

#include "../prove.h"

char *ivs_json_value_at(char *p, const char *end, struct ivs_json_value *v) {
  MUST(p <= end);
  READABLE(p, (size_t)(end - p));
  v->p = p + any_size_to((size_t)(end - p));
  v->n = (uint32_t)any_size_to((size_t)(end - v->p));
  v->type = any_byte();
  GIVEN(v->type <= IVS_JSON_OBJECT && (v->type <= IVS_JSON_STRING || v->n > 0));
  GIVEN(p == end || *p != '"' || v->type == IVS_JSON_STRING);
  GIVEN(p == end || (*p | 0x20) != '{' || v->type > IVS_JSON_STRING);
  char *to = v->p + v->n;
  if (v->type != IVS_JSON_STRING) return to;
  GIVEN(v->n >= 2);
  v->p++;
  v->n -= 2;
  return to;
}
