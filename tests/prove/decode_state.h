/*
 * struct place of decode.c, which is its own, for harnesses and contracts; where it differs from
 * that the proof fails.
 */
#ifndef IVS_PROVE_DECODE_STATE_H
#define IVS_PROVE_DECODE_STATE_H

#include "tables.h"

struct place {
  struct ivs_json_object object;
  char *base;
  const struct ivs_type *type;
  const struct ivs_field *next;
};

/* The search for members goes on in its struct. */
static inline bool searches(const struct place *at) {
  return __CPROVER_same_object(at->type, ivs_types) && AT(at->type) % sizeof *at->type == 0 &&
         TYPE_OF(*at) < TYPES && __CPROVER_same_object(at->next, ivs_fields) && SEARCHES(*at);
}

#endif
