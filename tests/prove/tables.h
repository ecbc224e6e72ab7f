/*
 * The tables of the API as the proofs of the codec need them; proof tables shows what they rely on.
 */
#ifndef IVS_PROVE_TABLES_H
#define IVS_PROVE_TABLES_H

#include "loops.h"
#include "prove.h"

#include <ivs/types.h>

/* The bytes of a member in its struct. */
static inline size_t member_size(const struct ivs_field *f) {
  switch (f->kind) {
    case IVS_K_STR: return sizeof(ivs_str);
    case IVS_K_BOOL: return sizeof(ivs_bool);
    case IVS_K_INT: return sizeof(ivs_int);
    case IVS_K_TIME: return sizeof(ivs_time);
    case IVS_K_STRUCT: return ivs_types[f->type].size;
    default: return sizeof(struct ivs_any_list);
  }
}

/* Any struct of the API. */
static inline uint8_t any_type(void) {
  uint8_t type = any_byte();
  GIVEN(type < TYPES);
  return type;
}

/* Any member of a struct that has some. */
static inline const struct ivs_field *any_field(unsigned type) {
  GIVEN(ivs_types[type].count > 0);
  return ivs_fields + ivs_types[type].first + any_size_to(ivs_types[type].count - 1u);
}

#endif
