/*
 * Preloaded into a program, it has SIGTERM come in the middle of the handler of SIGINT: when that
 * asks for the time, with SIGINT blocked.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t id, struct timespec *t) {
  static volatile sig_atomic_t sent;
  sigset_t blocked;
  sigprocmask(SIG_SETMASK, NULL, &blocked);
  if (!sent && sigismember(&blocked, SIGINT)) {
    sent = 1;
    raise(SIGTERM);
  }
  return (int)syscall(SYS_clock_gettime, id, t);
}
