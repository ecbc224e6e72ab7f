#include "../encode_state.h"

enum { BOUND = 64 };

void STATIC(encode, enter)(struct place *to, unsigned type, const void *base, size_t count,
                           bool in_list);
bool STATIC(encode, next_struct)(struct ivs_out *o, struct place *at);

/* Some structs of a type, of which so many were begun: the next one. */
static void step(struct ivs_out *o, unsigned type) {
  size_t size = ivs_types[type].size, count = any_size_to(BOUND), begun = any_size_to(count);
  const char *structs = any_bytes(count * size);
  struct place at;
  STATIC(encode, enter)(&at, type, structs, count, any_bool());
  if (begun > 0) {
    at.base = structs + (begun - 1) * size;
    at.structs = count - begun;
    at.begun = true;
  }
  bool more = STATIC(encode, next_struct)(o, &at);
  MUST(more == (begun < count));
  if (!more) {
    MUST(at.base == structs + count * size && at.structs == 0 && at.members == 0);
    return;
  }
  MUST(at.begun && at.base == structs + begun * size && at.structs == count - begun - 1);
  READABLE(at.base, size);
  MUST(at.type == &ivs_types[type] && at.next == ivs_fields + ivs_types[type].first);
  MUST(at.members == ivs_types[type].count && !at.comma);
}

void harness(void) {
  struct ivs_out o = ivs_out_to(NULL, any_size());
  step(&o, any_type());
}
