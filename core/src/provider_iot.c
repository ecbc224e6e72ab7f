#include <ivs/iot.h>

#include <ivs/http1.h>

enum { TIMEOUT_MS = 10000, ATTEMPTS = 3, NAME_MOST = 128 };

static struct ivs_iot_provider *self(struct ivs_provider *p) {
  return (struct ivs_iot_provider *)(void *)p;
}

/* An ivs_fetch_write. */
static int write_request(struct ivs_provider *base, struct ivs_out *o) {
  struct ivs_iot_provider *p = self(base);
  ivs_pair headers[] = {{IVS_STR("host"), ivs_cstr(p->fetch.options.endpoint->authority)},
                        {IVS_STR("x-amzn-iot-thingname"), p->thing}};
  ivs_str none = {NULL, 0};
  ivs_str path = ivs_fetch_path(&p->fetch, o, IVS_STR("/role-aliases/"), p->role_alias,
                                IVS_STR("/credentials"));
  ivs_http1_put_head(o, IVS_STR("GET"), path, none, headers, p->thing.n > 0 ? 2 : 1, -1);
  ivs_put_text(o, "\r\n");
  return 0;
}

static int take(struct ivs_iot_provider *p) {
  static const char *const names[IVS_FETCH_PARTS] = {"accessKeyId", "secretAccessKey",
                                                     "sessionToken", "expiration"};
  ivs_str parts[IVS_FETCH_PARTS], none = {NULL, 0};
  int64_t expires;
  int r = ivs_fetch_members(&p->fetch, "credentials", names, parts, IVS_FETCH_PARTS);
  if (r < 0) return ivs_fetch_fail(&p->fetch, &p->base, ivs_strerror(r), none);
  r = ivs_fetch_check(&p->fetch, &p->base, names, parts, IVS_FETCH_PARTS, &expires);
  return r < 0 ? r : ivs_fetch_take(&p->fetch, &p->base, parts, expires);
}

static const char *hint(int status) {
  switch (status) {
    case 403: return "the certificate, its policy, or its thing's name";
    case 404: return "the role alias; its case counts";
    default: return "";
  }
}

static int step(struct ivs_provider *base, int64_t now) {
  struct ivs_iot_provider *p = self(base);
  int r = ivs_fetch_step(&p->fetch, base, now, write_request);
  if (r != 0) return r;
  int status = p->fetch.exchange.http.status;
  return status == 200 ? take(p) : ivs_fetch_refused_json(&p->fetch, base, hint(status));
}

static void wants(struct ivs_provider *base, struct ivs_wait *w) {
  ivs_fetch_wants(&self(base)->fetch, w);
}

static void cancel(struct ivs_provider *base) {
  ivs_fetch_cancel(&self(base)->fetch, base);
}

static const struct ivs_provider_functions functions = {step, wants, cancel};

/* Of a role alias or, with ':' for '=' and '@', of a thing's name. */
static bool is_name(ivs_str s, const char *also) {
  for (size_t i = 0; i < s.n; i++) {
    char c = ivs_lower(s.p[i]);
    bool usual = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (!usual && (c == '\0' || strchr(also, c) == NULL)) return false;
  }
  return s.n <= NAME_MOST;
}

/* see ivs/iot.h */
int ivs_iot_provider_init(struct ivs_iot_provider *p, const struct ivs_iot_options *options) {
  memset(p, 0, sizeof *p);
  p->base.fn = &functions;
  p->role_alias = options->role_alias;
  p->thing = options->thing;
  bool named = p->role_alias.n > 0 && is_name(p->role_alias, "_=@-") && is_name(p->thing, "_:-");
  int r = ivs_fetch_init(&p->fetch, "AWS IoT", &options->fetch, TIMEOUT_MS, ATTEMPTS);
  return r == 0 && named && options->fetch.endpoint->tls ? 0 : IVS_ERR_ARGUMENT;
}
