#include "../tables.h"

enum { BOUND = 64, ELEMENTS = 3 };

/* Fills in the members that lie in the path and in the query; whether there is the latter. */
static bool fill(const struct ivs_op *op, char *in, const ivs_str *texts, size_t count) {
  bool query = false;
  for (unsigned i = 0; i < ivs_types[op->in].count; i++) {
    const struct ivs_field *f = ivs_fields + ivs_types[op->in].first + i;
    if (f->flags & IVS_F_PATH) *(ivs_str *)(in + f->offset) = texts[0];
    if ((f->flags & IVS_F_QUERY) == 0) continue;
    struct ivs_str_list *list = (struct ivs_str_list *)(in + f->offset);
    list->items = texts + (ELEMENTS - count);
    list->count = count;
    query = true;
  }
  return query;
}

/* Every operation, with every number of elements that its query may have. */
void harness(void) {
  struct ivs_out o = ivs_out_to(NULL, any_size());
  ivs_str texts[ELEMENTS];
  for (size_t i = 0; i < ELEMENTS; i++) texts[i] = any_last_of(BOUND);
  for (unsigned id = 0; id < IVS_OP_COUNT; id++) {
    const struct ivs_op *op = &ivs_ops[id];
    char *in = any_bytes(ivs_types[op->in].size);
    bool more = true;
    for (size_t count = 0; more; count++) {
      more = fill(op, in, texts, count) && count < ELEMENTS;
      ivs_encode_path(op, in, &o);
      ivs_encode_query(op, in, &o);
    }
  }
}
