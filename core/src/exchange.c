#include <ivs/crypto.h>
#include <ivs/exchange.h>

enum state { IDLE, CONNECT, SEND, RECEIVE };

/* A move made progress; see ivs_exchange_move(). */
enum { GO_ON = 1 };

/* see ivs/exchange.h */
void ivs_exchange_close(struct ivs_exchange *x) {
  if (x->open) x->port->fn->close(x->port);
  x->open = false;
}

/* A request can hold secrets: it is wiped as soon as it has left or will not leave. */
static void forget_request(struct ivs_exchange *x) {
  if (x->state == CONNECT || x->state == SEND) ivs_wipe(x->space, x->have);
  x->have = 0;
}

/* see ivs/exchange.h */
void ivs_exchange_drop(struct ivs_exchange *x) {
  ivs_exchange_close(x);
  forget_request(x);
  x->state = IDLE;
}

static int fail(struct ivs_exchange *x, int err) {
  ivs_exchange_drop(x);
  return err;
}

static int want(struct ivs_exchange *x, size_t need) {
  x->need = need;
  return IVS_ERR_SPACE;
}

/* Whether the connection that was kept can carry this request. What it has to say unasked is never
   an answer. */
static bool still_good(struct ivs_exchange *x, uint32_t idle_ms) {
  char byte;
  if (x->port->fn->ticks(x->port) - x->idle_since >= idle_ms) return false;
  return x->port->fn->recv(x->port, &byte, 1) == IVS_AGAIN;
}

/* see ivs/exchange.h */
int ivs_exchange_begin(struct ivs_exchange *x, const struct ivs_peer *peer, uint32_t idle_ms,
                       ivs_http1_field_fn *on_field, void *context) {
  ivs_http1_start(&x->http, false, on_field, context);
  x->sent = 0;
  x->send_error = 0;
  x->left = x->answered = x->cut = false;
  x->reused = x->open && still_good(x, idle_ms);
  x->state = SEND;
  if (x->reused) {
    x->counters.reused++;
    return 0;
  }
  ivs_exchange_close(x);
  x->state = CONNECT;
  x->open = true;
  int r = x->port->fn->open(x->port, peer);
  return r < 0 ? fail(x, r) : 0;
}

static int move_connect(struct ivs_exchange *x) {
  int r = x->port->fn->progress(x->port);
  if (r == IVS_AGAIN) return r;
  if (r < 0) return fail(x, r);
  x->counters.connections++;
  x->state = SEND;
  return GO_ON;
}

static void begin_receive(struct ivs_exchange *x) {
  forget_request(x);
  x->state = RECEIVE;
}

/* A service that refuses early may close before it has read all: what it said is then the better
   error. */
static int move_send(struct ivs_exchange *x) {
  int r = x->port->fn->send(x->port, x->space + x->sent, x->have - x->sent);
  if (r == IVS_AGAIN) return r;
  if (r < 0) {
    x->send_error = r;
    begin_receive(x);
    return GO_ON;
  }
  x->sent += (size_t)r;
  x->counters.sent += (size_t)r;
  if (x->sent < x->have) return GO_ON;
  x->left = true;
  x->left_at = x->port->fn->ticks(x->port);
  x->counters.requests++;
  begin_receive(x);
  return GO_ON;
}

/* Room for what is to come. A body that was announced gets all its room at once. That of a refusal
   is dropped rather than asking for room. */
static int make_room(struct ivs_exchange *x) {
  bool refused = x->http.status >= 300;
  if (x->http.in_body && x->http.length >= 0 && !refused) {
    if ((uint64_t)x->http.length > SIZE_MAX / 4) return fail(x, IVS_ERR_HTTP_LENGTH);
    size_t need = (size_t)x->http.length + x->extra;
    return need <= x->space_n ? 0 : want(x, need);
  }
  if (x->have < x->space_n) return 0;
  if (!refused) return want(x, 2 * x->space_n);
  x->cut = true;
  x->have = 0;
  return 0;
}

/* The response is complete: keep the connection or not. Only a refusal can answer half
   a request. */
static int received(struct ivs_exchange *x, bool all_used) {
  if (x->send_error != 0 && x->http.status < 300) return fail(x, x->send_error);
  if (x->http.keep_alive && all_used) x->idle_since = x->port->fn->ticks(x->port);
  else ivs_exchange_close(x);
  x->state = IDLE;
  return 0;
}

/* The connection ended. That may be the end of the response; a refusal counts even without all of
   its body. */
static int ended(struct ivs_exchange *x, int err) {
  if (x->answered && err == IVS_ERR_CLOSED && ivs_http1_close(&x->http) == 1)
    return received(x, false);
  if (x->http.in_body && x->http.status >= 300) {
    x->cut = true;
    return received(x, false);
  }
  return fail(x, x->send_error != 0 && !x->answered ? x->send_error : err);
}

static int move_receive(struct ivs_exchange *x) {
  size_t used, body;
  int r = make_room(x);
  if (r != 0) return r;
  r = x->port->fn->recv(x->port, x->space + x->have, x->space_n - x->have);
  if (r == IVS_AGAIN) return x->send_error != 0 ? ended(x, x->send_error) : r;
  if (r < 0) return ended(x, r);
  x->answered = true;
  x->counters.received += (size_t)r;
  int end = ivs_http1_feed(&x->http, x->space + x->have, (size_t)r, &used, &body);
  if (end < 0) return fail(x, end);
  if (!x->cut) x->have += body;
  return end == 1 ? received(x, used == (size_t)r && x->send_error == 0) : GO_ON;
}

/* see ivs/exchange.h */
int ivs_exchange_move(struct ivs_exchange *x) {
  switch (x->state) {
    case CONNECT: return move_connect(x);
    case SEND: return move_send(x);
    case RECEIVE: return move_receive(x);
    default: return IVS_ERR_STATE;
  }
}

/* see ivs/exchange.h */
int ivs_exchange_space(struct ivs_exchange *x, void *space, size_t n) {
  if (x->state == CONNECT || x->state == SEND) return IVS_ERR_STATE;
  if (x->state == RECEIVE && n < x->space_n) return IVS_ERR_SPACE;
  if (x->have > n) x->have = n;
  if (x->have > 0) memmove(space, x->space, x->have);
  x->space = (char *)space;
  x->space_n = n;
  return 0;
}
