/*
 * calloc() instead of the C library's; clock_gettime() and mbedTLS's source of random numbers
 * through the linker's --wrap.
 */
#define _GNU_SOURCE
#include "tls_faults.h"

#include <limits.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

long faults_allocations_left = LONG_MAX;
long faults_randoms_left = LONG_MAX;
int64_t faults_boot_seconds;

/* Volatile, or the compiler makes the two calls below one of calloc(). */
static void *(*volatile allocate)(size_t) = malloc;

void *calloc(size_t count, size_t size) {
  if (faults_allocations_left <= 0 || (size != 0 && count > SIZE_MAX / size)) return NULL;
  if (faults_allocations_left != LONG_MAX) faults_allocations_left--;
  void *p = allocate(count * size);
  return p != NULL ? memset(p, 0, count * size) : NULL;
}

int __real_mbedtls_ctr_drbg_random(void *random, unsigned char *to, size_t n);
int __wrap_mbedtls_ctr_drbg_random(void *random, unsigned char *to, size_t n);

int __wrap_mbedtls_ctr_drbg_random(void *random, unsigned char *to, size_t n) {
  /* MBEDTLS_ERR_CTR_DRBG_..., whose header mbedTLS 4 keeps to itself. */
  enum { SOURCE_FAILED = -0x34 };
  if (faults_randoms_left-- == 0) return SOURCE_FAILED;
  return __real_mbedtls_ctr_drbg_random(random, to, n);
}

int __real_clock_gettime(clockid_t clock, struct timespec *t);
int __wrap_clock_gettime(clockid_t clock, struct timespec *t);

int __wrap_clock_gettime(clockid_t clock, struct timespec *t) {
  int r = __real_clock_gettime(clock, t);
  if (r == 0 && clock != CLOCK_REALTIME) t->tv_sec += (time_t)faults_boot_seconds;
  return r;
}
