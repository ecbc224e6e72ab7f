/*
 * Requests and answers with everything in them, made by the tables: for tests that go through every
 * operation.
 */
#ifndef BY_TABLE_H
#define BY_TABLE_H

#include "../check.h"

#include <ivs/codec.h>
#include <ivs/types.h>

enum { POOL_SIZE = 1 << 16, TEXT_SIZE = 1 << 16 };

static const size_t kind_size[] = {sizeof(ivs_str),
                                   sizeof(ivs_bool),
                                   sizeof(ivs_int),
                                   sizeof(ivs_time),
                                   0,
                                   sizeof(struct ivs_any_list),
                                   sizeof(struct ivs_str_list),
                                   sizeof(struct ivs_tags)};

static inline const struct ivs_field *field_of(uint8_t type, unsigned i) {
  return &ivs_fields[ivs_types[type].first + i];
}

static inline size_t size_of(const struct ivs_field *f) {
  return f->kind == IVS_K_STRUCT ? ivs_types[f->type].size : kind_size[f->kind];
}

/* ---- a request with everything in it, and where it lies ---- */

struct site {
  char *at; /* the member, a text in it, or the memory of a list */
  size_t n;
  ivs_str name; /* the member that is blamed */
};

static struct sites {
  struct site site[256];
  unsigned count;
} texts, lists, required;

static _Alignas(16) char pool[POOL_SIZE];
static size_t pool_used;

/* With room in front and behind that belongs to nobody. */
static inline char *from_pool(size_t n) {
  char *p = pool + pool_used + 16;
  pool_used += (n + 47) & ~(size_t)15;
  if (pool_used > sizeof pool) abort();
  return p;
}

static inline void note(struct sites *all, void *at, size_t n, ivs_str name) {
  if (all->count == sizeof all->site / sizeof *all->site) abort();
  all->site[all->count++] = (struct site){(char *)at, n, name};
}

static inline void fill_text(ivs_str *s, ivs_str name) {
  static const char text[] = "caf\xc3\xa9 \"\\\n\xf0\x9f\x98\x80";
  char *p = from_pool(sizeof text - 1);
  memcpy(p, text, sizeof text - 1);
  s->p = p;
  s->n = sizeof text - 1;
  note(&texts, s, sizeof *s, name);
}

static inline void fill(uint8_t type, char *base);

static inline void fill_list(const struct ivs_field *f, struct ivs_any_list *list) {
  size_t size = f->kind == IVS_K_LIST  ? ivs_types[f->type].size
                : f->kind == IVS_K_MAP ? sizeof(ivs_pair)
                                       : sizeof(ivs_str);
  char *items = from_pool(2 * size);
  memset(items, 0, 2 * size);
  list->items = items;
  list->count = 2;
  note(&lists, items, 2 * size, ivs_field_name(f));
  for (char *at = items; at < items + 2 * size; at += size) {
    if (f->kind == IVS_K_LIST) {
      fill(f->type, at);
      continue;
    }
    fill_text((ivs_str *)(void *)at, ivs_field_name(f));
    if (f->kind == IVS_K_MAP) fill_text(&((ivs_pair *)(void *)at)->value, ivs_field_name(f));
  }
}

static inline void fill(uint8_t type, char *base) {
  for (unsigned i = 0; i < ivs_types[type].count; i++) {
    const struct ivs_field *f = field_of(type, i);
    char *at = base + f->offset;
    switch (f->kind) {
      case IVS_K_STR: fill_text((ivs_str *)(void *)at, ivs_field_name(f)); break;
      case IVS_K_BOOL: *(ivs_bool *)at = IVS_FALSE; break;
      case IVS_K_INT: *(ivs_int *)(void *)at = IVS_INT(-7); break;
      case IVS_K_TIME: CHECK(f->kind != IVS_K_TIME); break; /* answers only */
      case IVS_K_STRUCT:
        *(bool *)at = true;
        fill(f->type, at);
        break;
      default: fill_list(f, (struct ivs_any_list *)(void *)at);
    }
    if (f->flags & IVS_F_REQUIRED) note(&required, at, size_of(f), ivs_field_name(f));
  }
}

static _Alignas(16) char request[1024];

static inline const struct ivs_op *full_request(unsigned op) {
  const struct ivs_op *o = &ivs_ops[op];
  if (ivs_types[o->in].size > sizeof request) abort();
  memset(request, 0, sizeof request);
  pool_used = 0;
  texts.count = lists.count = required.count = 0;
  fill(o->in, request);
  return o;
}

/* ---- an answer with everything in it ---- */

/* Text of an answer with everything in it: every struct, two elements in every list. */
struct builder {
  struct ivs_out o;
  bool lists;        /* else they are empty */
  const char *texts; /* as JSON */
  const char *only;  /* all members have this value instead */
};

static inline void build(struct builder *b, uint8_t type);

static inline void build_list(struct builder *b, const struct ivs_field *f) {
  ivs_put_char(&b->o, f->kind == IVS_K_MAP ? '{' : '[');
  for (int i = 0; b->lists && i < 2; i++) {
    if (i > 0) ivs_put_text(&b->o, " , ");
    if (f->kind == IVS_K_LIST) build(b, f->type);
    else ivs_put_text(&b->o, b->texts);
    if (f->kind == IVS_K_MAP) ivs_put_text(&b->o, "\t:\"v\"");
  }
  ivs_put_char(&b->o, f->kind == IVS_K_MAP ? '}' : ']');
}

static inline void build_value(struct builder *b, const struct ivs_field *f) {
  if (b->only != NULL) {
    ivs_put_text(&b->o, b->only);
    return;
  }
  switch (f->kind) {
    case IVS_K_STR: ivs_put_text(&b->o, b->texts); return;
    case IVS_K_BOOL: ivs_put_text(&b->o, "true"); return;
    case IVS_K_INT: ivs_put_text(&b->o, "12"); return;
    case IVS_K_TIME: ivs_put_text(&b->o, "\"2026-11-22T09:30:00.5Z\""); return;
    case IVS_K_STRUCT: build(b, f->type); return;
    default: build_list(b, f);
  }
}

static inline void build(struct builder *b, uint8_t type) {
  ivs_put_char(&b->o, '{');
  for (unsigned i = 0; i < ivs_types[type].count; i++) {
    const struct ivs_field *f = field_of(type, i);
    if (i > 0) ivs_put_char(&b->o, ',');
    ivs_json_put_str(&b->o, ivs_field_name(f));
    ivs_put_char(&b->o, ':');
    build_value(b, f);
  }
  ivs_put_char(&b->o, '}');
}

static char answer_text[TEXT_SIZE];

static inline ivs_str built(uint8_t type, bool with_lists, const char *text, const char *only) {
  struct builder b = {ivs_out_to(answer_text, sizeof answer_text), with_lists, text, only};
  build(&b, type);
  if (ivs_out_end(&b.o) != 0) abort();
  return (ivs_str){answer_text, b.o.n};
}

#endif
