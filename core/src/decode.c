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

/* Answers nest five structs deep; a test holds the tables against this. */
enum { DEPTH = 6 };

enum { MARK = 1 };

/* An object under way and the struct that it goes into. */
struct place {
  struct ivs_json_object object;
  char *base;
  uint8_t type;
  uint8_t
      next; /* where the search for the next name begins: members mostly come in the API's order */
};

static const struct ivs_field *find_field(struct place *at, ivs_str name) {
  const struct ivs_type *t = &ivs_types[at->type];
  for (unsigned i = 0; i < t->count; i++) {
    unsigned k = at->next + i;
    const struct ivs_field *f = &ivs_fields[t->first + (k < t->count ? k : k - t->count)];
    if (!ivs_str_eq(ivs_name(f->name), name)) continue;
    at->next = (uint8_t)(f - &ivs_fields[t->first] + 1);
    return f;
  }
  return NULL;
}

static int store_time(struct ivs_json_value v, ivs_time *t) {
  if (v.type == IVS_JSON_STRING) {
    t->text = ivs_json_text(v);
    return ivs_time_from_iso(t->text, &t->seconds) == 0 ? 0 : IVS_ERR_TYPE;
  }
  if (v.type != IVS_JSON_NUMBER) return IVS_ERR_TYPE;
  t->text.p = v.p;
  t->text.n = v.n;
  for (uint32_t i = 0; i < t->text.n; i++) {
    if (v.p[i] == 'e' || v.p[i] == 'E') return IVS_ERR_TYPE;
    if (v.p[i] == '.') v.n = i;
  }
  return ivs_json_int(v, &t->seconds);
}

static int store_span(const struct ivs_field *f, struct ivs_json_value v, char *at) {
  struct ivs_any_list *list = (struct ivs_any_list *)(void *)at;
  if (v.type != (f->kind == IVS_K_MAP ? IVS_JSON_OBJECT : IVS_JSON_ARRAY)) return IVS_ERR_TYPE;
  list->rest.p = v.p + 1;
  list->rest.n = v.n - 1;
  list->rest.kind = f->kind;
  list->rest.type = f->type;
  return 0;
}

/* Makes a member absent again: null came behind a value of it. */
static void clear(const struct ivs_field *f, char *at) {
  static const uint8_t sizes[] = {/* ORDER KIND; a struct's is in its type */
                                  sizeof(ivs_str),
                                  sizeof(ivs_bool),
                                  sizeof(ivs_int),
                                  sizeof(ivs_time),
                                  0,
                                  sizeof(struct ivs_any_list),
                                  sizeof(struct ivs_str_list),
                                  sizeof(struct ivs_tags)};
  memset(at, 0, f->kind == IVS_K_STRUCT ? ivs_types[f->type].size : sizes[f->kind]);
}

/* A member that is no struct. */
static int store(const struct ivs_field *f, struct ivs_json_value v, char *at) {
  switch (f->kind) {
    case IVS_K_STR:
      if (v.type != IVS_JSON_STRING) return IVS_ERR_TYPE;
      *(ivs_str *)(void *)at = ivs_json_text(v);
      return 0;
    case IVS_K_BOOL:
      if (v.type != IVS_JSON_BOOL) return IVS_ERR_TYPE;
      *(ivs_bool *)at = *v.p == 't' ? IVS_TRUE : IVS_FALSE;
      return 0;
    case IVS_K_INT:
      ((ivs_int *)(void *)at)->set = true;
      return ivs_json_int(v, &((ivs_int *)(void *)at)->value);
    case IVS_K_TIME: return store_time(v, (ivs_time *)(void *)at);
    default: return store_span(f, v, at);
  }
}

static int enter(struct ivs_arena arena, struct place *stack, unsigned depth, uint8_t type,
                 struct ivs_json_value v, void *base) {
  struct place *at = &stack[depth];
  size_t used = 0;
  for (unsigned i = 0; i < depth; i++) used += stack[i].object.count;
  if (v.type != IVS_JSON_OBJECT) return IVS_ERR_TYPE;
  at->base = (char *)base;
  at->type = type;
  at->next = 0;
  memset(base, 0, ivs_types[type].size);
  return ivs_json_open(&at->object, v, (char *)arena.tokens + used * IVS_JSON_TOKEN_SIZE,
                       arena.room - used);
}

/* see ivs/codec.h */
int ivs_decode(struct ivs_arena arena, uint8_t type, struct ivs_json_value v, void *out,
               ivs_str *culprit) {
  struct place stack[DEPTH];
  unsigned depth = 1;
  ivs_str name;
  memset(culprit, 0, sizeof *culprit);
  int r = enter(arena, stack, 0, type, v, out);
  while (r == 0 && depth > 0) {
    struct place *at = &stack[depth - 1];
    if (ivs_json_member(&at->object, &name, &v) == 0) {
      depth--;
      continue;
    }
    const struct ivs_field *f = find_field(at, name);
    if (f == NULL) continue;
    if (v.type == IVS_JSON_NULL) {
      clear(f, at->base + f->offset);
      continue;
    }
    *culprit = ivs_name(f->name);
    if (f->kind != IVS_K_STRUCT) {
      r = store(f, v, at->base + f->offset);
      continue;
    }
    if (depth == DEPTH) return IVS_ERR_JSON_DEPTH;
    r = enter(arena, stack, depth, f->type, v, at->base + f->offset);
    *(bool *)(at->base + f->offset) = true;
    depth++;
  }
  return r;
}

/* Takes a value and the ':' or ',' behind it; returns where the next one begins, or end. */
static char *take_value(char *p, char *end, struct ivs_json_value *v) {
  p = ivs_json_blanks(ivs_json_value_at(p, end, v), end);
  return p < end ? ivs_json_blanks(p + 1, end) : p;
}

/* 1: v went into element. 0: it is null, and there is no element. */
static int store_element(struct ivs_arena arena, const ivs_span *rest, struct ivs_json_value v,
                         void *element, ivs_str *culprit) {
  if (v.type == IVS_JSON_NULL) return 0;
  if (rest->kind == IVS_K_LIST) {
    int r = ivs_decode(arena, rest->type, v, element, culprit);
    return r < 0 ? r : 1;
  }
  if (v.type != IVS_JSON_STRING) return IVS_ERR_TYPE;
  *(ivs_str *)element = ivs_json_text(v);
  return 1;
}

/* see ivs/codec.h */
int ivs_decode_next(struct ivs_arena arena, ivs_span *rest, void *element, ivs_str *culprit) {
  if (rest->p == NULL) return 0;
  if (rest->n == 0) return IVS_ERR_USED;
  char *end = rest->p + rest->n - 1;
  ivs_pair *entry = rest->kind == IVS_K_MAP ? (ivs_pair *)element : NULL;
  void *value = entry != NULL ? (void *)&entry->value : element;
  int r = 0;
  memset(culprit, 0, sizeof *culprit);
  while (r == 0) {
    struct ivs_json_value v;
    char *first = ivs_json_blanks(rest->p, end);
    if (first == end) {
      rest->n = 0;
      return 0;
    }
    if (*first == MARK) return IVS_ERR_USED;
    char *next = take_value(first, end, &v);
    if (entry != NULL) {
      entry->name = ivs_json_text(v);
      next = take_value(next, end, &v);
    }
    r = store_element(arena, rest, v, value, culprit);
    if (r == IVS_ERR_SPACE) break; /* not read yet */
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
    p = take_value(p, end, &v);
    if (rest->kind == IVS_K_MAP) p = take_value(p, end, &v);
    if (v.type != IVS_JSON_NULL) count++;
  }
  return count;
}
