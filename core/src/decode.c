/*
 * From checked JSON to an answer's struct, by the tables.
 *
 * An object is tokenised, its members are stored; a member that is a struct opens an object of its
 * own, whose tokens follow those of the one that holds it. Lists and maps stay text until somebody
 * takes their elements out.
 *
 * Text is unescaped in place, so an element can be read only once: the first byte
 * of what was read becomes MARK, which no JSON text holds.
 */
#include <ivs/codec.h>
#include <ivs/time.h>

#include "decode.h"

enum { MARK = 1 };

/* An object under way and the struct that it goes into. */
struct place {
  struct ivs_json_object object;
  char *base;
  const struct ivs_type *type;
  const struct ivs_field *next; /* where the search for the next name begins: members mostly come in
                                   the API's order */
};

static const struct ivs_field *find_field(struct place *at, ivs_str name) {
  const struct ivs_field *first = ivs_fields + at->type->first, *f = at->next;
  const struct ivs_field *end = first + at->type->count;
  for (unsigned left = at->type->count; left > 0; left--) {
    if (f == end) f = first;
    at->next = f + 1;
    if (ivs_str_eq(ivs_field_name(f), name)) return f;
    f++;
  }
  return NULL;
}

static int store_text(const struct ivs_json_value *v, ivs_str *text) {
  if (v->type != IVS_JSON_STRING) return IVS_ERR_TYPE;
  *text = ivs_json_text(*v);
  return 0;
}

/* The service writes times as text; seconds as a number are JSON's other custom, and may have a
   fraction. */
static int store_time(struct ivs_json_value v, ivs_time *t) {
  if (store_text(&v, &t->text) == 0)
    return ivs_time_from_iso(t->text, &t->seconds) == 0 ? 0 : IVS_ERR_TYPE;
  t->text = (ivs_str){v.p, v.n};
  for (uint32_t i = 0; i < t->text.n; i++) {
    if ((v.p[i] | 0x20) == 'e') return IVS_ERR_TYPE;
    if (v.p[i] == '.') v.n = i;
  }
  return ivs_json_int(v, &t->seconds);
}

static int store_span(const struct ivs_field *f, const struct ivs_json_value *v, ivs_span *rest) {
  if (v->type != (f->kind == IVS_K_MAP ? IVS_JSON_OBJECT : IVS_JSON_ARRAY)) return IVS_ERR_TYPE;
  rest->p = v->p + 1;
  rest->n = v->n - 1;
  rest->kind = f->kind;
  rest->type = f->type;
  return 0;
}

/* see decode.h */
int ivs_decode_member(const struct ivs_field *f, const struct ivs_json_value *v, void *to) {
  switch (f->kind) {
    case IVS_K_STR: return store_text(v, (ivs_str *)to);
    case IVS_K_BOOL:
      if (v->type != IVS_JSON_BOOL) return IVS_ERR_TYPE;
      *(ivs_bool *)to = *v->p == 't' ? IVS_TRUE : IVS_FALSE;
      return 0;
    case IVS_K_INT: ((ivs_int *)to)->set = true; return ivs_json_int(*v, &((ivs_int *)to)->value);
    case IVS_K_TIME: return store_time(*v, (ivs_time *)to);
    default: return store_span(f, v, &((struct ivs_any_list *)to)->rest);
  }
}

static size_t size_of(const struct ivs_field *f) {
  static const uint8_t sizes[] = {/* ORDER KIND; a struct's is in its type */
                                  sizeof(ivs_str),
                                  sizeof(ivs_bool),
                                  sizeof(ivs_int),
                                  sizeof(ivs_time),
                                  0,
                                  sizeof(struct ivs_any_list),
                                  sizeof(struct ivs_str_list),
                                  sizeof(struct ivs_tags)};
  return f->kind == IVS_K_STRUCT ? ivs_types[f->type].size : sizes[f->kind];
}

/* Opens the object v, which goes into a struct at base, with the tokens that no other has. */
static int enter(struct place *at, unsigned type, char *base, const struct ivs_json_value *v,
                 const struct ivs_arena *room) {
  if (v->type != IVS_JSON_OBJECT) return IVS_ERR_TYPE;
  at->base = base;
  at->type = &ivs_types[type];
  at->next = ivs_fields + at->type->first;
  return ivs_json_open(&at->object, *v, room->tokens, room->room);
}

/* Tokens from the end of an object's own on. */
static void skip_tokens(struct ivs_arena *arena, const struct ivs_json_object *behind) {
  char *end = (char *)arena->tokens + arena->room * IVS_JSON_TOKEN_SIZE;
  arena->tokens = (char *)behind->tokens + behind->count * (size_t)IVS_JSON_TOKEN_SIZE;
  arena->room = (size_t)(end - (char *)arena->tokens) / IVS_JSON_TOKEN_SIZE;
}

/* ivs_decode(), which gives whole->n its right value where that was too large. */
static int decode(struct ivs_arena arena, uint8_t type, struct ivs_json_value *whole, void *out,
                  ivs_str *culprit) {
  struct place stack[IVS_DEPTH], *at = stack;
  struct ivs_json_value v;
  ivs_str name;
  memset(culprit, 0, sizeof *culprit);
  memset(out, 0, ivs_types[type].size);
  int r = enter(at, type, (char *)out, whole, &arena);
  if (r == 0) whole->n = (uint32_t)(at->object.end - whole->p);
  while (r == 0) {
    if (ivs_json_member(&at->object, &name, &v) == 0) {
      if (at == stack) break;
      at--;
      continue;
    }
    const struct ivs_field *f = find_field(at, name);
    if (f == NULL) continue;
    char *member = at->base + f->offset;
    memset(member, 0, size_of(f)); /* there may have been a value before this one */
    if (v.type == IVS_JSON_NULL) continue;
    *culprit = ivs_field_name(f);
    if (f->kind != IVS_K_STRUCT) {
      r = ivs_decode_member(f, &v, member);
      continue;
    }
    *(bool *)member = true;
    skip_tokens(&arena, &at->object);
    r = enter(++at, f->type, member, &v, &arena);
  }
  return r;
}

/* see ivs/codec.h */
int ivs_decode(struct ivs_arena arena, uint8_t type, struct ivs_json_value v, void *out,
               ivs_str *culprit) {
  return decode(arena, type, &v, out, culprit);
}

/* Behind the ':' or ',' that follows p, where the next value begins, or end. */
static char *next_value(char *p, char *end) {
  p = ivs_json_blanks(p, end);
  return p < end ? ivs_json_blanks(p + 1, end) : p;
}

/* see decode.h */
char *ivs_decode_take(char *p, char *end, struct ivs_json_value *v) {
  return next_value(ivs_json_value_at(p, end, v), end);
}

/* 1: v went into element. 0: it is null, and there is no element. */
static int store_element(struct ivs_arena arena, const ivs_span *rest, struct ivs_json_value *v,
                         void *element, ivs_str *culprit) {
  if (v->type == IVS_JSON_NULL) return 0;
  int r = rest->kind == IVS_K_LIST ? decode(arena, rest->type, v, element, culprit)
                                   : store_text(v, (ivs_str *)element);
  return r < 0 ? r : 1;
}

/* see ivs/codec.h */
int ivs_decode_next(struct ivs_arena arena, ivs_span *rest, void *element, ivs_str *culprit) {
  if (rest->p == NULL) return 0;
  if (rest->n == 0) return IVS_ERR_USED;
  char *end = rest->p + rest->n - 1;
  int r = 0;
  memset(culprit, 0, sizeof *culprit);
  while (r == 0) {
    struct ivs_json_value v;
    void *value = element;
    char *first = ivs_json_blanks(rest->p, end);
    if (first == end) {
      rest->n = 0;
      return 0;
    }
    if (*first == MARK) return IVS_ERR_USED;
    char *next = first;
    if (rest->kind == IVS_K_LIST && *first == '{') { /* its end is found as it is decoded */
      v = (struct ivs_json_value){first, (uint32_t)(end - first), IVS_JSON_OBJECT};
    } else {
      next = ivs_decode_take(first, end, &v);
    }
    if (rest->kind == IVS_K_MAP) {
      store_text(&v, &((ivs_pair *)element)->name);
      value = &((ivs_pair *)element)->value;
      next = ivs_decode_take(next, end, &v);
    }
    r = store_element(arena, rest, &v, value, culprit);
    if (r == IVS_ERR_SPACE) break; /* not read yet */
    if (next == first) next = next_value(v.p + v.n, end);
    *first = MARK;
    rest->p = next;
    rest->n = (uint32_t)(end - next) + 1;
  }
  return r;
}

/* see ivs/codec.h */
size_t ivs_decode_count(const ivs_span *rest) {
  size_t count = 0;
  if (rest->p == NULL || rest->n == 0) return 0;
  char *end = rest->p + rest->n - 1;
  char *p = ivs_json_blanks(rest->p, end);
  while (p < end) {
    struct ivs_json_value v;
    p = ivs_decode_take(p, end, &v);
    if (rest->kind == IVS_K_MAP) p = ivs_decode_take(p, end, &v);
    if (v.type != IVS_JSON_NULL) count++;
  }
  return count;
}
