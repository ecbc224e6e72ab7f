/*
 * How deep the structs of the API go, by its tables: what a walk over them has to have room for.
 * For one file of a proof, its harness; loops.h knows the names.
 */
#ifndef IVS_PROVE_HEIGHTS_H
#define IVS_PROVE_HEIGHTS_H

#include "tables.h"

uint8_t height[TYPES], list_height[TYPES];

/* Reckons both for all types. The members of a struct have types before its own (proof tables). */
static inline void measure(void) {
  for (unsigned t = 0; t < TYPES; t++) {
    height[t] = list_height[t] = 1;
    for (unsigned i = 0; i < ivs_types[t].count; i++) {
      const struct ivs_field *f = ivs_fields + ivs_types[t].first + i;
      if (f->kind != IVS_K_STRUCT && f->kind != IVS_K_LIST) continue;
      uint8_t within = (uint8_t)(1 + list_height[f->type]);
      if (list_height[t] < within) list_height[t] = within;
      within = (uint8_t)(1 + height[f->type]);
      if (f->kind == IVS_K_STRUCT && height[t] < within) height[t] = within;
    }
  }
}

uint64_t requests_have[REQUESTS_HAVE];

static inline bool requested(unsigned t) {
  return REQUESTED(t);
}

/* What requests consist of. */
static inline void measure_requests(void) {
  for (unsigned i = 0; i < REQUESTS_HAVE; i++) requests_have[i] = 0;
  for (unsigned id = 0; id < IVS_OP_COUNT; id++)
    requests_have[ivs_ops[id].in / 64] |= (uint64_t)1 << ivs_ops[id].in % 64;
  for (unsigned t = TYPES - 1; t > 0; t--) {
    for (unsigned i = 0; requested(t) && i < ivs_types[t].count; i++) {
      const struct ivs_field *f = ivs_fields + ivs_types[t].first + i;
      if (f->kind == IVS_K_STRUCT || f->kind == IVS_K_LIST)
        requests_have[f->type / 64] |= (uint64_t)1 << f->type % 64;
    }
  }
}

#endif
