/*
 * getrandom() on Linux, getentropy() where that is the system's way, and /dev/urandom where the
 * kernel is too old for both.
 */
#include "system.h"

#include "entropy.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/random.h>
#elif defined(__APPLE__)
#include <sys/random.h>
#endif

static int from_device(unsigned char *p, size_t n) {
  int fd;
  while ((fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC)) < 0)
    if (errno != EINTR) return errno;
  int result = 0;
  while (n > 0 && result == 0) {
    ssize_t r = read(fd, p, n);
    if (r > 0) {
      p += r;
      n -= (size_t)r;
    } else if (r == 0) {
      result = EIO;
    } else if (errno != EINTR) {
      result = errno;
    }
  }
  close(fd);
  return result;
}

#if defined(__linux__)
static int from_kernel(unsigned char *p, size_t n) {
  while (n > 0) {
    ssize_t r = getrandom(p, n, GRND_NONBLOCK);
    if (r > 0) {
      p += r;
      n -= (size_t)r;
    } else if (r == 0) {
      return EIO;
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}
#elif defined(__APPLE__)
static int from_kernel(unsigned char *p, size_t n) {
  for (; n > 0;) {
    size_t part = n < 256 ? n : 256; /* getentropy gives no more at a time */
    if (getentropy(p, part) != 0) return errno;
    p += part;
    n -= part;
  }
  return 0;
}
#else
static int from_kernel(unsigned char *p, size_t n) {
  (void)p;
  (void)n;
  return ENOSYS;
}
#endif

/* see entropy.h */
int ivs_posix_entropy(void *p, size_t n) {
  int r = from_kernel(p, n);
  return r == ENOSYS ? from_device(p, n) : r;
}
