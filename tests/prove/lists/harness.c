#include "../tables.h"

enum { BOUND = 64 };

/* What is left of a list or map: absent, read to its end, or some text and the closing bracket. */
static ivs_span any_span(void) {
  ivs_str s = any_last_of(BOUND);
  ivs_span rest = {(char *)s.p, (uint32_t)s.n, any_byte(), any_byte()};
  GIVEN(rest.kind >= IVS_K_LIST && rest.kind <= IVS_K_MAP);
  GIVEN(rest.kind != IVS_K_LIST || rest.type < TYPES);
  if (any_bool()) rest.p = NULL;
  return rest;
}

static size_t size_of(const ivs_span *rest) {
  return rest->kind == IVS_K_LIST  ? ivs_types[rest->type].size
         : rest->kind == IVS_K_MAP ? sizeof(ivs_pair)
                                   : sizeof(ivs_str);
}

void harness(void) {
  ivs_span rest = any_span(), before = rest;
  if (any_bool()) {
    size_t count = ivs_decode_count(&rest);
    MUST(count < BOUND);
    return;
  }
  struct ivs_arena arena = {NULL, 0};
  ivs_str culprit;
  void *element = any_bytes(size_of(&rest));
  int r = ivs_decode_next(arena, &rest, element, &culprit);
  MUST(r == 0 || r == 1 || r == IVS_ERR_USED || r == IVS_ERR_TYPE || r == IVS_ERR_SPACE ||
       r == IVS_ERR_JSON);
  MUST(rest.kind == before.kind && rest.type == before.type);
  if (rest.p == NULL || rest.n == 0) return;
  MUST(lies_in((ivs_str){rest.p, rest.n}, (ivs_str){before.p, before.n}));
  MUST(rest.p + rest.n == before.p + before.n);
}
