/*
 * What holds of jsmn's parser before and after every call, as ivs_json_open() uses it: proofs
 * jsmn_value and jsmn.
 */
#ifndef IVS_PROVE_JSMN_TOKENS_H
#define IVS_PROVE_JSMN_TOKENS_H

#define JSMN_HEADER
#include <jsmn.h>

#include "loops.h"
#include "prove.h"

/* The name that goto-cc gives a function of jsmn.h. */
#define JSMN(function) __CPROVER_file_local_jsmn_h_##function

/* Bytes of text, and room for tokens. */
enum { JSMN_TEXT = 64, JSMN_TOKENS = 16 };

/* Room for them, nothing behind it: as any number is taken already, any number is left. */
static inline jsmntok_t *any_tokens(void) {
  jsmntok_t *tokens = (jsmntok_t *)malloc(JSMN_TOKENS * sizeof(jsmntok_t));
  GIVEN(tokens != NULL);
  return tokens;
}

static inline bool jsmn_holds(const jsmn_parser *p, size_t len, size_t room) {
  return p->pos <= len && p->toknext <= room && p->toksuper >= -1 && p->toksuper < (int)p->toknext;
}

/* What no string and no primitive begins with. */
static inline bool jsmn_skips(char c) {
  return c == '\0' || c == '\t' || c == '\r' || c == '\n' || c == ' ' || c == ':' || c == ',' ||
         c == ']' || c == '}';
}

/* A token as jsmn fills it: in the text, and nothing in it as yet. */
static inline bool jsmn_fills(const jsmntok_t *t, jsmntype_t type, size_t from, size_t len) {
  return t->type == type && t->size == 0 && t->start >= (int)from && t->start <= t->end &&
         t->end <= (int)len && (type == JSMN_STRING || t->start < t->end);
}

/* The contract of what makes one of them: the text up to its last byte, or as it was. */
static inline int jsmn_take(jsmn_parser *parser, size_t len, jsmntok_t *tokens, size_t num_tokens,
                            jsmntype_t type) {
  int r = any_int();
  GIVEN(r <= 0 && r >= JSMN_ERROR_PART);
  if (r < 0) return r;
  GIVEN(parser->toknext < num_tokens);
  jsmntok_t *t = &tokens[parser->toknext++];
  WRITABLE(t, sizeof *t);
  jsmntok_t any;
  GIVEN(jsmn_fills(&any, type, parser->pos, len));
  *t = any;
  parser->pos += (unsigned)any_size_to(len - 1 - parser->pos);
  return 0;
}

#endif
