/*
 * The firmware that tests/firmware/run.py runs in an emulator against the simulator of the service.
 * Words to run with, beside those of boards/common/emulator.c:
 *
 *   do=live         the main job (live.c), with `items` items of metadata
 *   do=loop         the same beside a task, from a main loop (loop.c)
 *   do=port         the port by itself (port.c), with peers at `peer` and, over TLS, at `tls-peer`
 *   do=measure      what a handshake, a signature and a call cost (measure.c)
 *   do=list         ListChannels, once; exits with 1 to 125: the error without its sign
 *   endpoint=URL    its host name is looked up at the name server in the firmware itself, which
 *   name=NAME       knows this name
 *   address=A.B.C.D and its address
 *   ca=HEX          the root to trust, DER
 *   key=ID secret=S region=R
 *   iot=URL         credentials from there instead, on a board that has FIRMWARE_IOT (iot.c), with
 *   iot-alias=NAME iot-thing=NAME iot-cert=HEX iot-key=HEX
 *   learn=1         takes the time from the service before anything else
 */
#include "firmware.h"

#include "board.h"
#include "emulator.h"

#include <ivs/lwip.h>
#include <ivs/tls.h>

#include <mbedtls/ecp.h>
#include <mbedtls/memory_buffer_alloc.h>

enum { WORKSPACE = 4096 };

/* Of elliptic curves, in one step of a handshake: fewer make it longer as a whole. */
enum { CURVE_OPERATIONS = 200 };

static unsigned char pool[BOARD_TLS_POOL_KB * 1024];
static struct ivs_lwip tcp;
static struct ivs_tls tls;
static ivs_client client;
static struct ivs_creds creds;
static struct ivs_endpoint endpoint;
static char workspace[WORKSPACE];

static int start_tls(ivs_str ca) {
  struct ivs_tls_options options = {.roots = ca.p, .roots_n = ca.n};
  mbedtls_memory_buffer_alloc_init(pool, sizeof pool);
#ifdef MBEDTLS_ECP_RESTARTABLE
  mbedtls_ecp_set_max_ops(CURVE_OPERATIONS);
#endif
  ivs_lwip_init(&tcp, &firmware_hooks);
  return ivs_tls_init(&tls, &tcp.port, &options);
}

static int start_credentials(struct ivs_options *options, ivs_str ca) {
#ifdef FIRMWARE_IOT
  if (emulator_word("iot") != NULL)
    return iot_start(&firmware_hooks, ca, workspace, sizeof workspace, &options->provider);
#else
  (void)ca;
#endif
  options->creds = &creds;
  return ivs_creds_set(&creds, ivs_cstr(word("key")), ivs_cstr(word("secret")), IVS_STR(""));
}

static void stop_credentials(void) {
#ifdef FIRMWARE_IOT
  iot_stop();
#endif
  ivs_creds_wipe(&creds);
}

static int start_client(ivs_str ca) {
  struct ivs_options options = {.port = &tls.port, .endpoint = &endpoint};
  options.region = ivs_cstr(word("region"));
  int r = start_credentials(&options, ca);
  if (r == 0) r = ivs_endpoint_from_url(&endpoint, ivs_cstr(word("endpoint")));
  if (r == 0) r = ivs_init(&client, &options);
  if (r == 0) r = ivs_workspace(&client, workspace, sizeof workspace);
  return r;
}

static int list_channels(void) {
  struct ivs_list_channels_in in = {.max_results = IVS_INT(1)};
  struct ivs_list_channels_out out;
  uint64_t began = board_ticks();
  int r = ivs_list_channels(&client, &in, &out);
  report_number("call-ms", (int64_t)(board_ticks() - began));
  return r != 0 ? report_failure("ListChannels", r, ivs_last(&client)) : 0;
}

static int learn_time(void) {
  int r = ivs_clock_learn(&client);
  if (r != 0) return report_failure("ivs_clock_learn", r, ivs_last(&client));
  report_number("time-learned", ivs_clock_now(&client));
  return 0;
}

static bool is_asked(const char *what) {
  return strcmp(word("do"), what) == 0;
}

static int do_it(void) {
  if (is_asked("port")) return check_port(&firmware_hooks, &tls, word("name"), word("address"));
  if (is_asked("measure")) return measure(&client);
  if (is_asked("loop")) return go_live_in_loop(&client, &tls, number_word("items"));
  return is_asked("live") ? go_live(&client, number_word("items")) : list_channels();
}

static int run(void) {
  ivs_str ca = bytes_word("ca");
  int r = start_tls(ca);
  if (r == 0) r = start_client(ca);
  if (r != 0) {
    report_text("failed", ivs_cstr(ivs_strerror(r)));
    return r;
  }
  if (emulator_word("learn") != NULL) r = learn_time();
  return r == 0 ? do_it() : r;
}

static void report_use(void) {
  const struct ivs_counters *c = ivs_client_counters(&client);
  size_t bytes = 0, blocks = 0;
  mbedtls_memory_buffer_alloc_max_get(&bytes, &blocks);
  report_number("pool-most", (int64_t)bytes);
  report_number("pool-size", sizeof pool);
  report_number("stack-most", (int64_t)board_stack_used());
  report_number("stack-size", (int64_t)board_stack_size());
  report_number("workspace-most", (int64_t)client.high_water);
  report_number("requests", c->requests);
  report_number("connections", c->connections);
  report_number("refreshes", c->refreshes);
  report_number("handshakes", tls.handshakes);
  report_number("resumed", tls.resumed);
  report_number("milliseconds", (int64_t)board_ticks());
}

int main(void) {
  start_network();
  int r = run();
  report_use();
  ivs_close(&client);
  stop_credentials();
  ivs_tls_free(&tls);
  return r == 0 ? 0 : -r < 126 ? -r : 126;
}
