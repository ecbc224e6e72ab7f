/* jsmn_parse_string() of jsmn.h as proof `jsmn_value` has it: from a quote to the one that
   closes. */
#include "../jsmn_tokens.h"

int JSMN(jsmn_parse_string)(jsmn_parser *parser, const char *js, const size_t len,
                            jsmntok_t *tokens, const size_t num_tokens) {
  MUST(jsmn_holds(parser, len, num_tokens) && parser->pos < len && js[parser->pos] == '"');
  READABLE(js, len);
  return jsmn_take(parser, len, tokens, num_tokens, JSMN_STRING);
}
