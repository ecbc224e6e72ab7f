#include <ivs/json.h>

#include "../jsmn_tokens.h"

unsigned watched;

void harness(void) {
  ivs_str s = any_text(JSMN_TEXT);
  struct ivs_json_value v = {(char *)s.p, (uint32_t)s.n, any_byte()};
  GIVEN(s.n > 0 && s.p[0] == '{');
  watched = any_uint32();
  size_t room = any_size_to(JSMN_TOKENS);
  jsmntok_t *tokens = any_tokens();
  struct ivs_json_object o;
  int r = ivs_json_open(&o, v, tokens, room);
  MUST(r == 0 || r == IVS_ERR_SPACE || r == IVS_ERR_JSON);
  if (r != 0) return;
  MUST(o.text == s.p && o.end > o.text && lies_in((ivs_str){o.text, (size_t)(o.end - o.text)}, s));
  MUST(o.tokens == tokens && o.count <= room && o.next == 1);
  MUST(WATCHED_LIES(tokens, o.count, o.end - o.text));
}
