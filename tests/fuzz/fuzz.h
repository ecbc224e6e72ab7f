/*
 * What the harnesses share: an input that is taken from the front, copies that end where memory
 * ends, and what has to hold. A harness is one LLVMFuzzerTestOneInput(): libFuzzer calls it, or
 * main.c with what is in files.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include "../check.h"

#include <ivs/base.h>

/* Returns 0, or -1 if the input is none to build on. A property that does not hold ends the
   program. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* --- what has to hold --- */

static inline _Noreturn void fuzz_failed(const char *file, int line, const char *what) {
  fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
  abort();
}

#define HOLDS(condition) ((condition) ? (void)0 : fuzz_failed(__FILE__, __LINE__, #condition))

static inline bool fuzz_same(const void *a, size_t an, const void *b, size_t bn) {
  return an == bn && (an == 0 || memcmp(a, b, an) == 0);
}

/* The view lies within n bytes at p, or is absent. */
static inline bool fuzz_within(ivs_str s, const char *p, size_t n) {
  return s.p == NULL ? s.n == 0 : s.p >= p && s.n <= n && s.p <= p + n - s.n;
}

/* As check_holds(), for long stretches of memory. */
static inline bool fuzz_holds(const void *p, size_t n, const char *text) {
  size_t m = strlen(text);
  const char *at = (const char *)p, *end = at + n;
  while ((size_t)(end - at) >= m) {
    at = (const char *)memchr(at, *text, (size_t)(end - at) - m + 1);
    if (at == NULL) return false;
    if (memcmp(at++, text, m) == 0) return true;
  }
  return false;
}

/* --- taking the input --- */

struct fuzz {
  const uint8_t *p;
  size_t n;
};

/* 0 behind the end. */
static inline uint8_t fuzz_byte(struct fuzz *f) {
  if (f->n == 0) return 0;
  f->n--;
  return *f->p++;
}

static inline uint64_t fuzz_number(struct fuzz *f, int bytes) {
  uint64_t v = 0;
  while (bytes-- > 0) v = v << 8 | fuzz_byte(f);
  return v;
}

/* At most so many bytes, as they stand. */
static inline ivs_str fuzz_take(struct fuzz *f, size_t n) {
  if (n > f->n) n = f->n;
  ivs_str s = {(const char *)f->p, n};
  f->p += n;
  f->n -= n;
  return s;
}

/* A text behind a byte that says its length. */
static inline ivs_str fuzz_text(struct fuzz *f) {
  return fuzz_take(f, fuzz_byte(f));
}

/* Sizes of pieces, in turn, from a short list at the input's front: what comes after it is fed in
   pieces that the input has chosen. */
struct fuzz_pieces {
  ivs_str sizes;
  size_t at;
};

static inline struct fuzz_pieces fuzz_pieces(struct fuzz *f) {
  struct fuzz_pieces pieces = {fuzz_take(f, fuzz_byte(f) % 8), 0};
  return pieces;
}

/* The next piece of what is left: at least 1. */
static inline size_t fuzz_piece(struct fuzz_pieces *pieces, size_t left) {
  if (pieces->sizes.n == 0) return left;
  size_t n = (uint8_t)pieces->sizes.p[pieces->at++ % pieces->sizes.n];
  return n == 0 ? 1 : n < left ? n : left;
}

/* --- memory --- */

enum { FUZZ_MOST = 1 << 16, FUZZ_PLACES = 4 };

/* Room for n bytes, at most FUZZ_MOST, whose end is the end of a page; what is behind faults. Lives
   until the same place is asked for again. */
static inline char *fuzz_room(int place, size_t n) {
  static char *rooms[FUZZ_PLACES];
  if (rooms[place] == NULL) rooms[place] = check_guard(FUZZ_MOST);
  HOLDS(n <= FUZZ_MOST);
  return rooms[place] + FUZZ_MOST - n;
}

static inline char *fuzz_copy(int place, const void *p, size_t n) {
  char *copy = fuzz_room(place, n);
  if (n > 0) memcpy(copy, p, n);
  return copy;
}

#endif
