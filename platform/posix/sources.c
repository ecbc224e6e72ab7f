/*
 * From what the settings say to machines with connections.
 */
#include "system.h"

#include <ivs/crypto.h>
#include <ivs/sources.h>
#include <ivs/text.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static int fail(struct ivs_sources *so, const char *a, const char *b, const char *c) {
  struct ivs_out o = ivs_out_to(so->problem, IVS_PROBLEM_MAX);
  ivs_put_text(&o, a);
  ivs_put_text(&o, b);
  ivs_put_text(&o, c);
  so->problem[o.n < o.cap ? o.n : o.cap] = '\0';
  return IVS_ERR_CREDENTIALS;
}

static ivs_str or_absent(const char *text) {
  ivs_str s = ivs_cstr(text);
  if (s.n == 0) s.p = NULL;
  return s;
}

/* A token from a file, read anew each time; blanks at its end are the editor's. */
static int read_file(void *context, char *to, size_t room, size_t *n) {
  const char *file = (const char *)context;
  char more;
  ssize_t got = 0;
  int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return IVS_ERR_CREDENTIALS;
  *n = 0;
  do {
    got = *n < room ? read(fd, to + *n, room - *n) : read(fd, &more, 1);
    if (got > 0 && *n == room) break;
    if (got > 0) *n += (size_t)got;
  } while (got > 0 || (got < 0 && errno == EINTR));
  close(fd);
  if (got > 0) return IVS_ERR_SPACE;
  while (*n > 0 && (unsigned char)to[*n - 1] <= ' ') (*n)--;
  return got < 0 ? IVS_ERR_CREDENTIALS : 0;
}

static struct ivs_token token_of(const char *text, const char *file) {
  struct ivs_token token = {or_absent(text), NULL, NULL};
  if (file[0] == '\0') return token;
  token.text = or_absent("");
  token.read = read_file;
  token.context = (void *)(uintptr_t)file;
  return token;
}

/* --- STS --- */

static int open_route(struct ivs_sources *so, const char *source, struct ivs_route *route,
                      const struct ivs_endpoint *endpoint,
                      const struct ivs_route_options *options) {
  if (ivs_route_init(route, endpoint, options) == 0) return 0;
  return fail(so, source, ": ", route->problem);
}

/* The endpoint of STS and the way there, which all roles share. */
static int set_sts(struct ivs_sources *so, const struct ivs_settings *s, const char *proxy) {
  struct ivs_route_options options = {.proxy = proxy, .ca_bundle = s->ca_bundle};
  unsigned flags =
      (s->fips ? IVS_ENDPOINT_FIPS : 0u) | (s->dual_stack ? IVS_ENDPOINT_DUAL_STACK : 0u);
  if (s->sts_url[0] == '\0') {
    if (ivs_endpoint_resolve(&so->sts_endpoint, IVS_STR("sts"), ivs_cstr(s->region), flags) < 0)
      return fail(so, "STS has no endpoint in this region", "", "");
  } else {
    const char *conflict = ivs_endpoint_conflict(flags);
    if (conflict != NULL) return fail(so, s->sts_from, ": ", conflict);
    if (ivs_endpoint_from_url(&so->sts_endpoint, ivs_cstr(s->sts_url)) < 0)
      return fail(so, s->sts_from, " is not a URL such as https://sts.eu-west-1.amazonaws.com", "");
    if (!so->sts_endpoint.tls && !ivs_endpoint_is_loopback(&so->sts_endpoint))
      return fail(so, s->sts_from, ": STS wants https, except on this machine", "");
  }
  return open_route(so, "STS", &so->sts_route, &so->sts_endpoint, &options);
}

static struct ivs_sts_options sts_options(struct ivs_sources *so, const struct ivs_settings *s,
                                          const struct ivs_settings_role *role) {
  return (struct ivs_sts_options){
      .fetch = {.port = so->sts_route.port,
                .endpoint = &so->sts_endpoint,
                .space = so->space,
                .space_n = sizeof so->space},
      .region = ivs_cstr(s->region),
      .role_arn = ivs_cstr(role->arn),
      .session_name = ivs_cstr(role->session_name),
      .external_id = or_absent(role->external_id),
      .duration_seconds = role->duration_seconds,
  };
}

static int set_web_identity(struct ivs_sources *so, const struct ivs_settings *s) {
  const struct ivs_settings_web_identity *web = &s->source.of.web_identity;
  struct ivs_sts_options options = sts_options(so, s, &web->role);
  options.token = token_of("", web->token_file);
  so->base = &so->by.web_identity.base;
  if (ivs_sts_provider_init(&so->by.web_identity, &options) == 0) return 0;
  return fail(so, "web identity: its role cannot be used", "", "");
}

/* Roles from the last, which the source assumes, to the first. */
static int set_roles(struct ivs_sources *so, const struct ivs_settings *s) {
  so->provider = so->base;
  for (size_t i = s->source.role_count; i > 0; i--) {
    struct ivs_sts_options options = sts_options(so, s, &s->source.roles[i - 1]);
    if (so->provider != NULL) options.source = so->provider;
    else options.creds = &s->creds;
    if (ivs_sts_provider_init(&so->roles[i - 1], &options) < 0)
      return fail(so, "role_arn: the role cannot be used", "", "");
    so->provider = &so->roles[i - 1].base;
  }
  return 0;
}

/* --- the sources themselves --- */

static struct ivs_fetch_options fetch_options(struct ivs_sources *so) {
  return (struct ivs_fetch_options){.port = so->route.port,
                                    .endpoint = &so->endpoint,
                                    .space = so->space,
                                    .space_n = sizeof so->space};
}

static int set_process(struct ivs_sources *so, const struct ivs_settings *s) {
  struct ivs_process_options options = {.command = ivs_cstr(s->source.of.command),
                                        .name = s->source.name,
                                        .space = so->space,
                                        .space_n = IVS_PROCESS_SPACE};
  so->base = &so->by.process.base;
  return ivs_process_provider_init(&so->by.process, &options);
}

/* The endpoint as `aws iot describe-endpoint` prints it, or as a URL. */
static int iot_endpoint(struct ivs_endpoint *e, const char *text) {
  char url[IVS_URL_MAX + 16] = "https://";
  const char *begin = strstr(text, "://") == NULL ? "https://" : "";
  struct ivs_out o = ivs_out_to(url, sizeof url);
  ivs_put_text(&o, begin);
  ivs_put_text(&o, text);
  ivs_str whole = {url, o.n};
  return ivs_out_end(&o) < 0 ? IVS_ERR_ARGUMENT : ivs_endpoint_from_url(e, whole);
}

static int set_iot(struct ivs_sources *so, const struct ivs_settings *s, const char *proxy) {
  const struct ivs_settings_iot *iot = &s->source.of.iot;
  struct ivs_route_options route = {.proxy = proxy,
                                    .ca_bundle = iot->ca[0] != '\0' ? iot->ca : s->ca_bundle,
                                    .certificate = iot->certificate,
                                    .private_key = iot->private_key};
  if (iot_endpoint(&so->endpoint, iot->endpoint) < 0 || !so->endpoint.tls)
    return fail(so, "AWS IoT: iot_credentials_endpoint is not a host name such as ",
                "c1.credentials.iot.eu-west-1.amazonaws.com", "");
  if (open_route(so, "AWS IoT", &so->route, &so->endpoint, &route) < 0) return IVS_ERR_CREDENTIALS;
  struct ivs_iot_options options = {.fetch = fetch_options(so),
                                    .role_alias = ivs_cstr(iot->role_alias),
                                    .thing = or_absent(iot->thing_name)};
  so->base = &so->by.iot.base;
  if (ivs_iot_provider_init(&so->by.iot, &options) == 0) return 0;
  return fail(so, "AWS IoT: iot_role_alias or iot_thing_name cannot be one", "", "");
}

static int set_container(struct ivs_sources *so, const struct ivs_settings *s) {
  const struct ivs_settings_container *c = &s->source.of.container;
  struct ivs_route_options route = {.proxy = "", .ca_bundle = s->ca_bundle};
  ivs_str path;
  if (ivs_container_from_url(&so->endpoint, &path, ivs_cstr(c->url)) < 0)
    return fail(so, "container: AWS_CONTAINER_CREDENTIALS_FULL_URI is not a URL", "", "");
  if (open_route(so, "container", &so->route, &so->endpoint, &route) < 0)
    return IVS_ERR_CREDENTIALS;
  struct ivs_container_options options = {
      .fetch = fetch_options(so), .path = path, .token = token_of(c->token, c->token_file)};
  so->base = &so->by.container.base;
  if (ivs_container_provider_init(&so->by.container, &options) == 0) return 0;
  return fail(so, so->by.container.base.problem, "", "");
}

/* Also where there is no struct ivs_sources: for the region alone. */
static int init_imds(struct ivs_imds_provider *p, const struct ivs_settings_imds *s,
                     struct ivs_endpoint *endpoint, struct ivs_fetch_options fetch) {
  struct ivs_imds_options options = {.fetch = fetch, .no_v1 = s->no_v1};
  options.fetch.timeout_ms = s->timeout_ms;
  options.fetch.attempts = s->attempts;
  if (ivs_endpoint_from_url(endpoint, ivs_cstr(s->url)) < 0 || endpoint->tls)
    return IVS_ERR_ARGUMENT;
  return ivs_imds_provider_init(p, &options);
}

static int set_imds(struct ivs_sources *so, const struct ivs_settings *s) {
  ivs_posix_init(&so->route.tcp);
  so->route.port = &so->route.tcp.port;
  so->base = &so->by.imds.base;
  if (init_imds(&so->by.imds, &s->source.of.imds, &so->endpoint, fetch_options(so)) == 0) return 0;
  return fail(so, "IMDS: AWS_EC2_METADATA_SERVICE_ENDPOINT is not an http:// URL", "", "");
}

static int set_base(struct ivs_sources *so, const struct ivs_settings *s, const char *proxy) {
  switch (s->source.kind) {
    case IVS_SOURCE_PROCESS: return set_process(so, s);
    case IVS_SOURCE_WEB_IDENTITY: return set_web_identity(so, s);
    case IVS_SOURCE_IOT: return set_iot(so, s, proxy);
    case IVS_SOURCE_CONTAINER: return set_container(so, s);
    case IVS_SOURCE_IMDS: return set_imds(so, s);
    default: return 0;
  }
}

/* see ivs/sources.h */
int ivs_sources_init(struct ivs_sources *so, const struct ivs_settings *s, const char *proxy) {
  memset(so, 0, sizeof *so);
  int r = 0;
  if (s->source.role_count > 0 || s->source.kind == IVS_SOURCE_WEB_IDENTITY)
    r = set_sts(so, s, proxy);
  if (r == 0) r = set_base(so, s, proxy);
  if (r == 0) r = set_roles(so, s);
  if (r < 0) ivs_sources_free(so);
  return r;
}

/* see ivs/sources.h */
void ivs_sources_free(struct ivs_sources *so) {
  struct ivs_provider *base = so->base;
  for (size_t i = 0; i < IVS_ROLES_MAX; i++)
    if (so->roles[i].base.fn != NULL) ivs_provider_wipe(&so->roles[i].base);
  if (base != NULL && base->fn != NULL) ivs_provider_wipe(base);
  ivs_route_free(&so->route);
  ivs_route_free(&so->sts_route);
  so->provider = so->base = NULL;
  ivs_wipe(so->space, sizeof so->space);
}

/* --- the region --- */

/* A signal between a look at stop() and the wait would be missed: look again after that. */
enum { LOOK_MS = 500 };

/* Waits for what the provider waits for, up to `end` and the next look. */
static int wait_for(struct ivs_imds_provider *imds, struct ivs_port *port, uint64_t end) {
  uint64_t look = port->fn->ticks(port) + LOOK_MS;
  struct ivs_wait w = {-1, 0, look < end ? look : end};
  imds->base.fn->wants(&imds->base, &w);
  return port->fn->wait(port, &w);
}

/* Has the provider find the region. Results as those of ivs_settings_ask_region(). */
static int find_region(struct ivs_imds_provider *imds, struct ivs_port *port,
                       const struct ivs_settings_limits *limits) {
  uint64_t end = UINT64_MAX;
  if (limits->timeout_ms > 0) end = port->fn->ticks(port) + limits->timeout_ms;
  for (;;) {
    int r = ivs_imds_region(imds, IVS_CLOCK_UNKNOWN);
    if (r == 0) return 0;
    if (r != 1 && r != IVS_AGAIN) return IVS_ERR_ARGUMENT;
    if (limits->stop != NULL && limits->stop(limits->context)) return IVS_ERR_CANCELLED;
    if (port->fn->ticks(port) >= end) return IVS_ERR_TIMEOUT;
    if (r == IVS_AGAIN && wait_for(imds, port, end) < 0) return IVS_ERR_ARGUMENT;
  }
}

/* see ivs/sources.h */
int ivs_settings_ask_region(struct ivs_settings *settings,
                            const struct ivs_settings_limits *limits) {
  static const struct ivs_settings_limits none;
  char space[IVS_FETCH_SPACE];
  struct ivs_settings_imds with;
  struct ivs_endpoint endpoint;
  struct ivs_imds_provider imds;
  struct ivs_posix tcp;
  if (settings->region[0] != '\0') return 0;
  if (ivs_settings_read_imds(settings, &with) != 1) return IVS_ERR_ARGUMENT;
  ivs_posix_init(&tcp);
  struct ivs_fetch_options fetch = {
      .port = &tcp.port, .endpoint = &endpoint, .space = space, .space_n = sizeof space};
  if (init_imds(&imds, &with, &endpoint, fetch) < 0) return IVS_ERR_ARGUMENT;
  int r = find_region(&imds, &tcp.port, limits != NULL ? limits : &none);
  imds.base.fn->cancel(&imds.base);
  if (r < 0) return r;
  ivs_str_copy(settings->region, sizeof settings->region, ivs_cstr(imds.region));
  settings->region_from = "the instance metadata";
  return 0;
}
