/*
 * jsmn_parse() of jsmn.h as proof `jsmn` has it: takes tokens that lie in what
 * it is shown of the text. That is the members of one object up to the next string, array or
 * object: in checked text no bracket but the first.
 */
#include "../jsmn_tokens.h"

int JSMN(jsmn_parse)(jsmn_parser *parser, const char *js, const size_t len, jsmntok_t *tokens,
                     const unsigned int num_tokens) {
  MUST(jsmn_holds(parser, len, num_tokens));
  MUST(parser->toknext > 0 || (parser->pos < len && js[parser->pos] == '{'));
  READABLE(js, len);
  WRITABLE(tokens, num_tokens * sizeof *tokens);
  unsigned taken = parser->toknext;
  jsmn_parser after;
  GIVEN(jsmn_holds(&after, len, num_tokens) && after.pos >= parser->pos && after.toknext >= taken);
  if (watched >= taken && watched < after.toknext) {
    jsmntok_t any;
    tokens[watched] = any;
    GIVEN(WATCHED_LIES(tokens, after.toknext, len));
  }
  *parser = after;
  int r = any_int();
  GIVEN(r >= JSMN_ERROR_PART && r <= (int)num_tokens);
  GIVEN(r == JSMN_ERROR_NOMEM || after.toknext > 0);
  return r;
}
