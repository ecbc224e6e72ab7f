#include "system.h"

#include "words.h"

static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* What follows an opening quote, up to the closing one. False if there is none. */
static bool put_quoted(ivs_str *text, struct ivs_out *word, char quote) {
  while (text->n > 0) {
    char c = text->p[0];
    text->p++, text->n--;
    if (c == quote) return true;
    if (c == '\\' && quote == '"') {
      if (text->n == 0) return false;
      c = text->p[0];
      text->p++, text->n--;
      if (c != '\\' && c != '"') ivs_put_char(word, '\\');
    }
    ivs_put_char(word, c);
  }
  return false;
}

/* see words.h */
int ivs_word_next(ivs_str *text, struct ivs_out *word) {
  while (text->n > 0 && is_blank(text->p[0])) text->p++, text->n--;
  if (text->n == 0) return 0;
  while (text->n > 0 && !is_blank(text->p[0])) {
    char c = text->p[0];
    text->p++, text->n--;
    if (c == '"' || c == '\'') {
      if (!put_quoted(text, word, c)) return IVS_ERR_ARGUMENT;
      continue;
    }
    if (c == '\\') {
      if (text->n == 0) return IVS_ERR_ARGUMENT;
      c = text->p[0];
      text->p++, text->n--;
    }
    ivs_put_char(word, c);
  }
  return 1;
}
