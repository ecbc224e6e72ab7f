/*
 * Memory out of one piece, given and taken back in any order. Blocks are multiples of 8 bytes, with
 * 8 bytes of book-keeping each; free neighbours become one.
 */
#ifndef POOL_H
#define POOL_H

#include <stddef.h>
#include <stdint.h>

enum { POOL_CLASSES = 20 };

struct pool_block;

/* All private but `used` and `most`: bytes that are given now, and at most ever, book-keeping
   included. */
struct pool {
  size_t used, most;
  char *start, *end;
  struct pool_block *free[POOL_CLASSES]; /* by size: 16 to 31 bytes, 32 to 63, ... */
};

/* memory: n bytes, at least 64, at an address that is a multiple of 8. */
void pool_init(struct pool *pool, void *memory, size_t n);

/* At least n bytes, at an address that is a multiple of 8; NULL: there is no such piece left. */
void *pool_get(struct pool *pool, size_t n);

/* The same bytes, up to the lesser of both sizes, as a piece of n, elsewhere if need be. NULL: p is
   as it was. p may be NULL. */
void *pool_resize(struct pool *pool, void *p, size_t n);

/* Gives back; p may be NULL. */
void pool_give(struct pool *pool, void *p);

/* From the program: called when a piece that is given back shows that something wrote beyond its
   end, or that it was given back before. */
_Noreturn void pool_damaged(void);

#endif
