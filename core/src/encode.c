/*
 * From a request's struct to its path, query and body, by the tables.
 *
 * Nested structs and lists of structs are walked with a small stack of places instead of recursion.
 * One walk serves both for judging a request and for writing it, so that the two cannot differ.
 */
#include <ivs/codec.h>

/* Requests nest three deep; a test holds the tables against this. */
enum { DEPTH = 6 };

/* A struct under way: which member comes next, and how many more structs of its list follow. */
struct place {
  const char *base;
  uint32_t more;
  uint8_t type;
  uint8_t next;
  bool in_list;
  bool comma;
};

struct walk {
  struct ivs_out *o; /* NULL: judge only */
  struct ivs_region forbidden;
  ivs_str *culprit;
  ivs_member_check *check;
};

static const struct ivs_field *fields_of(uint8_t type) {
  return ivs_fields + ivs_types[type].first;
}

static bool is_set(const struct ivs_field *f, const char *base) {
  const char *at = base + f->offset;
  switch (f->kind) {
    case IVS_K_STR: return ((const ivs_str *)(const void *)at)->p != NULL;
    case IVS_K_BOOL: return *(const ivs_bool *)at != IVS_ABSENT;
    case IVS_K_INT: return ((const ivs_int *)(const void *)at)->set;
    case IVS_K_TIME: return ((const ivs_time *)(const void *)at)->text.p != NULL;
    case IVS_K_STRUCT: return *(const bool *)at;
    default: {
      const struct ivs_any_list *list = (const struct ivs_any_list *)(const void *)at;
      return list->items != NULL || list->rest.p != NULL;
    }
  }
}

/* A struct is there if it says so, or if any member is set in it or in the structs that it holds.
 */
static bool is_present(uint8_t type, const char *base) {
  struct {
    const char *base;
    uint8_t type;
  } todo[DEPTH];
  unsigned n = 1;
  if (*(const bool *)base) return true;
  todo[0].base = base;
  todo[0].type = type;
  while (n > 0) {
    const char *b = todo[--n].base;
    const struct ivs_field *f = fields_of(todo[n].type);
    for (const struct ivs_field *end = f + ivs_types[todo[n].type].count; f < end; f++) {
      if (is_set(f, b)) return true;
      if (f->kind != IVS_K_STRUCT || n == DEPTH) continue;
      todo[n].base = b + f->offset;
      todo[n++].type = f->type;
    }
  }
  return false;
}

static bool overlaps(const struct ivs_region *r, const void *p, size_t n) {
  uintptr_t a = (uintptr_t)p, b = (uintptr_t)r->p;
  return n > 0 && r->n > 0 && a < b + r->n && b < a + n;
}

static int judge_text(const struct walk *w, ivs_str s) {
  if (overlaps(&w->forbidden, s.p, s.n)) return IVS_ERR_OVERLAP;
  return ivs_utf8_valid(s) ? 0 : IVS_ERR_UTF8;
}

static int walk_text(struct walk *w, ivs_str s) {
  if (w->o == NULL) return judge_text(w, s);
  ivs_json_put_str(w->o, s);
  return 0;
}

static void put_char(struct walk *w, char c) {
  if (w->o != NULL) ivs_put_char(w->o, c);
}

static int walk_strs(struct walk *w, const ivs_str *items, size_t count) {
  put_char(w, '[');
  for (size_t i = 0; i < count; i++) {
    if (i > 0) put_char(w, ',');
    int r = walk_text(w, items[i]);
    if (r < 0) return r;
  }
  put_char(w, ']');
  return 0;
}

static int walk_map(struct walk *w, const ivs_pair *items, size_t count) {
  put_char(w, '{');
  for (size_t i = 0; i < count; i++) {
    if (i > 0) put_char(w, ',');
    int r = walk_text(w, items[i].name);
    if (r < 0) return r;
    put_char(w, ':');
    if ((r = walk_text(w, items[i].value)) < 0) return r;
  }
  put_char(w, '}');
  return 0;
}

/* A member that is no struct and no list of structs. */
static int walk_plain(struct walk *w, const struct ivs_field *f, const char *at) {
  const struct ivs_any_list *list = (const struct ivs_any_list *)(const void *)at;
  switch (f->kind) {
    case IVS_K_STR: return walk_text(w, *(const ivs_str *)(const void *)at);
    case IVS_K_TIME: return walk_text(w, ((const ivs_time *)(const void *)at)->text);
    case IVS_K_STRS: return walk_strs(w, (const ivs_str *)list->items, list->count);
    case IVS_K_MAP: return walk_map(w, (const ivs_pair *)list->items, list->count);
    case IVS_K_INT:
      if (w->o != NULL) ivs_put_int(w->o, ((const ivs_int *)(const void *)at)->value);
      return 0;
    default:
      if (w->o != NULL)
        ivs_put_str(w->o, *(const ivs_bool *)at == IVS_TRUE ? IVS_STR("true") : IVS_STR("false"));
      return 0;
  }
}

/* The list's memory: an answer's list cannot be sent, and the workspace cannot be read from while
 * it is written. */
static int judge_list(const struct walk *w, const struct ivs_field *f,
                      const struct ivs_any_list *list) {
  size_t size = f->kind == IVS_K_LIST  ? ivs_types[f->type].size
                : f->kind == IVS_K_MAP ? sizeof(ivs_pair)
                                       : sizeof(ivs_str);
  if (list->items == NULL || overlaps(&w->forbidden, list->items, list->count * size))
    return IVS_ERR_OVERLAP;
  return 0;
}

static void put_name(struct walk *w, struct place *at, const struct ivs_field *f) {
  if (w->o == NULL) return;
  if (at->comma) ivs_put_char(w->o, ',');
  at->comma = true;
  ivs_json_put_str(w->o, ivs_name(f->name));
  ivs_put_char(w->o, ':');
}

static void enter(struct place *to, uint8_t type, const void *base) {
  memset(to, 0, sizeof *to);
  to->type = type;
  to->base = (const char *)base;
}

/* At the end of a struct: on to the next one of its list, or out. */
static bool leave(struct walk *w, struct place *at) {
  put_char(w, '}');
  if (at->more > 0) {
    at->more--;
    at->base += ivs_types[at->type].size;
    at->next = 0;
    at->comma = false;
    put_char(w, ',');
    put_char(w, '{');
    return false;
  }
  if (at->in_list) put_char(w, ']');
  return true;
}

/* Whether a member is there and good; 1: it is, 0: it is absent. */
static int judge_member(struct walk *w, const struct place *at, const struct ivs_field *f) {
  const char *member = at->base + f->offset;
  if (w->culprit != NULL) *w->culprit = ivs_name(f->name);
  if (f->kind == IVS_K_STRUCT ? !is_present(f->type, member) : !is_set(f, at->base))
    return f->flags & IVS_F_REQUIRED ? IVS_ERR_REQUIRED : 0;
  int r = w->check != NULL ? w->check(f, member) : 0;
  if (r == 0 && f->kind >= IVS_K_LIST && w->o == NULL)
    r = judge_list(w, f, (const struct ivs_any_list *)(const void *)member);
  return r < 0 ? r : 1;
}

/* Opens a struct, or a list of structs, as the next place; false if the list has none. */
static bool open_place(struct walk *w, struct place *next, const struct ivs_field *f,
                       const char *member) {
  if (f->kind == IVS_K_STRUCT) {
    enter(next, f->type, member);
    put_char(w, '{');
    return true;
  }
  const struct ivs_any_list *list = (const struct ivs_any_list *)(const void *)member;
  put_char(w, '[');
  if (list->count == 0) {
    put_char(w, ']');
    return false;
  }
  enter(next, f->type, list->items);
  next->more = (uint32_t)(list->count - 1);
  next->in_list = true;
  put_char(w, '{');
  return true;
}

/* Walks all members. `bound`: those in the path and query instead of those in the body. */
static int walk_struct(struct walk *w, uint8_t type, const void *base, bool bound) {
  struct place stack[DEPTH];
  unsigned depth = 1;
  enter(&stack[0], type, base);
  put_char(w, '{');
  while (depth > 0) {
    struct place *at = &stack[depth - 1];
    if (at->next == ivs_types[at->type].count) {
      if (leave(w, at)) depth--;
      continue;
    }
    const struct ivs_field *f = fields_of(at->type) + at->next++;
    if (((f->flags & (IVS_F_PATH | IVS_F_QUERY)) != 0) != (bound && depth == 1)) continue;
    int r = judge_member(w, at, f);
    if (r < 0) return r;
    if (r == 0) continue;
    put_name(w, at, f);
    const char *member = at->base + f->offset;
    if (f->kind != IVS_K_STRUCT && f->kind != IVS_K_LIST) {
      if ((r = walk_plain(w, f, member)) < 0) return r;
      continue;
    }
    if (depth == DEPTH) return IVS_ERR_JSON_DEPTH;
    if (open_place(w, &stack[depth], f, member)) depth++;
  }
  return 0;
}

/* see ivs/codec.h */
int ivs_encode_judge(const struct ivs_op *op, const void *in, struct ivs_region forbidden,
                     ivs_str *culprit) {
  struct walk w = {NULL, forbidden, culprit, NULL};
  memset(culprit, 0, sizeof *culprit);
  int r = walk_struct(&w, op->in, in, true);
  if (r == 0) r = walk_struct(&w, op->in, in, false);
  return r;
}

/* see ivs/codec.h */
int ivs_encode_check(const struct ivs_op *op, const void *in, ivs_member_check *check,
                     ivs_str *culprit) {
  struct walk w = {NULL, {NULL, 0}, culprit, check};
  int r = walk_struct(&w, op->in, in, true);
  return r < 0 ? r : walk_struct(&w, op->in, in, false);
}

/* see ivs/codec.h */
void ivs_encode_body(const struct ivs_op *op, const void *in, struct ivs_out *o) {
  struct walk w = {o, {NULL, 0}, NULL, NULL};
  if (op->method == IVS_POST) walk_struct(&w, op->in, in, false);
}

/* The member of the request that lies in the path, or in the query; NULL if there is none. */
static const struct ivs_field *bound_field(const struct ivs_op *op, uint8_t flag) {
  const struct ivs_field *f = fields_of(op->in);
  for (const struct ivs_field *end = f + ivs_types[op->in].count; f < end; f++)
    if (f->flags & flag) return f;
  return NULL;
}

/* see ivs/codec.h */
void ivs_encode_path(const struct ivs_op *op, const void *in, struct ivs_out *o) {
  const struct ivs_field *f = bound_field(op, IVS_F_PATH);
  ivs_put_char(o, '/');
  if (f == NULL) {
    ivs_put_str(o, ivs_name(op->name));
    return;
  }
  ivs_put_text(o, "tags/");
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
    ivs_put_str(o, ivs_name(f->name));
    ivs_put_char(o, '=');
    ivs_put_percent(o, list->items[i], "");
  }
}
