/*
 * What the harnesses share: views of text that nothing is known of, and the contracts that stand
 * for functions which have a proof of their own.
 */
#ifndef IVS_PROVE_H
#define IVS_PROVE_H

#include <stdlib.h>

#include <ivs/text.h>

/* Any value of a type: to CBMC what was never written is that. */
#define ANY(name, type)           \
  static inline type name(void) { \
    type any;                     \
    return any;                   \
  }
ANY(any_bool, bool)
ANY(any_byte, uint8_t)
ANY(any_char, char)
ANY(any_size, size_t)
ANY(any_int, int)
ANY(any_int64, int64_t)
ANY(any_uint32, uint32_t)

/* A size from 0 to most. */
static inline size_t any_size_to(size_t most) {
  size_t n = any_size();
  __CPROVER_assume(n <= most);
  return n;
}

/* n bytes, any, with nothing before and behind them. */
static inline char *any_bytes(size_t n) {
  char *p = (char *)malloc(n);
  __CPROVER_assume(p != NULL);
  return p;
}

/* A text of at most `most` bytes. */
static inline ivs_str any_text(size_t most) {
  size_t n = any_size_to(most);
  return (ivs_str){any_bytes(n), n};
}

/* The same, for solvers that have it easier with memory of one size. */
static inline ivs_str any_last_of(size_t most) {
  size_t n = any_size_to(most);
  return (ivs_str){any_bytes(most) + (most - n), n};
}

/* True if a view of text lies in another's. */
static inline bool lies_in(ivs_str part, ivs_str whole) {
  return __CPROVER_same_object(part.p, whole.p) && part.p >= whole.p && part.n <= whole.n &&
         (size_t)(part.p - whole.p) <= whole.n - part.n;
}

/* A part of a text. */
static inline ivs_str any_part(ivs_str whole) {
  size_t at = any_size_to(whole.n);
  return (ivs_str){whole.p + at, any_size_to(whole.n - at)};
}

/* n bytes at p may be read; be written. */
#define READABLE(p, n) MUST((n) == 0 || __CPROVER_r_ok(p, n))

#define WRITABLE(p, n) MUST((n) == 0 || __CPROVER_w_ok(p, n))

/* The name that goto-cc gives a static function of core/src/FILE.c. */
#define STATIC(file, function) __CPROVER_file_local_##file##_c_##function

#define MUST(condition) __CPROVER_assert(condition, #condition)
#define GIVEN(condition) __CPROVER_assume(condition)

#endif
