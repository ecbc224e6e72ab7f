#include "memory.h"

#include "board.h"
#include "pool.h"

#include <reent.h>
#include <string.h>

enum { POOL_BYTES = BOARD_POOL_KB * 1024, LUA_BYTES = BOARD_LUA_KB * 1024 };

/* newlib's printf and strtod calculate in memory of their own, and know no error when there is
   none. So it is set aside: enough for any double, and for numerals of NUMERAL_MAX bytes (libc.c).
 */
enum { NUMBERS_BYTES = 6 * 1024 };

static uint64_t bytes[POOL_BYTES / sizeof(uint64_t)];
static struct pool pool, numbers;
static size_t lua_used, lua_most;

/* see pool.h */
void pool_damaged(void) {
  board_panic("the pool is damaged");
}

/* see memory.h */
void memory_start(void) {
  pool_init(&pool, bytes, sizeof bytes);
  pool_init(&numbers, pool_get(&pool, NUMBERS_BYTES), NUMBERS_BYTES);
}

static void *calloc_from(struct pool *from, size_t count, size_t size) {
  if (size != 0 && count > SIZE_MAX / size) return NULL;
  void *p = pool_get(from, count * size);
  return p != NULL ? memset(p, 0, count * size) : NULL;
}

/* see memory.h */
void *memory_calloc(size_t count, size_t size) {
  return calloc_from(&pool, count, size);
}

/* see memory.h */
void memory_free(void *p) {
  pool_give(&pool, p);
}

/* see memory.h */
void *memory_lua(void *unused, void *p, size_t old, size_t n) {
  (void)unused;
  if (p == NULL) old = 0; /* it was a type */
  if (n > old && n - old > LUA_BYTES - lua_used) return NULL;
  void *to = NULL;
  if (n == 0) pool_give(&pool, p);
  else to = pool_resize(&pool, p, n);
  if (n != 0 && to == NULL) return NULL;
  lua_used += n - old;
  if (lua_used > lua_most) lua_most = lua_used;
  return to;
}

/* see memory.h */
struct memory_use memory_use(void) {
  return (struct memory_use){pool.most, sizeof bytes, lua_most,
                             LUA_BYTES, numbers.most, NUMBERS_BYTES};
}

/* --- newlib's, in place of its heap --- */

void *_malloc_r(struct _reent *reent, size_t n) {
  (void)reent;
  return pool_get(&numbers, n);
}

void *_calloc_r(struct _reent *reent, size_t count, size_t size) {
  (void)reent;
  return calloc_from(&numbers, count, size);
}

void *_realloc_r(struct _reent *reent, void *p, size_t n) {
  (void)reent;
  return pool_resize(&numbers, p, n);
}

void _free_r(struct _reent *reent, void *p) {
  (void)reent;
  pool_give(&numbers, p);
}
