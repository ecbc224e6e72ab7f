/*
 * From a request's struct to its path, query and body, by the tables.
 *
 * Nested structs and lists of structs are walked with a small stack of places instead of recursion.
 * One walk serves both for judging a request and for writing it, so that the two cannot differ.
 */
#include <ivs/codec.h>

/* A struct under way, or the structs of a list. */
struct place {
  const char *base; /* of the struct at hand */
  const struct ivs_type *type;
  const struct ivs_field *next; /* which member of it comes next */
  unsigned members;             /* from there on */
  size_t structs;               /* that have not begun yet */
  bool in_list;
  bool begun;
  bool comma;
};

struct walk {
  struct ivs_out *o; /* a walk that judges writes into one that only counts */
  ivs_str *culprit;  /* NULL: nothing is judged */
  struct ivs_region forbidden;
  ivs_member_check *check;
};

static const struct ivs_field *first_field(unsigned type) {
  return ivs_fields + ivs_types[type].first;
}

static const struct ivs_field *end_field(unsigned type) {
  return first_field(type) + ivs_types[type].count;
}

/* A struct is set if it says so; see holds_any(). */
static bool is_set(const struct ivs_field *f, const char *base) {
  const void *at = base + f->offset;
  switch (f->kind) {
    case IVS_K_STR: return ((const ivs_str *)at)->p != NULL;
    case IVS_K_BOOL: return *(const ivs_bool *)at != IVS_ABSENT;
    case IVS_K_STRUCT: return *(const bool *)at;
    case IVS_K_INT: return ((const ivs_int *)at)->set;
    default: {
      const struct ivs_any_list *list = (const struct ivs_any_list *)at;
      return list->items != NULL || list->rest.p != NULL;
    }
  }
}

/* Whether any member of a struct is set, or of the structs that it holds. */
static bool holds_any(unsigned type, const char *base) {
  struct {
    const char *base;
    unsigned type;
  } todo[IVS_DEPTH], *end = todo;
  for (;;) {
    for (const struct ivs_field *f = first_field(type); f < end_field(type); f++) {
      if (is_set(f, base)) return true;
      if (f->kind != IVS_K_STRUCT) continue;
      end->base = base + f->offset;
      end++->type = f->type;
    }
    if (end == todo) return false;
    end--;
    base = end->base;
    type = end->type;
  }
}

static bool overlaps(const struct ivs_region *r, const void *p, size_t n) {
  uintptr_t a = (uintptr_t)p, b = (uintptr_t)r->p;
  return n > 0 && r->n > 0 && a < b + r->n && b < a + n;
}

static int walk_text(const struct walk *w, ivs_str s) {
  if (w->culprit == NULL) {
    ivs_json_put_str(w->o, s);
    return 0;
  }
  if (overlaps(&w->forbidden, s.p, s.n)) return IVS_ERR_OVERLAP;
  return ivs_utf8_valid(s) ? 0 : IVS_ERR_UTF8;
}

/* A list of texts, or a map, whose pairs are two texts each. */
static int walk_texts(const struct walk *w, const struct ivs_any_list *list, bool map) {
  const ivs_str *s = (const ivs_str *)list->items;
  int r = 0;
  char before = map ? '{' : '[';
  ivs_put_char(w->o, before);
  for (size_t n = list->count << map; n > 0 && r == 0; n--, s++) {
    if (s != list->items) ivs_put_char(w->o, map && (n & 1) ? ':' : ',');
    r = walk_text(w, *s);
  }
  ivs_put_char(w->o, (char)(before + 2));
  return r;
}

/* The list's memory: an answer's list cannot be sent, and the workspace cannot be read from while
   it is written. */
static int judge_list(const struct walk *w, const struct ivs_field *f,
                      const struct ivs_any_list *list) {
  size_t size = f->kind == IVS_K_LIST  ? ivs_types[f->type].size
                : f->kind == IVS_K_MAP ? sizeof(ivs_pair)
                                       : sizeof(ivs_str);
  if (list->items == NULL || overlaps(&w->forbidden, list->items, list->count * size))
    return IVS_ERR_OVERLAP;
  return 0;
}

/* Whether a member is there and good; 1: it is, 0: it is absent. */
static int judge_member(const struct walk *w, const struct ivs_field *f, const char *base) {
  const char *member = base + f->offset;
  int r = 0;
  if (!is_set(f, base) && !(f->kind == IVS_K_STRUCT && holds_any(f->type, member)))
    return f->flags & IVS_F_REQUIRED ? IVS_ERR_REQUIRED : 0;
  if (w->check != NULL) r = w->check(f, member);
  if (r == 0 && f->kind >= IVS_K_LIST)
    r = judge_list(w, f, (const struct ivs_any_list *)(const void *)member);
  return r < 0 ? r : 1;
}

/* What else there is in a place is set by next_struct(), which comes first as it has no members. */
static void enter(struct place *to, unsigned type, const void *base, size_t count, bool in_list) {
  to->base = (const char *)base;
  to->type = &ivs_types[type];
  to->members = 0;
  to->structs = count;
  to->in_list = in_list;
  to->begun = false;
}

/* Ends the struct at hand and begins the next; false if there is none left. */
static bool next_struct(struct ivs_out *o, struct place *at) {
  if (at->begun) {
    ivs_put_char(o, '}');
    at->base += at->type->size;
  }
  if (at->structs == 0) {
    if (at->in_list) ivs_put_char(o, ']');
    return false;
  }
  if (at->begun) ivs_put_char(o, ',');
  ivs_put_char(o, '{');
  at->begun = true;
  at->comma = false;
  at->structs--;
  at->next = ivs_fields + at->type->first;
  at->members = at->type->count;
  return true;
}

static void put_name(struct ivs_out *o, struct place *at, ivs_str name) {
  if (at->comma) ivs_put_char(o, ',');
  at->comma = true;
  ivs_json_put_str(o, name);
  ivs_put_char(o, ':');
}

/* The value of a member that is there. A struct, or a list of structs, becomes the next place. */
static int walk_value(const struct walk *w, struct place **at, const struct ivs_field *f,
                      const void *value) {
  const struct ivs_any_list *list = (const struct ivs_any_list *)value;
  switch (f->kind) {
    case IVS_K_STR: return walk_text(w, *(const ivs_str *)value);
    case IVS_K_INT: ivs_put_int(w->o, ((const ivs_int *)value)->value); return 0;
    case IVS_K_BOOL:
      ivs_put_text(w->o, *(const ivs_bool *)value == IVS_TRUE ? "true" : "false");
      return 0;
    case IVS_K_STRUCT: enter(++*at, f->type, value, 1, false); return 0;
    case IVS_K_LIST:
      ivs_put_char(w->o, '[');
      enter(++*at, f->type, list->items, list->count, true);
      return 0;
    default: return walk_texts(w, list, f->kind == IVS_K_MAP);
  }
}

/* The next member of the struct at hand; left alone if it has any of the flags `without`. */
static int walk_member(const struct walk *w, struct place **at, unsigned without) {
  struct place *in = *at;
  const struct ivs_field *f = in->next++;
  in->members--;
  if (f->flags & without) return 0;
  const char *member = in->base + f->offset;
  int r = judge_member(w, f, in->base);
  if (r > 0) {
    put_name(w->o, in, ivs_field_name(f));
    r = walk_value(w, at, f, member);
  }
  if (r < 0 && w->culprit != NULL) *w->culprit = ivs_field_name(f);
  return r;
}

/* Walks all members but those that have any of the flags `without`. */
static int walk(const struct walk *w, unsigned type, const void *base, unsigned without) {
  struct place stack[IVS_DEPTH], *at = stack;
  enter(at, type, base, 1, false);
  for (;;) {
    if (at->members == 0) {
      if (next_struct(w->o, at)) continue;
      if (at == stack) return 0;
      at--;
      continue;
    }
    int r = walk_member(w, &at, without);
    if (r < 0) return r;
  }
}

static int judge(const struct ivs_op *op, const void *in, struct ivs_region forbidden,
                 ivs_member_check *check, ivs_str *culprit) {
  struct ivs_out nothing = {0};
  struct walk w = {&nothing, culprit, forbidden, check};
  return walk(&w, op->in, in, 0);
}

/* see ivs/codec.h */
int ivs_encode_judge(const struct ivs_op *op, const void *in, struct ivs_region forbidden,
                     ivs_str *culprit) {
  return judge(op, in, forbidden, NULL, culprit);
}

/* see ivs/codec.h */
int ivs_encode_check(const struct ivs_op *op, const void *in, ivs_member_check *check,
                     ivs_str *culprit) {
  return judge(op, in, (struct ivs_region){NULL, 0}, check, culprit);
}

/* see ivs/codec.h */
void ivs_encode_body(const struct ivs_op *op, const void *in, struct ivs_out *o) {
  struct walk w = {o, NULL, {NULL, 0}, NULL};
  if (op->method == IVS_POST) walk(&w, op->in, in, IVS_F_PATH | IVS_F_QUERY);
}

/* The member of the request that lies in the path, or in the query; NULL if there is none. */
static const struct ivs_field *bound_field(const struct ivs_op *op, unsigned flag) {
  for (const struct ivs_field *f = first_field(op->in); f < end_field(op->in); f++)
    if (f->flags & flag) return f;
  return NULL;
}

/* see ivs/codec.h */
void ivs_encode_path(const struct ivs_op *op, const void *in, struct ivs_out *o) {
  const struct ivs_field *f = bound_field(op, IVS_F_PATH);
  if (f == NULL) {
    ivs_put_char(o, '/');
    ivs_put_str(o, ivs_op_name(op));
    return;
  }
  ivs_put_text(o, "/tags/");
  ivs_put_percent(o, *(const ivs_str *)(const void *)((const char *)in + f->offset), "");
}

/* see ivs/codec.h */
void ivs_encode_query(const struct ivs_op *op, const void *in, struct ivs_out *o) {
  const struct ivs_field *f = bound_field(op, IVS_F_QUERY);
  if (f == NULL) return;
  const struct ivs_str_list *list =
      (const struct ivs_str_list *)(const void *)((const char *)in + f->offset);
  for (size_t i = 0; i < list->count; i++) {
    if (i > 0) ivs_put_char(o, '&');
    ivs_put_str(o, ivs_field_name(f));
    ivs_put_char(o, '=');
    ivs_put_percent(o, list->items[i], "");
  }
}
