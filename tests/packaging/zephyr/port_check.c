/*
 * The port over the stand-in for Zephyr: port_check PORT DEAD, where tests/platform/port_peer.py
 * listens on PORT of 127.0.0.1 and nobody on DEAD. Prints "ok", or what failed: of the rules for
 * every port, or of what is this one's own.
 */
#include <drive.h>
#include <ivs/port_check.h>
#include <ivs/zephyr.h>

#include <stdio.h>
#include <stdlib.h>

enum { MS = 10000 };

static struct ivs_zephyr tcp;
static struct ivs_port *port = &tcp.port;

static void check(bool good, const char *what) {
  if (good) return;
  const char *text = "";
  int code = port->fn->detail(port, &text);
  printf("failed: %s (%d %s)\n", what, code, text);
  exit(1);
}

static int begin(const char *host, uint16_t to) {
  struct ivs_peer peer = {.host = ivs_cstr(host), .port = to};
  return port->fn->open(port, &peer);
}

static int open_to(const char *host, uint16_t to) {
  struct ivs_peer peer = {.host = ivs_cstr(host), .port = to};
  return drive_open(port, &peer, port->fn->ticks(port) + MS);
}

static void report(void *context, const char *rule, int verdict, const char *why) {
  (void)context;
  if (verdict == IVS_PORT_CHECK_BROKEN) printf("broken: %s: %s\n", rule, why);
}

static void rules(uint16_t live, uint16_t dead) {
  static struct ivs_zephyr second;
  ivs_zephyr_init(&second);
  struct ivs_port_check all = {.port = port, .second = &second.port, .report = report};
  all.address = "127.0.0.1";
  all.name = "localhost";
  all.peer_port = live;
  all.refusing_port = dead;
  check(ivs_port_check(&all) == 0, "rules for every port");
}

static void names(uint16_t live, uint16_t dead) {
  char byte;
  check(open_to("one-dead", live) == 0, "second address of a name");
  check(begin("127.0.0.1", live) == IVS_ERR_STATE, "open when open");
  port->fn->close(port);
  check(port->fn->recv(port, &byte, 1) == IVS_ERR_STATE, "recv when closed");
  check(open_to("one-dead", dead) == IVS_ERR_CONNECT, "no address answers");
  check(begin("", live) == IVS_ERR_ARGUMENT, "no host");
}

static void fails_with(const char *host, uint16_t to, int result, const char *words) {
  const char *text = "";
  check(open_to(host, to) == result, host);
  port->fn->detail(port, &text);
  check(strcmp(text, words) == 0, words);
  port->fn->close(port);
}

/* Both kinds of address. A host that refuses is not one that DNS does not know. */
static void families(uint16_t live, uint16_t dead) {
  check(open_to("six-only", live) == 0, "IPv6 alone");
  port->fn->close(port);
  check(open_to("four-dead", live) == 0, "IPv6 after an IPv4 that refuses");
  port->fn->close(port);
  fails_with("localhost", dead, IVS_ERR_CONNECT, "refused by the other side");
  fails_with("four-dead", dead, IVS_ERR_CONNECT, "refused by the other side");
  fails_with("nobody", live, IVS_ERR_NAME, "no such name");
}

/* The resolver takes one query at a time: a look-up that was not given back would refuse the
   next. */
static void abandoned(uint16_t live) {
  for (int i = 0; i < 20; i++) {
    check(begin("localhost", live) == 0, "look-up begins");
    check(port->fn->progress(port) == IVS_AGAIN, "look-up takes its time");
    if (i % 2 == 0) k_msleep(15 + i);
    port->fn->close(port);
  }
  check(open_to("localhost", live) == 0, "after abandoned look-ups");
  port->fn->close(port);
}

/* The answer to a look-up ends the wait for it, long before its time. */
static void woken(uint16_t live) {
  check(begin("localhost", live) == 0, "look-up begins");
  struct ivs_wait w = {-1, 0, port->fn->ticks(port) + MS};
  struct ivs_wait wanted = w;
  port->fn->wants(port, &wanted);
  check(wanted.events == 0 && wanted.until < w.until, "asked again soon where nobody is woken");
  check(port->fn->wait(port, &w) == 0 && port->fn->ticks(port) < w.until, "woken");
  check(port->fn->progress(port) != IVS_ERR_NAME, "answered");
  port->fn->close(port);
}

static int64_t board_time(void) {
  return 1700000000123;
}

static void clocks(void) {
  uint8_t random[16] = {0}, none[16] = {0};
  check(port->fn->clock(port) < 3600 * 1000, "begins with 1970");
  tcp.clock = board_time;
  check(port->fn->clock(port) == 1700000000123, "the board's clock");
  check(port->fn->entropy(port, random, sizeof random) == 0, "entropy");
  check(memcmp(random, none, sizeof none) != 0, "random");
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  uint16_t live = (uint16_t)atoi(argv[1]), dead = (uint16_t)atoi(argv[2]);
  ivs_zephyr_init(&tcp);
  rules(live, dead);
  names(live, dead);
  if (IS_ENABLED(CONFIG_NET_IPV6)) families(live, dead);
  abandoned(live);
  woken(live);
  clocks();
  puts("ok");
  return 0;
}
