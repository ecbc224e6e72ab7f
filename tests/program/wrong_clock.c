/*
 * Preloaded into a program, it takes its clock back to 1970, as on a board without a battery; the
 * clock that nobody sets goes on as it is.
 */
#define _GNU_SOURCE
#include <stddef.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* 2026-01-01 and a bit: far enough that the result is a year of 1970 or so for years to come. */
enum { BACK = 1767225600 };

int clock_gettime(clockid_t id, struct timespec *t) {
  int r = (int)syscall(SYS_clock_gettime, id, t);
  if (r == 0 && id == CLOCK_REALTIME) t->tv_sec -= BACK;
  return r;
}

time_t time(time_t *to) {
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  if (to != NULL) *to = t.tv_sec;
  return t.tv_sec;
}
