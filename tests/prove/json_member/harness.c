#include <ivs/json.h>

#include "../jsmn_tokens.h"

unsigned watched;

/* The two tokens that come next, each as proof `json_open` has it of any. */
void harness(void) {
  ivs_str s = any_text(JSMN_TEXT), name;
  GIVEN(s.n > 0);
  jsmntok_t *tokens = any_tokens();
  uint16_t count = (uint16_t)any_size_to(JSMN_TOKENS);
  struct ivs_json_object o = {(char *)s.p, (char *)s.p + s.n, tokens, count, 0};
  o.next = (uint16_t)any_size_to(JSMN_TOKENS + 1);
  GIVEN(o.next % 2 == 1);
  watched = o.next;
  GIVEN(WATCHED_LIES(tokens, o.count, s.n));
  watched = o.next + 1u;
  GIVEN(WATCHED_LIES(tokens, o.count, s.n));
  struct ivs_json_object before = o;
  struct ivs_json_value v;
  int r = ivs_json_member(&o, &name, &v);
  MUST(r == (before.next + 1u < before.count));
  MUST(o.text == before.text && o.end == before.end && o.tokens == tokens && o.count == count);
  MUST(o.next == before.next + 2 * r);
  if (r == 0) return;
  MUST(o.next <= o.count && lies_in(name, s) && lies_in((ivs_str){v.p, v.n}, s));
  MUST(v.type <= IVS_JSON_OBJECT && (v.n > 0 || v.type == IVS_JSON_STRING));
  MUST(v.type != IVS_JSON_OBJECT || *v.p == '{');
}
