/*
 * Reading checked JSON. jsmn makes the tokens of one object; it is shown the text only up to the
 * next array or object, whose token is made here from its span, and goes on behind that. So an
 * object needs two tokens a member, however much its members hold.
 */
#include <ivs/json.h>

#define JSMN_STATIC
#define JSMN_STRICT
#include <jsmn.h>

_Static_assert(sizeof(jsmntok_t) == IVS_JSON_TOKEN_SIZE, "IVS_JSON_TOKEN_SIZE is not jsmn's");

/* see ivs/json.h */
char *ivs_json_blanks(char *p, const char *end) {
  while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r')) p++;
  return p;
}

/* From an opening quote to behind the closing one. */
static char *skip_string(char *p, const char *end) {
  for (p++; p < end && *p != '"'; p++)
    if (*p == '\\') p++;
  return p < end ? p + 1 : p;
}

/* From an opening bracket to behind its closing one. */
static char *skip_container(char *p, const char *end) {
  unsigned depth = 0;
  while (p < end) {
    char c = *p;
    if (c == '"') {
      p = skip_string(p, end);
      continue;
    }
    p++;
    if (c == '{' || c == '[') depth++;
    else if ((c == '}' || c == ']') && --depth == 0) break;
  }
  return p;
}

static char *skip_primitive(char *p, const char *end) {
  while (p < end && *p != ',' && *p != ']' && *p != '}' && *p != ' ' && *p != '\t' && *p != '\n' &&
         *p != '\r')
    p++;
  return p;
}

static uint8_t type_of(char first) {
  switch (first) {
    case '{': return IVS_JSON_OBJECT;
    case '[': return IVS_JSON_ARRAY;
    case '"': return IVS_JSON_STRING;
    case 'n': return IVS_JSON_NULL;
    case 't':
    case 'f': return IVS_JSON_BOOL;
    default: return IVS_JSON_NUMBER;
  }
}

/* see ivs/json.h */
char *ivs_json_value_at(char *p, const char *end, struct ivs_json_value *v) {
  p = ivs_json_blanks(p, end);
  if (p == end) {
    v->p = p;
    v->n = 0;
    v->type = IVS_JSON_NULL;
    return p;
  }
  v->type = type_of(*p);
  char *stop = v->type == IVS_JSON_STRING  ? skip_string(p, end)
               : v->type >= IVS_JSON_ARRAY ? skip_container(p, end)
                                           : skip_primitive(p, end);
  bool quoted = v->type == IVS_JSON_STRING;
  v->p = quoted ? p + 1 : p;
  v->n = (uint32_t)(stop - p) - (quoted ? 2u : 0u);
  return stop;
}

static uint32_t hex4(const char *p) {
  uint32_t v = 0;
  for (int i = 0; i < 4; i++) {
    uint32_t c = (unsigned char)p[i];
    v = v * 16 + (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
  }
  return v;
}

/* The UTF-8 of a code point; returns behind it. */
static char *put_utf8(char *w, uint32_t c) {
  if (c < 0x80) {
    *w++ = (char)c;
    return w;
  }
  if (c < 0x800) {
    *w++ = (char)(0xC0 | c >> 6);
  } else {
    if (c < 0x10000) {
      *w++ = (char)(0xE0 | c >> 12);
    } else {
      *w++ = (char)(0xF0 | c >> 18);
      *w++ = (char)(0x80 | (c >> 12 & 0x3F));
    }
    *w++ = (char)(0x80 | (c >> 6 & 0x3F));
  }
  *w++ = (char)(0x80 | (c & 0x3F));
  return w;
}

/* see ivs/json.h */
ivs_str ivs_json_text(struct ivs_json_value v) {
  ivs_str s = {v.p, v.n};
  const char *end = v.p + v.n;
  char *w = v.n > 0 ? (char *)memchr(v.p, '\\', v.n) : NULL;
  if (w == NULL) return s;
  for (const char *r = w; r < end;) {
    if (*r != '\\') {
      *w++ = *r++;
      continue;
    }
    char c = r[1];
    r += 2;
    switch (c) {
      case 'b': *w++ = '\b'; break;
      case 'f': *w++ = '\f'; break;
      case 'n': *w++ = '\n'; break;
      case 'r': *w++ = '\r'; break;
      case 't': *w++ = '\t'; break;
      case 'u': {
        uint32_t code = hex4(r);
        r += 4;
        if (code >= 0xD800 && code <= 0xDBFF) {
          code = 0x10000 + ((code - 0xD800) << 10) + (hex4(r + 2) - 0xDC00);
          r += 6;
        }
        w = put_utf8(w, code);
        break;
      }
      default: *w++ = c;
    }
  }
  s.n = (size_t)(w - v.p);
  return s;
}

/* see ivs/json.h */
int ivs_json_int(struct ivs_json_value v, int64_t *number) {
  if (v.type != IVS_JSON_NUMBER) return IVS_ERR_TYPE;
  bool negative = v.p[0] == '-';
  uint64_t limit = (uint64_t)INT64_MAX + (negative ? 1 : 0), u = 0;
  for (uint32_t i = negative ? 1 : 0; i < v.n; i++) {
    unsigned digit = (unsigned)(v.p[i] - '0');
    if (digit > 9 || u > (limit - digit) / 10) return IVS_ERR_TYPE;
    u = u * 10 + digit;
  }
  *number = negative ? (int64_t)(0 - u) : (int64_t)u;
  return 0;
}

/* The next array or object among the members from p on, or end. */
static char *next_container(char *p, const char *end) {
  while (p < end && *p != '{' && *p != '[') p = *p == '"' ? skip_string(p, end) : p + 1;
  return p;
}

/* see ivs/json.h */
int ivs_json_open(struct ivs_json_object *o, struct ivs_json_value v, void *tokens, size_t room) {
  if (v.type != IVS_JSON_OBJECT) return IVS_ERR_JSON;
  jsmn_parser parser;
  jsmntok_t *tok = (jsmntok_t *)tokens;
  const char *end = v.p + v.n;
  char *p = v.p + 1;
  if (room > UINT16_MAX) room = UINT16_MAX;
  jsmn_init(&parser);
  for (;;) {
    char *stop = next_container(p, end);
    int r = jsmn_parse(&parser, v.p, (size_t)(stop - v.p), tok, (unsigned)room);
    if (r == JSMN_ERROR_NOMEM) return IVS_ERR_SPACE;
    if (stop == end) {
      if (r < 0) return IVS_ERR_JSON;
      break;
    }
    if (r != JSMN_ERROR_PART) return IVS_ERR_JSON;
    if (parser.toknext == room) return IVS_ERR_SPACE;
    p = skip_container(stop, end);
    jsmntok_t *t = &tok[parser.toknext++];
    t->type = *stop == '{' ? JSMN_OBJECT : JSMN_ARRAY;
    t->start = (int)(stop - v.p);
    t->end = (int)(p - v.p);
    t->size = 0;
    parser.pos = (unsigned)(p - v.p);
  }
  o->text = v.p;
  o->tokens = tokens;
  o->count = (uint16_t)parser.toknext;
  o->next = 1;
  return 0;
}

static struct ivs_json_value value_of(const struct ivs_json_object *o, const jsmntok_t *t) {
  struct ivs_json_value v;
  v.p = o->text + t->start;
  v.n = (uint32_t)(t->end - t->start);
  v.type = t->type == JSMN_STRING ? (uint8_t)IVS_JSON_STRING : type_of(*v.p);
  return v;
}

/* see ivs/json.h */
int ivs_json_member(struct ivs_json_object *o, ivs_str *name, struct ivs_json_value *v) {
  const jsmntok_t *tok = (const jsmntok_t *)o->tokens + o->next;
  if (o->next + 1u >= o->count) return 0;
  *name = ivs_json_text(value_of(o, &tok[0]));
  *v = value_of(o, &tok[1]);
  o->next = (uint16_t)(o->next + 2);
  return 1;
}
