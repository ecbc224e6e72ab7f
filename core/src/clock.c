/*
 * Taking the time from the service: one exchange with certificates judged but for their dates, and
 * a second one, with the time of the first, that judges these too.
 */
#include "call.h"

#include <ivs/ivs.h>

enum { GO_ON = 1 };

/* What the client keeps of a lesson under way lies where a call has its own. */
static bool is_second(const ivs_client *c) {
  return c->attempt > 0;
}

static int end(ivs_client *c, int r) {
  c->state = IDLE;
  if (r == 0) return r;
  ivs_exchange_drop(&c->exchange);
  if (is_second(c)) c->clock_offset = c->offset_before;
  c->error.status = c->exchange.http.status;
  c->error.err = c->error.cause = r;
  c->error.layer = ivs_layer_of(r);
  if (c->error.layer == IVS_LAYER_NET || c->error.layer == IVS_LAYER_TLS) ivs_note_port(c);
  return r;
}

/* Any answer will do: what the service thinks of the request is of no interest. */
static int ask(ivs_client *c) {
  struct ivs_exchange *x = &c->exchange;
  const struct ivs_endpoint *endpoint = c->options.endpoint;
  struct ivs_out o = ivs_out_to(x->space, x->space_n);
  memset(&c->error, 0, sizeof c->error);
  x->http.status = 0;
  ivs_pair headers[] = {{IVS_STR("host"), ivs_cstr(endpoint->authority)},
                        {IVS_STR("user-agent"), IVS_STR("ivs/" IVS_VERSION)}};
  ivs_http1_put_head(&o, IVS_STR("GET"), IVS_STR("/"), ivs_cstr(""), headers, 2, -1);
  ivs_put_text(&o, "\r\n");
  int r = ivs_out_end(&o);
  if (r < 0) {
    c->error.need = o.n;
    return r;
  }
  struct ivs_peer peer = {ivs_endpoint_host(endpoint), endpoint->port,
                          is_second(c) ? ivs_clock_now(c) : IVS_CLOCK_UNKNOWN};
  c->aged = false;
  x->have = o.n;
  x->extra = 0;
  return ivs_exchange_begin(x, &peer, 0, ivs_answer_field, c);
}

/* An answer has come; one to half a request says nothing of the time. */
static int learn(ivs_client *c) {
  int64_t skew;
  if (!ivs_clock_skew(c, &skew)) return end(c, IVS_ERR_CLOCK);
  c->clock_offset += skew;
  if (is_second(c)) return end(c, 0);
  ivs_exchange_close(&c->exchange);
  c->attempt = 1;
  int r = ask(c);
  return r < 0 ? end(c, r) : GO_ON;
}

static int begin(ivs_client *c) {
  c->in = NULL; /* it is no call of anybody's */
  c->attempt = 0;
  c->offset_before = c->clock_offset;
  c->deadline = c->options.port->fn->ticks(c->options.port) + c->options.call_ms;
  c->state = LEARN;
  ivs_exchange_close(&c->exchange);
  int r = ask(c);
  return r < 0 ? end(c, r) : GO_ON;
}

static int advance(ivs_client *c) {
  if (c->options.port->fn->ticks(c->options.port) >= c->deadline) return end(c, IVS_ERR_TIMEOUT);
  int r = ivs_exchange_move(&c->exchange);
  if (r == GO_ON || r == IVS_AGAIN) return r;
  if (r == IVS_ERR_SPACE) { /* the date has come; the rest is of no interest */
    ivs_exchange_drop(&c->exchange);
    r = 0;
  }
  return r == 0 ? learn(c) : end(c, r);
}

/* see ivs/client.h */
int ivs_clock_learn_step(ivs_client *client, struct ivs_wait *w) {
  if (client->state != IDLE && client->state != LEARN) return IVS_ERR_STATE;
  int r = client->state == IDLE ? begin(client) : GO_ON;
  if (r == GO_ON) r = advance(client);
  if (r != IVS_AGAIN && r != GO_ON) return r;
  w->handle = -1;
  w->events = 0;
  w->until = r == GO_ON ? 0 : client->deadline;
  if (r == IVS_AGAIN) client->options.port->fn->wants(client->options.port, w);
  return 1;
}

/* see ivs/client.h */
int ivs_clock_learn(ivs_client *client) {
  struct ivs_wait w;
  int r;
  while ((r = ivs_clock_learn_step(client, &w)) == 1) {
    int waited = client->options.port->fn->wait(client->options.port, &w);
    if (waited < 0) return end(client, waited);
  }
  return r;
}
