#include "ivs_tap.h"

#include "ivs_binding.h"

static struct ivs_tap *tap_of(struct ivs_port *port) {
  return (struct ivs_tap *)port;
}

static struct ivs_port *under(struct ivs_port *port) {
  return tap_of(port)->under;
}

static uint64_t now(const struct ivs_tap *tap) {
  return tap->under->fn->ticks(tap->under);
}

/* see ivs_tap.h */
void ivs_tap_tell(struct ivs_tap *tap, const char *event, const void *text, size_t n) {
  lua_State *L = tap->L;
  if (L == NULL) return;
  luaL_checkstack(L, 4, NULL);
  if (lua_getiuservalue(L, 1, IVS_TRACE) != LUA_TFUNCTION) {
    lua_pop(L, 1);
    return;
  }
  lua_pushstring(L, event);
  lua_pushlstring(L, text != NULL ? (const char *)text : "", n);
  lua_call(L, 2, 0);
}

/* What became of an attempt: it ends with IVS_ERR_TIMEOUT if the silence has lasted too long. */
static int judge(struct ivs_tap *tap, int r) {
  uint32_t limit = tap->opening ? tap->connect_ms : tap->read_ms;
  if (r != IVS_AGAIN) tap->since = now(tap);
  else if (limit != 0 && now(tap) - tap->since >= limit) return IVS_ERR_TIMEOUT;
  return r;
}

static int tap_open(struct ivs_port *port, const struct ivs_peer *peer) {
  struct ivs_tap *tap = tap_of(port);
  tap->opening = true;
  tap->since = now(tap);
  ivs_tap_tell(tap, "connecting", peer->host.p, peer->host.n);
  return tap->under->fn->open(tap->under, peer);
}

static int tap_progress(struct ivs_port *port) {
  struct ivs_tap *tap = tap_of(port);
  int r = judge(tap, tap->under->fn->progress(tap->under));
  if (r != 0) return r;
  tap->opening = false;
  ivs_tap_tell(tap, "connected", NULL, 0);
  return 0;
}

static int tap_send(struct ivs_port *port, const void *p, size_t n) {
  struct ivs_tap *tap = tap_of(port);
  int r = judge(tap, tap->under->fn->send(tap->under, p, n));
  if (r > 0) ivs_tap_tell(tap, "sent", p, (size_t)r);
  return r;
}

static int tap_recv(struct ivs_port *port, void *p, size_t n) {
  struct ivs_tap *tap = tap_of(port);
  int r = judge(tap, tap->under->fn->recv(tap->under, p, n));
  if (r > 0) ivs_tap_tell(tap, "received", p, (size_t)r);
  return r;
}

static void tap_wants(struct ivs_port *port, struct ivs_wait *w) {
  struct ivs_tap *tap = tap_of(port);
  uint32_t limit = tap->opening ? tap->connect_ms : tap->read_ms;
  tap->under->fn->wants(tap->under, w);
  if (limit != 0 && tap->since + limit < w->until) w->until = tap->since + limit;
}

static void tap_close(struct ivs_port *port) {
  under(port)->fn->close(under(port));
}

static int tap_wait(struct ivs_port *port, const struct ivs_wait *w) {
  return under(port)->fn->wait(under(port), w);
}

static uint64_t tap_ticks(struct ivs_port *port) {
  return under(port)->fn->ticks(under(port));
}

static int64_t tap_clock(struct ivs_port *port) {
  return under(port)->fn->clock(under(port));
}

static int tap_entropy(struct ivs_port *port, void *p, size_t n) {
  return under(port)->fn->entropy(under(port), p, n);
}

static int tap_detail(struct ivs_port *port, const char **text) {
  return under(port)->fn->detail(under(port), text);
}

/* see ivs_tap.h */
void ivs_tap_init(struct ivs_tap *tap, struct ivs_port *below, uint32_t connect_ms,
                  uint32_t read_ms) {
  static const struct ivs_port_functions functions = {.open = tap_open,
                                                      .progress = tap_progress,
                                                      .send = tap_send,
                                                      .recv = tap_recv,
                                                      .close = tap_close,
                                                      .wants = tap_wants,
                                                      .wait = tap_wait,
                                                      .ticks = tap_ticks,
                                                      .clock = tap_clock,
                                                      .entropy = tap_entropy,
                                                      .detail = tap_detail};
  *tap = (struct ivs_tap){
      .port = {&functions}, .under = below, .connect_ms = connect_ms, .read_ms = read_ms};
}

/* see ivs_tap.h */
void ivs_tap_begin(struct ivs_tap *tap, lua_State *L) {
  if (tap->under == NULL) return;
  tap->L = L;
  tap->since = now(tap);
}

/* see ivs_tap.h */
void ivs_tap_end(struct ivs_tap *tap) {
  tap->L = NULL;
}
