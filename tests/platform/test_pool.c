/*
 * The memory of the image with Lua, boards/mps2-an386-lua/pool.c: pieces of all sizes, given,
 * resized and taken back at random, keep what is written to them; all of it is one piece again in
 * the end; damage is noticed.
 */
#include "../check.h"

#include "../../boards/mps2-an386-lua/pool.h"

#include <setjmp.h>

enum { POOL = 16 * 1024, PIECES = 300, ROUNDS = 30000, HEAD = 8 };

struct piece {
  unsigned char *p;
  size_t n;
  unsigned char with;
};

static uint64_t memory[POOL / 8];
static struct pool pool;
static struct piece pieces[PIECES];
static int refused;
static jmp_buf damaged;

_Noreturn void pool_damaged(void) {
  longjmp(damaged, 1);
}

static void fill(struct piece *piece, unsigned char *p, size_t n) {
  piece->p = p;
  piece->n = n;
  piece->with = (unsigned char)check_below(256);
  memset(p, piece->with, n);
}

static bool is_filled(const struct piece *piece, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (piece->p[i] != piece->with) return false;
  return true;
}

/* Few are large. */
static size_t any_size(void) {
  return check_below(check_below(20) == 0 ? 4000 : 120);
}

static void change(struct piece *piece) {
  size_t n = any_size(), kept = n < piece->n ? n : piece->n;
  unsigned char *p = (unsigned char *)pool_resize(&pool, piece->p, n);
  CHECK(is_filled(piece, p == NULL ? piece->n : 0));
  refused += p == NULL;
  if (p == NULL) return;
  piece->p = p;
  CHECK((uintptr_t)p % 8 == 0);
  CHECK(is_filled(piece, kept));
  fill(piece, p, n);
}

static void turn(struct piece *piece) {
  if (piece->p != NULL) CHECK(is_filled(piece, piece->n));
  if (check_below(2) == 0) {
    change(piece);
    return;
  }
  pool_give(&pool, piece->p);
  *piece = (struct piece){0};
}

static void at_random(void) {
  pool_init(&pool, memory, sizeof memory);
  for (int i = 0; i < ROUNDS; i++) turn(&pieces[check_below(PIECES)]);
  CHECK(refused > 0);
  CHECK(pool.most <= POOL);
  for (int i = 0; i < PIECES; i++) {
    CHECK(pieces[i].p == NULL || is_filled(&pieces[i], pieces[i].n));
    pool_give(&pool, pieces[i].p);
  }
  CHECK_INT(pool.used, 0);
  CHECK(pool_get(&pool, POOL - HEAD) != NULL);
  CHECK_INT(pool.used, POOL);
  CHECK(pool_get(&pool, 1) == NULL);
}

static void sizes(void) {
  pool_init(&pool, memory, sizeof memory);
  CHECK(pool_get(&pool, POOL) == NULL);
  CHECK(pool_get(&pool, SIZE_MAX) == NULL);
  CHECK(pool_get(&pool, SIZE_MAX - HEAD + 1) == NULL);
  void *none = pool_get(&pool, 0), *one = pool_get(&pool, 1);
  CHECK(none != NULL && one != NULL && none != one);
  CHECK(pool_resize(&pool, one, SIZE_MAX) == NULL);
  CHECK(pool_resize(&pool, one, POOL) == NULL);
  pool_give(&pool, NULL);
  pool_give(&pool, none);
  pool_give(&pool, one);
  CHECK_INT(pool.used, 0);
}

/* In place, down and up again, where there is room behind it. */
static void in_place(void) {
  pool_init(&pool, memory, sizeof memory);
  void *p = pool_get(&pool, 1000);
  size_t used = pool.used;
  CHECK(pool_resize(&pool, p, 100) == p);
  CHECK(pool.used < used);
  CHECK(pool_resize(&pool, p, 2000) == p);
  CHECK_INT(pool.most, pool.used);
  CHECK(pool_get(&pool, 8) != NULL);
  CHECK(pool_resize(&pool, p, 3000) != p);
}

static bool is_noticed(void *p) {
  if (setjmp(damaged) != 0) return true;
  pool_give(&pool, p);
  return false;
}

static void damage(void) {
  pool_init(&pool, memory, sizeof memory);
  unsigned char *p = (unsigned char *)pool_get(&pool, 40);
  void *next = pool_get(&pool, 40);
  pool_get(&pool, 40);
  CHECK(!is_noticed(next));
  CHECK(is_noticed(next)); /* given back twice */
  next = pool_get(&pool, 40);
  p[40] ^= 0x55; /* one too many */
  CHECK(is_noticed(p));
  p[40] ^= 0x55;
  CHECK(!is_noticed(p));
  CHECK(!is_noticed(next));
}

int main(void) {
  check_seed();
  RUN(at_random);
  RUN(sizes);
  RUN(in_place);
  RUN(damage);
  return check_done();
}
