/*
 * The answer of an operation: what the check lets through is decoded with the tokens that were
 * told, every list to its end; all texts lie in the answer and are UTF-8; there are as many
 * elements as were counted; a list is never read twice, and copies of it that are stale never lead
 * out of the answer.
 *
 * Input: a byte for the operation, the answer's body.
 */
#include "fuzz.h"

#include <ivs/codec.h>
#include <ivs/time.h>
#include <ivs/types.h>

static struct reading {
  char *text;
  size_t n;
  struct ivs_arena arena;
  unsigned elements; /* taken so far */
} reading;

enum { ELEMENT = 2048, MOST_ELEMENTS = 20000 };

static void see_text(ivs_str s) {
  HOLDS(fuzz_within(s, reading.text, reading.n));
  HOLDS(s.p == NULL || ivs_utf8_valid(s));
}

static void see_struct(uint8_t type, char *base);

static void see_list(uint8_t kind, struct ivs_any_list *list) {
  ivs_span stale = list->rest;
  union {
    max_align_t aligned;
    char bytes[ELEMENT];
    ivs_str text;
    ivs_pair pair;
  } element, again;
  ivs_str culprit;
  size_t count = ivs_decode_count(&list->rest), seen = 0;
  HOLDS(list->items == NULL && list->count == 0);
  HOLDS(list->rest.p == NULL || list->rest.kind == kind);
  int r = 0;
  while (reading.elements < MOST_ELEMENTS &&
         (r = ivs_decode_next(reading.arena, &list->rest, &element, &culprit)) != 0) {
    HOLDS(r == 1 || r == IVS_ERR_TYPE);
    seen++;
    reading.elements++;
    HOLDS(ivs_decode_next(reading.arena, &stale, &again, &culprit) == IVS_ERR_USED);
    if (r != 1) continue;
    if (kind == IVS_K_STRS) see_text(element.text);
    else if (kind == IVS_K_LIST) see_struct(list->rest.type, element.bytes);
    else see_text(element.pair.name), see_text(element.pair.value);
  }
  if (r != 0) return;
  HOLDS(seen == count);
  HOLDS(ivs_decode_next(reading.arena, &list->rest, &element, &culprit) ==
        (list->rest.p == NULL ? 0 : IVS_ERR_USED));
  (void)ivs_decode_count(&stale);
}

static void see_time(const ivs_time *t) {
  int64_t seconds;
  see_text(t->text);
  if (t->text.p != NULL && ivs_time_from_iso(t->text, &seconds) == 0) HOLDS(seconds == t->seconds);
}

static void see_struct(uint8_t type, char *base) {
  const struct ivs_type *t = &ivs_types[type];
  HOLDS(t->size <= ELEMENT);
  for (unsigned i = 0; i < t->count; i++) {
    const struct ivs_field *f = &ivs_fields[t->first + i];
    char *at = base + f->offset;
    switch (f->kind) {
      case IVS_K_STR: see_text(*(ivs_str *)(void *)at); break;
      case IVS_K_BOOL: HOLDS(*(ivs_bool *)at <= IVS_FALSE); break;
      case IVS_K_INT:
        HOLDS(((ivs_int *)(void *)at)->set || ((ivs_int *)(void *)at)->value == 0);
        break;
      case IVS_K_TIME: see_time((ivs_time *)(void *)at); break;
      case IVS_K_STRUCT:
        if (*(bool *)at) see_struct(f->type, at);
        break;
      default: see_list(f->kind, (struct ivs_any_list *)(void *)at);
    }
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
  static char out[ELEMENT];
  struct fuzz f = {data, n};
  const struct ivs_op *op = &ivs_ops[fuzz_byte(&f) % IVS_OP_COUNT];
  struct ivs_json_value root;
  ivs_str culprit;
  size_t tokens;
  if (n > FUZZ_MOST) return -1;
  char *text = fuzz_copy(0, f.p, f.n);
  if (ivs_json_check(text, f.n, &tokens) != 0) return -1;
  void *room = malloc(tokens * IVS_JSON_TOKEN_SIZE + 1);
  reading = (struct reading){text, f.n, {room, tokens}, 0};
  ivs_json_value_at(text, text + f.n, &root);
  int r = ivs_decode(reading.arena, op->out, root, out, &culprit);
  HOLDS(r == 0 || r == IVS_ERR_TYPE || (r == IVS_ERR_JSON && root.type != IVS_JSON_OBJECT));
  if (r == 0) see_struct(op->out, out);
  free(room);
  return 0;
}
