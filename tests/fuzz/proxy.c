/*
 * A proxy's answer: whatever the pieces in which it comes, the verdict is the same, and what stands
 * behind it reaches the reader untouched; the password does not stay.
 *
 * Input: a byte for host and user, the pieces, what the proxy sends.
 */
#include "fuzz.h"

#include <ivs/proxy.h>

#define PASSWORD "open sesame"
#define BASIC "QWxhZGRpbjpv" /* the beginning of what both are sent as */

static struct wire {
  struct ivs_port port;
  ivs_str coming;
  struct fuzz_pieces pieces;
  bool is_open;
} wire;

static int wire_open(struct ivs_port *port, const struct ivs_peer *peer) {
  (void)port;
  HOLDS(ivs_str_eq(peer->host, IVS_STR("proxy.example")) && peer->port == 3128);
  wire.is_open = true;
  return 0;
}

static int wire_progress(struct ivs_port *port) {
  (void)port;
  return 0;
}

static int wire_send(struct ivs_port *port, const void *p, size_t n) {
  (void)port, (void)p;
  return (int)fuzz_piece(&wire.pieces, n);
}

static int wire_recv(struct ivs_port *port, void *p, size_t n) {
  (void)port;
  if (wire.coming.n == 0) return IVS_ERR_CLOSED;
  size_t piece = fuzz_piece(&wire.pieces, wire.coming.n);
  if (piece < n) n = piece;
  memcpy(p, wire.coming.p, n);
  wire.coming.p += n;
  wire.coming.n -= n;
  return (int)n;
}

static void wire_close(struct ivs_port *port) {
  (void)port;
  wire.is_open = false;
}

static int wire_detail(struct ivs_port *port, const char **text) {
  (void)port;
  *text = "";
  return 0;
}

static const struct ivs_port_functions functions = {.open = wire_open,
                                                    .progress = wire_progress,
                                                    .send = wire_send,
                                                    .recv = wire_recv,
                                                    .close = wire_close,
                                                    .detail = wire_detail};

struct outcome {
  int result, status;
  size_t behind_n;
  char behind[FUZZ_MOST];
};

static void run(struct outcome *o, unsigned choice, ivs_str answer, struct fuzz_pieces pieces) {
  static struct ivs_proxy proxy;
  const char *text;
  struct ivs_proxy_options options = {
      .host = IVS_STR("proxy.example"), .port = 3128, .user = IVS_STR("Aladdin")};
  struct ivs_peer peer = {choice & 1 ? IVS_STR("::1") : IVS_STR("ivs.eu-west-1.amazonaws.com"), 443,
                          0};
  options.password = choice & 2 ? IVS_STR(PASSWORD) : (ivs_str){NULL, 0};
  if (choice & 4) options.user.n = 0;
  memset(&wire, 0, sizeof wire);
  wire.port.fn = &functions;
  wire.coming = answer;
  wire.pieces = pieces;
  o->behind_n = 0;
  HOLDS(ivs_proxy_init(&proxy, &wire.port, &options) == 0);
  HOLDS(proxy.port.fn->open(&proxy.port, &peer) == 0);
  o->result = proxy.port.fn->progress(&proxy.port);
  HOLDS(!fuzz_holds(proxy.buffer, sizeof proxy.buffer, BASIC) ||
        fuzz_holds(answer.p, answer.n, BASIC));
  o->status = proxy.port.fn->detail(&proxy.port, &text);
  HOLDS(text != NULL);
  if (o->result == 0) {
    int r;
    while ((r = proxy.port.fn->recv(&proxy.port, o->behind + o->behind_n,
                                    sizeof o->behind - o->behind_n)) > 0)
      o->behind_n += (size_t)r;
  }
  proxy.port.fn->close(&proxy.port);
  HOLDS(!wire.is_open);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
  static struct outcome whole, split;
  struct fuzz f = {data, n};
  unsigned choice = fuzz_byte(&f);
  struct fuzz_pieces pieces = fuzz_pieces(&f), one = {{NULL, 0}, 0};
  ivs_str answer = {(const char *)f.p, f.n};
  if (n >= FUZZ_MOST) return -1;
  run(&whole, choice, answer, one);
  run(&split, choice, answer, pieces);
  HOLDS(whole.result == 0 || whole.result == IVS_ERR_PROXY || whole.result == IVS_ERR_CONNECT ||
        whole.result == IVS_ERR_CLOSED);
  HOLDS(whole.result == split.result && whole.status == split.status);
  HOLDS(fuzz_same(whole.behind, whole.behind_n, split.behind, split.behind_n));
  HOLDS(whole.behind_n == 0 ||
        memcmp(answer.p + answer.n - whole.behind_n, whole.behind, whole.behind_n) == 0);
  return 0;
}
