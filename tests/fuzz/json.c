/*
 * JSON: the check judges as a second judge does, written from RFC 8259 alone; what is good can be
 * read to its end with the tokens that were told; its texts are UTF-8 and come back when they are
 * written.
 *
 * Input: the text.
 */
#include "fuzz.h"

#include <ivs/json.h>

/* --- a judge of its own; each function returns behind what it has read, or NULL --- */

static const char *blanks(const char *p, const char *end) {
  while (p < end && memchr(" \t\n\r", *p, 4) != NULL) p++;
  return p;
}

static int hex4(const char *p, const char *end) {
  int v = 0;
  for (int i = 0; i < 4; i++, p++) {
    if (p >= end || *p == 0) return -1;
    const char *all = "0123456789abcdef", *at = strchr(all, *p | (*p >= 'A' && *p <= 'F' ? 32 : 0));
    if (at == NULL) return -1;
    v = v * 16 + (int)(at - all);
  }
  return v;
}

/* One character of UTF-8. */
static const char *character(const char *p, const char *end) {
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  uint8_t c = (uint8_t)*p++;
  int size = c < 0x80 ? 1 : c >> 5 == 6 ? 2 : c >> 4 == 14 ? 3 : c >> 3 == 30 ? 4 : 0;
  uint32_t v = size == 1 ? c : c & (0x7Fu >> size);
  if (size == 0) return NULL;
  for (int i = 1; i < size; i++, p++) {
    if (p == end || ((uint8_t)*p & 0xC0) != 0x80) return NULL;
    v = v << 6 | ((uint8_t)*p & 0x3F);
  }
  return v < least[size] || v > 0x10FFFF || (v >= 0xD800 && v < 0xE000) ? NULL : p;
}

static const char *string(const char *p, const char *end) {
  while (p != NULL && p < end && *p != '"') {
    if ((uint8_t)*p < 0x20) return NULL;
    if (*p != '\\') {
      p = character(p, end);
      continue;
    }
    if (++p == end) return NULL;
    if (*p != 'u') {
      if (memchr("\"\\/bfnrt", *p++, 8) == NULL) return NULL;
      continue;
    }
    int code = hex4(p + 1, end);
    if (code < 0 || (code >= 0xDC00 && code < 0xE000)) return NULL;
    p += 5;
    if (code < 0xD800 || code >= 0xE000) continue;
    if (end - p < 6 || p[0] != '\\' || p[1] != 'u') return NULL;
    code = hex4(p + 2, end);
    if (code < 0xDC00 || code >= 0xE000) return NULL;
    p += 6;
  }
  return p != NULL && p < end ? p + 1 : NULL;
}

static const char *digits(const char *p, const char *end) {
  const char *from = p;
  while (p < end && *p >= '0' && *p <= '9') p++;
  return p > from ? p : NULL;
}

static const char *number(const char *p, const char *end) {
  if (*p == '-') p++;
  if (p == end) return NULL;
  p = *p == '0' ? p + 1 : digits(p, end);
  if (p != NULL && p < end && *p == '.') p = digits(p + 1, end);
  if (p != NULL && p < end && (*p == 'e' || *p == 'E')) {
    p++;
    if (p < end && (*p == '-' || *p == '+')) p++;
    p = digits(p, end);
  }
  return p;
}

static const char *word(const char *p, const char *end, const char *w) {
  size_t n = strlen(w);
  return (size_t)(end - p) >= n && memcmp(p, w, n) == 0 ? p + n : NULL;
}

static const char *value(const char *p, const char *end, int depth, bool *deep) {
  p = blanks(p, end);
  if (p == end) return NULL;
  if (*p == '"') return string(p + 1, end);
  if (*p == '-' || (*p >= '0' && *p <= '9')) return number(p, end);
  if (*p != '[' && *p != '{')
    return word(p, end, *p == 't' ? "true" : *p == 'f' ? "false" : "null");
  bool object = *p == '{';
  if (depth == IVS_JSON_DEPTH) {
    *deep = true;
    return NULL;
  }
  p = blanks(p + 1, end);
  if (p < end && *p == (object ? '}' : ']')) return p + 1;
  for (;; p++) {
    if (object) {
      p = blanks(p, end);
      if (p == end || *p != '"' || (p = string(p + 1, end)) == NULL) return NULL;
      p = blanks(p, end);
      if (p == end || *p++ != ':') return NULL;
    }
    if ((p = value(p, end, depth + 1, deep)) == NULL) return NULL;
    p = blanks(p, end);
    if (p == end) return NULL;
    if (*p == (object ? '}' : ']')) return p + 1;
    if (*p != ',') return NULL;
  }
}

/* --- reading --- */

static char *text_end;

/* A text, written and read again, is the same. */
static void round_trip(ivs_str s) {
  struct ivs_out count = {0};
  size_t tokens;
  struct ivs_json_value v;
  HOLDS(ivs_utf8_valid(s));
  ivs_json_put_str(&count, s);
  HOLDS(count.n <= 6 * s.n + 2);
  if (count.n > FUZZ_MOST) return;
  char *again = fuzz_room(2, count.n);
  struct ivs_out o = ivs_out_to(again, count.n);
  ivs_json_put_str(&o, s);
  HOLDS(ivs_out_end(&o) == 0 && o.n == count.n);
  HOLDS(ivs_json_check(again, o.n, &tokens) == 0 && tokens == 0);
  HOLDS(ivs_json_value_at(again, again + o.n, &v) == again + o.n && v.type == IVS_JSON_STRING);
  ivs_str back = ivs_json_text(v);
  HOLDS(fuzz_same(back.p, back.n, s.p, s.n));
}

static void read_number(struct ivs_json_value v) {
  int64_t n, expected;
  char copy[64];
  bool whole = true;
  for (uint32_t i = 0; i < v.n; i++) whole = whole && v.p[i] != '.' && (v.p[i] | 32) != 'e';
  int r = ivs_json_int(v, &n);
  HOLDS(whole || r == IVS_ERR_TYPE);
  if (r != 0 || v.n >= sizeof copy) return;
  memcpy(copy, v.p, v.n);
  copy[v.n] = 0;
  expected = strtoll(copy, NULL, 10);
  HOLDS(n == expected);
}

static void read_value(struct ivs_json_value v, char *tokens, size_t room);

static void read_array(struct ivs_json_value v) {
  char *end = v.p + v.n - 1, *p = ivs_json_blanks(v.p + 1, end);
  while (p < end) {
    struct ivs_json_value element;
    p = ivs_json_blanks(ivs_json_value_at(p, end, &element), end);
    HOLDS(p == end || *p == ',');
    if (p < end) p++;
    read_value(element, NULL, 0);
  }
}

static void read_object(struct ivs_json_value v, char *tokens, size_t room) {
  struct ivs_json_object o;
  struct ivs_json_value member;
  ivs_str name;
  HOLDS(ivs_json_open(&o, v, tokens, room) == 0);
  HOLDS(o.count <= room);
  while (ivs_json_member(&o, &name, &member) == 1) {
    HOLDS(fuzz_within(name, v.p, v.n));
    round_trip(name);
    size_t own = o.count;
    read_value(member, tokens + own * IVS_JSON_TOKEN_SIZE, room - own);
  }
}

static void read_value(struct ivs_json_value v, char *tokens, size_t room) {
  HOLDS(v.p + v.n <= text_end);
  switch (v.type) {
    case IVS_JSON_STRING: round_trip(ivs_json_text(v)); break;
    case IVS_JSON_NUMBER: read_number(v); break;
    case IVS_JSON_OBJECT: {
      /* An object within an array has the tokens to itself, as many as its own text needs. */
      size_t need;
      char *own = tokens;
      if (tokens == NULL) {
        HOLDS(ivs_json_check(v.p, v.n, &need) == 0);
        own = (char *)malloc((room = need) * IVS_JSON_TOKEN_SIZE);
      }
      read_object(v, own, room);
      if (own != tokens) free(own);
      break;
    }
    case IVS_JSON_ARRAY: read_array(v); break;
    default: break;
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
  size_t tokens = 0;
  bool deep = false;
  if (n > FUZZ_MOST) return -1;
  char *text = fuzz_copy(0, data, n);
  text_end = text + n;
  int r = ivs_json_check(text, n, &tokens);
  const char *end = value(text, text_end, 0, &deep);
  bool good = end != NULL && blanks(end, text_end) == text_end;
  HOLDS(deep ? r == IVS_ERR_JSON_DEPTH : r == (good ? 0 : IVS_ERR_JSON));
  if (r != 0) return 0;
  HOLDS(tokens <= n);
  struct ivs_json_value v;
  ivs_json_value_at(text, text_end, &v);
  char *room = (char *)malloc(tokens * IVS_JSON_TOKEN_SIZE + 1);
  read_value(v, room, tokens);
  free(room);
  return 0;
}
