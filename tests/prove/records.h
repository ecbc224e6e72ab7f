/*
 * What has to hold of the tables of record.h: proof record_read relies on it, the proofs of those
 * who have such a table show it.
 */
#ifndef IVS_PROVE_RECORDS_H
#define IVS_PROVE_RECORDS_H

#include "../../core/src/record.h"
#include "prove.h"

static inline size_t row_size(const struct ivs_row *row) {
  static const uint8_t sizes[] = {sizeof(ivs_str), sizeof(ivs_bool), sizeof(ivs_int),
                                  sizeof(ivs_time), sizeof(ivs_str)};
  return sizes[row->kind];
}

/* The row's member lies in a struct of `size` bytes, and its name ends. */
static inline bool row_holds(const struct ivs_row *row, size_t size) {
  return row->kind <= IVS_K_STRUCT && row->offset + row_size(row) <= size &&
         __CPROVER_r_ok(row->name, 1) && row->name[__CPROVER_OBJECT_SIZE(row->name) - 1] == '\0';
}

/* Where texts with escapes go. */
static inline bool spare_holds(const struct ivs_out *spare) {
  return spare->n <= spare->cap && (spare->cap == 0 || __CPROVER_w_ok(spare->p, spare->cap));
}

#endif
