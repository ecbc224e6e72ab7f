#include "../jsmn_tokens.h"

int JSMN(jsmn_parse)(jsmn_parser *parser, const char *js, const size_t len, jsmntok_t *tokens,
                     const unsigned int num_tokens);

unsigned watched;

/* From any place of a text: a call goes on where the one before it ended. */
void harness(void) {
  jsmntok_t *tokens = any_tokens();
  ivs_str s = any_last_of(JSMN_TEXT);
  jsmn_parser parser;
  GIVEN(jsmn_holds(&parser, s.n, JSMN_TOKENS));
  GIVEN(parser.toknext > 0 || (parser.pos < s.n && s.p[parser.pos] == '{'));
  GIVEN(SIZES_HOLD(tokens, JSMN_TOKENS, 0));
  watched = any_uint32();
  GIVEN(WATCHED_OR_OPEN(tokens, parser.toknext, parser.pos, s.n));
  jsmn_parser before = parser;
  int r = JSMN(jsmn_parse)(&parser, s.p, s.n, tokens, JSMN_TOKENS);
  MUST(jsmn_holds(&parser, s.n, JSMN_TOKENS));
  MUST(parser.pos >= before.pos && parser.toknext >= before.toknext);
  MUST(r == JSMN_ERROR_NOMEM || parser.toknext > 0);
  MUST(WATCHED_OR_OPEN(tokens, parser.toknext, parser.pos, s.n));
  MUST(r >= JSMN_ERROR_PART && r <= JSMN_TOKENS);
}
