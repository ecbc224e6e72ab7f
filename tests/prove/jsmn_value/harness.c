#include "../jsmn_tokens.h"

int JSMN(jsmn_parse_string)(jsmn_parser *parser, const char *js, const size_t len,
                            jsmntok_t *tokens, const size_t num_tokens);
int JSMN(jsmn_parse_primitive)(jsmn_parser *parser, const char *js, const size_t len,
                               jsmntok_t *tokens, const size_t num_tokens);

/* A string, and what is none: from any place of a text. */
void harness(void) {
  jsmntok_t *tokens = any_tokens();
  ivs_str s = any_last_of(JSMN_TEXT);
  jsmn_parser parser;
  GIVEN(jsmn_holds(&parser, s.n, JSMN_TOKENS) && parser.pos < s.n && !jsmn_skips(s.p[parser.pos]));
  jsmn_parser before = parser;
  bool string = s.p[parser.pos] == '"';
  int r = string ? JSMN(jsmn_parse_string)(&parser, s.p, s.n, tokens, JSMN_TOKENS)
                 : JSMN(jsmn_parse_primitive)(&parser, s.p, s.n, tokens, JSMN_TOKENS);
  MUST(parser.toksuper == before.toksuper);
  if (r < 0) {
    MUST(r >= JSMN_ERROR_PART && parser.pos == before.pos && parser.toknext == before.toknext);
    return;
  }
  MUST(r == 0 && parser.pos >= before.pos && parser.pos < s.n);
  MUST(parser.toknext == before.toknext + 1 && parser.toknext <= JSMN_TOKENS);
  MUST(jsmn_fills(&tokens[before.toknext], string ? JSMN_STRING : JSMN_PRIMITIVE, before.pos, s.n));
}
