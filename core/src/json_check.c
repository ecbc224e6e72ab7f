/*
 * The strict check of a JSON text. One pass, one loop; where it stands is one of these states:
 *
 *   VALUE  a value must come            NAME   a member's name must come
 *   FIRST  a value or ']' (after '[')   OPEN   a name or '}' (after '{')
 *   AFTER  ',' or the closing bracket; at depth 0 the end
 */
#include <ivs/json.h>

enum state { VALUE, FIRST, NAME, OPEN, AFTER };

/* How many tokens the objects need. An object needs one for itself and two a member; it is open
   together with the objects that its members hold, not with those in its arrays. */
struct census {
  uint16_t own[IVS_JSON_DEPTH];
  uint32_t below[IVS_JSON_DEPTH];
  uint32_t most;
};

struct scan {
  const unsigned char *p;
  const unsigned char *end;
  uint32_t objects; /* bit d - 1: what is open at depth d is an object */
  unsigned depth;
};

static bool is_digit(const struct scan *s) {
  return s->p < s->end && *s->p >= '0' && *s->p <= '9';
}

static bool scan_digits(struct scan *s) {
  if (!is_digit(s)) return false;
  while (is_digit(s)) s->p++;
  return true;
}

static bool scan_number(struct scan *s) {
  if (*s->p == '-') s->p++;
  if (s->p < s->end && *s->p == '0') s->p++;
  else if (!scan_digits(s)) return false;
  if (s->p < s->end && *s->p == '.') {
    s->p++;
    if (!scan_digits(s)) return false;
  }
  if (s->p < s->end && (*s->p | 0x20) == 'e') {
    s->p++;
    if (s->p < s->end && (*s->p == '+' || *s->p == '-')) s->p++;
    if (!scan_digits(s)) return false;
  }
  return true;
}

static bool scan_literal(struct scan *s, const char *word, size_t n) {
  if ((size_t)(s->end - s->p) < n || memcmp(s->p, word, n) != 0) return false;
  s->p += n;
  return true;
}

/* Four hexadecimal digits as their value, or -1. */
static int32_t scan_hex4(struct scan *s) {
  if (s->end - s->p < 4) return -1;
  int32_t v = 0;
  for (int i = 0; i < 4; i++) {
    unsigned c = *s->p++;
    if (c - '0' < 10u) v = v * 16 + (int32_t)(c - '0');
    else if ((c | 0x20) - 'a' < 6u) v = v * 16 + (int32_t)((c | 0x20) - 'a') + 10;
    else return -1;
  }
  return v;
}

/* What follows a backslash. A high surrogate needs its low one, a low one never stands alone. */
static bool scan_escape(struct scan *s) {
  if (s->p == s->end) return false;
  unsigned char c = *s->p++;
  if (c != 'u') return c != 0 && strchr("\"\\/bfnrt", c) != NULL;
  int32_t v = scan_hex4(s);
  if (v < 0 || (v >= 0xDC00 && v <= 0xDFFF)) return false;
  if (v < 0xD800 || v > 0xDBFF) return true;
  if (!scan_literal(s, "\\u", 2)) return false;
  v = scan_hex4(s);
  return v >= 0xDC00 && v <= 0xDFFF;
}

/* From behind the opening quote to behind the closing one. */
static bool scan_string(struct scan *s) {
  const unsigned char *run = s->p;
  unsigned char high = 0;
  while (s->p < s->end) {
    unsigned char c = *s->p;
    if (c == '"' || c == '\\') {
      ivs_str piece = {(const char *)run, (size_t)(s->p - run)};
      if (high >= 0x80 && !ivs_utf8_valid(piece)) return false;
      s->p++;
      if (c == '"') return true;
      if (!scan_escape(s)) return false;
      run = s->p;
      high = 0;
      continue;
    }
    if (c < 0x20) return false;
    high |= c;
    s->p++;
  }
  return false;
}

/* A name and its colon. */
static bool scan_name(struct scan *s) {
  if (!scan_string(s)) return false;
  while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' || *s->p == '\n' || *s->p == '\r')) s->p++;
  return scan_literal(s, ":", 1);
}

static bool scan_scalar(struct scan *s) {
  switch (*s->p) {
    case '"': s->p++; return scan_string(s);
    case 't': return scan_literal(s, "true", 4);
    case 'f': return scan_literal(s, "false", 5);
    case 'n': return scan_literal(s, "null", 4);
    default: return (*s->p == '-' || is_digit(s)) && scan_number(s);
  }
}

static bool in_object(const struct scan *s) {
  return s->depth > 0 && (s->objects >> (s->depth - 1) & 1u) != 0;
}

static int enter(struct scan *s, struct census *c, bool object) {
  if (s->depth == IVS_JSON_DEPTH) return IVS_ERR_JSON_DEPTH;
  uint32_t bit = (uint32_t)1 << s->depth;
  s->objects = object ? s->objects | bit : s->objects & ~bit;
  c->own[s->depth] = 1;
  c->below[s->depth] = 0;
  s->depth++;
  return 0;
}

static void leave(struct scan *s, struct census *c) {
  bool object = in_object(s);
  s->depth--;
  if (!object) return;
  uint32_t need = c->own[s->depth] + c->below[s->depth];
  if (need > c->most) c->most = need;
  if (in_object(s) && need > c->below[s->depth - 1]) c->below[s->depth - 1] = need;
}

/* see ivs/json.h */
int ivs_json_check(const char *p, size_t n, size_t *tokens) {
  struct scan s = {(const unsigned char *)p, (const unsigned char *)p + n, 0, 0};
  struct census c;
  enum state state = VALUE;
  int r;
  c.most = 0;
  if (n > INT32_MAX) return IVS_ERR_JSON; /* positions in it are int, in jsmn too */
  for (;; s.p++) {
    while (s.p < s.end && (*s.p == ' ' || *s.p == '\t' || *s.p == '\n' || *s.p == '\r')) s.p++;
    if (s.p == s.end) break;
    char ch = (char)*s.p;
    if (state == AFTER) {
      if (s.depth == 0) return IVS_ERR_JSON;
      if (ch == ',') {
        state = in_object(&s) ? NAME : VALUE;
        continue;
      }
      if (ch != (in_object(&s) ? '}' : ']')) return IVS_ERR_JSON;
      leave(&s, &c);
      continue;
    }
    if ((state == FIRST && ch == ']') || (state == OPEN && ch == '}')) {
      leave(&s, &c);
      state = AFTER;
      continue;
    }
    if (state == NAME || state == OPEN) {
      if (ch != '"') return IVS_ERR_JSON;
      s.p++;
      if (!scan_name(&s)) return IVS_ERR_JSON;
      if (c.own[s.depth - 1] > UINT16_MAX - 2) return IVS_ERR_JSON;
      c.own[s.depth - 1] = (uint16_t)(c.own[s.depth - 1] + 2);
      state = VALUE;
      s.p--;
      continue;
    }
    if (ch == '{' || ch == '[') {
      if ((r = enter(&s, &c, ch == '{')) < 0) return r;
      state = ch == '{' ? OPEN : FIRST;
      continue;
    }
    if (!scan_scalar(&s)) return IVS_ERR_JSON;
    state = AFTER;
    s.p--;
  }
  if (state != AFTER || s.depth != 0) return IVS_ERR_JSON;
  *tokens = c.most;
  return 0;
}
