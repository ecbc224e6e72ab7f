/*
 * One call, as a machine that never blocks:
 *
 *   BUILD -> CONNECT -> SEND -> RECEIVE -> READ -> done
 *     |         (skipped when the connection is there already)
 *     ^---- once more on a fresh connection, when one that was kept turns out dead before
 *           it gave a byte of answer and sending again is safe
 *
 * BUILD, RECEIVE and READ stay where they are on IVS_ERR_SPACE and go on with a larger workspace.
 */
#include "call.h"

#include <ivs/ivs.h>

enum state { IDLE, BUILD, CONNECT, SEND, RECEIVE, READ };

/* A step of the machine made progress; see advance(). */
enum { GO_ON = 1 };

/* Moves in one ivs_step(); then the caller gets a turn, however fast the other side sends. */
enum { MOVES = 64 };

const char *ivs_version(void) {
  return IVS_VERSION;
}

static uint64_t ticks(const ivs_client *c) {
  return c->options.port->fn->ticks(c->options.port);
}

static void disconnect(ivs_client *c) {
  if (c->open) c->options.port->fn->close(c->options.port);
  c->open = false;
}

/* The request holds the session token: it is wiped as soon as it has left or will not leave. */
static void forget_request(ivs_client *c) {
  if (c->state == CONNECT || c->state == SEND) ivs_wipe(c->space, c->have);
  c->have = 0;
}

static uint8_t layer_of(int err) {
  if (err == IVS_ERR_SERVICE) return IVS_LAYER_SERVICE;
  if (err <= IVS_ERR_TLS && err >= IVS_ERR_TLS_MEMORY) return IVS_LAYER_TLS;
  if (err <= IVS_ERR_NAME && err >= IVS_ERR_TIMEOUT) return IVS_LAYER_NET;
  if (err <= IVS_ERR_HTTP && err >= IVS_ERR_HTTP_REDIRECT) return IVS_LAYER_HTTP;
  if (err <= IVS_ERR_JSON && err >= IVS_ERR_TYPE) return IVS_LAYER_ANSWER;
  return IVS_LAYER_REQUEST;
}

/* A second request could do harm. */
static bool only_once(const ivs_client *c) {
  uint8_t repeat = ivs_ops[c->op].repeat;
  return repeat == IVS_ONCE || (repeat == IVS_CUE && c->options.cue_once);
}

/* Takes down what the port knows of its failure. */
static void note_port(ivs_client *c) {
  const char *text = "";
  c->error.system = c->options.port->fn->detail(c->options.port, &text);
  if (c->error.message[0] == '\0')
    ivs_str_cut(c->error.message, sizeof c->error.message, ivs_cstr(text));
}

/* The whole request is on its way, so the service may have acted on it. */
static bool has_left(const ivs_client *c) {
  return c->state == RECEIVE && c->send_error == 0;
}

/* The connection was an old one and turned out dead, and sending the request again can do no harm.
 */
static bool may_resend(const ivs_client *c) {
  return c->reused && !c->resent && !c->answered && !(has_left(c) && only_once(c));
}

/* Ends the call with an error; or begins it again, where that is safe and nobody need know. */
static int fail(ivs_client *c, int err) {
  uint8_t layer = layer_of(err);
  bool broken = (layer == IVS_LAYER_NET || layer == IVS_LAYER_TLS) && err != IVS_ERR_TIMEOUT;
  bool unsure = has_left(c) && only_once(c);
  if (broken) note_port(c);
  if (c->state != BUILD && c->state != READ) disconnect(c);
  forget_request(c);
  if (broken && may_resend(c)) {
    memset(&c->error, 0, sizeof c->error);
    c->resent = true;
    c->state = BUILD;
    return GO_ON;
  }
  c->error.layer = layer;
  c->error.cause = err;
  c->error.err = unsure ? IVS_ERR_UNSURE : err;
  c->state = IDLE;
  return c->error.err;
}

/* Whether the connection that was kept can carry this request. What it has to say unasked is never
 * an answer. */
static bool still_good(ivs_client *c) {
  char byte;
  uint64_t idle = ticks(c) - c->idle_since;
  if (idle >= (only_once(c) ? IVS_IDLE_ONCE_MS : IVS_IDLE_MS)) return false;
  return c->options.port->fn->recv(c->options.port, &byte, 1) == IVS_AGAIN;
}

static int step_build(ivs_client *c) {
  struct ivs_port *port = c->options.port;
  int r = ivs_request_build(c);
  if (r == IVS_ERR_SPACE) return r;
  if (r < 0) return fail(c, r);
  c->state = SEND;
  c->sent = 0;
  c->send_error = 0;
  c->answered = c->cut = false;
  c->reused = c->open && still_good(c);
  if (c->reused) {
    c->counters.reused++;
    return GO_ON;
  }
  disconnect(c);
  struct ivs_peer peer = {ivs_endpoint_host(c->options.endpoint), c->options.endpoint->port,
                          port->fn->clock(port) / 1000};
  c->state = CONNECT;
  c->open = true;
  r = port->fn->open(port, &peer);
  return r < 0 ? fail(c, r) : GO_ON;
}

static int step_connect(ivs_client *c) {
  int r = c->options.port->fn->progress(c->options.port);
  if (r == IVS_AGAIN) return r;
  if (r < 0) return fail(c, r);
  c->counters.connections++;
  c->state = SEND;
  return GO_ON;
}

static void begin_receive(ivs_client *c) {
  forget_request(c);
  ivs_http1_start(&c->http, false, ivs_answer_field, c);
  c->state = RECEIVE;
}

/* A service that refuses early may close before it has read all: what it said is then the better
 * error. */
static int step_send(ivs_client *c) {
  struct ivs_port *port = c->options.port;
  int r = port->fn->send(port, c->space + c->sent, c->have - c->sent);
  if (r == IVS_AGAIN) return r;
  if (r < 0) {
    c->send_error = r;
    begin_receive(c);
    return GO_ON;
  }
  c->sent += (size_t)r;
  if (c->sent < c->have) return GO_ON;
  begin_receive(c);
  c->counters.requests++;
  return GO_ON;
}

/* Room for what is to come. An answer that was announced gets all its room at once. The body of a
   refusal is dropped rather than asking for room. */
static int make_room(ivs_client *c) {
  bool refused = c->http.status >= 300;
  if (c->http.in_body && c->http.length >= 0 && !refused) {
    if ((uint64_t)c->http.length > SIZE_MAX / 2) return fail(c, IVS_ERR_HTTP_LENGTH);
    size_t need = ivs_answer_need(c, (size_t)c->http.length);
    return need <= c->space_n ? 0 : ivs_want_space(c, need);
  }
  if (c->have < c->space_n) return 0;
  if (!refused) return ivs_want_space(c, 2 * c->space_n);
  c->cut = true;
  c->have = 0;
  return 0;
}

/* The response is complete: keep the connection or not, and read. Only a refusal can answer half a
 * request. */
static int received(ivs_client *c, bool all_used) {
  if (c->send_error != 0 && c->http.status < 300) return fail(c, c->send_error);
  if (c->http.keep_alive && all_used) c->idle_since = ticks(c);
  else disconnect(c);
  c->error.status = c->http.status;
  c->state = READ;
  return GO_ON;
}

/* The connection ended. That may be the end of the answer; a refusal counts even without all of its
 * body. */
static int ended(ivs_client *c, int err) {
  if (c->answered && err == IVS_ERR_CLOSED && ivs_http1_close(&c->http) == 1)
    return received(c, false);
  if (c->http.in_body && c->http.status >= 300) {
    c->cut = true;
    return received(c, false);
  }
  return fail(c, c->send_error != 0 && !c->answered ? c->send_error : err);
}

static int step_receive(ivs_client *c) {
  struct ivs_port *port = c->options.port;
  size_t used, body;
  int r = make_room(c);
  if (r != 0) return r;
  r = port->fn->recv(port, c->space + c->have, c->space_n - c->have);
  if (r == IVS_AGAIN) return c->send_error != 0 ? ended(c, c->send_error) : r;
  if (r < 0) return ended(c, r);
  c->answered = true;
  int end = ivs_http1_feed(&c->http, c->space + c->have, (size_t)r, &used, &body);
  if (end < 0) {
    c->error.status = c->http.status;
    return fail(c, end);
  }
  if (!c->cut) c->have += body;
  return end == 1 ? received(c, used == (size_t)r && c->send_error == 0) : GO_ON;
}

static int step_read(ivs_client *c) {
  int r = c->http.status < 300 ? ivs_answer_read(c) : ivs_answer_refused(c);
  if (r == IVS_ERR_SPACE) return r;
  if (r < 0) return fail(c, r);
  c->state = IDLE;
  return 0;
}

/* One move. GO_ON: there may be another. IVS_AGAIN: not before the port is ready. 0: the call is
 * done. Else its error. */
static int advance(ivs_client *c) {
  switch (c->state) {
    case BUILD: return step_build(c);
    case CONNECT: return step_connect(c);
    case SEND: return step_send(c);
    case RECEIVE: return step_receive(c);
    default: return step_read(c);
  }
}

/* see ivs/client.h */
int ivs_init(ivs_client *client, const struct ivs_options *options) {
  memset(client, 0, sizeof *client);
  if (options->port == NULL || options->endpoint == NULL || !ivs_is_region(options->region))
    return IVS_ERR_ARGUMENT;
  client->options = *options;
  if (client->options.call_ms == 0) client->options.call_ms = IVS_CALL_MS;
  return 0;
}

/* see ivs/client.h */
int ivs_workspace(ivs_client *client, void *space, size_t n) {
  if (client->state == CONNECT || client->state == SEND) return IVS_ERR_STATE;
  bool moves = client->state == RECEIVE || client->state == READ;
  if (moves && n < client->space_n) return IVS_ERR_SPACE;
  if (moves && client->have > 0) memmove(space, client->space, client->have);
  client->space = (char *)space;
  client->space_n = n;
  return 0;
}

/* see ivs/client.h */
int ivs_credentials(ivs_client *client, const struct ivs_creds *creds) {
  if (client->state != IDLE) return IVS_ERR_STATE;
  client->options.creds = creds;
  ivs_sigv4_key_wipe(&client->key);
  return 0;
}

/* see ivs/client.h */
int ivs_start(ivs_client *client, enum ivs_op_id op, const void *in, void *out) {
  if (client->state != IDLE) return IVS_ERR_STATE;
  memset(&client->error, 0, sizeof client->error);
  client->op = (uint8_t)op;
  client->in = in;
  client->out = out;
  if (out != NULL) memset(out, 0, ivs_types[ivs_ops[op].out].size);
  client->have = 0;
  client->resent = false;
  client->deadline = ticks(client) + client->options.call_ms;
  client->state = BUILD;
  client->counters.calls++;
  return 0;
}

/* see ivs/client.h */
int ivs_step(ivs_client *client, struct ivs_wait *w) {
  if (client->state == IDLE) return IVS_ERR_STATE;
  int r, moves = 0;
  client->error.err = client->error.cause = 0; /* of an IVS_ERR_SPACE before */
  do {
    r = ticks(client) >= client->deadline && client->state != READ ? fail(client, IVS_ERR_TIMEOUT)
                                                                   : advance(client);
  } while (r == GO_ON && ++moves < MOVES);
  if (r != IVS_AGAIN && r != GO_ON) return r;
  w->handle = -1;
  w->events = 0;
  w->until = r == GO_ON ? 0 : client->deadline;
  if (r == IVS_AGAIN) client->options.port->fn->wants(client->options.port, w);
  return 1;
}

/* see ivs/client.h */
int ivs_finish(ivs_client *client) {
  struct ivs_wait w;
  int r;
  while ((r = ivs_step(client, &w)) == 1) {
    int waited = client->options.port->fn->wait(client->options.port, &w);
    if (waited < 0 && (r = fail(client, waited)) != GO_ON) return r;
  }
  return r;
}

/* see ivs/client.h */
int ivs_call(ivs_client *client, enum ivs_op_id op, const void *in, void *out) {
  int r = ivs_start(client, op, in, out);
  return r < 0 ? r : ivs_finish(client);
}

/* see ivs/client.h */
void ivs_cancel(ivs_client *client) {
  if (client->state == IDLE) return;
  disconnect(client);
  forget_request(client);
  client->error.err = client->error.cause = IVS_ERR_CANCELLED;
  client->state = IDLE;
}

/* see ivs/client.h */
int ivs_next(ivs_client *client, ivs_span *rest, void *element) {
  ivs_str culprit = {NULL, 0};
  if (client->state != IDLE) return IVS_ERR_STATE;
  int r = ivs_decode_next(ivs_answer_arena(client), rest, element, &culprit);
  if (r < 0) {
    client->error.err = client->error.cause = r;
    client->error.layer = layer_of(r);
    ivs_str_cut(client->error.message, sizeof client->error.message, culprit);
  }
  return r;
}

/* see ivs/client.h */
const struct ivs_error *ivs_last(const ivs_client *client) {
  return &client->error;
}

/* see ivs/client.h */
void ivs_close(ivs_client *client) {
  ivs_cancel(client);
  disconnect(client);
  ivs_sigv4_key_wipe(&client->key);
}
