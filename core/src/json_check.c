/*
 * The strict check of a JSON text: one pass, one loop over what may come next.
 *
 * The scan_ functions begin at p and return where the text goes on, or NULL if that is no JSON.
 */
#include "chars.h"
#include "json_scan.h"

/* What may come next, at depth 0 nothing once the value was there. */
enum expect { VALUE = 1, NAME = 2, COMMA = 4, CLOSE = 8 };

/* see json_scan.h */
int32_t ivs_json_hex4(const char *p, const char *end) {
  int32_t v = 0;
  if (end - p < 4) return -1;
  for (int i = 0; i < 4; i++) {
    int digit = ivs_hex_value(p[i]);
    if (digit < 0) return -1;
    v = v << 4 | digit;
  }
  return v;
}

/* Behind the backslash. A high surrogate needs its low one, a low one never stands alone. */
static const char *scan_escape(const char *p, const char *end) {
  if (p == end) return NULL;
  if (*p != 'u') return memchr("\"\\/bfnrt", *p, 8) != NULL ? p + 1 : NULL;
  int32_t v = ivs_json_hex4(p + 1, end);
  if (v < 0 || v >> 10 == 0xDC00 >> 10) return NULL;
  p += 5;
  if (v >> 10 != 0xD800 >> 10) return p;
  if (end - p < 6 || p[0] != '\\' || p[1] != 'u') return NULL;
  return ivs_json_hex4(p + 2, end) >> 10 == 0xDC00 >> 10 ? p + 6 : NULL;
}

/* From behind the opening quote to behind the closing one. */
static const char *scan_string(const char *p, const char *end) {
  while (p != NULL) {
    const char *from = p;
    uint8_t c = 0, seen = 0;
    p = ivs_plain_run(p, end);
    for (; p < end; p++) {
      c = (uint8_t)*p;
      if (c == '"' || c == '\\' || c < ' ') break;
      seen |= c;
    }
    if (p == end || c < ' ') return NULL;
    if (seen >= 0x80 && !ivs_utf8_valid((ivs_str){from, (size_t)(p - from)})) return NULL;
    p++;
    if (c == '"') return p;
    p = scan_escape(p, end);
  }
  return NULL;
}

static const char *scan_digits(const char *p, const char *end) {
  const char *from = p;
  while (p < end && ivs_is_digit(*p)) p++;
  return p > from ? p : NULL;
}

static const char *scan_number(const char *p, const char *end) {
  if (*p == '-') p++;
  if (p < end && *p == '0') p++;
  else p = scan_digits(p, end);
  if (p != NULL && p < end && *p == '.') p = scan_digits(p + 1, end);
  if (p != NULL && p < end && (*p | 0x20) == 'e') {
    p++;
    if (p < end && (*p == '+' || *p == '-')) p++;
    p = scan_digits(p, end);
  }
  return p;
}

static const char *scan_scalar(const char *p, const char *end) {
  if (*p == '"') return scan_string(p + 1, end);
  if (*p == '-' || ivs_is_digit(*p)) return scan_number(p, end);
  const char *word = *p == 't' ? "true" : *p == 'f' ? "false" : "null";
  size_t n = strlen(word);
  return (size_t)(end - p) >= n && memcmp(p, word, n) == 0 ? p + n : NULL;
}

/* A name and its colon. */
static const char *scan_name(const char *p, const char *end) {
  if (*p != '"' || (p = scan_string(p + 1, end)) == NULL) return NULL;
  p = ivs_json_blanks((char *)p, end);
  return p < end && *p == ':' ? p + 1 : NULL;
}

/* How many tokens the objects need. An object needs one for itself and two a member; it is open
   together with the objects that its members hold, not with those in its arrays. */
struct census {
  uint16_t own[IVS_JSON_DEPTH]; /* of what is open at a depth; of an array 0 */
  uint32_t below[IVS_JSON_DEPTH];
};

/* What is open at that depth ends; returns what it needed. */
static uint32_t leave(struct census *c, unsigned depth) {
  uint32_t need = c->own[depth] != 0 ? c->own[depth] + c->below[depth] : 0;
  if (depth > 0 && need > c->below[depth - 1]) c->below[depth - 1] = need;
  return need;
}

/* see ivs/json.h */
int ivs_json_check(const char *p, size_t n, size_t *tokens) {
  const char *end = p + n;
  unsigned expect = VALUE, depth = 0;
  uint32_t most = 0;
  struct census c;
  if (n > INT32_MAX) return IVS_ERR_JSON; /* positions in it are int, in jsmn too */
  while ((p = ivs_json_blanks((char *)p, end)) < end) {
    uint16_t *own = &c.own[depth > 0 ? depth - 1 : 0]; /* at depth 0 not read: nothing is open */
    bool in_object = depth > 0 && *own != 0;
    if (expect & CLOSE && *p == (in_object ? '}' : ']')) {
      uint32_t need = leave(&c, --depth);
      if (need > most) most = need;
      p++;
    } else if (expect & COMMA && *p == ',') {
      p++;
      expect = in_object ? NAME : VALUE;
      continue;
    } else if (expect & NAME) {
      p = scan_name(p, end);
      if (p == NULL || *own > UINT16_MAX - 2) return IVS_ERR_JSON;
      *own = (uint16_t)(*own + 2);
      expect = VALUE;
      continue;
    } else if (!(expect & VALUE)) {
      return IVS_ERR_JSON;
    } else if (*p == '{' || *p == '[') {
      if (depth == IVS_JSON_DEPTH) return IVS_ERR_JSON_DEPTH;
      c.own[depth] = *p == '{';
      c.below[depth++] = 0;
      expect = CLOSE | (*p++ == '{' ? NAME : VALUE);
      continue;
    } else if ((p = scan_scalar(p, end)) == NULL) {
      return IVS_ERR_JSON;
    }
    expect = depth > 0 ? COMMA | CLOSE : 0;
  }
  if (expect != 0) return IVS_ERR_JSON;
  *tokens = most;
  return 0;
}
