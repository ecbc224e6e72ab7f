/*
 * Instance metadata, request by request:
 *
 *   TOKEN -> ROLE -> CREDENTIALS
 *       '--> REGION
 */
#include <ivs/imds.h>

#include <ivs/crypto.h>
#include <ivs/http1.h>

enum stage { TOKEN, ROLE, CREDENTIALS, REGION };

/* There is more to do; see ivs_fetch_step(). */
enum { GO_ON = 1 };

enum { TIMEOUT_MS = 1000, ATTEMPTS = 1 };

/* Seconds. What ends within SOON is kept for SPARE and a random time of up to SPREAD. */
enum { SOON = 60, SPARE = 12 * 60, SPREAD = 8 * 60 };

static const ivs_str none = {NULL, 0};

static struct ivs_imds_provider *self(struct ivs_provider *p) {
  return (struct ivs_imds_provider *)(void *)p;
}

static ivs_str path_of(uint8_t stage) {
  switch (stage) {
    case TOKEN: return IVS_STR("/latest/api/token");
    case REGION: return IVS_STR("/latest/meta-data/placement/region");
    default: return IVS_STR("/latest/meta-data/iam/security-credentials/");
  }
}

/* An ivs_fetch_write. */
static int write_request(struct ivs_provider *base, struct ivs_out *o) {
  struct ivs_imds_provider *p = self(base);
  bool opens = p->stage == TOKEN;
  ivs_pair headers[] = {{IVS_STR("host"), ivs_cstr(p->fetch.options.endpoint->authority)},
                        {IVS_STR("x-aws-ec2-metadata-token"), ivs_cstr(p->token)}};
  if (opens) {
    headers[1].name = IVS_STR("x-aws-ec2-metadata-token-ttl-seconds");
    headers[1].value = IVS_STR("21600");
  }
  ivs_str role = p->stage == CREDENTIALS ? ivs_cstr(p->role) : none;
  ivs_str path = ivs_fetch_path(&p->fetch, o, path_of(p->stage), role, none);
  ivs_http1_put_head(o, opens ? IVS_STR("PUT") : IVS_STR("GET"), path, none, headers,
                     headers[1].value.n > 0 ? 2 : 1, opens ? 0 : -1);
  ivs_put_text(o, "\r\n");
  return 0;
}

static int fail(struct ivs_imds_provider *p, const char *what, ivs_str detail) {
  return ivs_fetch_fail(&p->fetch, &p->base, what, detail);
}

static int refused(struct ivs_imds_provider *p, const char *hint) {
  return ivs_fetch_refused(&p->fetch, &p->base, hint, "", none);
}

static int go_to(struct ivs_imds_provider *p, uint8_t stage) {
  p->stage = stage;
  return ivs_fetch_end(&p->fetch, GO_ON);
}

/* The first line of the answer, if it is a word that a header or a path can carry. */
static bool copy_word(const struct ivs_imds_provider *p, char *to, size_t size,
                      const char *refused_chars) {
  ivs_str s = {p->fetch.exchange.space, 0};
  while (s.n < p->fetch.exchange.have && s.p[s.n] != '\n' && s.p[s.n] != '\r') {
    char c = s.p[s.n++];
    if (c <= ' ' || c > '~' || strchr(refused_chars, c) != NULL) return false;
  }
  return s.n > 0 && ivs_str_copy(to, size, s) == 0;
}

static int begin_asking(struct ivs_imds_provider *p) {
  return go_to(p, p->for_region ? REGION : ROLE);
}

static int take_token(struct ivs_imds_provider *p) {
  int status = p->fetch.exchange.http.status;
  if (status == 200) {
    if (copy_word(p, p->token, sizeof p->token, "")) return begin_asking(p);
    return fail(p, "its session token is malformed", none);
  }
  if (status != 403 && status != 404 && status != 405) return refused(p, "no session token");
  if (p->no_v1) return refused(p, "no session token, and version 1 is switched off");
  return begin_asking(p);
}

static int take_role(struct ivs_imds_provider *p) {
  if (copy_word(p, p->role, sizeof p->role, "/?#%")) return go_to(p, CREDENTIALS);
  return fail(p, "the name of the instance's role is malformed", none);
}

/* see ivs/imds.h */
static int64_t extend(struct ivs_imds_provider *p, int64_t expires) {
  struct ivs_port *port = p->fetch.options.port;
  int64_t now = ivs_fetch_time(&p->fetch);
  uint16_t random;
  if (now == IVS_CLOCK_UNKNOWN || expires - now >= SOON) return expires;
  if (port->fn->entropy(port, &random, sizeof random) < 0) random = 0;
  return now + SPARE + random % (SPREAD + 1);
}

/* A status of 200 can be an error too. */
static int take_credentials(struct ivs_imds_provider *p) {
  enum { CODE = IVS_FETCH_PARTS, MESSAGE, TEXTS };
  static const char *const names[TEXTS] = {"AccessKeyId", "SecretAccessKey", "Token", "Expiration",
                                           "Code",        "Message"};
  ivs_str texts[TEXTS];
  int64_t expires;
  int r = ivs_fetch_members(&p->fetch, NULL, names, texts, TEXTS);
  if (r < 0) return fail(p, ivs_strerror(r), none);
  if (texts[CODE].n > 0 && !ivs_str_eq(texts[CODE], IVS_STR("Success")))
    return fail(p, "it has no credentials", texts[texts[MESSAGE].n > 0 ? MESSAGE : CODE]);
  r = ivs_fetch_check(&p->fetch, &p->base, names, texts, IVS_FETCH_PARTS, &expires);
  return r < 0 ? r : ivs_fetch_take(&p->fetch, &p->base, texts, extend(p, expires));
}

static int take_region(struct ivs_imds_provider *p) {
  if (copy_word(p, p->region, sizeof p->region, "") && ivs_is_region(ivs_cstr(p->region)))
    return ivs_fetch_end(&p->fetch, 0);
  p->region[0] = '\0';
  return fail(p, "the region is malformed", none);
}

static int take_answer(struct ivs_imds_provider *p) {
  int status = p->fetch.exchange.http.status;
  if (p->stage == TOKEN) return take_token(p);
  if (status == 401 && p->token[0] == '\0') return refused(p, "it gave no session token");
  if (status == 404 && p->stage == ROLE) return refused(p, "the instance has no role");
  if (status != 200) return refused(p, "");
  if (p->stage == ROLE) return take_role(p);
  return p->stage == CREDENTIALS ? take_credentials(p) : take_region(p);
}

/* The request of a token left and nothing came: where the answer may not go that far. */
static bool is_out_of_reach(const struct ivs_imds_provider *p) {
  const struct ivs_fetch *f = &p->fetch;
  return p->stage == TOKEN && f->failure == IVS_ERR_TIMEOUT && f->exchange.left && !p->no_v1;
}

static void forget(struct ivs_imds_provider *p) {
  ivs_wipe(p->token, sizeof p->token);
  p->stage = TOKEN;
}

static void cancel(struct ivs_provider *base) {
  ivs_fetch_cancel(&self(base)->fetch, base);
  forget(self(base));
}

static int advance(struct ivs_imds_provider *p, int64_t now, bool for_region) {
  if (p->for_region != for_region) cancel(&p->base);
  p->for_region = for_region;
  int r = ivs_fetch_step(&p->fetch, &p->base, now, write_request);
  if (r == 0) r = take_answer(p);
  else if (r == IVS_ERR_CREDENTIALS && is_out_of_reach(p)) r = begin_asking(p);
  if (r != GO_ON && r != IVS_AGAIN) forget(p);
  return r;
}

static int step(struct ivs_provider *base, int64_t now) {
  return advance(self(base), now, false);
}

/* see ivs/imds.h */
int ivs_imds_region(struct ivs_imds_provider *p, int64_t now) {
  return advance(p, now, true);
}

static void wants(struct ivs_provider *base, struct ivs_wait *w) {
  ivs_fetch_wants(&self(base)->fetch, w);
}

static const struct ivs_provider_functions functions = {step, wants, cancel};

/* see ivs/imds.h */
int ivs_imds_provider_init(struct ivs_imds_provider *p, const struct ivs_imds_options *options) {
  memset(p, 0, sizeof *p);
  p->base.fn = &functions;
  p->no_v1 = options->no_v1;
  return ivs_fetch_init(&p->fetch, "IMDS", &options->fetch, TIMEOUT_MS, ATTEMPTS);
}
