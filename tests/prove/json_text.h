/*
 * What the check of JSON promises of a string's text, and the reader relies on: proof json_string
 * shows it of every escape, unescape starts from it.
 */
#ifndef IVS_PROVE_JSON_TEXT_H
#define IVS_PROVE_JSON_TEXT_H

#include "prove.h"

static inline bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static inline bool is_hex4(const char *p) {
  return is_hex(p[0]) && is_hex(p[1]) && is_hex(p[2]) && is_hex(p[3]);
}

/* The surrogates: d8 to db, and dc to df. */
static inline bool is_high(const char *p) {
  char c = (char)(p[1] | 0x20);
  return (p[0] | 0x20) == 'd' && (c == '8' || c == '9' || c == 'a' || c == 'b');
}

static inline bool is_low(const char *p) {
  char c = (char)(p[1] | 0x20);
  return (p[0] | 0x20) == 'd' && c >= 'c' && c <= 'f';
}

/* The bytes of the whole escape whose backslash is at p; 0 if there is none before end. */
static inline size_t escape_size(const char *p, const char *end) {
  size_t n = (size_t)(end - p);
  if (n < 2 || p[0] != '\\') return 0;
  if (p[1] != 'u') {
    char c = p[1];
    return c == '"' || c == '\\' || c == '/' || c == 'b' || c == 'f' || c == 'n' || c == 'r' ||
                   c == 't'
               ? 2
               : 0;
  }
  if (n < 6 || !is_hex4(p + 2) || is_low(p + 2)) return 0;
  if (!is_high(p + 2)) return 6;
  return n >= 12 && p[6] == '\\' && p[7] == 'u' && is_hex4(p + 8) && is_low(p + 8) ? 12 : 0;
}

#endif
