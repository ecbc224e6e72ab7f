/*
 * Roles, from STS by its Query protocol: a form, in the body of a POST.
 *
 *   SOURCE -> ASK -> done
 *      ^       |
 *      '-------'   once, when STS calls the source's credentials expired
 */
#include <ivs/sts.h>

#include <ivs/http1.h>
#include <ivs/ivs.h>
#include <ivs/retry.h>
#include <ivs/time.h>

#include "signature.h"
#include "sts_answer.h"

enum stage { SOURCE, ASK };

/* There is more to do; see ivs_fetch_step(). */
enum { GO_ON = 1 };

enum { TIMEOUT_MS = 10000, ATTEMPTS = 3 };

static const char name[] = "STS";
static const ivs_str none = {NULL, 0};

static struct ivs_sts_provider *self(struct ivs_provider *p) {
  return (struct ivs_sts_provider *)(void *)p;
}

static bool by_identity(const struct ivs_sts_options *options) {
  return options->token.text.p != NULL || options->token.read != NULL;
}

static const struct ivs_creds *asker(const struct ivs_sts_provider *p) {
  return p->options.source != NULL ? &p->options.source->creds : p->options.creds;
}

static ivs_str action(const struct ivs_sts_provider *p) {
  return by_identity(&p->options) ? IVS_STR("AssumeRoleWithWebIdentity") : IVS_STR("AssumeRole");
}

/* --- the form --- */

static void put_parameter(struct ivs_out *o, const char *parameter, ivs_str value) {
  if (value.p == NULL) return;
  ivs_put_text(o, parameter);
  ivs_put_percent(o, value, "");
}

/* All but the token, with the name of that at its end. */
static void put_form(const struct ivs_sts_provider *p, struct ivs_out *o) {
  const struct ivs_sts_options *options = &p->options;
  bool identity = by_identity(options);
  put_parameter(o, "Action=", action(p));
  put_parameter(o, "&Version=2011-06-15&RoleArn=", options->role_arn);
  put_parameter(o, "&RoleSessionName=", options->session_name);
  if (!identity) put_parameter(o, "&ExternalId=", options->external_id);
  if (options->duration_seconds != 0) {
    ivs_put_text(o, "&DurationSeconds=");
    ivs_put_int(o, options->duration_seconds);
  }
  if (identity) ivs_put_text(o, "&WebIdentityToken=");
}

/* --- the request --- */

enum { HOST = 1, DATE, SESSION, AGENT, HEADERS };

/* The headers that are signed, in the order of their names, and one behind them that is not.
   Returns how many are signed. */
static size_t fill_headers(const struct ivs_sts_provider *p, ivs_pair headers[HEADERS]) {
  headers[0].name = IVS_STR("content-type");
  headers[0].value = IVS_STR("application/x-www-form-urlencoded; charset=utf-8");
  headers[HOST].name = IVS_STR("host");
  headers[HOST].value = ivs_cstr(p->fetch.options.endpoint->authority);
  headers[DATE].name = IVS_STR("x-amz-date");
  headers[SESSION].name = IVS_STR("x-amz-security-token");
  size_t n = DATE;
  if (!by_identity(&p->options)) {
    headers[SESSION].value = ivs_cstr(asker(p)->session_token);
    n = headers[SESSION].value.n > 0 ? AGENT : SESSION;
  }
  headers[n].name = IVS_STR("user-agent");
  headers[n].value = IVS_STR("ivs/" IVS_VERSION);
  return n;
}

static ivs_str put_path(const struct ivs_sts_provider *p, struct ivs_out *o) {
  return ivs_fetch_path(&p->fetch, o, IVS_STR("/"), none, none);
}

/*
 * The token is encoded on the spot. Read to the end of the workspace, it is only ever overwritten
 * by what was made of the bytes before, if all fits: no byte becomes less than one.
 */
static void put_token(struct ivs_out *o, ivs_str token) {
  for (size_t i = 0; i < token.n; i++) {
    char c = token.p[i];
    ivs_str byte = {&c, 1};
    ivs_put_percent(o, byte, "");
  }
}

IVS_OWN_FRAME static int write_identity(struct ivs_sts_provider *p, struct ivs_out *o) {
  ivs_pair headers[HEADERS];
  struct ivs_out size = {0};
  ivs_str token;
  size_t whole = o->cap;
  int r = ivs_fetch_token(&p->fetch, &p->base, &p->options.token, o, &token);
  if (r < 0) return r;
  if (token.n == 0) return ivs_provider_fail(&p->base, name, "its token is empty", none);
  ivs_str path = put_path(p, o);
  size_t n = fill_headers(p, headers);
  put_form(p, &size);
  ivs_put_percent(&size, token, "");
  ivs_http1_put_head(o, IVS_STR("POST"), path, none, headers, n + 1, (int64_t)size.n);
  ivs_put_text(o, "\r\n");
  put_form(p, o);
  if ((r = ivs_out_end(o)) < 0) return r;
  o->cap = whole;
  put_token(o, token);
  return 0;
}

/* The time that the request is signed with. */
static int64_t signing_time(const struct ivs_sts_provider *p) {
  struct ivs_port *port = p->fetch.options.port;
  int64_t now = p->fetch.now;
  return (now != IVS_CLOCK_UNKNOWN ? now : port->fn->clock(port) / 1000) + p->skew;
}

static int put_authorization(struct ivs_sts_provider *p, struct ivs_out *o,
                             const struct ivs_sigv4_request *rq, const char *date) {
  const struct ivs_creds *creds = asker(p);
  int r = ivs_sigv4_key_derive(&p->key, ivs_cstr(creds->secret_access_key), date, p->options.region,
                               IVS_STR("sts"));
  ivs_put_text(o, "authorization: ");
  if (r == 0) r = ivs_sign_plain(&p->key, ivs_cstr(creds->access_key_id), rq, date, o);
  ivs_sigv4_key_wipe(&p->key);
  ivs_put_text(o, "\r\n\r\n");
  return r;
}

/* The form lies at the end of the workspace while it is signed, and then moves behind the head. */
static int write_signed(struct ivs_sts_provider *p, struct ivs_out *o) {
  ivs_pair headers[HEADERS];
  struct ivs_out form = {0};
  size_t whole = o->cap;
  char date[IVS_TIME_AMZ_SIZE];
  if (ivs_time_to_amz(signing_time(p), date) < 0) return IVS_ERR_CLOCK;
  put_form(p, &form); /* counts only */
  if (form.n > o->cap) return IVS_ERR_SPACE;
  o->cap -= form.n;
  form = ivs_out_to(o->p + o->cap, form.n);
  put_form(p, &form);
  size_t n = fill_headers(p, headers);
  headers[DATE].value = ivs_cstr(date);
  struct ivs_sigv4_request rq = {.method = IVS_STR("POST"),
                                 .path = put_path(p, o),
                                 .headers = headers,
                                 .header_count = n,
                                 .payload = form.p,
                                 .payload_size = form.n};
  ivs_http1_put_head(o, rq.method, rq.path, none, headers, n + 1, (int64_t)form.n);
  int r = put_authorization(p, o, &rq, date);
  if (r == 0) r = ivs_out_end(o);
  if (r < 0) return r;
  o->cap = whole;
  memmove(o->p + o->n, form.p, form.n);
  o->n += form.n;
  return 0;
}

/* An ivs_fetch_write. */
static int write_request(struct ivs_provider *base, struct ivs_out *o) {
  struct ivs_sts_provider *p = self(base);
  return by_identity(&p->options) ? write_identity(p, o) : write_signed(p, o);
}

/* --- the answer --- */

/* The elements of an answer, "AssumeRoleResponse" and "AssumeRoleResult". */
static ivs_str element(const struct ivs_sts_provider *p, bool result) {
  if (by_identity(&p->options))
    return result ? IVS_STR("AssumeRoleWithWebIdentityResult")
                  : IVS_STR("AssumeRoleWithWebIdentityResponse");
  return result ? IVS_STR("AssumeRoleResult") : IVS_STR("AssumeRoleResponse");
}

IVS_OWN_FRAME static int take(struct ivs_sts_provider *p) {
  static const char *const names[IVS_FETCH_PARTS] = {"AccessKeyId", "SecretAccessKey",
                                                     "SessionToken", "Expiration"};
  const struct ivs_exchange *x = &p->fetch.exchange;
  ivs_str path[] = {element(p, false), element(p, true), IVS_STR("Credentials")};
  ivs_str parts[IVS_FETCH_PARTS];
  int64_t expires;
  if (ivs_sts_read(x->space, x->have, path, 3, names, parts, IVS_FETCH_PARTS) < 0)
    return ivs_fetch_fail(&p->fetch, &p->base, "its answer is not the XML of STS", none);
  int r = ivs_fetch_check(&p->fetch, &p->base, names, parts, IVS_FETCH_PARTS, &expires);
  return r < 0 ? r : ivs_fetch_take(&p->fetch, &p->base, parts, expires);
}

/* The clock was refused and can be put right; once, as nothing else may be wrong with it. */
static bool learn_time(struct ivs_sts_provider *p) {
  if (p->skew != 0 || p->fetch.date == IVS_CLOCK_UNKNOWN) return false;
  int64_t skew = p->fetch.date - signing_time(p);
  if (skew < IVS_LEAST_SKEW_SECONDS && skew > -IVS_LEAST_SKEW_SECONDS) return false;
  p->skew = skew;
  return true;
}

static bool renew_source(struct ivs_sts_provider *p) {
  if (p->options.source == NULL || p->renewed) return false;
  p->refused = p->options.source->version;
  p->renewed = true;
  p->stage = SOURCE;
  return true;
}

/* A validation error may quote what was sent, and so a token. */
static bool may_quote(const struct ivs_sts_provider *p, ivs_str code) {
  return by_identity(&p->options) && ivs_str_eq(code, IVS_STR("ValidationError"));
}

IVS_OWN_FRAME static int refused(struct ivs_sts_provider *p) {
  enum { CODE, MESSAGE, TEXTS };
  static const char *const names[TEXTS] = {"Code", "Message"};
  const struct ivs_exchange *x = &p->fetch.exchange;
  ivs_str path[] = {IVS_STR("ErrorResponse"), IVS_STR("Error")};
  ivs_str texts[TEXTS];
  char code[64] = "";
  if (ivs_sts_read(x->space, x->have, path, 2, names, texts, TEXTS) == 0 &&
      ivs_utf8_valid(texts[CODE]))
    ivs_str_cut(code, sizeof code, texts[CODE]);
  else texts[MESSAGE] = none;
  struct ivs_attempt failed = {IVS_ERR_SERVICE, x->http.status, code, false, false};
  enum ivs_retry retry = ivs_retry_judge(&failed);
  bool again = (retry == IVS_RETRY_SKEWED && learn_time(p)) ||
               (retry == IVS_RETRY_EXPIRED && renew_source(p));
  if (again) return ivs_fetch_end(&p->fetch, GO_ON);
  ivs_str message = may_quote(p, texts[CODE]) ? none : texts[MESSAGE];
  return ivs_fetch_refused(&p->fetch, &p->base, "", code, message);
}

/* --- the machine --- */

/* Sees to it that there are credentials to ask with. */
static int step_source(struct ivs_sts_provider *p, int64_t now) {
  struct ivs_provider *source = p->options.source;
  if (source != NULL) {
    int r = ivs_provider_ready(source, now, p->refused != 0 && p->refused == source->version);
    if (r != 0) {
      ivs_provider_fail(&p->base, name, "no credentials to ask with", ivs_cstr(source->problem));
      return r;
    }
    /* A renewal that is needless, since the clock was put right, holds a port that may be ours. */
    if (source->waiting == 0) source->fn->cancel(source);
  }
  p->stage = ASK;
  return GO_ON;
}

static int step_ask(struct ivs_sts_provider *p, int64_t now) {
  int r = ivs_fetch_step(&p->fetch, &p->base, now, write_request);
  if (r != 0) return r;
  return p->fetch.exchange.http.status == 200 ? take(p) : refused(p);
}

/* What belongs to one refresh. */
static void start_anew(struct ivs_sts_provider *p) {
  p->stage = SOURCE;
  p->renewed = false;
  p->skew = 0;
}

static int step(struct ivs_provider *base, int64_t now) {
  struct ivs_sts_provider *p = self(base);
  int r = p->stage == SOURCE ? step_source(p, now) : step_ask(p, now);
  if (r != GO_ON && r != IVS_AGAIN) start_anew(p);
  return r;
}

static void wants(struct ivs_provider *base, struct ivs_wait *w) {
  struct ivs_sts_provider *p = self(base);
  struct ivs_provider *source = p->options.source;
  if (p->stage == SOURCE && source != NULL) source->fn->wants(source, w);
  else ivs_fetch_wants(&p->fetch, w);
}

static void cancel(struct ivs_provider *base) {
  struct ivs_sts_provider *p = self(base);
  struct ivs_provider *source = p->options.source;
  if (p->stage == SOURCE && source != NULL) source->fn->cancel(source);
  ivs_fetch_cancel(&p->fetch, base);
  start_anew(p);
}

static const struct ivs_provider_functions functions = {step, wants, cancel};

/* see ivs/sts.h */
int ivs_sts_provider_init(struct ivs_sts_provider *p, const struct ivs_sts_options *options) {
  memset(p, 0, sizeof *p);
  p->base.fn = &functions;
  p->options = *options;
  int ways = by_identity(options) + (options->creds != NULL) + (options->source != NULL);
  bool whole = ways == 1 && options->role_arn.n > 0 && options->session_name.n > 0 &&
               (by_identity(options) || ivs_is_region(options->region));
  int r = ivs_fetch_init(&p->fetch, name, &options->fetch, TIMEOUT_MS, ATTEMPTS);
  return r == 0 && whole ? 0 : IVS_ERR_ARGUMENT;
}
