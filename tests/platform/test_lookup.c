/*
 * Look-ups that are given up while the resolver does not answer: the next port that asks for the
 * same name takes one up, and there are never many.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <netdb.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ivs/posix.h>

#include "../../platform/posix/lookup.h"
#include "../check.h"
#include "drive.h"
#include "loopback.h"

/* --- a resolver that answers only when it is told to --- */

static atomic_int begun, ended;
static atomic_bool answers;

static int resolve_held(const char *host, union ivs_posix_address *to, size_t max, size_t *n) {
  (void)host, (void)max;
  atomic_fetch_add(&begun, 1);
  for (int i = 0; i < LONG_MS && !atomic_load(&answers); i++) usleep(1000);
  to_address(to, "127.0.0.1", 0);
  *n = 1;
  atomic_fetch_add(&ended, 1);
  return 0;
}

static int resolve_other(const char *host, union ivs_posix_address *to, size_t max, size_t *n) {
  return resolve_held(host, to, max, n);
}

static int entries(const char *path) {
  DIR *folder = opendir(path);
  int n = 0;
  while (folder != NULL && readdir(folder) != NULL) n++;
  if (folder != NULL) closedir(folder);
  return n;
}

static int files(void) {
  return entries("/proc/self/fd");
}

static int threads(void) {
  return entries("/proc/self/task");
}

/* The resolver answers no more; its calls are counted anew. */
static void hold(void) {
  atomic_store(&answers, false);
  atomic_store(&begun, 0);
  atomic_store(&ended, 0);
}

/* Waits until there are n threads: one that has ended may be seen for a moment yet. */
static void check_threads(int n) {
  for (int i = 0; i < LONG_MS && threads() != n; i++) usleep(1000);
  CHECK_INT(threads(), n);
}

static void let_go(int threads_before) {
  atomic_store(&answers, true);
  check_threads(threads_before);
}

static void wait_begun(int n) {
  for (int i = 0; i < LONG_MS && atomic_load(&begun) < n; i++) usleep(1000);
  CHECK_INT(atomic_load(&begun), n);
}

static void set_up(struct ivs_posix *tcp) {
  ivs_posix_init(tcp);
  tcp->resolve = resolve_held;
}

/* Opens, and closes at once. What open returned. */
static int give_up(struct ivs_posix *tcp, const char *host) {
  struct ivs_peer peer = peer_of(host, 1);
  int r = tcp->port.fn->open(&tcp->port, &peer);
  tcp->port.fn->close(&tcp->port);
  return r;
}

/* Opens what was begun. */
static int go_on(struct ivs_port *port) {
  uint64_t deadline = in_ms(port, LONG_MS);
  int r;
  while ((r = port->fn->progress(port)) == IVS_AGAIN)
    if ((r = drive_wait(port, deadline)) != 0) break;
  return r;
}

/* A worker closes its descriptor while it has the lock; this one can make it last. */
static atomic_bool closes_slowly, closing;
static pthread_t main_thread;

int close(int fd) {
  enum { SLOW_US = 300 * 1000 };
  if (atomic_load(&closes_slowly) && !pthread_equal(pthread_self(), main_thread)) {
    atomic_store(&closing, true);
    usleep(SLOW_US);
  }
  return (int)syscall(SYS_close, fd);
}

/* --- tests --- */

static void test_one_name(void) {
  enum { TIMES = 200 };
  struct ivs_posix tcp;
  uint16_t port = 0;
  int listener = listen_on("127.0.0.1", &port, 1);
  int files_before = files(), threads_before = threads();
  hold();
  for (int i = 0; i < TIMES; i++) {
    set_up(&tcp); /* the memory of the last one is gone */
    CHECK_INT(give_up(&tcp, "one.example"), 0);
  }
  wait_begun(1);
  check_threads(threads_before + 1);
  CHECK_INT(files(), files_before);
  struct ivs_peer peer = peer_of("one.example", port);
  CHECK_INT(tcp.port.fn->open(&tcp.port, &peer), 0);
  CHECK_INT(tcp.port.fn->progress(&tcp.port), IVS_AGAIN);
  atomic_store(&answers, true);
  CHECK_INT(go_on(&tcp.port), 0);
  CHECK_INT(atomic_load(&begun), 1);
  tcp.port.fn->close(&tcp.port);
  let_go(threads_before);
  CHECK_INT(files(), files_before);
  close(listener);
}

/* One that another port still waits for is not taken away from it, nor one of another resolver. */
static void test_not_taken_up(void) {
  struct ivs_posix a, b;
  int files_before = files(), threads_before = threads();
  hold();
  set_up(&a);
  set_up(&b);
  struct ivs_peer peer = peer_of("shared.example", unused_port());
  CHECK_INT(a.port.fn->open(&a.port, &peer), 0);
  CHECK_INT(b.port.fn->open(&b.port, &peer), 0);
  wait_begun(2);
  b.port.fn->close(&b.port);
  b.resolve = resolve_other;
  CHECK_INT(b.port.fn->open(&b.port, &peer), 0);
  wait_begun(3);
  CHECK_INT(a.port.fn->progress(&a.port), IVS_AGAIN);
  let_go(threads_before);
  CHECK_INT(go_on(&a.port), IVS_ERR_CONNECT); /* nobody listens */
  CHECK_INT(go_on(&b.port), IVS_ERR_CONNECT);
  a.port.fn->close(&a.port);
  b.port.fn->close(&b.port);
  CHECK_INT(files(), files_before);
}

static void test_many_names(void) {
  enum { NAMES = 100 };
  struct ivs_posix tcp;
  char host[] = "00.example";
  int files_before = files(), threads_before = threads();
  hold();
  for (int i = 0; i < NAMES; i++) {
    set_up(&tcp);
    host[0] = (char)('0' + i / 10);
    host[1] = (char)('0' + i % 10);
    CHECK_INT(give_up(&tcp, host), i < IVS_POSIX_GIVEN_UP_MAX ? 0 : IVS_ERR_NAME);
    const char *text;
    if (i >= IVS_POSIX_GIVEN_UP_MAX) CHECK_INT(tcp.port.fn->detail(&tcp.port, &text), EAI_AGAIN);
  }
  wait_begun(IVS_POSIX_GIVEN_UP_MAX);
  check_threads(threads_before + IVS_POSIX_GIVEN_UP_MAX);
  CHECK_INT(files(), files_before);
  CHECK_INT(give_up(&tcp, "05.example"), 0); /* is among them */
  let_go(threads_before);
  CHECK_INT(atomic_load(&ended), IVS_POSIX_GIVEN_UP_MAX);
  CHECK_INT(give_up(&tcp, "99.example"), 0);
  let_go(threads_before);
}

/* Asks for the name at this time, and gives up. What start returned. */
static int ask_at(const char *host, uint64_t now) {
  struct ivs_posix_lookup *lookup;
  int fd = -1;
  int r = ivs_posix_lookup_start(&lookup, &fd, ivs_cstr(host), resolve_held, now);
  if (r != 0) return r;
  close(fd);
  ivs_posix_lookup_release(lookup);
  return 0;
}

/* What has run for long is joined by a new one, until there is no room. */
static void test_old(void) {
  enum { LONG_AGO = 3600 * 1000 };
  int threads_before = threads();
  hold();
  CHECK_INT(ask_at("old.example", 0), 0);
  CHECK_INT(ask_at("old.example", 4999), 0);
  wait_begun(1);
  CHECK_INT(ask_at("old.example", 5000), 0);
  CHECK_INT(ask_at("old.example", 9999), 0);
  wait_begun(2);
  for (int i = 0; i < 100; i++) CHECK_INT(ask_at("old.example", (uint64_t)i * LONG_AGO), 0);
  wait_begun(IVS_POSIX_GIVEN_UP_MAX);
  let_go(threads_before);
}

/* A forked process that closes the port and opens it again gets its answer. */
static void check_child(struct ivs_posix *tcp, const char *host) {
  pid_t child = fork();
  if (child == 0) {
    alarm(LONG_MS / 1000);
    atomic_store(&answers, true);
    tcp->port.fn->close(&tcp->port);
    struct ivs_peer peer = peer_of(host, unused_port());
    _exit(drive_open(&tcp->port, &peer, in_ms(&tcp->port, LONG_MS)) == IVS_ERR_CONNECT ? 0 : 1);
  }
  int status = -1;
  CHECK_INT(waitpid(child, &status, 0), child);
  CHECK_INT(status, 0);
}

/* It does not have the threads, and asks anew. */
static void test_fork(void) {
  struct ivs_posix tcp;
  int threads_before = threads();
  hold();
  set_up(&tcp);
  CHECK_INT(give_up(&tcp, "fork.example"), 0);
  wait_begun(1);
  check_child(&tcp, "fork.example");
  let_go(threads_before);
}

/* Also of a look-up that was not given up yet, which goes on in the parent. */
static void test_fork_amid(void) {
  struct ivs_posix tcp;
  int files_before = files(), threads_before = threads();
  hold();
  set_up(&tcp);
  struct ivs_peer peer = peer_of("amid.example", unused_port());
  CHECK_INT(tcp.port.fn->open(&tcp.port, &peer), 0);
  wait_begun(1);
  check_child(&tcp, "amid.example");
  CHECK_INT(tcp.port.fn->progress(&tcp.port), IVS_AGAIN);
  let_go(threads_before);
  CHECK_INT(go_on(&tcp.port), IVS_ERR_CONNECT);
  tcp.port.fn->close(&tcp.port);
  CHECK_INT(files(), files_before);
}

/* A worker that has the lock when the process is forked does not have it for ever in the child. */
static void test_fork_locked(void) {
  struct ivs_posix tcp;
  int threads_before = threads();
  hold();
  set_up(&tcp);
  struct ivs_peer peer = peer_of("locked.example", unused_port());
  CHECK_INT(tcp.port.fn->open(&tcp.port, &peer), 0);
  wait_begun(1);
  atomic_store(&closes_slowly, true);
  atomic_store(&answers, true);
  while (!atomic_load(&closing)) usleep(1000);
  check_child(&tcp, "locked.example");
  atomic_store(&closes_slowly, false);
  check_threads(threads_before);
  CHECK_INT(go_on(&tcp.port), IVS_ERR_CONNECT);
  tcp.port.fn->close(&tcp.port);
}

int main(void) {
  main_thread = pthread_self();
  RUN(test_one_name);
  RUN(test_not_taken_up);
  RUN(test_many_names);
  RUN(test_old);
  RUN(test_fork);
  RUN(test_fork_amid);
  RUN(test_fork_locked);
  return check_done();
}
