/*
 * The memory of the program: blocks of all sizes for Lua and for mbedTLS at a time, compared with
 * what was written into them; what is wiped; what happens when the region is full.
 */
#include "../check.h"

#include "memory.h"

enum { BLOCKS = 3000, ROUNDS = 200000, LARGEST = 700 };

struct block {
  unsigned char *p;
  size_t n;
  unsigned char mark;
  bool of_tls;
};

static struct block blocks[BLOCKS];

static size_t wrong_bytes(const unsigned char *p, size_t n, unsigned char expected) {
  size_t wrong = 0;
  for (size_t i = 0; i < n; i++) wrong += p[i] != expected;
  return wrong;
}

static void fill(struct block *b) {
  b->mark = (unsigned char)(1 + check_random() % 255);
  memset(b->p, b->mark, b->n);
}

static void take(struct block *b) {
  b->n = 1 + (size_t)(check_random() % LARGEST);
  b->of_tls = check_random() % 2 == 0;
  b->p = (unsigned char *)(b->of_tls ? ivs_memory_calloc(1, b->n)
                                     : ivs_memory_allocate(NULL, NULL, 4, b->n));
  CHECK(b->p != NULL && (uintptr_t)b->p % 8 == 0);
  if (b->of_tls) CHECK_INT(wrong_bytes(b->p, b->n, 0), 0);
  fill(b);
}

static void resize(struct block *b) {
  size_t n = 1 + (size_t)(check_random() % LARGEST);
  b->p = (unsigned char *)ivs_memory_allocate(NULL, b->p, b->n, n);
  CHECK_INT(wrong_bytes(b->p, n < b->n ? n : b->n, b->mark), 0);
  b->n = n;
  fill(b);
}

static void let_go(struct block *b) {
  CHECK_INT(wrong_bytes(b->p, b->n, b->mark), 0);
  if (b->of_tls) ivs_memory_free(b->p);
  else ivs_memory_allocate(NULL, b->p, b->n, 0);
  b->p = NULL;
}

/* Many more than the region holds. */
static void test_at_random(void) {
  for (int i = 0; i < ROUNDS; i++) {
    struct block *b = &blocks[check_random() % BLOCKS];
    if (b->p == NULL) take(b);
    else if (b->of_tls || check_random() % 2 == 0) let_go(b);
    else resize(b);
  }
  for (int i = 0; i < BLOCKS; i++)
    if (blocks[i].p != NULL) let_go(&blocks[i]);
}

static void test_limits(void) {
  CHECK(ivs_memory_calloc(SIZE_MAX / 2, 3) == NULL);
  CHECK(ivs_memory_calloc(1, SIZE_MAX) == NULL);
  void *nothing = ivs_memory_calloc(0, 8);
  CHECK(nothing != NULL);
  ivs_memory_free(nothing);
  ivs_memory_free(NULL);
}

/* A sanitizer that watches memory leaves nothing to look at. */
#if !IVS_MEMORY_WATCHED

enum { SMALL = 200 };

static unsigned char *with_secret(void) {
  unsigned char *p = (unsigned char *)ivs_memory_allocate(NULL, NULL, 4, SMALL);
  memset(p, 'k', SMALL);
  return p;
}

/* At once, but for the link to the next one of the list. */
static void test_wiped(void) {
  unsigned char *p = with_secret();
  ivs_memory_allocate(NULL, p, SMALL, 0);
  CHECK_INT(wrong_bytes(p + sizeof(void *), SMALL - sizeof(void *), 0), 0);
  CHECK(with_secret() == p);
}

static void test_wiped_at_the_end(unsigned char *p) {
  ivs_memory_closing();
  ivs_memory_allocate(NULL, p, SMALL, 0);
  CHECK_INT(wrong_bytes(p, SMALL, 'k'), 0);
  ivs_memory_wipe();
  CHECK_INT(wrong_bytes(p, SMALL, 0), 0);
}

int main(void) {
  check_seed();
  unsigned char *kept = with_secret();
  RUN(test_wiped);
  RUN(test_limits);
  RUN(test_at_random);
  test_wiped_at_the_end(kept);
  return check_done();
}

#else

int main(void) {
  check_seed();
  RUN(test_limits);
  RUN(test_at_random);
  return check_done();
}

#endif
