#include <ivs/codec.h>

static const struct ivs_field *token_field(uint8_t type) {
  const struct ivs_field *f = ivs_fields + ivs_types[type].first;
  for (const struct ivs_field *end = f + ivs_types[type].count; f < end; f++)
    if (ivs_str_eq(ivs_field_name(f), IVS_STR("nextToken"))) return f;
  return NULL;
}

/* see ivs/codec.h */
int ivs_page_more(const struct ivs_op *op, void *in, const void *out,
                  char token[IVS_PAGE_TOKEN_SIZE]) {
  const struct ivs_field *from = token_field(op->out), *to = token_field(op->in);
  if (from == NULL) return IVS_ERR_ARGUMENT;
  IVS_ASSERT(to != NULL); /* pages that are told can be asked for */
  ivs_str next = *(const ivs_str *)(const void *)((const char *)out + from->offset);
  if (next.n == 0) return 0;
  int r = ivs_str_copy(token, IVS_PAGE_TOKEN_SIZE, next);
  if (r < 0) return r;
  ivs_str copy = {token, next.n};
  *(ivs_str *)(void *)((char *)in + to->offset) = copy;
  return 1;
}
