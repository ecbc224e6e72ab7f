/*
 * What is closed by exec is made so at once, where the system can do that: between two calls,
 * another thread may fork and start a program, which would keep it open.
 */
#include "system.h"

#ifdef __linux__
#define _GNU_SOURCE /* for pipe2() */
#endif

#include "descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

static int close_both(const int fd[2], int r) {
  close(fd[0]);
  close(fd[1]);
  return r;
}

static int close_by_exec(int fd) {
  return fcntl(fd, F_SETFD, FD_CLOEXEC) < 0 ? errno : 0;
}

static int never_block(int fd) {
  int flags = fcntl(fd, F_GETFL);
  return flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 ? errno : 0;
}

/* see descriptor.h */
int ivs_posix_prepare(int fd) {
  int r = never_block(fd);
  if (r == 0) r = close_by_exec(fd);
#ifdef SO_NOSIGPIPE
  int on = 1;
  if (r == 0 && setsockopt(fd, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on) < 0) r = errno;
#endif
  return r;
}

/* see descriptor.h */
int ivs_posix_socket_pair(int fd[2]) {
  int type = SOCK_STREAM;
#ifdef SOCK_CLOEXEC
  type |= SOCK_CLOEXEC;
#endif
  if (socketpair(AF_UNIX, type, 0, fd) < 0) return errno;
  int r = ivs_posix_prepare(fd[0]);
  if (r == 0) r = ivs_posix_prepare(fd[1]);
  return r == 0 ? 0 : close_both(fd, r);
}

static int open_pipe(int fd[2]) {
#ifdef __linux__
  return pipe2(fd, O_CLOEXEC) < 0 ? errno : 0;
#else
  if (pipe(fd) < 0) return errno;
  int r = close_by_exec(fd[0]);
  if (r == 0) r = close_by_exec(fd[1]);
  return r == 0 ? 0 : close_both(fd, r);
#endif
}

/* see descriptor.h */
int ivs_posix_pipe(int fd[2]) {
  int r = open_pipe(fd);
  if (r != 0) return r;
  r = never_block(fd[0]);
  return r == 0 ? 0 : close_both(fd, r);
}
