#include "session.h"

#include <stdio.h>
#include <stdlib.h>

enum { SPACE = 16384 };

static void *check_memory(void *p) {
  if (p != NULL) return p;
  fprintf(stderr, "out of memory\n");
  exit(SESSION_USAGE);
}

static void check_set_up(int r, const char *what) {
  if (r == 0) return;
  fprintf(stderr, "%s: %s\n", what, ivs_strerror(r));
  exit(SESSION_USAGE);
}

/* see session.h */
const char *session_variable(const char *name) {
  const char *value = getenv(name);
  if (value != NULL && value[0] != '\0') return value;
  fprintf(stderr, "%s is not set: run this by scripts/ivs-sim --run, or source its export lines\n",
          name);
  exit(SESSION_USAGE);
}

/* --- the port that watches --- */

static struct session_watch *watch_of(struct ivs_port *port) {
  return (struct session_watch *)(void *)port;
}

static struct ivs_port *below(struct ivs_port *port) {
  return watch_of(port)->below;
}

static int watch_open(struct ivs_port *port, const struct ivs_peer *peer) {
  int r = below(port)->fn->open(below(port), peer);
  watch_of(port)->open = r == 0;
  return r;
}

static int watch_progress(struct ivs_port *port) {
  return below(port)->fn->progress(below(port));
}

static int watch_send(struct ivs_port *port, const void *p, size_t n) {
  return below(port)->fn->send(below(port), p, n);
}

static int watch_recv(struct ivs_port *port, void *p, size_t n) {
  return below(port)->fn->recv(below(port), p, n);
}

static void watch_close(struct ivs_port *port) {
  below(port)->fn->close(below(port));
  watch_of(port)->open = false;
}

static void watch_wants(struct ivs_port *port, struct ivs_wait *w) {
  uint64_t ahead = watch_of(port)->ahead;
  w->until = w->until > ahead ? w->until - ahead : 0;
  below(port)->fn->wants(below(port), w);
  if (w->until > 0) w->until += ahead;
}

static int watch_wait(struct ivs_port *port, const struct ivs_wait *w) {
  struct ivs_wait own = *w;
  uint64_t ahead = watch_of(port)->ahead;
  own.until = w->until > ahead ? w->until - ahead : 0;
  return below(port)->fn->wait(below(port), &own);
}

static uint64_t watch_ticks(struct ivs_port *port) {
  return below(port)->fn->ticks(below(port)) + watch_of(port)->ahead;
}

static int64_t watch_clock(struct ivs_port *port) {
  return below(port)->fn->clock(below(port));
}

static int watch_entropy(struct ivs_port *port, void *p, size_t n) {
  return below(port)->fn->entropy(below(port), p, n);
}

static int watch_detail(struct ivs_port *port, const char **text) {
  return below(port)->fn->detail(below(port), text);
}

static const struct ivs_port_functions watch_functions = {
    .open = watch_open,
    .progress = watch_progress,
    .send = watch_send,
    .recv = watch_recv,
    .close = watch_close,
    .wants = watch_wants,
    .wait = watch_wait,
    .ticks = watch_ticks,
    .clock = watch_clock,
    .entropy = watch_entropy,
    .detail = watch_detail,
};

/* --- credentials --- */

static int provider_step(struct ivs_provider *p, int64_t now) {
  return ivs_provider_take(p, "environment", now, ivs_cstr(session_variable("AWS_ACCESS_KEY_ID")),
                           ivs_cstr(session_variable("AWS_SECRET_ACCESS_KEY")),
                           ivs_cstr(getenv("AWS_SESSION_TOKEN")), 0);
}

static void provider_wants(struct ivs_provider *p, struct ivs_wait *w) {
  (void)p, (void)w;
}

static void provider_cancel(struct ivs_provider *p) {
  (void)p;
}

static const struct ivs_provider_functions provider_functions = {
    .step = provider_step,
    .wants = provider_wants,
    .cancel = provider_cancel,
};

static void set_credentials(struct session *s, struct ivs_options *o) {
  if (s->options.provider) {
    s->provider.fn = &provider_functions;
    o->provider = &s->provider;
    return;
  }
  check_set_up(ivs_creds_set(&s->creds, ivs_cstr(session_variable("AWS_ACCESS_KEY_ID")),
                             ivs_cstr(session_variable("AWS_SECRET_ACCESS_KEY")),
                             ivs_cstr(getenv("AWS_SESSION_TOKEN"))),
               "credentials");
  o->creds = &s->creds;
}

/* --- the session --- */

static struct ivs_port *open_port(struct session *s) {
  struct ivs_tls_options options = {.max_version = s->options.tls_version};
  ivs_posix_init(&s->tcp);
  if (!s->endpoint.tls) return &s->tcp.port;
  check_set_up(ivs_tls_init(&s->tls, &s->tcp.port, &options), "TLS");
  check_set_up(ivs_tls_roots_file(&s->tls, session_variable("AWS_CA_BUNDLE")), "AWS_CA_BUNDLE");
  return &s->tls.port;
}

/* see session.h */
void session_open(struct session *s, const struct session_options *options) {
  struct ivs_options o = {0};
  memset(s, 0, sizeof *s);
  s->options = *options;
  if (s->options.url == NULL) s->options.url = session_variable("AWS_ENDPOINT_URL_IVS");
  if (s->options.space == 0) s->options.space = SPACE;
  check_set_up(ivs_endpoint_from_url(&s->endpoint, ivs_cstr(s->options.url)), s->options.url);
  s->watch.port.fn = &watch_functions;
  s->watch.below = open_port(s);
  set_credentials(s, &o);
  o.port = &s->watch.port;
  o.endpoint = &s->endpoint;
  o.region = ivs_cstr(session_variable("AWS_REGION"));
  o.call_ms = options->call_ms;
  o.attempts = options->attempts;
  o.cue_once = options->cue_once;
  check_set_up(ivs_init(&s->client, &o), "client");
  s->space_n = s->options.space;
  s->space = check_memory(malloc(s->space_n));
  check_set_up(ivs_workspace(&s->client, s->space, s->space_n), "workspace");
}

/* see session.h */
void session_close(struct session *s) {
  if (s->space == NULL) return;
  ivs_close(&s->client);
  if (s->endpoint.tls) ivs_tls_free(&s->tls);
  free(s->space);
  memset(s, 0, sizeof *s);
}

static int grow(struct session *s, size_t need) {
  char *old = s->space;
  if (need > s->options.space_max) return IVS_ERR_SPACE;
  s->space = check_memory(malloc(need));
  s->space_n = need;
  int r = ivs_workspace(&s->client, s->space, need);
  free(old);
  return r;
}

/* see session.h */
int session_call(struct session *s, enum ivs_op_id op, const void *in, void *out, size_t *need) {
  int r = ivs_call(&s->client, op, in, out);
  *need = 0;
  while (r == IVS_ERR_SPACE) {
    *need = ivs_last(&s->client)->need;
    if (grow(s, *need) < 0) {
      ivs_cancel(&s->client);
      return IVS_ERR_SPACE;
    }
    r = ivs_finish(&s->client);
  }
  return r;
}
