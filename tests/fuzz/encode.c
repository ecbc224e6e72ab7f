/*
 * A request of any operation, made of the input: what the judge finds good is written as JSON that
 * the check takes and the decoder reads back to what it was; and the size that was counted is the
 * size that is written. What the request check says needs no request that is good.
 *
 * Input: a byte for the operation, then values in the order of the members.
 */
#include "fuzz.h"

#include <ivs/codec.h>
#include <ivs/types.h>

enum { STORE = 1 << 16, STRUCT = 2048, DEEPEST = 4, MOST_ITEMS = 6 };

static union {
  max_align_t aligned;
  char bytes[STORE];
} store;
static size_t used;

static void *take(size_t n) {
  size_t at = (used + 15) & ~(size_t)15;
  if (at + n > STORE) return NULL;
  used = at + n;
  memset(store.bytes + at, 0, n);
  return store.bytes + at;
}

/* --- making a request --- */

static void fill_struct(struct fuzz *f, uint8_t type, char *base, unsigned depth);

static size_t size_of(const struct ivs_field *f) {
  return f->kind == IVS_K_STRS  ? sizeof(ivs_str)
         : f->kind == IVS_K_MAP ? sizeof(ivs_pair)
                                : ivs_types[f->type].size;
}

static void fill_list(struct fuzz *f, const struct ivs_field *field, struct ivs_any_list *list,
                      unsigned depth) {
  size_t count = fuzz_byte(f) % MOST_ITEMS, size = size_of(field);
  char *items = (char *)take(count * size + 1);
  if (items == NULL) return;
  list->items = items;
  list->count = count;
  for (size_t i = 0; i < count; i++) {
    void *item = items + i * size;
    if (field->kind == IVS_K_LIST) fill_struct(f, field->type, (char *)item, depth + 1);
    else if (field->kind == IVS_K_STRS) *(ivs_str *)item = fuzz_text(f);
    else {
      ((ivs_pair *)item)->name = fuzz_text(f);
      ((ivs_pair *)item)->value = fuzz_text(f);
    }
  }
}

static void fill_struct(struct fuzz *f, uint8_t type, char *base, unsigned depth) {
  const struct ivs_type *t = &ivs_types[type];
  if (depth > DEEPEST) return;
  for (unsigned i = 0; i < t->count; i++) {
    const struct ivs_field *field = &ivs_fields[t->first + i];
    void *at = base + field->offset;
    if (!(field->flags & IVS_F_REQUIRED) && fuzz_byte(f) % 2 == 0) continue;
    switch (field->kind) {
      case IVS_K_STR: *(ivs_str *)at = fuzz_text(f); break;
      case IVS_K_BOOL: *(ivs_bool *)at = (ivs_bool)(fuzz_byte(f) % 3); break;
      case IVS_K_INT:
        *(ivs_int *)at = IVS_INT((int64_t)fuzz_number(f, 1 + fuzz_byte(f) % 8));
        break;
      case IVS_K_TIME: break;
      case IVS_K_STRUCT:
        *(bool *)at = true;
        fill_struct(f, field->type, (char *)at, depth + 1);
        break;
      default: fill_list(f, field, (struct ivs_any_list *)at, depth);
    }
  }
}

/* --- reading it back --- */

static struct ivs_arena arena;

static void same_text(ivs_str a, ivs_str b) {
  HOLDS((a.p == NULL) == (b.p == NULL) && fuzz_same(a.p, a.n, b.p, b.n));
}

static void same_struct(uint8_t type, const char *in, const char *out);

static void same_list(const struct ivs_field *f, const struct ivs_any_list *in,
                      struct ivs_any_list *out) {
  ivs_str culprit;
  union {
    max_align_t aligned;
    char bytes[STRUCT];
    ivs_str text;
    ivs_pair pair;
  } back;
  HOLDS((in->items != NULL) == (out->rest.p != NULL));
  for (size_t i = 0; i < in->count; i++) {
    const void *item = (const char *)in->items + i * size_of(f);
    HOLDS(ivs_decode_next(arena, &out->rest, &back, &culprit) == 1);
    if (f->kind == IVS_K_LIST) same_struct(f->type, (const char *)item, back.bytes);
    else if (f->kind == IVS_K_STRS) same_text(*(const ivs_str *)item, back.text);
    else {
      same_text(((const ivs_pair *)item)->name, back.pair.name);
      same_text(((const ivs_pair *)item)->value, back.pair.value);
    }
  }
  HOLDS(ivs_decode_next(arena, &out->rest, &back, &culprit) == 0);
}

static void same_struct(uint8_t type, const char *in, const char *out) {
  const struct ivs_type *t = &ivs_types[type];
  for (unsigned i = 0; i < t->count; i++) {
    const struct ivs_field *f = &ivs_fields[t->first + i];
    const void *a = in + f->offset;
    const void *b = out + f->offset;
    if (f->flags & (IVS_F_PATH | IVS_F_QUERY)) continue;
    switch (f->kind) {
      case IVS_K_STR: same_text(*(const ivs_str *)a, *(const ivs_str *)b); break;
      case IVS_K_BOOL: HOLDS(*(const ivs_bool *)a == *(const ivs_bool *)b); break;
      case IVS_K_INT:
        HOLDS(((const ivs_int *)a)->set == ((const ivs_int *)b)->set &&
              ((const ivs_int *)a)->value == ((const ivs_int *)b)->value);
        break;
      case IVS_K_TIME: break;
      case IVS_K_STRUCT:
        HOLDS(*(const bool *)a == *(const bool *)b);
        if (*(const bool *)a) same_struct(f->type, (const char *)a, (const char *)b);
        break;
      default: same_list(f, (const struct ivs_any_list *)a, (struct ivs_any_list *)(uintptr_t)b);
    }
  }
}

typedef void writer(const struct ivs_op *op, const void *in, struct ivs_out *o);

/* Counted, then written into exactly that much, and into one byte less. */
static ivs_str written(writer *write, const struct ivs_op *op, const void *in, int place) {
  struct ivs_out count = {0};
  write(op, in, &count);
  HOLDS(count.n <= FUZZ_MOST && count.err == 0);
  struct ivs_out o = ivs_out_to(fuzz_room(place, count.n), count.n);
  write(op, in, &o);
  HOLDS(ivs_out_end(&o) == 0 && o.n == count.n);
  if (count.n > 0) {
    struct ivs_out less = ivs_out_to(fuzz_room(3, count.n - 1), count.n - 1);
    write(op, in, &less);
    HOLDS(ivs_out_end(&less) == IVS_ERR_SPACE && less.n == count.n);
  }
  return (ivs_str){o.p, o.n};
}

static void check_body(const struct ivs_op *op, const char *in, ivs_str body) {
  static union {
    max_align_t aligned;
    char bytes[STRUCT];
  } back;
  struct ivs_json_value root;
  ivs_str culprit;
  if (op->method != IVS_POST) {
    HOLDS(body.n == 0);
    return;
  }
  HOLDS(ivs_json_check(body.p, body.n, &arena.room) == 0);
  arena.tokens = malloc(arena.room * IVS_JSON_TOKEN_SIZE + 1);
  ivs_json_value_at((char *)(uintptr_t)body.p, body.p + body.n, &root);
  HOLDS(ivs_decode(arena, op->in, root, back.bytes, &culprit) == 0);
  same_struct(op->in, in, back.bytes);
  free(arena.tokens);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
  static union {
    max_align_t aligned;
    char bytes[STRUCT];
  } in;
  struct fuzz f = {data, n};
  struct ivs_region forbidden = {"", 0};
  ivs_str culprit = {NULL, 0};
  if (n > 8192) return -1;
  const struct ivs_op *op = &ivs_ops[fuzz_byte(&f) % IVS_OP_COUNT];
  used = 0;
  memset(&in, 0, sizeof in);
  HOLDS(ivs_types[op->in].size <= STRUCT);
  fill_struct(&f, op->in, in.bytes, 0);
  int r = ivs_encode_judge(op, in.bytes, forbidden, &culprit);
  HOLDS(r == 0 || r == IVS_ERR_REQUIRED || r == IVS_ERR_UTF8);
  HOLDS(r == 0 || culprit.n > 0);
  if (r != 0) return 0;
  r = ivs_encode_check(op, in.bytes, ivs_check_member, &culprit);
  HOLDS(r == 0 || r == IVS_ERR_LENGTH || r == IVS_ERR_RANGE || r == IVS_ERR_ARN);
  ivs_str path = written(ivs_encode_path, op, in.bytes, 0);
  HOLDS(path.n > 1 && path.p[0] == '/');
  for (size_t i = 0; i < path.n; i++)
    HOLDS(path.p[i] > ' ' && path.p[i] < 0x7F && path.p[i] != '?');
  ivs_str query = written(ivs_encode_query, op, in.bytes, 1);
  for (size_t i = 0; i < query.n; i++) HOLDS(query.p[i] > ' ' && query.p[i] < 0x7F);
  check_body(op, in.bytes, written(ivs_encode_body, op, in.bytes, 2));
  return 0;
}
