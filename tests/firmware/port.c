/*
 * The port over lwIP by itself, without a client: the self-test of ports, as whoever makes a port
 * runs it, and what is lwIP's own.
 */
#include "firmware.h"

#include "board.h"
#include "network.h"

#include <ivs/lwip.h>
#include <ivs/port_check.h>
#include <ivs/tls.h>
#include <lwip/dns.h>

#include "../platform/drive.h"

enum {
  OPEN_MS = 10000,
  PATIENCE_MS = 30000,
  CYCLES = 20,
  PAUSE_MS = 100,
  REFUSING_PORT = 81,
  HTTP_PORT = 80,
  HTTPS_PORT = 443
};

#define SILENT_ADDRESS "10.0.2.77"

static struct ivs_lwip tcp;
static struct ivs_port *const port = &tcp.port;

static struct ivs_peer peer(const char *host, uint16_t number) {
  return (struct ivs_peer){ivs_cstr(host), number, IVS_CLOCK_UNKNOWN};
}

static int open_until_done(const char *host, uint16_t number) {
  struct ivs_peer to = peer(host, number);
  return drive_open(port, &to, board_ticks() + OPEN_MS);
}

static int check(const char *what, bool holds) {
  const char *text;
  if (holds) return 0;
  report_text("failed", ivs_cstr(what));
  report_number("system", port->fn->detail(port, &text));
  report_text("message", ivs_cstr(text));
  return IVS_ERR_STATE;
}

static int states(const char *name) {
  struct ivs_peer to = peer(name, HTTPS_PORT), none = peer("", HTTPS_PORT);
  char byte = 0;
  int r = check("closed: nothing but open", port->fn->progress(port) == IVS_ERR_STATE &&
                                                port->fn->send(port, &byte, 1) == IVS_ERR_STATE &&
                                                port->fn->recv(port, &byte, 1) == IVS_ERR_STATE);
  if (r == 0) r = check("an empty name", port->fn->open(port, &none) == IVS_ERR_ARGUMENT);
  if (r == 0) r = check("a name", open_until_done(name, HTTPS_PORT) == 0);
  if (r == 0) r = check("opened twice", port->fn->open(port, &to) == IVS_ERR_STATE);
  if (r == 0) r = check("nothing to read", port->fn->recv(port, &byte, 1) == IVS_AGAIN);
  port->fn->close(port);
  port->fn->close(port);
  return r;
}

static void pause_for(uint64_t ms) {
  struct ivs_wait pause = {-1, 0, board_ticks() + ms};
  while (board_ticks() < pause.until) port->fn->wait(port, &pause);
}

/* Each connection gives its socket and memory back, when the other side has closed it too. */
static int cycles(const char *address) {
  int r = 0;
  for (int i = 0; r == 0 && i < CYCLES; i++) {
    r = check("an address, again and again", open_until_done(address, HTTPS_PORT) == 0);
    port->fn->close(port);
    pause_for(PAUSE_MS);
  }
  return r;
}

/* A request of which the answer fills many buffers, and the end of the connection. */
static int bytes(const char *address) {
  static const char request[] = "GET /_sim/counts HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  static const char expected[] = "HTTP/1.1 200 ";
  uint64_t end = board_ticks() + OPEN_MS;
  char answer[64];
  int r = check("an address", open_until_done(address, HTTP_PORT) == 0);
  if (r == 0) r = check("sent", drive_send(port, request, sizeof request - 1, end) == 0);
  int n = r == 0 ? drive_recv(port, answer, sizeof answer, end) : 0;
  if (r == 0) r = check("received", n >= (int)sizeof expected - 1);
  if (r == 0) r = check("an answer", memcmp(answer, expected, sizeof expected - 1) == 0);
  while (n > 0) n = drive_recv(port, answer, sizeof answer, end);
  if (r == 0) r = check("the end", n == IVS_ERR_CLOSED);
  port->fn->close(port);
  return r;
}

static int failures(const char *address) {
  tcp.connect_ms = 1000;
  uint64_t began = board_ticks();
  int r = check("no such host", open_until_done(SILENT_ADDRESS, HTTPS_PORT) == IVS_ERR_CONNECT);
  if (r == 0) r = check("given up in time", board_ticks() - began < 5 * tcp.connect_ms);
  if (r == 0) r = check("no such port", open_until_done(address, REFUSING_PORT) == IVS_ERR_CONNECT);
  if (r == 0) r = check("no such name", open_until_done("elsewhere", HTTPS_PORT) == IVS_ERR_NAME);
  return r;
}

/* Look-ups that were given up keep their places until lwIP gives them up too. */
static int abandoned(const char *name) {
  struct ivs_peer to = peer(NAME_SERVER_SILENT, HTTPS_PORT);
  int r = 0;
  for (int i = 0; r == 0 && i < DNS_TABLE_SIZE; i++) {
    r = check("a look-up", port->fn->open(port, &to) == 0 && port->fn->progress(port) == IVS_AGAIN);
    port->fn->close(port);
  }
  if (r == 0) r = check("one too many", port->fn->open(port, &to) == IVS_ERR_NAME);
  uint64_t end = board_ticks() + PATIENCE_MS;
  int opened = IVS_ERR_NAME;
  while (r == 0 && opened == IVS_ERR_NAME && board_ticks() < end) {
    pause_for(PAUSE_MS);
    opened = open_until_done(name, HTTPS_PORT);
  }
  if (r == 0) r = check("places come back", opened == 0);
  port->fn->close(port);
  return r;
}

/* --- the self-test --- */

static void said(void *context, const char *rule, int verdict, const char *why) {
  static const char *const verdicts[] = {"kept", "broken", "left-out"};
  (void)context;
  report_text(verdicts[verdict], ivs_cstr(rule));
  if (verdict == IVS_PORT_CHECK_BROKEN) report_text("why", ivs_cstr(why));
}

static int self_test(struct ivs_port_check *options, const char *name, const char *address) {
  options->name = name;
  options->address = address;
  options->refusing_port = REFUSING_PORT;
  options->silent = SILENT_ADDRESS;
  options->silent_port = HTTPS_PORT;
  options->report = said;
  int broken = ivs_port_check(options);
  report_number("broken-rules", broken);
  return broken == 0 ? 0 : IVS_ERR_STATE;
}

/* The relay of the emulated network turns a reset into an end in order. */
static int self_test_tcp(const struct ivs_lwip_hooks *hooks, const char *name,
                         const char *address) {
  struct ivs_lwip second;
  struct ivs_port_check options = {.port = port, .second = &second.port, .no_resets = true};
  ivs_lwip_init(&second, hooks);
  options.peer_port = (uint16_t)number_word("peer");
  return self_test(&options, name, address);
}

/* There is memory for one connection. */
static int self_test_tls(struct ivs_tls *tls, const char *name, const char *address) {
  struct ivs_port_check options = {.port = &tls->port};
  options.peer_port = (uint16_t)number_word("tls-peer");
  return self_test(&options, name, address);
}

/* see firmware.h */
int check_port(const struct ivs_lwip_hooks *hooks, struct ivs_tls *tls, const char *name,
               const char *address) {
  ivs_lwip_init(&tcp, hooks);
  int r = self_test_tcp(hooks, name, address);
  if (r == 0) r = self_test_tls(tls, name, address);
  if (r == 0) r = abandoned(name);
  if (r == 0) r = states(name);
  if (r == 0) r = cycles(address);
  if (r == 0) r = bytes(address);
  return r == 0 ? failures(address) : r;
}
