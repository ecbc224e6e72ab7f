/*
 * What the module asks of where it runs: settings from the environment and the AWS tools' files,
 * the way to the endpoint, clocks.
 */
#include "ivs_posix.h"

#include <ivs/text.h>

#include <stdio.h>
#include <time.h>

/* see ivs_host.h */
const size_t ivs_host_bytes = sizeof(struct ivs_lua_host);

/* see ivs_host.h */
const char *ivs_host_lacks(int option) {
  (void)option;
  return NULL;
}

/* --- settings --- */

/* What comes from around the program, and only that: where all is given here, no file is opened. 0,
   or the results that were pushed. */
static int read_settings(lua_State *L, struct ivs_lua_client *client, bool sign) {
  ivs_str url = ivs_option_text(L, IVS_OPT_ENDPOINT);
  bool no_tls =
      url.p != NULL && ivs_endpoint_from_url(&client->endpoint, url) == 0 && !client->endpoint.tls;
  struct ivs_settings_given given = {
      .profile = ivs_option_text(L, IVS_OPT_PROFILE).p,
      .region = ivs_option_given(L, IVS_OPT_REGION),
      .endpoint_url = url.p != NULL,
      .ca_bundle = ivs_option_given(L, IVS_OPT_CA_BUNDLE) || no_tls ||
                   !ivs_option_flag(L, IVS_OPT_VERIFY, true),
      .creds = ivs_option_given(L, IVS_OPT_ACCESS_KEY_ID) || !sign,
  };
  if (ivs_settings_read(&client->host->settings, &given) == 0) return 0;
  return ivs_push_settings_failure(L, &client->host->settings);
}

/* The options that stand above settings. 0, or the results that were pushed. */
static int override_settings(lua_State *L, struct ivs_settings *s) {
  ivs_str mode = ivs_option_text(L, IVS_OPT_RETRY_MODE);
  bool legacy = ivs_str_eq(mode, IVS_STR("legacy"));
  s->fips = ivs_option_flag(L, IVS_OPT_FIPS, s->fips);
  s->dual_stack = ivs_option_flag(L, IVS_OPT_DUAL_STACK, s->dual_stack);
  s->keep_clock = ivs_option_flag(L, IVS_OPT_KEEP_CLOCK, s->keep_clock);
  if (mode.p != NULL && !legacy && !ivs_str_eq(mode, IVS_STR("standard")) &&
      !ivs_str_eq(mode, IVS_STR("adaptive")))
    return ivs_push_failure(L, "BadSetting", "retry_mode must be standard, adaptive or legacy",
                            NULL);
  if (mode.p != NULL && s->max_attempts_from == NULL) s->max_attempts = legacy ? 5 : 3;
  if (ivs_option_given(L, IVS_OPT_MAX_ATTEMPTS))
    s->max_attempts = (uint8_t)ivs_option_number(L, IVS_OPT_MAX_ATTEMPTS);
  if (!ivs_option_copy(L, IVS_OPT_CA_BUNDLE, s->ca_bundle, sizeof s->ca_bundle))
    return ivs_push_failure(L, "TlsRoots", "the name of the CA bundle is too long", NULL);
  if (!ivs_option_copy(L, IVS_OPT_REGION, s->region, sizeof s->region))
    return ivs_push_failure(L, "BadRegion", "the region is too long to be one", NULL);
  return 0;
}

static bool is_interrupted(void *watch) {
  return ivs_watch_interrupted((const struct ivs_watch *)watch);
}

/* Asks the instance metadata for the region, if nothing else has one. 0, also where they have none;
   or the results that were pushed. */
static int find_region(lua_State *L, struct ivs_settings *s) {
  struct ivs_watch watch;
  uint32_t ms = ivs_option_time(L, IVS_OPT_TIMEOUT);
  struct ivs_settings_limits limits = {
      .timeout_ms = ms > 0 ? ms : IVS_CALL_MS, .stop = is_interrupted, .context = &watch};
  if (s->region[0] != '\0' || ivs_option_given(L, IVS_OPT_REGION)) return 0;
  ivs_watch_begin(L, &watch);
  int r = ivs_settings_ask_region(s, &limits);
  if (r == IVS_ERR_CANCELLED)
    return ivs_push_failure(L, "Interrupted", "the search for the region was interrupted", NULL);
  if (r != IVS_ERR_TIMEOUT) return 0;
  ivs_push_failure(L, "Timeout",
                   "deadline passed while the instance metadata were asked for the region",
                   "set AWS_REGION, or give region");
  lua_pushboolean(L, true);
  lua_setfield(L, -2, "retryable");
  return 2;
}

/* Region and endpoint. 0, or the results that were pushed. */
static int set_place(lua_State *L, struct ivs_lua_client *client) {
  struct ivs_settings *s = &client->host->settings;
  struct ivs_lua_place place = {
      .region = s->region,
      .url = s->endpoint_url[0] != '\0' ? s->endpoint_url : NULL,
      .url_from = s->endpoint_from,
      .flags = (s->fips ? IVS_ENDPOINT_FIPS : 0u) | (s->dual_stack ? IVS_ENDPOINT_DUAL_STACK : 0u),
  };
  int pushed = find_region(L, s);
  if (pushed != 0) return pushed;
  if (s->region[0] == '\0')
    return ivs_push_failure(L, "NoRegion", "no region: set AWS_REGION, or give region", NULL);
  place.region_from = s->region_from;
  return ivs_set_place(L, client, &place);
}

/* --- the way --- */

static int push_route_failure(lua_State *L, struct ivs_lua_client *client, int r) {
  const char *problem = client->host->route.problem;
  if (r == IVS_ERR_ARGUMENT) return ivs_push_failure(L, "BadSetting", problem, NULL);
  if (r == IVS_ERR_TLS_ROOTS) {
    ivs_push_failure(L, "TlsRoots", problem,
                     "give a file of PEM certificates with AWS_CA_BUNDLE or ca_bundle");
    ivs_set_endpoint(L, &client->endpoint);
    return 2;
  }
  const char *code = r == IVS_ERR_ENTROPY ? "NoEntropy" : "Tls";
  if (r == IVS_ERR_TLS_MEMORY) code = "TlsMemory";
  return ivs_push_failure(L, code, lua_pushfstring(L, "%s: %s", ivs_strerror(r), problem), NULL);
}

/* see ivs_posix.h */
bool ivs_name_proxy(const struct ivs_route *route, char to[IVS_PROXY_TEXT_SIZE]) {
  const struct ivs_proxy_settings *s = &route->settings;
  bool bracketed = strchr(s->host, ':') != NULL;
  if (!route->by_proxy) return false;
  snprintf(to, IVS_PROXY_TEXT_SIZE, "%s://%s%s%s:%u", s->tls ? "https" : "http",
           bracketed ? "[" : "", s->host, bracketed ? "]" : "", (unsigned)s->port);
  return true;
}

/* The way to the endpoint. 0, or the results that were pushed. */
static int set_route(lua_State *L, struct ivs_lua_client *client) {
  bool direct = ivs_option_given(L, IVS_OPT_PROXY) && !ivs_option_flag(L, IVS_OPT_PROXY, true);
  struct ivs_route_options options = {
      .proxy = direct ? "" : ivs_option_text(L, IVS_OPT_PROXY).p,
      .ca_bundle = client->host->settings.ca_bundle,
      .insecure_no_verify = !ivs_option_flag(L, IVS_OPT_VERIFY, true)};
  int r = ivs_route_init(&client->host->route, &client->endpoint, &options);
  if (r < 0) return push_route_failure(L, client, r);
  if (ivs_name_proxy(&client->host->route, client->host->proxy_text))
    client->way.proxy = client->host->proxy_text;
  client->way.port = client->host->route.port;
  client->way.tls = client->host->route.has_tls ? &client->host->route.tls : NULL;
  client->way.connect_ms = &client->host->route.tcp.connect_ms;
  client->way.lookups = &client->host->route.tcp.lookups;
  return 0;
}

/* see ivs_host.h */
int ivs_host_open(lua_State *L, struct ivs_lua_client *client, struct ivs_options *core) {
  struct ivs_lua_host *host = client->host;
  bool sign = ivs_option_flag(L, IVS_OPT_SIGN, true);
  int pushed = read_settings(L, client, sign);
  if (pushed == 0) pushed = override_settings(L, &host->settings);
  if (pushed == 0) pushed = set_place(L, client);
  if (pushed == 0) pushed = set_route(L, client);
  if (pushed == 0 && sign) pushed = ivs_set_credentials(L, client);
  if (pushed != 0) return pushed;
  core->creds = sign ? &host->settings.creds : NULL;
  core->provider = host->sources != NULL ? host->sources->provider : NULL;
  core->attempts = host->settings.max_attempts;
  core->keep_clock = host->settings.keep_clock;
  return 0;
}

/*
 * What calls have left below. Their own is wiped; but where a shared library is bound lazily, as
 * Debian's Lua is, the loader puts the vector registers there, and with them what was copied last.
 */
static IVS_OWN_FRAME void wipe_stack(void) {
  unsigned char below[16 * 1024];
  ivs_wipe(below, sizeof below);
}

/* see ivs_host.h */
void ivs_host_close(struct ivs_lua_host *host) {
  if (host->sources != NULL) ivs_sources_free(host->sources);
  host->sources = NULL;
  ivs_route_free(&host->route);
  ivs_settings_wipe(&host->settings);
  wipe_stack();
}

/* --- clocks, warnings --- */

static double seconds_of(clockid_t id) {
  struct timespec t = {0, 0};
  clock_gettime(id, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* see ivs_host.h */
double ivs_host_now(lua_State *L) {
  (void)L;
  return seconds_of(CLOCK_REALTIME);
}

/* see ivs_host.h */
double ivs_host_ticks(lua_State *L) {
  (void)L;
  return seconds_of(CLOCK_MONOTONIC);
}

/* see ivs_host.h */
int ivs_host_entropy(lua_State *L, void *p, size_t n) {
  struct ivs_posix posix;
  (void)L;
  ivs_posix_init(&posix);
  return posix.port.fn->entropy(&posix.port, p, n);
}

/* see ivs_host.h */
void ivs_host_sleep(lua_State *L, double seconds) {
  struct timespec t = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
  (void)L;
  nanosleep(&t, NULL);
}

/* see ivs_host.h */
void ivs_host_warn(lua_State *L, const char *line) {
  (void)L;
  fprintf(stderr, "ivs: warning: %s\n", line);
}
