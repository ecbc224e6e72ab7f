/*
 * Blocks lie one behind the other from start to end; each knows its own size and that of the one
 * before, so that both neighbours are found. The free ones are in lists by size: a block of list i
 * has 16 * 2^i bytes or more, less than twice that.
 */
#include "pool.h"

#include <stdbool.h>
#include <string.h>

enum { UNIT = 8, IN_USE = 1 };

struct pool_block {
  uint32_t before;                /* bytes of the block before; 0: this is the first */
  uint32_t size;                  /* bytes, these included; IN_USE is added */
  struct pool_block *next, *last; /* of a free one, in its list */
};

enum { HEAD = 2 * sizeof(uint32_t), LEAST = (sizeof(struct pool_block) + UNIT - 1) / UNIT * UNIT };

static uint32_t size_of(const struct pool_block *b) {
  return b->size & ~(uint32_t)IN_USE;
}

static bool in_use(const struct pool_block *b) {
  return b->size & IN_USE;
}

static struct pool_block *block_of(void *p) {
  return (struct pool_block *)(void *)((char *)p - HEAD);
}

/* NULL: it is the last. */
static struct pool_block *after(const struct pool *pool, struct pool_block *b) {
  char *p = (char *)b + size_of(b);
  return p < pool->end ? (struct pool_block *)(void *)p : NULL;
}

static unsigned class_of(uint32_t size) {
  unsigned i = 0;
  while (size >= 32 && i < POOL_CLASSES - 1) {
    size >>= 1;
    i++;
  }
  return i;
}

static void list(struct pool *pool, struct pool_block *b) {
  struct pool_block **head = &pool->free[class_of(b->size)];
  b->last = NULL;
  b->next = *head;
  if (*head != NULL) (*head)->last = b;
  *head = b;
}

static void unlist(struct pool *pool, struct pool_block *b) {
  if (b->last != NULL) b->last->next = b->next;
  else pool->free[class_of(b->size)] = b->next;
  if (b->next != NULL) b->next->last = b->last;
}

/* A free block of so many bytes, out of its list. All of a list above its own are large enough. */
static struct pool_block *take(struct pool *pool, uint32_t size) {
  struct pool_block *b = NULL;
  for (unsigned i = class_of(size); b == NULL && i < POOL_CLASSES; i++) {
    b = pool->free[i];
    while (b != NULL && b->size < size) b = b->next;
  }
  if (b != NULL) unlist(pool, b);
  return b;
}

/* Makes b, free and in no list, one with free neighbours, and lists it. */
static void join(struct pool *pool, struct pool_block *b) {
  struct pool_block *next = after(pool, b);
  if (next != NULL && !in_use(next)) {
    unlist(pool, next);
    b->size += next->size;
  }
  struct pool_block *before =
      b->before != 0 ? (struct pool_block *)(void *)((char *)b - b->before) : NULL;
  if (before != NULL && !in_use(before)) {
    unlist(pool, before);
    before->size += b->size;
    b = before;
  }
  next = after(pool, b);
  if (next != NULL) next->before = b->size;
  list(pool, b);
}

/* Leaves b, in use, with so many bytes; what is over is free, if it is enough for a block. */
static void trim(struct pool *pool, struct pool_block *b, uint32_t size) {
  uint32_t over = size_of(b) - size;
  if (over < LEAST) return;
  struct pool_block *rest = (struct pool_block *)(void *)((char *)b + size);
  b->size = size | IN_USE;
  rest->before = size;
  rest->size = over;
  pool->used -= over;
  join(pool, rest);
}

/* b, in use, takes as much of the free block behind it as it needs. False: it cannot. */
static bool extend(struct pool *pool, struct pool_block *b, uint32_t size) {
  struct pool_block *next = after(pool, b), *far;
  if (next == NULL || in_use(next) || size_of(b) + next->size < size) return false;
  unlist(pool, next);
  pool->used += next->size;
  b->size += next->size;
  far = after(pool, b);
  if (far != NULL) far->before = size_of(b);
  trim(pool, b, size);
  return true;
}

static void note_most(struct pool *pool) {
  if (pool->used > pool->most) pool->most = pool->used;
}

/* Bytes of a block with n for its user; 0: there is no such block. */
static uint32_t block_size(const struct pool *pool, size_t n) {
  if (n > (size_t)(pool->end - pool->start) - HEAD) return 0;
  size_t size = (n + HEAD + UNIT - 1) / UNIT * UNIT;
  return (uint32_t)(size > LEAST ? size : LEAST);
}

static void check(const struct pool *pool, struct pool_block *b) {
  struct pool_block *next = after(pool, b);
  if (!in_use(b) || (next != NULL && next->before != size_of(b))) pool_damaged();
}

/* see pool.h */
void pool_init(struct pool *pool, void *memory, size_t n) {
  struct pool_block *all = (struct pool_block *)memory;
  memset(pool, 0, sizeof *pool);
  n = n / UNIT * UNIT;
  pool->start = (char *)memory;
  pool->end = pool->start + n;
  all->before = 0;
  all->size = (uint32_t)n;
  list(pool, all);
}

/* see pool.h */
void *pool_get(struct pool *pool, size_t n) {
  uint32_t size = block_size(pool, n);
  struct pool_block *b = size != 0 ? take(pool, size) : NULL;
  if (b == NULL) return NULL;
  pool->used += b->size;
  b->size |= IN_USE;
  trim(pool, b, size);
  note_most(pool);
  return (char *)b + HEAD;
}

/* see pool.h */
void *pool_resize(struct pool *pool, void *p, size_t n) {
  if (p == NULL) return pool_get(pool, n);
  struct pool_block *b = block_of(p);
  uint32_t size = block_size(pool, n);
  check(pool, b);
  if (size == 0) return NULL;
  if (size > size_of(b) && !extend(pool, b, size)) {
    void *to = pool_get(pool, n);
    if (to == NULL) return NULL;
    memcpy(to, p, size_of(b) - HEAD);
    pool_give(pool, p);
    return to;
  }
  trim(pool, b, size);
  note_most(pool);
  return p;
}

/* see pool.h */
void pool_give(struct pool *pool, void *p) {
  if (p == NULL) return;
  struct pool_block *b = block_of(p);
  check(pool, b);
  b->size = size_of(b);
  pool->used -= b->size;
  join(pool, b);
}
