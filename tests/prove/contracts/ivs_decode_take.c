/* ivs_decode_take() as proof `decode_take` has it: the value and what it takes lie in the text, a
   string between its quotes; it takes something. */
#include "../../../core/src/decode.h"
#include "../prove.h"

char *ivs_decode_take(char *p, char *end, struct ivs_json_value *v) {
  MUST(p <= end);
  READABLE(p, (size_t)(end - p));
  v->p = p + any_size_to((size_t)(end - p));
  v->n = (uint32_t)any_size_to((size_t)(end - v->p));
  v->type = any_byte();
  GIVEN(v->type <= IVS_JSON_OBJECT && (v->type <= IVS_JSON_STRING || v->n > 0));
  char *next = v->p + v->n;
  if (v->type == IVS_JSON_STRING) {
    GIVEN(v->n >= 2);
    v->p++;
    v->n -= 2;
  }
  next += any_size_to((size_t)(end - next));
  GIVEN(next > p || next == end);
  return next;
}
