/*
 * A region allocator with a free list for each size of block. Small blocks, which nearly all are,
 * come from a region of fixed size: most commands need no more. At the end of the program, when Lua
 * frees all it has, the region is wiped as a whole. When it is full, and for large blocks, there is
 * malloc().
 */
#include "memory.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <ivs/crypto.h>

enum { REGION = 256 * 1024, UNIT = 8 };

/* Bytes of the largest small block; none where a sanitizer watches what malloc() gives. */
enum { SMALL = IVS_MEMORY_WATCHED ? 0 : 256 };

union unit {
  union unit *next; /* in a free block */
  size_t n;         /* in front of a block for mbedTLS: its bytes, with this */
  unsigned char bytes[UNIT];
};

static struct {
  alignas(max_align_t) union unit units[REGION / UNIT];
  size_t used;                             /* units that were ever allocated */
  union unit *free_list[SMALL / UNIT + 1]; /* by size in units */
  bool closing;
} region;

static size_t units_of(size_t n) {
  return (n + UNIT - 1) / UNIT;
}

static bool is_inside(const void *p) {
  return (uintptr_t)p - (uintptr_t)region.units < sizeof region.units;
}

/* NULL: malloc() has to allocate it. */
static void *region_allocate(size_t n) {
  if (n > SMALL) return NULL;
  size_t size = units_of(n);
  union unit *p = region.free_list[size];
  if (p != NULL) {
    region.free_list[size] = p->next;
    return p;
  }
  if (size > REGION / UNIT - region.used) return NULL;
  p = &region.units[region.used];
  region.used += size;
  return p;
}

/* p is inside. */
static void region_free(void *p, size_t n) {
  union unit *block = (union unit *)p;
  block->next = region.free_list[units_of(n)];
  region.free_list[units_of(n)] = block;
}

/* --- Lua --- */

static void *allocate_block(size_t n) {
  void *p = region_allocate(n);
  return p != NULL ? p : malloc(n);
}

static void free_block(void *p, size_t n) {
  if (is_inside(p)) {
    if (region.closing) return;
    ivs_wipe(p, n);
    region_free(p, n);
  } else {
    ivs_wipe(p, n);
    free(p);
  }
}

/* see memory.h. A block that grows is not left to realloc(), which may move it. */
void *ivs_memory_allocate(void *unused, void *p, size_t old, size_t n) {
  (void)unused;
  void *q = n > 0 ? allocate_block(n) : NULL;
  if (p == NULL) return q;                            /* old is then a type */
  if (n > 0 && q == NULL) return n <= old ? p : NULL; /* to become smaller must not fail */
  if (n > 0) memcpy(q, p, n < old ? n : old);
  free_block(p, old);
  return q;
}

/* see memory.h */
void ivs_memory_closing(void) {
  region.closing = true;
}

/* see memory.h */
void ivs_memory_wipe(void) {
  ivs_wipe(region.units, region.used * UNIT);
}

/* --- mbedTLS --- */

/* see memory.h */
void *ivs_memory_calloc(size_t count, size_t size) {
  if (count == 0 || size == 0) count = size = 1;
  if (count > SMALL / size) return calloc(count, size);
  size_t n = count * size + UNIT;
  union unit *head = region_allocate(n);
  if (head == NULL) return calloc(count, size);
  for (size_t i = 1; i < units_of(n); i++) memset(head[i].bytes, 0, UNIT);
  head->n = n;
  return head + 1;
}

/* see memory.h */
void ivs_memory_free(void *p) {
  if (is_inside(p)) {
    union unit *head = (union unit *)p - 1;
    region_free(head, head->n);
  } else {
    free(p);
  }
}
