/*
 * Words of the contracts of loops, in the files `loops`.
 */
#ifndef IVS_PROVE_LOOPS_H
#define IVS_PROVE_LOOPS_H

/* What an expression was when the loop began. */
#define BEFORE(x) __CPROVER_loop_entry(x)

/* p lies from `from` to `to`, in the same memory. */
#define WITHIN(from, p, to)                                           \
  (__CPROVER_same_object(p, to) && __CPROVER_same_object(from, to) && \
   __CPROVER_POINTER_OFFSET(from) <= __CPROVER_POINTER_OFFSET(p) &&   \
   __CPROVER_POINTER_OFFSET(p) <= __CPROVER_POINTER_OFFSET(to))

/*
 * What holds of struct ivs_http1 before and after every call; the names are those of http1.c. Until
 * the connection is closed, `left` counts downwards, here from `least` at the least.
 */
#define HOLDS_FROM(h, least)                                                                      \
  ((h)->state <= FAILED && (h)->line <= END_OF_CHUNK && (h)->name_n <= sizeof(h)->name &&         \
   (h)->value_n <= sizeof(h)->value && (h)->length >= -1 && ((h)->done == 0 || (h)->done == 1) && \
   ((h)->state != FAILED || ((h)->left < 0 && (h)->left >= -200)) &&                              \
   ((h)->state != DATA || (h)->left >= 0 || ((h)->length < 0 && (h)->left >= (least))))
#define HOLDS(h) HOLDS_FROM(h, INT64_MIN / 2) /* nobody sends 2^62 bytes */

#endif
