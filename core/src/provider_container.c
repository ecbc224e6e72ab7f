#include <ivs/container.h>

#include <ivs/http1.h>

enum { TIMEOUT_MS = 2000, ATTEMPTS = 3 };

static const char name[] = "container";
static const ivs_str none = {NULL, 0};

static struct ivs_container_provider *self(struct ivs_provider *p) {
  return (struct ivs_container_provider *)(void *)p;
}

/* An ivs_fetch_write. */
static int write_request(struct ivs_provider *base, struct ivs_out *o) {
  struct ivs_container_provider *p = self(base);
  ivs_str token;
  int r = ivs_fetch_token(&p->fetch, base, &p->token, o, &token);
  if (r < 0) return r;
  ivs_pair headers[] = {{IVS_STR("host"), ivs_cstr(p->fetch.options.endpoint->authority)},
                        {IVS_STR("accept"), IVS_STR("application/json")},
                        {IVS_STR("authorization"), token}};
  ivs_str path = ivs_fetch_path(&p->fetch, o, p->path, none, none);
  ivs_http1_put_head(o, IVS_STR("GET"), path, none, headers, token.n > 0 ? 3 : 2, -1);
  ivs_put_text(o, "\r\n");
  if (o->err != IVS_ERR_ARGUMENT) return 0;
  return ivs_provider_fail(base, name, "its token holds a line break or another control character",
                           none);
}

/* Without an end they never end; without a token they are not temporary. */
static int take(struct ivs_container_provider *p) {
  static const char *const names[IVS_FETCH_PARTS] = {"AccessKeyId", "SecretAccessKey", "Token",
                                                     "Expiration"};
  ivs_str parts[IVS_FETCH_PARTS];
  int64_t expires;
  int r = ivs_fetch_members(&p->fetch, NULL, names, parts, IVS_FETCH_PARTS);
  if (r < 0) return ivs_fetch_fail(&p->fetch, &p->base, ivs_strerror(r), none);
  r = ivs_fetch_check(&p->fetch, &p->base, names, parts, IVS_FETCH_TOKEN, &expires);
  return r < 0 ? r : ivs_fetch_take(&p->fetch, &p->base, parts, expires);
}

static int step(struct ivs_provider *base, int64_t now) {
  struct ivs_container_provider *p = self(base);
  int r = ivs_fetch_step(&p->fetch, base, now, write_request);
  if (r != 0) return r;
  int status = p->fetch.exchange.http.status;
  if (status == 200) return take(p);
  bool token = status == 401 || status == 403;
  return ivs_fetch_refused_json(&p->fetch, base, token ? "the authorization token" : "");
}

static void wants(struct ivs_provider *base, struct ivs_wait *w) {
  ivs_fetch_wants(&self(base)->fetch, w);
}

static void cancel(struct ivs_provider *base) {
  ivs_fetch_cancel(&self(base)->fetch, base);
}

static const struct ivs_provider_functions functions = {step, wants, cancel};

/* see ivs/container.h */
bool ivs_container_allowed(const struct ivs_endpoint *e) {
  ivs_str host = ivs_endpoint_host(e);
  return e->tls || ivs_endpoint_is_loopback(e) || ivs_str_eq(host, IVS_STR("169.254.170.2")) ||
         ivs_str_eq(host, IVS_STR("169.254.170.23")) || ivs_str_eq(host, IVS_STR("fd00:ec2::23"));
}

/* As on the wire, with or without a query; or nothing. */
static bool is_path(ivs_str s) {
  for (size_t i = 0; i < s.n; i++)
    if (s.p[i] <= ' ' || s.p[i] > '~' || s.p[i] == '#') return false;
  return s.n == 0 || s.p[0] == '/';
}

/* see ivs/container.h */
int ivs_container_from_url(struct ivs_endpoint *e, ivs_str *path, ivs_str url) {
  const char *host = url.n > 0 ? (const char *)memchr(url.p, ':', url.n) : NULL;
  size_t at = host != NULL ? (size_t)(host - url.p) + 3 : 0; /* behind "://" */
  if (at == 0 || at > url.n) return IVS_ERR_ARGUMENT;
  while (at < url.n && url.p[at] != '/' && url.p[at] != '?') at++;
  ivs_str base = {url.p, at};
  path->p = url.p + at;
  path->n = url.n - at;
  return is_path(*path) ? ivs_endpoint_from_url(e, base) : IVS_ERR_ARGUMENT;
}

/* see ivs/container.h */
int ivs_container_provider_init(struct ivs_container_provider *p,
                                const struct ivs_container_options *options) {
  memset(p, 0, sizeof *p);
  p->base.fn = &functions;
  p->path = options->path.n > 0 ? options->path : IVS_STR("/");
  p->token = options->token;
  int r = ivs_fetch_init(&p->fetch, name, &options->fetch, TIMEOUT_MS, ATTEMPTS);
  if (r < 0 || !is_path(p->path)) return IVS_ERR_ARGUMENT;
  if (ivs_container_allowed(options->fetch.endpoint)) return 0;
  ivs_provider_fail(&p->base, name,
                    "plain http is allowed to this machine and AWS's addresses only",
                    ivs_endpoint_host(options->fetch.endpoint));
  return IVS_ERR_ARGUMENT;
}
