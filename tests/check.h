/*
 * The C tests' own header. A test is a program: functions that use CHECK, run by RUN in main, which
 * ends with return check_done(). The first failures are printed with file, line and values; the
 * exit code is 1 if any check failed. Random tests take their seed from IVS_SEED, or make one and
 * print it.
 */
#ifndef CHECK_H
#define CHECK_H

/* For mmap, timegm and the like under -std=c11. Takes effect where this header is the first to be
   included. */
#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE
#endif

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static int check_failed, check_count;
static const char *check_where = "";

static inline bool check_report(bool ok, const char *file, int line, const char *what) {
  check_count++;
  if (ok) return true;
  if (++check_failed <= 20)
    fprintf(stderr, "%s:%d: %s: failed: %s\n", file, line, check_where, what);
  return false;
}

static inline bool check_int(long long a, long long b, const char *file, int line,
                             const char *what) {
  if (!check_report(a == b, file, line, what) && check_failed <= 20)
    fprintf(stderr, "  %lld, expected %lld\n", a, b);
  return a == b;
}

static inline bool check_mem(const void *a, size_t an, const void *b, size_t bn, const char *file,
                             int line, const char *what) {
  bool same = an == bn && (an == 0 || memcmp(a, b, an) == 0);
  if (!check_report(same, file, line, what) && check_failed <= 20)
    fprintf(stderr, "  \"%.*s\" (%zu)\n  expected \"%.*s\" (%zu)\n", (int)an,
            a != NULL ? (const char *)a : "", an, (int)bn, b != NULL ? (const char *)b : "", bn);
  return same;
}

#define CHECK(condition) check_report((condition), __FILE__, __LINE__, #condition)
#define CHECK_INT(a, b) check_int((long long)(a), (long long)(b), __FILE__, __LINE__, #a " == " #b)
#define CHECK_MEM(a, an, b, bn) check_mem((a), (an), (b), (bn), __FILE__, __LINE__, #a)
/* An ivs_str against a NUL-ended string. */
#define CHECK_STR(a, s) check_mem((a).p, (a).n, (s), strlen(s), __FILE__, __LINE__, #a)
#define RUN(test) (check_where = #test, test())

static inline int check_done(void) {
  if (check_failed) fprintf(stderr, "%d of %d checks failed\n", check_failed, check_count);
  else printf("%d checks\n", check_count);
  return check_failed || check_count == 0;
}

/* True if the NUL-ended text occurs in the n bytes at p. */
static inline bool check_holds(const void *p, size_t n, const char *text) {
  size_t m = strlen(text);
  for (size_t i = 0; i + m <= n; i++)
    if (memcmp((const char *)p + i, text, m) == 0) return true;
  return false;
}

/* A small generator (xorshift64*), so that a round can be repeated from its seed on any machine. */
static uint64_t check_random_state;

static inline void check_seed(void) {
  const char *s = getenv("IVS_SEED");
  uint64_t seed = s ? strtoull(s, NULL, 0) : (uint64_t)time(NULL) * 2654435761u ^ (uint64_t)clock();
  printf("seed: IVS_SEED=%llu\n", (unsigned long long)seed);
  check_random_state = seed * 2 + 1;
}

static inline uint64_t check_random(void) {
  uint64_t x = check_random_state;
  x ^= x >> 12;
  x ^= x << 25;
  x ^= x >> 27;
  check_random_state = x;
  return x * 2685821657736338717u;
}

/* 0 to n - 1. */
static inline size_t check_below(size_t n) {
  return (size_t)(check_random() >> 11) % n;
}

#ifdef MAP_ANONYMOUS

static inline size_t check_guard_map(size_t size) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  return (size + page - 1) / page * page + page;
}

/* size bytes whose end is the end of a page; the byte behind them faults when touched. To
   check_guard_free(). */
static inline char *check_guard(size_t size) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE), all = check_guard_map(size);
  char *p = (char *)mmap(NULL, all, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (p == MAP_FAILED || mprotect(p + all - page, page, PROT_NONE) != 0) {
    perror("check_guard");
    exit(1);
  }
  return p + all - page - size;
}

static inline void check_guard_free(char *p, size_t size) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE), all = check_guard_map(size);
  munmap(p + size + page - all, all);
}

#endif

#endif
