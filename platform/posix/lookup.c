/*
 * Looks a host name up in a detached thread.
 *
 * The lookup block belongs to the port and to the thread. The thread reads host and resolve, writes
 * the result, then sets done; the port reads the result only after it saw done. If the port lets go
 * first, the block waits in the list of those that were given up, where the next port that asks for
 * the same name finds it; if none does, the thread frees it in the end. One lock is over done, fd
 * and the list.
 *
 * A process that was forked has copies of the blocks and none of the threads: what was not done by
 * then never is, and is freed where the port lets go of it. A fork waits for the lock, so that no
 * thread has it for ever in the child.
 */
#include "system.h"

#include "descriptor.h"
#include "lookup.h"

#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Resolvers of C libraries load modules and keep packets on the stack; this has been enough for
   glibc and musl. */
#define WORKER_STACK ((size_t)256 * 1024)

/* An older look-up is not taken up while there is room for another: it may be asking a server that
   the machine's settings do not have any more. */
#define TAKEN_UP_MS 5000

struct ivs_posix_lookup {
  struct ivs_posix_lookup *next; /* given up before it */
  bool done;
  pid_t process;  /* the one that has the thread */
  int fd;         /* the worker's end, closed to say that done is set; -1: no port waits */
  uint64_t began; /* ticks */
  ivs_posix_resolve *resolve;
  int eai;
  int system; /* errno, if eai is EAI_SYSTEM */
  size_t count;
  union ivs_posix_address addresses[IVS_POSIX_ADDRESSES];
  char host[256];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct ivs_posix_lookup *given_up; /* and not finished, the newest first */
static pid_t process;                     /* the one that given_up is of */

static void take_lock(void) {
  pthread_mutex_lock(&lock);
}

static void unlock_list(void) {
  pthread_mutex_unlock(&lock);
}

static void forget_given_up(void) {
  while (given_up != NULL) {
    struct ivs_posix_lookup *first = given_up;
    given_up = first->next;
    free(first);
  }
}

static void lock_list(void) {
  take_lock();
  if (process == getpid()) return;
  process = getpid();
  forget_given_up();
}

static int forks_watched; /* 0 or an errno */

static void watch_forks(void) {
  forks_watched = pthread_atfork(take_lock, unlock_list, unlock_list);
}

static void remove_given_up(struct ivs_posix_lookup *lookup) {
  struct ivs_posix_lookup **at = &given_up;
  while (*at != NULL && *at != lookup) at = &(*at)->next;
  if (*at != NULL) *at = lookup->next;
}

static void finish(struct ivs_posix_lookup *lookup) {
  lock_list();
  bool wanted = lookup->fd >= 0;
  lookup->done = true;
  if (wanted) {
    close(lookup->fd);
    lookup->fd = -1;
  } else {
    remove_given_up(lookup);
  }
  unlock_list();
  if (!wanted) free(lookup);
}

static void *work(void *argument) {
  struct ivs_posix_lookup *lookup = argument;
  lookup->eai =
      lookup->resolve(lookup->host, lookup->addresses, IVS_POSIX_ADDRESSES, &lookup->count);
  lookup->system = errno;
  if (lookup->eai == 0 && lookup->count == 0) lookup->eai = EAI_NONAME;
  finish(lookup);
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

static bool is_same(const struct ivs_posix_lookup *a, const struct ivs_posix_lookup *b) {
  return a->resolve == b->resolve && strcmp(a->host, b->host) == 0;
}

/* Takes up the newest look-up of the same name that was given up. 0; ENOENT if there is none that
   will do, EBUSY if none may be started either. */
static int take_up(const struct ivs_posix_lookup *wanted, struct ivs_posix_lookup **lookup) {
  struct ivs_posix_lookup *found = NULL;
  size_t n = 0;
  lock_list();
  for (struct ivs_posix_lookup *l = given_up; l != NULL; l = l->next, n++)
    if (found == NULL && is_same(l, wanted)) found = l;
  bool full = n >= IVS_POSIX_GIVEN_UP_MAX;
  if (found != NULL && !full && wanted->began - found->began >= TAKEN_UP_MS) found = NULL;
  if (found != NULL) {
    remove_given_up(found);
    found->fd = wanted->fd;
  }
  unlock_list();
  *lookup = found;
  if (found != NULL) return 0;
  return full ? EBUSY : ENOENT;
}

/* Of the block or of one like it. Frees the block unless it is what was started. 0 or an errno. */
static int start(struct ivs_posix_lookup *block, struct ivs_posix_lookup **lookup) {
  int r = take_up(block, lookup);
  if (r == ENOENT) {
    *lookup = block;
    r = start_thread(block);
    if (r == 0) return 0;
    *lookup = NULL;
  }
  free(block);
  return r;
}

/* see lookup.h */
int ivs_posix_lookup_start(struct ivs_posix_lookup **lookup, int *fd, ivs_str host,
                           ivs_posix_resolve *resolve, uint64_t now) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  int pair[2];
  pthread_once(&once, watch_forks);
  int r = forks_watched;
  if (r == 0) r = ivs_posix_socket_pair(pair);
  if (r != 0) return r;
  struct ivs_posix_lookup *l = calloc(1, sizeof *l);
  r = ENOMEM;
  if (l != NULL) {
    memcpy(l->host, host.p, host.n);
    l->resolve = resolve;
    l->process = getpid();
    l->began = now;
    l->fd = pair[1];
    r = start(l, lookup);
  }
  if (r == 0) {
    *fd = pair[0];
    return 0;
  }
  close(pair[0]);
  close(pair[1]);
  return r;
}

/* see lookup.h */
bool ivs_posix_lookup_done(const struct ivs_posix_lookup *lookup, int *eai, int *system,
                           union ivs_posix_address *to, size_t *n) {
  lock_list();
  bool done = lookup->done;
  unlock_list();
  if (!done) return false;
  *eai = lookup->eai;
  *system = lookup->system;
  *n = lookup->eai == 0 ? lookup->count : 0;
  memcpy(to, lookup->addresses, *n * sizeof *to);
  return true;
}

/* see lookup.h */
void ivs_posix_lookup_release(struct ivs_posix_lookup *lookup) {
  lock_list();
  bool done = lookup->done, ours = lookup->process == process;
  if (!done) close(lookup->fd);
  if (!done && ours) {
    lookup->fd = -1;
    lookup->next = given_up;
    given_up = lookup;
  }
  unlock_list();
  if (done || !ours) free(lookup);
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
