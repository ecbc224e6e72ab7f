/*
 * Reading checked JSON. jsmn makes the tokens of one object; it is shown the text only up to the
 * next value that is a string, an array or an object, whose token is made here from its span, and
 * goes on behind that. So an object needs two tokens a member, however much its members hold, and
 * the end of a text is looked for only once.
 */
#include "chars.h"
#include "json_scan.h"

#define JSMN_STATIC /* and not JSMN_STRICT: all that it refuses, and more, the check has refused \
                     */
#include <jsmn.h>

_Static_assert(sizeof(jsmntok_t) == IVS_JSON_TOKEN_SIZE, "IVS_JSON_TOKEN_SIZE is not jsmn's");

/* see ivs/json.h */
char *ivs_json_blanks(char *p, const char *end) {
  while (p < end && *p <= ' ' && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r')) p++;
  return p;
}

/* From an opening quote to behind the closing one: the first that an even number of backslashes
   stands before. */
static char *skip_string(char *p, const char *end) {
  const char *slash;
  do {
    p = (char *)memchr(p + 1, '"', (size_t)(end - p - 1));
    if (p == NULL) return (char *)end;
    slash = p;
    while (slash[-1] == '\\') slash--;
  } while ((p - slash) & 1);
  return p + 1;
}

/* From an opening bracket to behind its closing one. */
static char *skip_container(char *p, const char *end) {
  unsigned depth = 0;
  while (p < end) {
    char c = *p | 0x20; /* [ and ] as { and } */
    if (c == '"') {
      p = skip_string(p, end);
      continue;
    }
    p++;
    if (c == '{') depth++;
    else if (c == '}' && --depth == 0) break;
  }
  return p;
}

/* From its first character to behind a number or a literal. */
static char *skip_primitive(char *p, const char *end) {
  while (p < end && (uint8_t)*p > ' ' && *p != ',' && (*p | 0x20) != '}') p++;
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
  v->p = p;
  v->type = p < end ? type_of(*p) : (uint8_t)IVS_JSON_NULL;
  if (v->type == IVS_JSON_STRING) {
    p = skip_string(p, end);
    v->n = (uint32_t)(p - ++v->p) - 1;
    return p;
  }
  p = v->type > IVS_JSON_STRING ? skip_container(p, end) : skip_primitive(p, end);
  v->n = (uint32_t)(p - v->p);
  return p;
}

/* The UTF-8 of a code point; returns behind it. */
static char *put_utf8(char *w, uint32_t c) {
  if (c < 0x80) {
    *w++ = (char)c;
    return w;
  }
  unsigned more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3; /* bytes of six bits */
  *w++ = (char)(0x1F80 >> more | c >> 6 * more);
  while (more-- > 0) *w++ = (char)(0x80 | (c >> 6 * more & 0x3F));
  return w;
}

/* What \u stands for, of whose digits the first is at r: writes it to *w, which moves behind it,
   and returns what follows. A surrogate takes the one behind it too. */
static const char *put_escaped(const char *r, const char *end, char **w) {
  uint32_t code = (uint32_t)ivs_json_hex4(r, end);
  r += 4;
  if (code >> 10 == 0xD800 >> 10) {
    code = 0x10000 + ((code - 0xD800) << 10) + ((uint32_t)ivs_json_hex4(r + 2, end) - 0xDC00);
    r += 6;
  }
  *w = put_utf8(*w, code);
  return r;
}

/* see ivs/json.h */
ivs_str ivs_json_text(struct ivs_json_value v) {
  const char *r = v.p, *end = v.p + v.n, *slash;
  char *w = v.p;
  while ((slash = (const char *)memchr(r, '\\', (size_t)(end - r))) != NULL) {
    size_t n = (size_t)(slash - r);
    if (w != r) memmove(w, r, n);
    w += n;
    r = slash + 2;
    if (slash[1] == 'u') {
      r = put_escaped(r, end, &w);
      continue;
    }
    const char *at = strchr(ivs_json_letters, slash[1]);
    *w++ = at != NULL ? ivs_json_controls[at - ivs_json_letters] : slash[1];
  }
  if (w == r) return (ivs_str){v.p, v.n};
  memmove(w, r, (size_t)(end - r));
  return (ivs_str){v.p, (size_t)(w - v.p) + (size_t)(end - r)};
}

/* see ivs/json.h */
int ivs_json_int(struct ivs_json_value v, int64_t *number) {
  ivs_str s = {v.p, v.n};
  if (v.type != IVS_JSON_NUMBER) return IVS_ERR_TYPE;
  if (*s.p != '-') return ivs_str_to_int(s, number) == 0 ? 0 : IVS_ERR_TYPE;
  s.p++, s.n--;
  return ivs_digits(s, number) ? 0 : IVS_ERR_TYPE;
}

/* The next value among the members from p on that is no number or literal, or the bracket that
   closes them, or end. */
static char *next_stop(char *p, const char *end) {
  while (p < end && *p != '}') {
    if (*p == '"') {
      p = skip_string(p, end);
    } else if (*p++ == ':') {
      p = ivs_json_blanks(p, end);
      if (p < end && (*p == '"' || (*p | 0x20) == '{')) break;
    }
  }
  return p;
}

/* see ivs/json.h */
int ivs_json_open(struct ivs_json_object *o, struct ivs_json_value v, void *tokens, size_t room) {
  if (v.type != IVS_JSON_OBJECT) return IVS_ERR_JSON;
  jsmn_parser parser;
  jsmntok_t *tok = (jsmntok_t *)tokens;
  const char *end = v.p + v.n;
  char *p = v.p + 1, *stop;
  if (room > UINT16_MAX) room = UINT16_MAX;
  jsmn_init(&parser);
  for (;;) {
    struct ivs_json_value member;
    stop = next_stop(p, end);
    int r = jsmn_parse(&parser, v.p, (size_t)(stop - v.p), tok, (unsigned)room);
    if (r == JSMN_ERROR_NOMEM) return IVS_ERR_SPACE;
    if (r != JSMN_ERROR_PART || stop == end) return IVS_ERR_JSON;
    if (*stop == '}') break;
    if (parser.toknext == room) return IVS_ERR_SPACE;
    p = ivs_json_value_at(stop, end, &member);
    jsmntok_t *t = &tok[parser.toknext++];
    t->type = *stop == '"' ? JSMN_STRING : *stop == '{' ? JSMN_OBJECT : JSMN_ARRAY;
    t->start = (int)(member.p - v.p);
    t->end = t->start + (int)member.n;
    parser.toksuper = 0; /* what follows belongs to the object again */
    parser.pos = (unsigned)(p - v.p);
  }
  o->text = v.p;
  o->end = stop + 1;
  o->tokens = tokens;
  o->count = (uint16_t)parser.toknext;
  o->next = 1;
  return 0;
}

static void take_token(const struct ivs_json_object *o, const jsmntok_t *t,
                       struct ivs_json_value *v) {
  v->p = o->text + t->start;
  v->n = (uint32_t)(t->end - t->start);
  v->type = t->type == JSMN_STRING ? (uint8_t)IVS_JSON_STRING : type_of(*v->p);
}

/* see ivs/json.h */
int ivs_json_member(struct ivs_json_object *o, ivs_str *name, struct ivs_json_value *v) {
  if (o->next + 1u >= o->count) return 0;
  const jsmntok_t *tok = (const jsmntok_t *)o->tokens + o->next;
  take_token(o, &tok[0], v);
  *name = ivs_json_text(*v);
  take_token(o, &tok[1], v);
  o->next = (uint16_t)(o->next + 2);
  return 1;
}
