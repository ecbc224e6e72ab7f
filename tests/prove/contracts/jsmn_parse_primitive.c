/* jsmn_parse_primitive() of jsmn.h as proof `jsmn_value` has it: up to what ends a number. */
#include "../jsmn_tokens.h"

int JSMN(jsmn_parse_primitive)(jsmn_parser *parser, const char *js, const size_t len,
                               jsmntok_t *tokens, const size_t num_tokens) {
  MUST(jsmn_holds(parser, len, num_tokens) && parser->pos < len);
  MUST(!jsmn_skips(js[parser->pos]));
  READABLE(js, len);
  return jsmn_take(parser, len, tokens, num_tokens, JSMN_PRIMITIVE);
}
