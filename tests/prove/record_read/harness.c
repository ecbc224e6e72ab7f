#include "../records.h"

enum { BOUND = 64, ROWS = 4, SIZE = 128 };

/* In checked text no value but a text is empty. */
char *ivs_decode_take(char *p, char *end, struct ivs_json_value *v) {
  char *to = ivs_json_value_at(p, end, v);
  GIVEN(v->n > 0 || v->type == IVS_JSON_STRING || v->type == IVS_JSON_NULL);
  char *next = to + any_size_to((size_t)(end - to));
  GIVEN(next > p || next == end);
  return next;
}

/* As proof `put` has it where there is room, as there has to be. */
void ivs_put(struct ivs_out *o, const void *p, size_t n) {
  READABLE(p, n);
  MUST(spare_holds(o) && n <= o->cap - o->n);
  o->n += n;
}

void harness(void) {
  struct ivs_row rows[ROWS];
  static const char name[] = "a member";
  for (size_t i = 0; i < ROWS; i++) {
    rows[i].name = name;
    GIVEN(row_holds(&rows[i], SIZE));
  }
  struct ivs_record record = {rows, any_size_to(ROWS)};
  ivs_str s = any_text(BOUND), culprit;
  struct ivs_json_value v = {(char *)s.p, (uint32_t)s.n, any_byte()};
  GIVEN(v.type <= IVS_JSON_OBJECT && (v.type != IVS_JSON_OBJECT || v.n >= 2));
  size_t cap = any_size_to(BOUND);
  struct ivs_out spare = ivs_out_to(any_bytes(cap), cap);
  spare.n = any_size_to(cap);
  int r = ivs_record_read(&record, v, any_bool() ? &spare : NULL, any_bytes(SIZE), &culprit);
  MUST(r == 0 || r == IVS_ERR_TYPE || r == IVS_ERR_SPACE);
  MUST(spare_holds(&spare));
}
