/*
 * A request of a source of credentials, with its attempts:
 *
 *   IDLE -> ASKING -> ANSWERED -> IDLE
 *             ^          |
 *             '- PAUSED <+   an attempt failed and there may be another
 */
#include <ivs/fetch.h>

#include <ivs/crypto.h>
#include <ivs/json.h>
#include <ivs/retry.h>
#include <ivs/time.h>

enum { IDLE, ASKING, PAUSED, ANSWERED };

/* A move made progress; see ivs_fetch_step(). */
enum { GO_ON = 1 };

enum { TOKEN_ALIGN = 8 };

static const ivs_str none = {NULL, 0};

static uint64_t ticks(const struct ivs_fetch *f) {
  return f->options.port->fn->ticks(f->options.port);
}

/* see ivs/fetch.h */
int ivs_fetch_init(struct ivs_fetch *f, const char *name, const struct ivs_fetch_options *options,
                   uint32_t timeout_ms, uint8_t attempts) {
  memset(f, 0, sizeof *f);
  f->options = *options;
  f->name = name;
  f->exchange.port = options->port;
  f->exchange.space = (char *)options->space;
  f->exchange.space_n = options->space_n;
  if (f->options.timeout_ms == 0) f->options.timeout_ms = timeout_ms;
  if (f->options.attempts == 0) f->options.attempts = attempts;
  bool whole = options->port != NULL && options->endpoint != NULL && options->space != NULL;
  return whole ? 0 : IVS_ERR_ARGUMENT;
}

/* see ivs/fetch.h */
int ivs_fetch_end(struct ivs_fetch *f, int result) {
  if (f->state == IDLE) return result;
  ivs_exchange_drop(&f->exchange);
  ivs_wipe(f->exchange.space, f->exchange.space_n);
  f->state = IDLE;
  return result;
}

/* see ivs/fetch.h */
int ivs_fetch_fail(struct ivs_fetch *f, struct ivs_provider *p, const char *what, ivs_str detail) {
  return ivs_fetch_end(f, ivs_provider_fail(p, f->name, what, detail));
}

/* --- attempts --- */

/* Credentials that hold are renewed because it is time to. */
static bool is_ahead(const struct ivs_provider *p, int64_t now) {
  return p->version > 0 && p->due != 0 && now >= p->due && now < p->expires;
}

/* see ivs/fetch.h */
void ivs_fetch_cancel(struct ivs_fetch *f, struct ivs_provider *p) {
  if (f->state == IDLE) return;
  if (is_ahead(p, f->now)) ivs_provider_postpone(p, f->now);
  ivs_fetch_end(f, 0);
}

/* Waits before another attempt, if there is one left for this failure. Whoever issues credentials
   is asked as gently as one that throttles. */
static bool try_again(struct ivs_fetch *f, const struct ivs_attempt *failed) {
  struct ivs_port *port = f->options.port;
  enum ivs_retry retry = ivs_retry_judge(failed);
  uint32_t random;
  if (retry != IVS_RETRY_TRANSIENT && retry != IVS_RETRY_THROTTLED) return false;
  if (f->attempt + 1 >= f->limit) return false;
  ivs_fetch_end(f, 0);
  if (port->fn->entropy(port, &random, sizeof random) < 0) random = UINT32_MAX;
  f->until = ticks(f) + ivs_retry_delay(IVS_RETRY_THROTTLED, f->attempt++, random, -1, -1);
  f->state = PAUSED;
  return true;
}

/* An attempt brought no answer. A time-out is the attempt's, which is no end of anything else. */
static int no_answer(struct ivs_fetch *f, struct ivs_provider *p, int err) {
  struct ivs_port *port = f->options.port;
  struct ivs_attempt failed = {err == IVS_ERR_TIMEOUT ? IVS_ERR_NET : err, 0, "", false, false};
  const char *text = "";
  f->failure = err;
  if (err <= IVS_ERR_NAME && err != IVS_ERR_TIMEOUT) port->fn->detail(port, &text);
  ivs_provider_fail(p, f->name, ivs_strerror(err), ivs_cstr(text));
  p->cause = err;
  return try_again(f, &failed) ? GO_ON : ivs_fetch_end(f, IVS_ERR_CREDENTIALS);
}

/* An ivs_http1_field_fn. */
static void on_field(void *context, enum ivs_http1_field field, ivs_str value) {
  struct ivs_fetch *f = (struct ivs_fetch *)context;
  if (field == IVS_HTTP1_AGE) f->aged = true;
  if (field == IVS_HTTP1_DATE && ivs_time_from_http(value, &f->date) < 0)
    f->date = IVS_CLOCK_UNKNOWN;
}

static int write_failed(struct ivs_fetch *f, struct ivs_provider *p, int r) {
  if (r == IVS_ERR_CREDENTIALS) return ivs_fetch_end(f, r);
  return ivs_fetch_fail(f, p, ivs_strerror(r), none);
}

static int begin(struct ivs_fetch *f, struct ivs_provider *p, ivs_fetch_write *write) {
  const struct ivs_endpoint *e = f->options.endpoint;
  struct ivs_peer peer = {ivs_endpoint_host(e), e->port, f->now};
  struct ivs_out o = ivs_out_to(f->exchange.space, f->exchange.space_n);
  f->state = ASKING;
  f->failure = 0;
  f->date = IVS_CLOCK_UNKNOWN;
  f->aged = false;
  f->until = ticks(f) + f->options.timeout_ms;
  int r = write(p, &o);
  if (r == 0) r = ivs_out_end(&o);
  if (r < 0) return write_failed(f, p, r);
  f->exchange.have = o.n;
  r = ivs_exchange_begin(&f->exchange, &peer, 0, on_field, f);
  return r < 0 ? no_answer(f, p, r) : GO_ON;
}

/* One move of the exchange. */
static int move(struct ivs_fetch *f, struct ivs_provider *p) {
  struct ivs_exchange *x = &f->exchange;
  if (ticks(f) >= f->until) return no_answer(f, p, IVS_ERR_TIMEOUT);
  int r = ivs_exchange_move(x);
  if (r == GO_ON || r == IVS_AGAIN) return r;
  if (r == IVS_ERR_SPACE) return ivs_fetch_fail(f, p, ivs_strerror(r), none);
  if (r < 0) return no_answer(f, p, r);
  if (f->aged) f->date = IVS_CLOCK_UNKNOWN;
  f->state = ANSWERED;
  return 0;
}

/* see ivs/fetch.h */
int ivs_fetch_step(struct ivs_fetch *f, struct ivs_provider *p, int64_t now,
                   ivs_fetch_write *write) {
  f->now = now;
  if (f->state == ASKING) return move(f, p);
  if (f->state == PAUSED) return ticks(f) < f->until ? IVS_AGAIN : begin(f, p, write);
  ivs_provider_fail(p, f->name, "no answer yet", none);
  f->attempt = 0;
  f->limit = is_ahead(p, now) ? 1 : f->options.attempts;
  return begin(f, p, write);
}

/* see ivs/fetch.h */
void ivs_fetch_wants(struct ivs_fetch *f, struct ivs_wait *w) {
  if (f->state == ASKING) f->options.port->fn->wants(f->options.port, w);
  if (f->until < w->until) w->until = f->until;
}

/* see ivs/fetch.h */
int64_t ivs_fetch_time(const struct ivs_fetch *f) {
  return f->date != IVS_CLOCK_UNKNOWN ? f->date : f->now;
}

/* --- requests --- */

/* see ivs/fetch.h */
ivs_str ivs_fetch_path(const struct ivs_fetch *f, struct ivs_out *o, ivs_str a, ivs_str b,
                       ivs_str c) {
  ivs_str own = ivs_cstr(f->options.endpoint->path);
  size_t n = own.n + a.n + b.n + c.n;
  if (n > o->cap) {
    o->err = IVS_ERR_SPACE;
    return none;
  }
  o->cap -= n;
  struct ivs_out path = ivs_out_to(o->p + o->cap, n);
  ivs_put_str(&path, own);
  ivs_put_str(&path, a);
  ivs_put_str(&path, b);
  ivs_put_str(&path, c);
  ivs_str text = {path.p, n};
  return text;
}

/* see ivs/fetch.h */
int ivs_fetch_token(struct ivs_fetch *f, struct ivs_provider *p, const struct ivs_token *token,
                    struct ivs_out *o, ivs_str *text) {
  size_t n = 0;
  *text = token->text;
  if (token->read == NULL) return 0;
  int r = token->read(token->context, o->p, o->cap, &n);
  if (r == IVS_ERR_SPACE || n > o->cap)
    return ivs_provider_fail(p, f->name, "its token does not fit",
                             ivs_cstr(ivs_strerror(IVS_ERR_SPACE)));
  if (r < 0) return ivs_provider_fail(p, f->name, "its token cannot be read", none);
  o->cap -= n;
  memmove(o->p + o->cap, o->p, n);
  text->p = o->p + o->cap;
  text->n = n;
  return 0;
}

/* --- answers --- */

/* Opens the object v with the tokens behind the body. */
static int open_object(struct ivs_fetch *f, struct ivs_json_object *o, struct ivs_json_value v) {
  struct ivs_exchange *x = &f->exchange;
  size_t odd = ((size_t)(uintptr_t)x->space + x->have) % TOKEN_ALIGN;
  size_t at = x->have + (odd != 0 ? TOKEN_ALIGN - odd : 0);
  if (at > x->space_n) return IVS_ERR_SPACE;
  return ivs_json_open(o, v, x->space + at, (x->space_n - at) / IVS_JSON_TOKEN_SIZE);
}

static int take_member(ivs_str *text, struct ivs_json_value v) {
  *text = none;
  if (v.type == IVS_JSON_NULL) return 0;
  if (v.type != IVS_JSON_STRING) return IVS_ERR_TYPE;
  *text = ivs_json_text(v);
  return 0;
}

/* see ivs/fetch.h */
int ivs_fetch_members(struct ivs_fetch *f, const char *inside, const char *const *names,
                      ivs_str *texts, size_t n) {
  struct ivs_exchange *x = &f->exchange;
  struct ivs_json_object o;
  struct ivs_json_value v, found = {NULL, 0, IVS_JSON_NULL};
  ivs_str name;
  size_t tokens;
  memset(texts, 0, n * sizeof *texts);
  int r = ivs_json_check(x->space, x->have, &tokens);
  if (r < 0) return r;
  ivs_json_value_at(x->space, x->space + x->have, &v);
  r = open_object(f, &o, v);
  if (r == 0 && inside != NULL) {
    while (ivs_json_member(&o, &name, &v) == 1)
      if (ivs_str_eq(name, ivs_cstr(inside))) found = v;
    r = found.type == IVS_JSON_OBJECT ? open_object(f, &o, found) : IVS_ERR_TYPE;
  }
  while (r == 0 && ivs_json_member(&o, &name, &v) == 1)
    for (size_t i = 0; i < n && r == 0; i++)
      if (ivs_str_eq(name, ivs_cstr(names[i]))) r = take_member(&texts[i], v);
  return r;
}

/* see ivs/fetch.h */
int ivs_fetch_check(struct ivs_fetch *f, struct ivs_provider *p, const char *const *names,
                    const ivs_str *parts, size_t required, int64_t *expires) {
  ivs_str end = parts[IVS_FETCH_EXPIRATION];
  *expires = 0;
  for (size_t i = 0; i < required; i++)
    if (parts[i].n == 0) return ivs_fetch_fail(f, p, "its answer lacks", ivs_cstr(names[i]));
  if (end.n == 0) return 0;
  if (ivs_time_from_iso(end, expires) < 0)
    return ivs_fetch_fail(f, p, "in its answer is no time", ivs_cstr(names[IVS_FETCH_EXPIRATION]));
  if (*expires == 0) *expires = 1; /* long ago, not never */
  return 0;
}

/* see ivs/fetch.h */
int ivs_fetch_take(struct ivs_fetch *f, struct ivs_provider *p, const ivs_str *parts,
                   int64_t expires) {
  int r = ivs_provider_take(p, f->name, ivs_fetch_time(f), parts[IVS_FETCH_ID],
                            parts[IVS_FETCH_SECRET], parts[IVS_FETCH_TOKEN], expires);
  return ivs_fetch_end(f, r);
}

/* What can be shown of a message. */
static ivs_str first_line(ivs_str s) {
  size_t n = 0;
  while (n < s.n && (unsigned char)s.p[n] >= ' ') n++;
  ivs_str line = {s.p, n};
  return ivs_utf8_valid(line) ? line : none;
}

/* see ivs/fetch.h */
int ivs_fetch_refused(struct ivs_fetch *f, struct ivs_provider *p, const char *hint,
                      const char *code, ivs_str message) {
  struct ivs_attempt failed = {IVS_ERR_SERVICE, f->exchange.http.status, code, false, false};
  char what[100] = "";
  struct ivs_out o = ivs_out_to(what, sizeof what - 1);
  ivs_put_text(&o, "HTTP ");
  ivs_put_int(&o, failed.status);
  if (hint[0] != '\0') {
    ivs_put_text(&o, " (");
    ivs_put_text(&o, hint);
    ivs_put_char(&o, ')');
  }
  if (code[0] != '\0') ivs_put_text(&o, ": ");
  ivs_put_text(&o, code);
  ivs_provider_fail(p, f->name, what, first_line(message));
  return try_again(f, &failed) ? GO_ON : ivs_fetch_end(f, IVS_ERR_CREDENTIALS);
}

/* see ivs/fetch.h */
int ivs_fetch_refused_json(struct ivs_fetch *f, struct ivs_provider *p, const char *hint) {
  static const char *const names[] = {"message", "Message"};
  ivs_str texts[2];
  ivs_fetch_members(f, NULL, names, texts, 2);
  return ivs_fetch_refused(f, p, hint, "", texts[0].n > 0 ? texts[0] : texts[1]);
}
