/*
 * One call, as a machine that never blocks:
 *
 *   PREPARE -> BUILD -> EXCHANGE -> READ -> done
 *      ^                   |         |
 *      |---- at once, when a kept connection was dead, or the clock or the credentials were refused
 *      |                   |         |  and can be put right
 *      '---- BACKOFF <-----+---------'  after a delay, when the network or the service failed
 *
 * PREPARE waits for credentials where they come from a provider. BUILD, EXCHANGE and READ stay
 * where they are on IVS_ERR_SPACE and go on with a larger workspace.
 */
#include "call.h"

#include <ivs/ivs.h>
#include <ivs/retry.h>

/* A step of the machine made progress; see advance(). */
enum { GO_ON = 1 };

/* Moves in one ivs_step(); then the caller gets a turn, however fast the other side sends. */
enum { MOVES = 64 };

/* An answer that took longer says nothing about the time. */
enum { LEAST_SKEW_MS = IVS_LEAST_SKEW_SECONDS * 1000, LONGEST_ROUND_MS = 15 * 60 * 1000 };

const char *ivs_version(void) {
  return IVS_VERSION;
}

static uint64_t ticks(const ivs_client *c) {
  return c->options.port->fn->ticks(c->options.port);
}

/* see call.h */
uint8_t ivs_layer_of(int err) {
  if (err == IVS_ERR_SERVICE) return IVS_LAYER_SERVICE;
  if (err <= IVS_ERR_TLS && err >= IVS_ERR_TLS_MEMORY) return IVS_LAYER_TLS;
  if (err <= IVS_ERR_NAME && err >= IVS_ERR_PROXY) return IVS_LAYER_NET;
  if (err <= IVS_ERR_HTTP && err >= IVS_ERR_HTTP_REDIRECT) return IVS_LAYER_HTTP;
  if (err <= IVS_ERR_JSON && err >= IVS_ERR_TYPE) return IVS_LAYER_ANSWER;
  return IVS_LAYER_REQUEST;
}

/* see call.h */
void ivs_note_port(ivs_client *c) {
  const char *text = "";
  c->error.system = c->options.port->fn->detail(c->options.port, &text);
  ivs_str_cut(c->error.message, sizeof c->error.message, ivs_cstr(text));
}

/* --- the clock --- */

/* see call.h */
int64_t ivs_clock_ms(const ivs_client *c) {
  return c->options.port->fn->clock(c->options.port) + c->clock_offset;
}

/* see ivs/client.h */
int64_t ivs_clock_now(const ivs_client *client) {
  return ivs_clock_ms(client) / 1000;
}

/* see call.h */
bool ivs_clock_skew(const ivs_client *c, int64_t *skew) {
  int64_t round = (int64_t)(ticks(c) - c->exchange.left_at);
  if (c->error.date == 0 || c->aged || !c->exchange.left || round > LONGEST_ROUND_MS) return false;
  *skew = c->error.date * 1000 - (ivs_clock_ms(c) - round / 2);
  return true;
}

/* Puts the clock right by the answer that refused it. */
static bool learn_clock(ivs_client *c) {
  int64_t skew;
  if (c->options.keep_clock || !ivs_clock_skew(c, &skew)) return false;
  if (skew < LEAST_SKEW_MS && skew > -LEAST_SKEW_MS) return false;
  c->clock_offset += skew;
  return true;
}

/* --- failures --- */

/* A second request could do harm. */
static bool only_once(const ivs_client *c) {
  uint8_t repeat = ivs_ops[c->op].repeat;
  return repeat == IVS_ONCE || (repeat == IVS_CUE && c->cue_once);
}

/* The request has left, and what came back does not say what became of it: nothing, an answer that
   cannot be read, or the error of a gateway. */
static bool is_open(const ivs_client *c) {
  const struct ivs_error *e = &c->error;
  if (c->state == EXCHANGE) return c->exchange.left;
  return c->state == READ && (e->status < 300 || (e->status >= 500 && e->code[0] == '\0'));
}

/* The connection was a kept one and turned out dead, and sending the request again can do
   no harm. */
static bool may_resend(const ivs_client *c) {
  const struct ivs_exchange *x = &c->exchange;
  return x->reused && !c->resent && !x->answered && !(x->left && only_once(c));
}

static int begin_attempt(ivs_client *c) {
  memset(&c->error, 0, sizeof c->error);
  c->exchange.have = 0;
  c->after_ms = c->after_s = -1;
  c->aged = false;
  c->state = PREPARE;
  return GO_ON;
}

static int repeat_at_once(ivs_client *c) {
  c->attempt++;
  c->exchange.counters.retries++;
  return begin_attempt(c);
}

/* Whether new credentials can be had; they are asked for once in a call. */
static bool may_renew(ivs_client *c) {
  if (c->options.provider == NULL || c->renewed) return false;
  c->renew = c->renewed = true;
  return true;
}

/* Waits before the next attempt, if that can be paid for and ends before the deadline. */
static bool back_off(ivs_client *c, enum ivs_retry retry) {
  uint32_t random;
  unsigned cost = ivs_retry_cost(retry);
  if (c->tokens < cost) return false;
  if (c->options.port->fn->entropy(c->options.port, &random, sizeof random) < 0)
    random = UINT32_MAX;
  c->wake = ticks(c) + ivs_retry_delay(retry, c->attempt, random, c->after_ms, c->after_s);
  if (c->wake >= c->deadline) return false;
  c->tokens = (uint16_t)(c->tokens - cost);
  c->cost = (uint8_t)cost;
  c->state = BACKOFF;
  return true;
}

/* GO_ON if the call begins another attempt after this failure; else 0. */
static int try_again(ivs_client *c, int err) {
  struct ivs_attempt failed = {err, c->error.status, c->error.code, is_open(c), only_once(c)};
  enum ivs_retry retry = ivs_retry_judge(&failed);
  bool last = c->attempt + 1 >= c->options.attempts;
  switch (retry) {
    case IVS_RETRY_NEVER: return 0;
    case IVS_RETRY_SKEWED: return learn_clock(c) && !last ? repeat_at_once(c) : 0;
    case IVS_RETRY_EXPIRED: return may_renew(c) && !last ? repeat_at_once(c) : 0;
    default: return !last && back_off(c, retry) ? GO_ON : 0;
  }
}

/* The provider is not waited for any more. The last one who does so ends what is under way. */
static void leave_provider(ivs_client *c) {
  struct ivs_provider *p = c->options.provider;
  if (!c->waits) return;
  c->waits = false;
  if (--p->waiting == 0) p->fn->cancel(p);
}

/* Takes down why there are no credentials, or not yet. */
static void note_provider(ivs_client *c) {
  const char *problem = c->options.provider->problem;
  if (problem[0] == '\0') problem = "waiting for credentials";
  ivs_str_cut(c->error.message, sizeof c->error.message, ivs_cstr(problem));
}

/* Ends the call with an error; or begins another attempt, where that is safe. */
static int fail(ivs_client *c, int err) {
  uint8_t layer = ivs_layer_of(err);
  bool broken = (layer == IVS_LAYER_NET || layer == IVS_LAYER_TLS) && err != IVS_ERR_TIMEOUT;
  bool unsure = is_open(c) && only_once(c);
  if (c->waits) note_provider(c);
  if (broken) ivs_note_port(c);
  leave_provider(c);
  if (c->state == EXCHANGE) ivs_exchange_drop(&c->exchange);
  if (broken && may_resend(c)) {
    c->resent = true;
    return begin_attempt(c);
  }
  if (try_again(c, err) == GO_ON) return GO_ON;
  c->error.layer = layer;
  c->error.cause = err;
  c->error.err = unsure ? IVS_ERR_UNSURE : err;
  c->state = IDLE;
  return c->error.err;
}

/* --- the states --- */

/* New credentials are on their way, but those in use have not ended. Such as never end are renewed
   only when they were refused. */
static bool still_hold(const ivs_client *c) {
  const struct ivs_provider *p = c->options.provider;
  bool refused = c->renew && c->creds_version == p->version;
  return p->version > 0 && !refused && ivs_clock_now(c) < p->expires;
}

/* Until then a call waits for credentials that are renewed ahead of time; the rest is its own. */
static uint64_t half_time(const ivs_client *c) {
  return c->deadline - c->options.call_ms / 2;
}

static int go_to_prepare(ivs_client *c) {
  c->state = PREPARE;
  return GO_ON;
}

/* New credentials are on their way. The connection is closed meanwhile: there may be no memory for
   two. */
static int wait_for_provider(ivs_client *c, int r) {
  struct ivs_provider *p = c->options.provider;
  if (!c->waits) p->waiting++;
  c->waits = true;
  if (!still_hold(c) || ticks(c) < half_time(c)) {
    ivs_exchange_close(&c->exchange);
    return r;
  }
  leave_provider(c);
  ivs_provider_postpone(p, ivs_clock_now(c));
  return GO_ON;
}

static int step_prepare(ivs_client *c) {
  struct ivs_provider *p = c->options.provider;
  if (p != NULL) {
    int r = ivs_provider_ready(p, ivs_clock_now(c), c->renew && c->creds_version == p->version);
    if (r == GO_ON || r == IVS_AGAIN) return wait_for_provider(c, r);
    if (r < 0) {
      note_provider(c);
      return fail(c, r);
    }
    leave_provider(c);
    if (c->creds_version != p->version) {
      if (c->creds_version != 0) c->exchange.counters.refreshes++;
      c->creds_version = p->version;
      c->options.creds = &p->creds;
      ivs_sigv4_key_wipe(&c->key);
    }
    c->renew = false;
  }
  c->state = BUILD;
  return GO_ON;
}

/* A call that stopped here for want of workspace may find that another client has renewed. */
static int step_build(ivs_client *c) {
  const struct ivs_provider *p = c->options.provider;
  if (p != NULL && c->creds_version != p->version) return go_to_prepare(c);
  int r = ivs_request_build(c);
  if (r == IVS_ERR_SPACE) return r;
  if (r < 0) return fail(c, r);
  struct ivs_peer peer = {ivs_endpoint_host(c->options.endpoint), c->options.endpoint->port,
                          ivs_clock_now(c)};
  c->exchange.extra = ivs_answer_extra(c);
  c->state = EXCHANGE;
  r = ivs_exchange_begin(&c->exchange, &peer, only_once(c) ? IVS_IDLE_ONCE_MS : IVS_IDLE_MS,
                         ivs_answer_field, c);
  return r < 0 ? fail(c, r) : GO_ON;
}

static int step_exchange(ivs_client *c) {
  int r = ivs_exchange_move(&c->exchange);
  if (r == GO_ON || r == IVS_AGAIN) return r;
  if (r == IVS_ERR_SPACE) return ivs_want_space(c, c->exchange.need);
  c->error.status = c->exchange.http.status;
  if (r < 0) return fail(c, r);
  c->state = READ;
  return GO_ON;
}

static int step_read(ivs_client *c) {
  int r = c->exchange.http.status < 300 ? ivs_answer_read(c) : ivs_answer_refused(c);
  if (r == IVS_ERR_SPACE) return r;
  if (r < 0) return fail(c, r);
  unsigned tokens = c->tokens + (c->cost > 0 ? c->cost : 1u);
  c->tokens = (uint16_t)(tokens < IVS_RETRY_TOKENS ? tokens : IVS_RETRY_TOKENS);
  c->state = IDLE;
  return 0;
}

static int step_backoff(ivs_client *c) {
  return ticks(c) < c->wake ? IVS_AGAIN : repeat_at_once(c);
}

/* One move. GO_ON: there may be another. IVS_AGAIN: not before what is waited for. 0: the call is
   done. Else its error. */
static int advance(ivs_client *c) {
  switch (c->state) {
    case PREPARE: return step_prepare(c);
    case BUILD: return step_build(c);
    case EXCHANGE: return step_exchange(c);
    case READ: return step_read(c);
    default: return step_backoff(c);
  }
}

/* What a call that got IVS_AGAIN waits for. */
static void wants(const ivs_client *c, struct ivs_wait *w) {
  struct ivs_port *port = c->options.port;
  if (c->state == BACKOFF) w->until = c->wake;
  else if (c->state == PREPARE) {
    if (still_hold(c)) w->until = half_time(c);
    c->options.provider->fn->wants(c->options.provider, w);
  } else port->fn->wants(port, w);
}

/* --- for callers --- */

/* see ivs/client.h */
int ivs_init(ivs_client *client, const struct ivs_options *options) {
  memset(client, 0, sizeof *client);
  if (options->port == NULL || options->endpoint == NULL || options->endpoint->host_n == 0 ||
      !ivs_is_region(options->region))
    return IVS_ERR_ARGUMENT;
  client->options = *options;
  client->exchange.port = options->port;
  client->tokens = IVS_RETRY_TOKENS;
  if (client->options.call_ms == 0) client->options.call_ms = IVS_CALL_MS;
  if (client->options.attempts == 0) client->options.attempts = IVS_ATTEMPTS;
  return 0;
}

/* see ivs/client.h */
int ivs_workspace(ivs_client *client, void *space, size_t n) {
  if (client->state == READ && n < client->exchange.space_n) return IVS_ERR_SPACE;
  if (client->state == IDLE) {
    client->exchange.have = 0;
    client->error.whole = (ivs_str){NULL, 0};
  }
  return ivs_exchange_space(&client->exchange, space, n);
}

/* see ivs/client.h */
int ivs_credentials(ivs_client *client, const struct ivs_creds *creds) {
  if (client->state != IDLE || client->options.provider != NULL) return IVS_ERR_STATE;
  client->options.creds = creds;
  ivs_sigv4_key_wipe(&client->key);
  return 0;
}

/* see ivs/client.h */
int ivs_clock_set(ivs_client *client, int64_t now) {
  char date[IVS_TIME_AMZ_SIZE];
  int r = ivs_time_to_amz(now, date);
  if (r == 0) client->clock_offset += now * 1000 - ivs_clock_ms(client);
  return r;
}

/* see ivs/client.h */
int ivs_start(ivs_client *client, enum ivs_op_id op, const void *in, void *out) {
  if (client->state != IDLE) return IVS_ERR_STATE;
  client->op = (uint8_t)op;
  client->in = in;
  client->out = out;
  if (out != NULL) memset(out, 0, ivs_types[ivs_ops[op].out].size);
  client->resent = client->renewed = false;
  client->attempt = client->cost = 0;
  client->cue_once = client->options.cue_once;
  client->deadline = ticks(client) + client->options.call_ms;
  client->exchange.counters.calls++;
  begin_attempt(client);
  return 0;
}

/* see ivs/client.h */
int ivs_step(ivs_client *client, struct ivs_wait *w) {
  if (client->state == IDLE || client->state == LEARN) return IVS_ERR_STATE;
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
  if (r == IVS_AGAIN) wants(client, w);
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
  leave_provider(client);
  if (client->state == LEARN) client->clock_offset = client->offset_before;
  ivs_exchange_drop(&client->exchange);
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
    client->error.layer = ivs_layer_of(r);
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
  ivs_exchange_close(&client->exchange);
  ivs_sigv4_key_wipe(&client->key);
}
