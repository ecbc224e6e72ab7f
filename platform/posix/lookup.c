/*
 * Looks a host name up in a detached thread.
 *
 * The lookup block has two owners, the port and the thread; whoever lets go last frees it. The
 * thread reads host and resolve, writes the result, then sets done; the port reads the result only
 * after it saw done.
 */
#include "system.h"

#include "lookup.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

/* Resolvers of C libraries load modules and keep packets on the stack; this has been enough for
   glibc and musl. */
#define WORKER_STACK ((size_t)256 * 1024)

struct ivs_posix_lookup {
  atomic_int owners;
  atomic_bool done;
  int fd; /* the worker's end: one byte says that done is set */
  ivs_posix_resolve *resolve;
  int eai;
  int system; /* errno, if eai is EAI_SYSTEM */
  size_t count;
  union ivs_posix_address addresses[IVS_POSIX_ADDRESSES];
  char host[256];
};

static void *work(void *argument) {
  struct ivs_posix_lookup *lookup = argument;
  lookup->eai =
      lookup->resolve(lookup->host, lookup->addresses, IVS_POSIX_ADDRESSES, &lookup->count);
  lookup->system = errno;
  if (lookup->eai == 0 && lookup->count == 0) lookup->eai = EAI_NONAME;
  atomic_store(&lookup->done, true);
  /* Fails if the port has gone, which is fine. */
  while (send(lookup->fd, "", 1, MSG_NOSIGNAL) < 0 && errno == EINTR) continue;
  ivs_posix_lookup_release(lookup);
  return NULL;
}

/* The thread takes no signal, so that handlers of the program run where they always did. 0 or an
   errno. */
static int start_thread(struct ivs_posix_lookup *lookup) {
  pthread_attr_t attributes;
  pthread_t thread;
  sigset_t all, before;
  int r = pthread_attr_init(&attributes);
  if (r != 0) return r;
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, WORKER_STACK);
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  r = pthread_create(&thread, &attributes, work, lookup);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_attr_destroy(&attributes);
  return r;
}

/* see lookup.h */
int ivs_posix_prepare(int fd) {
  int flags = fcntl(fd, F_GETFL);
  if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0) return errno;
  if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0) return errno;
#ifdef SO_NOSIGPIPE
  int on = 1;
  if (setsockopt(fd, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on) < 0) return errno;
#endif
  return 0;
}

static int socket_pair(int fd[2]) {
  int type = SOCK_STREAM;
#ifdef SOCK_CLOEXEC
  type |= SOCK_CLOEXEC; /* at once: a fork on another thread must not inherit it */
#endif
  if (socketpair(AF_UNIX, type, 0, fd) < 0) return errno;
  int r = ivs_posix_prepare(fd[0]);
  if (r == 0) r = ivs_posix_prepare(fd[1]);
  if (r == 0) return 0;
  close(fd[0]);
  close(fd[1]);
  return r;
}

/* see lookup.h */
int ivs_posix_lookup_start(struct ivs_posix_lookup **lookup, int *fd, ivs_str host,
                           ivs_posix_resolve *resolve) {
  int pair[2];
  struct ivs_posix_lookup *l = calloc(1, sizeof *l);
  if (l == NULL) return ENOMEM;
  int r = socket_pair(pair);
  if (r != 0) {
    free(l);
    return r;
  }
  memcpy(l->host, host.p, host.n);
  l->resolve = resolve;
  l->fd = pair[1];
  atomic_init(&l->done, false);
  atomic_init(&l->owners, 2);
  r = start_thread(l);
  if (r != 0) {
    close(pair[0]);
    close(pair[1]);
    free(l);
    return r;
  }
  *lookup = l;
  *fd = pair[0];
  return 0;
}

/* see lookup.h */
bool ivs_posix_lookup_done(const struct ivs_posix_lookup *lookup, int *eai, int *system,
                           union ivs_posix_address *to, size_t *n) {
  if (!atomic_load(&lookup->done)) return false;
  *eai = lookup->eai;
  *system = lookup->system;
  *n = lookup->eai == 0 ? lookup->count : 0;
  memcpy(to, lookup->addresses, *n * sizeof *to);
  return true;
}

/* see lookup.h */
void ivs_posix_lookup_release(struct ivs_posix_lookup *lookup) {
  if (atomic_fetch_sub(&lookup->owners, 1) != 1) return;
  close(lookup->fd);
  free(lookup);
}

/* see lookup.h */
int ivs_posix_getaddrinfo(const char *host, union ivs_posix_address *to, size_t max, size_t *n) {
  struct addrinfo hints = {0};
  struct addrinfo *list = NULL;
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  int r = getaddrinfo(host, NULL, &hints, &list);
  if (r != 0) return r;
  *n = 0;
  for (const struct addrinfo *a = list; a != NULL && *n < max; a = a->ai_next) {
    if (a->ai_family != AF_INET && a->ai_family != AF_INET6) continue;
    if (a->ai_addrlen > sizeof *to) continue;
    memcpy(&to[(*n)++], a->ai_addr, a->ai_addrlen);
  }
  freeaddrinfo(list);
  return 0;
}
