/*
 * What the POSIX port remembers of a name: its addresses for a while, and which of them worked.
 */
#define _GNU_SOURCE
#include <netdb.h>
#include <stdatomic.h>
#include <unistd.h>

#include <ivs/posix.h>

#include "../check.h"
#include "drive.h"
#include "loopback.h"

/* --- a resolver that gives the addresses of a list, and counts --- */

static const char *const *answer; /* NULL-ended */
static atomic_int calls;

static int resolve_listed(const char *host, union ivs_posix_address *to, size_t max, size_t *n) {
  (void)host;
  atomic_fetch_add(&calls, 1);
  for (*n = 0; *n < max && answer[*n] != NULL; (*n)++) to_address(&to[*n], answer[*n], 0);
  return 0;
}

static void set_up(struct ivs_posix *tcp, const char *const *addresses) {
  ivs_posix_init(tcp);
  tcp->resolve = resolve_listed;
  answer = addresses;
  atomic_store(&calls, 0);
}

/* Connects and closes. The place in the list of the address that was connected to, from 1 on, or an
   error. */
static int visit(struct ivs_posix *tcp, const char *host, uint16_t port) {
  struct ivs_peer peer = peer_of(host, port);
  int r = drive_open(&tcp->port, &peer, in_ms(&tcp->port, LONG_MS));
  if (r == 0) r = (int)tcp->next;
  tcp->port.fn->close(&tcp->port);
  return r;
}

static void check_lookups(const struct ivs_posix *tcp, int n) {
  CHECK_INT(atomic_load(&calls), n);
  CHECK_INT(tcp->lookups, n);
}

/* --- tests --- */

static const char *const only[] = {"127.0.0.1", NULL};
static const char *const last_of_three[] = {"127.0.0.3", "127.0.0.2", "127.0.0.1", NULL};
static const char *const last_of_three_anew[] = {"127.0.0.2", "127.0.0.3", "127.0.0.1", NULL};

static void test_last_name(void) {
  struct ivs_posix tcp;
  uint16_t port = 0;
  int listener = listen_on("127.0.0.1", &port, 64);
  set_up(&tcp, only);
  for (int i = 0; i < 5; i++) CHECK_INT(visit(&tcp, "a.example", port), 1);
  check_lookups(&tcp, 1);
  CHECK_INT(visit(&tcp, "b.example", port), 1);
  CHECK_INT(visit(&tcp, "b.example", port), 1);
  check_lookups(&tcp, 2);
  CHECK_INT(visit(&tcp, "a.example", port), 1);
  check_lookups(&tcp, 3);
  for (int i = 0; i < 2; i++) CHECK_INT(visit(&tcp, "a.exampl", port), 1);
  check_lookups(&tcp, 4);
  CHECK_INT(visit(&tcp, "127.0.0.1", port), 1); /* an address is no name, and takes its place */
  check_lookups(&tcp, 4);
  CHECK_INT(visit(&tcp, "a.exampl", port), 1);
  check_lookups(&tcp, 5);
  close(listener);
}

/* The addresses are a name's, whatever the port. */
static void test_other_port(void) {
  struct ivs_posix tcp;
  uint16_t port[2] = {0, 0};
  int listener[2];
  for (int i = 0; i < 2; i++) listener[i] = listen_on("127.0.0.1", &port[i], 64);
  set_up(&tcp, only);
  for (int i = 0; i < 2; i++) {
    CHECK_INT(visit(&tcp, "a.example", port[i]), 1);
    int fd = accept4(listener[i], NULL, NULL, SOCK_NONBLOCK);
    CHECK(fd >= 0);
    close(fd);
  }
  check_lookups(&tcp, 1);
  for (int i = 0; i < 2; i++) close(listener[i]);
}

static void test_expiry(void) {
  struct ivs_posix tcp;
  uint16_t port = 0;
  int listener = listen_on("127.0.0.1", &port, 64);
  set_up(&tcp, only);
  CHECK_INT(tcp.dns_ms, 30000);
  CHECK_INT(visit(&tcp, "a.example", port), 1);
  tcp.looked_up -= 29000; /* if this takes another second the machine is at fault */
  CHECK_INT(visit(&tcp, "a.example", port), 1);
  check_lookups(&tcp, 1);
  tcp.looked_up -= 1000;
  CHECK_INT(visit(&tcp, "a.example", port), 1);
  CHECK_INT(visit(&tcp, "a.example", port), 1);
  check_lookups(&tcp, 2);
  tcp.dns_ms = 20;
  usleep(25000);
  CHECK_INT(visit(&tcp, "a.example", port), 1);
  check_lookups(&tcp, 3);
  tcp.dns_ms = 0;
  for (int i = 0; i < 3; i++) CHECK_INT(visit(&tcp, "a.example", port), 1);
  check_lookups(&tcp, 6);
  close(listener);
}

/* The last of three addresses works; then none does any more. */
static void set_up_to_fail(struct ivs_posix *tcp, uint16_t *port) {
  int listener = listen_on("127.0.0.1", port, 64);
  set_up(tcp, last_of_three);
  CHECK_INT(visit(tcp, "a.example", *port), 3);
  close(listener);
  CHECK_INT(visit(tcp, "a.example", *port), IVS_ERR_CONNECT);
}

static void test_all_failed(void) {
  struct ivs_posix tcp;
  uint16_t port = 0;
  set_up_to_fail(&tcp, &port);
  check_lookups(&tcp, 1);
  CHECK_INT(visit(&tcp, "a.example", port), IVS_ERR_CONNECT);
  check_lookups(&tcp, 2);
  int listener = listen_on("127.0.0.1", &port, 64);
  CHECK_INT(visit(&tcp, "a.example", port), 3);
  CHECK_INT(visit(&tcp, "a.example", port), 1);
  check_lookups(&tcp, 3);
  close(listener);
}

/* The same when the kernel refuses at once. */
static void test_all_refused(void) {
  static const char *const unreachable[] = {"255.255.255.255", NULL};
  struct ivs_posix tcp;
  set_up(&tcp, unreachable);
  for (int i = 1; i <= 3; i++) {
    CHECK_INT(visit(&tcp, "a.example", 1), IVS_ERR_CONNECT);
    check_lookups(&tcp, i);
  }
}

/* Nothing is remembered of a look-up that failed, was given up, or found no address. */
static void test_not_found(void) {
  static const char *const none[] = {NULL};
  struct ivs_posix tcp;
  uint16_t port = 0;
  int listener = listen_on("127.0.0.1", &port, 64);
  set_up(&tcp, none);
  for (int i = 0; i < 2; i++) CHECK_INT(visit(&tcp, "a.example", port), IVS_ERR_NAME);
  check_lookups(&tcp, 2);
  answer = only;
  struct ivs_peer peer = peer_of("a.example", port);
  CHECK_INT(tcp.port.fn->open(&tcp.port, &peer), 0);
  tcp.port.fn->close(&tcp.port);
  CHECK_INT(visit(&tcp, "a.example", port), 1);
  CHECK_INT(tcp.lookups, 4);
  int asked = atomic_load(&calls);
  CHECK(asked == 4 || asked == 3); /* 3: the one that was given up was taken up */
  close(listener);
}

/* The one that worked comes first, then those behind it, then those that had failed before it. */
static void test_order(void) {
  static const char *const four[] = {"127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5", NULL};
  struct ivs_posix tcp;
  uint16_t port = 0;
  int listener = listen_on("127.0.0.4", &port, 64);
  set_up(&tcp, four);
  CHECK_INT(visit(&tcp, "a.example", port), 3);
  CHECK_INT(visit(&tcp, "a.example", port), 1);
  close(listener);
  listener = listen_on("127.0.0.3", &port, 64); /* in the list: 4, 5, 2, 3 */
  CHECK_INT(visit(&tcp, "a.example", port), 4);
  CHECK_INT(visit(&tcp, "a.example", port), 1);
  check_lookups(&tcp, 1);
  close(listener);
}

/* Also after a new look-up the one that worked is tried first, if it is still there. */
static void test_order_kept(void) {
  static const char *const others[] = {"127.0.0.2", "127.0.0.3", NULL};
  struct ivs_posix tcp;
  uint16_t port = 0;
  int listener = listen_on("127.0.0.1", &port, 64);
  set_up(&tcp, last_of_three);
  tcp.dns_ms = 0;
  CHECK_INT(visit(&tcp, "a.example", port), 3);
  CHECK_INT(visit(&tcp, "a.example", port), 1);
  answer = last_of_three_anew;
  CHECK_INT(visit(&tcp, "a.example", port), 1);
  CHECK_INT(visit(&tcp, "b.example", port), 3); /* which is known of one name only */
  close(listener);
  listener = listen_on("127.0.0.3", &port, 64);
  answer = others;
  CHECK_INT(visit(&tcp, "b.example", port), 2);
  check_lookups(&tcp, 5);
  close(listener);
}

/* What worked and then failed has no precedence any more. */
static void test_order_lost(void) {
  struct ivs_posix tcp;
  uint16_t port = 0;
  set_up_to_fail(&tcp, &port);
  int listener = listen_on("127.0.0.2", &port, 64);
  CHECK_INT(visit(&tcp, "a.example", port), 2);
  check_lookups(&tcp, 2);
  close(listener);
}

/* Both families, whichever comes first. */
static void test_families(void) {
  static const char *const v4_first[] = {"127.0.0.1", "::1", NULL};
  static const char *const v6_first[] = {"::1", "127.0.0.1", NULL};
  struct ivs_posix tcp;
  for (int v6 = 0; v6 < 2; v6++) {
    uint16_t port = 0;
    int listener = listen_on(v6 ? "::1" : "127.0.0.1", &port, 64);
    set_up(&tcp, v6 ? v4_first : v6_first);
    tcp.dns_ms = 0;
    CHECK_INT(visit(&tcp, "a.example", port), 2);
    CHECK_INT(visit(&tcp, "a.example", port), 1);
    close(listener);
  }
}

/* Given up while an address does not answer: the next connection begins with the one behind it. */
static void test_given_up(void) {
  static const char *const two[] = {"127.0.0.2", "127.0.0.1", NULL};
  struct ivs_posix tcp;
  struct hole h;
  uint16_t port = 0;
  int listener = listen_on("127.0.0.1", &port, 64);
  hole_make(&h, "127.0.0.2", port);
  set_up(&tcp, two);
  tcp.connect_ms = LONG_MS;
  struct ivs_peer peer = peer_of("a.example", port);
  CHECK_INT(drive_open(&tcp.port, &peer, in_ms(&tcp.port, 1000)), IVS_ERR_TIMEOUT);
  check_lookups(&tcp, 1);
  CHECK_INT(visit(&tcp, "a.example", port), 1);
  check_lookups(&tcp, 1);
  hole_close(&h);
  close(listener);
}

/* With no address behind it, the name is looked up again. */
static void test_last_given_up(void) {
  struct ivs_posix tcp;
  struct hole h;
  hole_make(&h, "127.0.0.1", 0);
  set_up(&tcp, only);
  tcp.connect_ms = LONG_MS;
  struct ivs_peer peer = peer_of("a.example", h.port);
  for (int i = 1; i <= 2; i++) {
    CHECK_INT(drive_open(&tcp.port, &peer, in_ms(&tcp.port, 1000)), IVS_ERR_TIMEOUT);
    check_lookups(&tcp, i);
  }
  hole_close(&h);
}

int main(void) {
  RUN(test_last_name);
  RUN(test_other_port);
  RUN(test_expiry);
  RUN(test_all_failed);
  RUN(test_all_refused);
  RUN(test_not_found);
  RUN(test_order);
  RUN(test_order_kept);
  RUN(test_order_lost);
  RUN(test_families);
  RUN(test_given_up);
  RUN(test_last_given_up);
  return check_done();
}
