/*
 * What the processor does for a handshake, a signature and a call, in its own clock cycles; the
 * time that it sleeps does not count. tests/firmware/run.py lets time count instructions, so that
 * cycles are these.
 */
#include "firmware.h"

#include "board.h"

#include <ivs/sigv4.h>
#include <ivs/tls.h>

#include "../platform/drive.h"

enum { OPEN_MS = 10000 };

static uint64_t began;

static void start(void) {
  began = board_cycles_awake();
}

static void stop(const char *name) {
  report_number(name, (int64_t)(board_cycles_awake() - began));
}

static uint64_t longest_step;

/* As progress() of a port does, and how long that takes. */
static int timed_progress(struct ivs_port *port) {
  uint64_t before = board_cycles_awake();
  int r = port->fn->progress(port);
  uint64_t took = board_cycles_awake() - before;
  if (took > longest_step) longest_step = took;
  return r;
}

/* A connection with its handshake: all of it, and its longest step. */
static int handshake(ivs_client *client, const char *name, const char *step_name) {
  struct ivs_port *port = client->options.port;
  const struct ivs_endpoint *to = client->options.endpoint;
  struct ivs_peer peer = {ivs_endpoint_host(to), to->port, ivs_clock_now(client)};
  uint64_t end = board_ticks() + OPEN_MS;
  longest_step = 0;
  start();
  int r = port->fn->open(port, &peer);
  while (r == 0 && (r = timed_progress(port)) == IVS_AGAIN) r = drive_wait(port, end);
  stop(name);
  report_number(step_name, (int64_t)longest_step);
  port->fn->close(port);
  return r;
}

/* The first is a full one, the second takes the session up. */
static int handshakes(ivs_client *client) {
  int r = handshake(client, "cycles-handshake", "cycles-handshake-step");
  return r == 0 ? handshake(client, "cycles-resumed", "cycles-resumed-step") : r;
}

/* As the client signs a call with a small body. */
static int sign(void) {
  static const char date[] = "20261122T093000Z", body[] = "{\"maxResults\":1}";
  const ivs_pair headers[] = {{IVS_STR("content-type"), IVS_STR("application/json")},
                              {IVS_STR("host"), IVS_STR("ivs.us-east-1.amazonaws.com")},
                              {IVS_STR("x-amz-date"), {date, sizeof date - 1}}};
  const struct ivs_sigv4_request rq = {.method = IVS_STR("POST"),
                                       .path = IVS_STR("/ListChannels"),
                                       .headers = headers,
                                       .header_count = sizeof headers / sizeof headers[0],
                                       .payload = body,
                                       .payload_size = sizeof body - 1};
  struct ivs_sigv4_key key = {.date = ""};
  char text[256];
  struct ivs_out o = ivs_out_to(text, sizeof text);
  start();
  int r = ivs_sigv4_key_derive(&key, IVS_STR("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), date,
                               IVS_STR("us-east-1"), IVS_STR("ivs"));
  stop("cycles-key");
  start();
  if (r == 0) r = ivs_sigv4_sign(&key, IVS_STR("AKIDEXAMPLE"), &rq, date, &o);
  stop("cycles-signature");
  ivs_sigv4_key_wipe(&key);
  return r;
}

static int list(ivs_client *client) {
  struct ivs_list_channels_in in = {.max_results = IVS_INT(1)};
  struct ivs_list_channels_out out;
  return ivs_list_channels(client, &in, &out);
}

/* On a connection that is open, with a key that is kept. */
static int call(ivs_client *client) {
  int r = list(client);
  start();
  if (r == 0) r = list(client);
  stop("cycles-call");
  return r;
}

/* see firmware.h */
int measure(ivs_client *client) {
  report_number("cycles-second", BOARD_HZ);
  int r = handshakes(client);
  if (r == 0) r = sign();
  if (r == 0) r = call(client);
  return r != 0 ? report_failure("measure", r, ivs_last(client)) : 0;
}
