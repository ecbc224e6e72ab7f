/*
 * The POSIX port against servers on loopback: every way to connect, to fail to, and to give up.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/time.h>
#include <unistd.h>

#include <ivs/posix.h>

#include "../check.h"
#include "drive.h"
#include "loopback.h"
#include "starved.h"

/* --- an echo server: one connection after the other, until its listener is shut down --- */

struct echo {
  pthread_t thread;
  int listener;
  uint16_t port;
};

static void echo_one(int fd) {
  char buffer[4096];
  ssize_t n;
  while ((n = recv(fd, buffer, sizeof buffer, 0)) > 0) {
    for (ssize_t at = 0; at < n;) {
      ssize_t sent = send(fd, buffer + at, (size_t)(n - at), MSG_NOSIGNAL);
      if (sent <= 0) return;
      at += sent;
    }
  }
}

static void *echo_run(void *argument) {
  struct echo *e = argument;
  int fd;
  while ((fd = accept(e->listener, NULL, NULL)) >= 0) {
    echo_one(fd);
    close(fd);
  }
  return NULL;
}

/* The server's thread takes no signals: the storm is for the port. */
static void echo_start(struct echo *e) {
  sigset_t all, before;
  e->port = 0;
  e->listener = listen_on("127.0.0.1", &e->port, 16);
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_create(&e->thread, NULL, echo_run, e);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void echo_stop(struct echo *e) {
  shutdown(e->listener, SHUT_RDWR);
  pthread_join(e->thread, NULL);
  close(e->listener);
}

/* Sends n bytes through the echo and compares what comes back. */
static bool echoes(struct ivs_port *port, size_t n) {
  char out[512], in[512];
  uint64_t deadline = in_ms(port, LONG_MS);
  for (size_t done = 0; done < n;) {
    size_t part = n - done < sizeof out ? n - done : sizeof out;
    for (size_t i = 0; i < part; i++) out[i] = (char)check_random();
    if (drive_send(port, out, part, deadline) != 0) return false;
    for (size_t got = 0; got < part;) {
      int r = drive_recv(port, in + got, part - got, deadline);
      if (r <= 0) return false;
      got += (size_t)r;
    }
    if (memcmp(in, out, part) != 0) return false;
    done += part;
  }
  return true;
}

/* --- resolvers of our own --- */

/* ::1, where nobody listens; 127.0.0.2, where somebody may; 127.0.0.1. */
static int resolve_three(const char *host, union ivs_posix_address *to, size_t max, size_t *n) {
  (void)host;
  if (max < 3) return EAI_MEMORY;
  to_address(&to[0], "::1", 0);
  to_address(&to[1], "127.0.0.2", 0);
  to_address(&to[2], "127.0.0.1", 0);
  *n = 3;
  return 0;
}

static int resolve_many(const char *host, union ivs_posix_address *to, size_t max, size_t *n) {
  (void)host;
  for (size_t i = 0; i < max; i++) to_address(&to[i], i + 1 < max ? "127.0.0.2" : "127.0.0.1", 0);
  *n = max;
  return 0;
}

/* Loopback, and an address that TCP cannot have: the kernel refuses it without a packet. */
static int resolve_unreachable(const char *host, union ivs_posix_address *to, size_t max,
                               size_t *n) {
  (void)max;
  bool last = strcmp(host, "last.example") == 0;
  to_address(&to[last ? 1 : 0], "255.255.255.255", 0);
  to_address(&to[last ? 0 : 1], "127.0.0.1", 0);
  *n = strcmp(host, "alone.example") == 0 ? 1 : 2;
  return 0;
}

static int resolve_none(const char *host, union ivs_posix_address *to, size_t max, size_t *n) {
  (void)host, (void)to, (void)max;
  *n = 0;
  return 0;
}

static int resolve_fails(const char *host, union ivs_posix_address *to, size_t max, size_t *n) {
  (void)to, (void)max, (void)n;
  return strcmp(host, "again.example") == 0 ? EAI_AGAIN : EAI_NONAME;
}

static int resolve_system(const char *host, union ivs_posix_address *to, size_t max, size_t *n) {
  (void)host, (void)to, (void)max, (void)n;
  errno = EMFILE;
  return EAI_SYSTEM;
}

static atomic_int held, left;
static atomic_bool release;

/* Comes back only when told to. */
static int resolve_held(const char *host, union ivs_posix_address *to, size_t max, size_t *n) {
  atomic_fetch_add(&held, 1);
  for (int i = 0; i < LONG_MS && !atomic_load(&release); i++) usleep(1000);
  int r = resolve_many(host, to, max, n);
  atomic_fetch_add(&left, 1);
  return r;
}

/* --- tests --- */

static void test_address(void) {
  struct echo e;
  struct ivs_posix tcp;
  echo_start(&e);
  ivs_posix_init(&tcp);
  struct ivs_peer peer = peer_of("127.0.0.1", e.port);
  CHECK_INT(drive_open(&tcp.port, &peer, in_ms(&tcp.port, LONG_MS)), 0);
  CHECK(tcp.lookup == NULL);
  CHECK(echoes(&tcp.port, 100000));
  CHECK(tcp.sent_bytes == 100000 && tcp.received_bytes == 100000);
  CHECK_INT(tcp.port.fn->open(&tcp.port, &peer), IVS_ERR_STATE);
  CHECK_INT(failure_code(&tcp), 0);
  tcp.port.fn->close(&tcp.port);
  tcp.port.fn->close(&tcp.port);
  char byte = 0;
  CHECK_INT(tcp.port.fn->send(&tcp.port, &byte, 1), IVS_ERR_STATE);
  CHECK_INT(tcp.port.fn->recv(&tcp.port, &byte, 1), IVS_ERR_STATE);
  CHECK_INT(tcp.port.fn->progress(&tcp.port), IVS_ERR_STATE);
  /* The bytes of all connections count. */
  CHECK_INT(drive_open(&tcp.port, &peer, in_ms(&tcp.port, LONG_MS)), 0);
  CHECK(echoes(&tcp.port, 11));
  CHECK(tcp.sent_bytes == 100011 && tcp.received_bytes == 100011);
  CHECK_INT(tcp.lookups, 0);
  tcp.port.fn->close(&tcp.port);
  echo_stop(&e);
}

static void test_name(void) {
  struct echo e;
  struct ivs_posix tcp;
  echo_start(&e);
  ivs_posix_init(&tcp);
  struct ivs_peer peer = peer_of("localhost", e.port); /* ::1 may come first and be refused */
  CHECK_INT(drive_open(&tcp.port, &peer, in_ms(&tcp.port, LONG_MS)), 0);
  CHECK(echoes(&tcp.port, 1000));
  tcp.port.fn->close(&tcp.port);
  echo_stop(&e);
}

static void test_starved(void) {
  struct echo e;
  struct ivs_posix tcp;
  struct starved thin;
  echo_start(&e);
  ivs_posix_init(&tcp);
  starved_init(&thin, &tcp.port, check_random());
  struct ivs_peer peer = peer_of("127.0.0.1", e.port);
  CHECK_INT(drive_open(&thin.port, &peer, in_ms(&tcp.port, LONG_MS)), 0);
  CHECK(echoes(&thin.port, 5000));
  thin.port.fn->close(&thin.port);
  echo_stop(&e);
}

static void test_bad_host(void) {
  struct ivs_posix tcp;
  char wide[257];
  ivs_posix_init(&tcp);
  memset(wide, 'a', sizeof wide);
  struct ivs_peer peer = {{"", 0}, 1, 0};
  CHECK_INT(tcp.port.fn->open(&tcp.port, &peer), IVS_ERR_ARGUMENT);
  peer.host = (ivs_str){wide, 256};
  CHECK_INT(tcp.port.fn->open(&tcp.port, &peer), IVS_ERR_ARGUMENT);
  peer.host = (ivs_str){"127.0.0.1\0.example", 18};
  CHECK_INT(tcp.port.fn->open(&tcp.port, &peer), IVS_ERR_ARGUMENT);
}

static void test_refused(void) {
  struct ivs_posix tcp;
  ivs_posix_init(&tcp);
  struct ivs_peer peer = peer_of("127.0.0.1", unused_port());
  CHECK_INT(drive_open(&tcp.port, &peer, in_ms(&tcp.port, LONG_MS)), IVS_ERR_CONNECT);
  CHECK_INT(failure_code(&tcp), ECONNREFUSED);
}

static void test_no_answer(void) {
  struct ivs_posix tcp;
  struct hole h;
  hole_make(&h, "127.0.0.1", 0);
  ivs_posix_init(&tcp);
  tcp.connect_ms = 200;
  struct ivs_peer peer = peer_of("127.0.0.1", h.port);
  uint64_t begin = in_ms(&tcp.port, 0);
  CHECK_INT(drive_open(&tcp.port, &peer, in_ms(&tcp.port, LONG_MS)), IVS_ERR_CONNECT);
  uint64_t took = in_ms(&tcp.port, 0) - begin;
  CHECK(took >= 200 && took < LONG_MS / 2);
  CHECK_INT(failure_code(&tcp), ETIMEDOUT);
  /* and the caller's deadline before ours */
  tcp.connect_ms = 60000;
  CHECK_INT(drive_open(&tcp.port, &peer, in_ms(&tcp.port, 50)), IVS_ERR_TIMEOUT);
  hole_close(&h);
}

static void test_dead_addresses_first(void) {
  struct echo e;
  struct ivs_posix tcp;
  struct hole h;
  echo_start(&e);
  hole_make(&h, "127.0.0.2", e.port);
  ivs_posix_init(&tcp);
  tcp.connect_ms = 100;
  tcp.resolve = resolve_three;
  struct ivs_peer peer = peer_of("three.example", e.port);
  CHECK_INT(drive_open(&tcp.port, &peer, in_ms(&tcp.port, LONG_MS)), 0);
  CHECK(echoes(&tcp.port, 1000));
  CHECK_INT(failure_code(&tcp), 0);
  tcp.port.fn->close(&tcp.port);
  hole_close(&h);
  echo_stop(&e);
}

static void test_many_addresses(void) {
  struct echo e;
  struct ivs_posix tcp;
  echo_start(&e);
  ivs_posix_init(&tcp);
  tcp.resolve = resolve_many;
  struct ivs_peer peer = peer_of("many.example", e.port);
  CHECK_INT(drive_open(&tcp.port, &peer, in_ms(&tcp.port, LONG_MS)), 0);
  CHECK_INT(tcp.next, IVS_POSIX_ADDRESSES);
  tcp.port.fn->close(&tcp.port);
  echo_stop(&e);
  CHECK_INT(drive_open(&tcp.port, &peer, in_ms(&tcp.port, LONG_MS)), IVS_ERR_CONNECT);
  CHECK_INT(failure_code(&tcp), ECONNREFUSED);
}

/* What a refusal says is kept over what the lack of a network says, whichever comes first. */
static void test_telling_error_kept(void) {
  struct ivs_posix tcp;
  uint16_t port = unused_port();
  ivs_posix_init(&tcp);
  tcp.resolve = resolve_unreachable;
  struct ivs_peer peer = peer_of("alone.example", port);
  CHECK_INT(drive_open(&tcp.port, &peer, in_ms(&tcp.port, LONG_MS)), IVS_ERR_CONNECT);
  CHECK_INT(failure_code(&tcp), ENETUNREACH);
  for (int i = 0; i < 2; i++) {
    peer = peer_of(i == 0 ? "first.example" : "last.example", port);
    CHECK_INT(drive_open(&tcp.port, &peer, in_ms(&tcp.port, LONG_MS)), IVS_ERR_CONNECT);
    CHECK_INT(failure_code(&tcp), ECONNREFUSED);
  }
}

static void test_unresolved(void) {
  static const struct {
    ivs_posix_resolve *resolve;
    const char *host;
    int code;
  } cases[] = {{resolve_fails, "none.example", EAI_NONAME},
               {resolve_fails, "again.example", EAI_AGAIN},
               {resolve_none, "empty.example", EAI_NONAME},
               {resolve_system, "system.example", EMFILE}};
  struct ivs_posix tcp;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    ivs_posix_init(&tcp);
    tcp.resolve = cases[i].resolve;
    struct ivs_peer peer = peer_of(cases[i].host, 1);
    CHECK_INT(drive_open(&tcp.port, &peer, in_ms(&tcp.port, LONG_MS)), IVS_ERR_NAME);
    CHECK_INT(failure_code(&tcp), cases[i].code);
  }
}

/* Closed while the resolver still works; the port's memory is gone before the resolver is done. */
static void test_slow_resolver(void) {
  enum { ROUNDS = 8 };
  char host[] = "0.example";
  atomic_store(&release, false);
  for (int i = 0; i < ROUNDS; i++) {
    struct ivs_posix *tcp = malloc(sizeof *tcp);
    ivs_posix_init(tcp);
    tcp->resolve = resolve_held;
    host[0] = (char)('0' + i);
    struct ivs_peer peer = peer_of(host, 1);
    CHECK_INT(drive_open(&tcp->port, &peer, in_ms(&tcp->port, 10)), IVS_ERR_TIMEOUT);
    memset(tcp, 0xee, sizeof *tcp);
    free(tcp);
  }
  atomic_store(&release, true);
  for (int i = 0; i < LONG_MS && atomic_load(&left) < ROUNDS; i++) usleep(1000);
  CHECK_INT(atomic_load(&held), ROUNDS);
  CHECK_INT(atomic_load(&left), ROUNDS);
}

static void on_alarm(int number) {
  (void)number;
}

static void storm(suseconds_t microseconds) {
  struct itimerval every = {{0, microseconds}, {0, microseconds}};
  setitimer(ITIMER_REAL, &every, NULL);
}

static void test_signals(void) {
  struct echo e;
  struct ivs_posix tcp;
  struct sigaction action = {0};
  action.sa_handler = on_alarm; /* without SA_RESTART */
  sigaction(SIGALRM, &action, NULL);
  echo_start(&e);
  ivs_posix_init(&tcp);
  storm(300);
  for (int i = 0; i < 50; i++) {
    struct ivs_peer peer = peer_of(i % 2 ? "localhost" : "127.0.0.1", e.port);
    CHECK_INT(drive_open(&tcp.port, &peer, in_ms(&tcp.port, LONG_MS)), 0);
    CHECK(echoes(&tcp.port, 20000));
    tcp.port.fn->close(&tcp.port);
  }
  storm(0);
  echo_stop(&e);
}

/* A peer that closes: in order, and with a reset. SIGPIPE has its default action here, which would
   end us. */
static void test_peer_ends(void) {
  for (int reset = 0; reset < 2; reset++) {
    struct ivs_posix tcp;
    struct linger now = {1, 0};
    uint16_t port = 0;
    char buffer[4096] = {0};
    int listener = listen_on("127.0.0.1", &port, 1);
    ivs_posix_init(&tcp);
    struct ivs_peer peer = peer_of("127.0.0.1", port);
    uint64_t deadline = in_ms(&tcp.port, LONG_MS);
    CHECK_INT(drive_open(&tcp.port, &peer, deadline), 0);
    CHECK_INT(tcp.port.fn->recv(&tcp.port, buffer, sizeof buffer), IVS_AGAIN);
    int fd = accept(listener, NULL, NULL);
    if (reset) setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close(fd);
    CHECK_INT(drive_recv(&tcp.port, buffer, sizeof buffer, deadline),
              reset ? IVS_ERR_NET : IVS_ERR_CLOSED);
    CHECK_INT(failure_code(&tcp), reset ? ECONNRESET : 0);
    int r = 0;
    for (int i = 0; i < 1000 && r == 0; i++)
      r = drive_send(&tcp.port, buffer, sizeof buffer, deadline);
    CHECK(r == IVS_ERR_CLOSED || r == IVS_ERR_NET);
    tcp.port.fn->close(&tcp.port);
    close(listener);
  }
}

/* More is read than was asked for; none of it is lost or comes twice, and a new connection has
   nothing of the old one's. */
static void test_ahead(void) {
  struct ivs_posix tcp;
  uint16_t port = 0;
  char out[3 * IVS_POSIX_AHEAD], in[sizeof out];
  int listener = listen_on("127.0.0.1", &port, 1);
  ivs_posix_init(&tcp);
  struct ivs_peer peer = peer_of("127.0.0.1", port);
  uint64_t deadline = in_ms(&tcp.port, LONG_MS);
  for (size_t i = 0; i < sizeof out; i++) out[i] = (char)check_random();
  for (int whole = 0; whole < 2; whole++) {
    CHECK_INT(drive_open(&tcp.port, &peer, deadline), 0);
    int fd = accept(listener, NULL, NULL);
    CHECK_INT(write(fd, out, sizeof out), sizeof out);
    close(fd);
    size_t got = 0;
    size_t wanted = whole ? sizeof out : IVS_POSIX_AHEAD + 7;
    for (int r = 1; r > 0 && got<wanted; got += r> 0 ? (size_t)r : 0) {
      size_t n = 1 + check_random() % (2 * IVS_POSIX_AHEAD);
      if (n > wanted - got) n = wanted - got;
      r = drive_recv(&tcp.port, in + got, n, deadline);
    }
    CHECK(got == wanted && memcmp(in, out, got) == 0);
    if (whole) CHECK_INT(drive_recv(&tcp.port, in, 1, deadline), IVS_ERR_CLOSED);
    tcp.port.fn->close(&tcp.port);
    for (size_t i = 0; i < sizeof tcp.ahead; i++) got += tcp.ahead[i] != 0;
    CHECK_INT(got, wanted);
  }
  CHECK_INT(tcp.received_bytes, sizeof out + IVS_POSIX_AHEAD + 7);
  close(listener);
}

/* The first look for an answer does not reach the socket; the wait that follows finds what is
   there. */
static void test_too_early(void) {
  struct ivs_posix tcp;
  uint16_t port = 0;
  char byte = 'q';
  int listener = listen_on("127.0.0.1", &port, 1);
  ivs_posix_init(&tcp);
  struct ivs_peer peer = peer_of("127.0.0.1", port);
  uint64_t deadline = in_ms(&tcp.port, LONG_MS);
  CHECK_INT(drive_open(&tcp.port, &peer, deadline), 0);
  int fd = accept(listener, NULL, NULL);
  CHECK_INT(write(fd, "a", 1), 1);
  CHECK_INT(tcp.port.fn->send(&tcp.port, &byte, 1), 1);
  CHECK_INT(tcp.port.fn->recv(&tcp.port, &byte, 1), IVS_AGAIN);
  struct ivs_wait w = {-1, 0, deadline};
  tcp.port.fn->wants(&tcp.port, &w);
  CHECK_INT(w.events, IVS_READABLE);
  CHECK_INT(tcp.port.fn->wait(&tcp.port, &w), 0);
  CHECK_INT(tcp.port.fn->recv(&tcp.port, &byte, 1), 1);
  CHECK_INT(byte, 'a');
  tcp.port.fn->close(&tcp.port);
  close(fd);
  close(listener);
}

/* A peer that does not read: send says so in the end, and the caller's deadline holds. */
static void test_full(void) {
  struct ivs_posix tcp;
  uint16_t port = 0;
  char buffer[65536] = {0};
  int listener = listen_on("127.0.0.1", &port, 1);
  ivs_posix_init(&tcp);
  struct ivs_peer peer = peer_of("127.0.0.1", port);
  CHECK_INT(drive_open(&tcp.port, &peer, in_ms(&tcp.port, LONG_MS)), 0);
  int r = 1;
  for (int i = 0; i < 10000 && r > 0; i++) r = tcp.port.fn->send(&tcp.port, buffer, sizeof buffer);
  CHECK_INT(r, IVS_AGAIN);
  struct ivs_wait w = {-1, 0, UINT64_MAX};
  tcp.port.fn->wants(&tcp.port, &w);
  CHECK(w.handle == tcp.fd && w.events == IVS_WRITABLE && w.until == UINT64_MAX);
  CHECK_INT(drive_send(&tcp.port, buffer, sizeof buffer, in_ms(&tcp.port, 20)), IVS_ERR_TIMEOUT);
  tcp.port.fn->close(&tcp.port);
  close(listener);
}

static int open_files(void) {
  DIR *folder = opendir("/proc/self/fd");
  int n = 0;
  while (folder != NULL && readdir(folder) != NULL) n++;
  if (folder != NULL) closedir(folder);
  return n;
}

/* Given up after each number of steps: open alone, then one progress more each time. */
static void test_close_at_each_stage(void) {
  struct echo e;
  struct ivs_posix tcp;
  echo_start(&e);
  ivs_posix_init(&tcp);
  tcp.resolve = resolve_many;
  int before = open_files();
  for (int round = 0; round < 1000; round++) {
    struct ivs_peer peer = peer_of(round % 2 ? "many.example" : "127.0.0.1", e.port);
    CHECK_INT(tcp.port.fn->open(&tcp.port, &peer), 0);
    for (int step = 0; step < round / 2 % 5; step++) {
      int r = tcp.port.fn->progress(&tcp.port);
      CHECK(r == 0 || r == IVS_AGAIN);
      if (r == IVS_AGAIN) CHECK_INT(drive_wait(&tcp.port, in_ms(&tcp.port, 5)), 0);
    }
    tcp.port.fn->close(&tcp.port);
  }
  int after = 0;
  for (int i = 0; i < 1000 && (after = open_files()) > before; i++)
    usleep(5000); /* the last resolvers, and the server */
  CHECK(after <= before);
  echo_stop(&e);
}

static void test_wait(void) {
  struct ivs_posix tcp;
  struct ivs_wait w = {-1, 0, 0};
  int pair[2];
  ivs_posix_init(&tcp);
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) exit(1);
  uint64_t begin = in_ms(&tcp.port, 0);
  CHECK_INT(tcp.port.fn->wait(&tcp.port, &w), 0); /* past already */
  w = (struct ivs_wait){pair[0], IVS_READABLE, begin};
  CHECK_INT(tcp.port.fn->wait(&tcp.port, &w), 0);
  w = (struct ivs_wait){pair[0], IVS_READABLE | IVS_WRITABLE, UINT64_MAX}; /* writable at once */
  CHECK_INT(tcp.port.fn->wait(&tcp.port, &w), 0);
  CHECK(in_ms(&tcp.port, 0) - begin < LONG_MS);
  close(pair[1]);
  begin = in_ms(&tcp.port, 0);
  w = (struct ivs_wait){pair[0], 0, begin + 30}; /* only the time, though the pair is broken */
  CHECK_INT(tcp.port.fn->wait(&tcp.port, &w), 0);
  CHECK(in_ms(&tcp.port, 0) >= begin + 30);
  close(pair[0]);
  w = (struct ivs_wait){pair[0], IVS_READABLE,
                        UINT64_MAX}; /* a closed handle must not sleep for ever */
  CHECK_INT(tcp.port.fn->wait(&tcp.port, &w), IVS_ERR_NET);
  CHECK_INT(failure_code(&tcp), EBADF);
}

static void test_clocks_and_entropy(void) {
  struct ivs_posix tcp;
  static unsigned char a[100000], b[100000];
  ivs_posix_init(&tcp);
  int64_t apart = tcp.port.fn->clock(&tcp.port) / 1000 - (int64_t)time(NULL);
  CHECK(apart >= -2 && apart <= 2);
  uint64_t first = tcp.port.fn->ticks(&tcp.port);
  CHECK(tcp.port.fn->ticks(&tcp.port) >= first);
  CHECK_INT(tcp.port.fn->entropy(&tcp.port, a, sizeof a), 0);
  CHECK_INT(tcp.port.fn->entropy(&tcp.port, b, sizeof b), 0);
  size_t zeros = 0;
  for (size_t i = 0; i < sizeof a; i++) zeros += a[i] == 0;
  CHECK(memcmp(a, b, sizeof a) != 0 && zeros > 200 && zeros < 700 &&
        memcmp(a + sizeof a - 16, b + sizeof b - 16, 16) != 0);
}

int main(void) {
  signal(SIGPIPE, SIG_DFL);
  check_seed();
  RUN(test_address);
  RUN(test_name);
  RUN(test_starved);
  RUN(test_bad_host);
  RUN(test_refused);
  RUN(test_no_answer);
  RUN(test_dead_addresses_first);
  RUN(test_many_addresses);
  RUN(test_telling_error_kept);
  RUN(test_unresolved);
  RUN(test_slow_resolver);
  RUN(test_signals);
  RUN(test_peer_ends);
  RUN(test_ahead);
  RUN(test_too_early);
  RUN(test_full);
  RUN(test_close_at_each_stage);
  RUN(test_wait);
  RUN(test_clocks_and_entropy);
  return check_done();
}
