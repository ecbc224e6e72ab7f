/*
 * What is encode.c's own, for harnesses and contracts; where it differs from that the proof fails.
 */
#ifndef IVS_PROVE_ENCODE_STATE_H
#define IVS_PROVE_ENCODE_STATE_H

#include "tables.h"

struct place {
  const char *base;
  const struct ivs_type *type;
  const struct ivs_field *next;
  unsigned members;
  size_t structs;
  bool in_list;
  bool begun;
  bool comma;
};

struct walk {
  struct ivs_out *o;
  ivs_str *culprit;
  struct ivs_region forbidden;
  ivs_member_check *check;
};

/* The bytes of an element of a list or map. */
static inline size_t element_size(const struct ivs_field *f) {
  return f->kind == IVS_K_LIST  ? ivs_types[f->type].size
         : f->kind == IVS_K_MAP ? sizeof(ivs_pair)
                                : sizeof(ivs_str);
}

/* A text, list or map, which begins with where it lies. */
static inline bool begins_with_pointer(const struct ivs_field *f) {
  return f->kind == IVS_K_STR || f->kind >= IVS_K_LIST;
}

/* n elements of some size at p are memory: they do not reach over its end. */
static inline bool is_memory(const void *p, size_t n, size_t size) {
  return n <= PTRDIFF_MAX / (size > 0 ? size : 1) && (uintptr_t)p <= UINTPTR_MAX - n * size;
}

/* A place's type by its number: only then CBMC knows which of the table it is. */
static inline const struct ivs_type *type_of(const struct place *at) {
  MUST(__CPROVER_same_object(at->type, ivs_types) && AT(at->type) % sizeof *at->type == 0);
  MUST(TYPE_OF(*at) < TYPES);
  return &ivs_types[TYPE_OF(*at)];
}

/* What a member may be found to be, IVS_ERR_LENGTH for all that a check may say. */
static inline bool is_result(const struct walk *w, int r) {
  return r == 0 || r == IVS_ERR_REQUIRED || r == IVS_ERR_OVERLAP || r == IVS_ERR_UTF8 ||
         (r == IVS_ERR_LENGTH && w->check != NULL);
}

#endif
