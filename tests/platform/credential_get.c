/*
 * Calls the service with credentials of a network source, for test_credentials.py:
 *
 *   credential_get iot|container|imds|sts|region [--option value]...
 *
 * Every round is one ListChannels, and prints one line of JSON: what came of the call, and of the
 * provider. Further rounds (--rounds) wait for a line on stdin. `region` asks the instance metadata
 * for the region and ends.
 *
 * No secret is printed; that they are right shows in the call.
 */
#include <ivs/container.h>
#include <ivs/imds.h>
#include <ivs/iot.h>
#include <ivs/ivs.h>
#include <ivs/json.h>
#include <ivs/posix.h>
#include <ivs/sts.h>
#include <ivs/tls.h>

#include "../check.h"
#include "../error_name.h"

/* Options, by name. */
enum option {
  SERVICE,
  URL,
  CA,
  CERT,
  KEY,
  ALIAS,
  THING,
  TOKEN,
  TOKEN_FILE,
  STS,
  ROLE,
  SESSION,
  EXTERNAL_ID,
  DURATION,
  KEY_ID,
  SECRET,
  SESSION_TOKEN,
  REGION,
  OFFSET,
  TIMEOUT,
  ATTEMPTS,
  SPACE,
  ROUNDS,
  NO_V1,
  OPTIONS
};
static const char *const names[OPTIONS] = {
    "--service",     "--url",      "--ca",         "--cert",   "--key",           "--alias",
    "--thing",       "--token",    "--token-file", "--sts",    "--role",          "--session",
    "--external-id", "--duration", "--key-id",     "--secret", "--session-token", "--region",
    "--offset",      "--timeout",  "--attempts",   "--space",  "--rounds",        "--no-v1"};
static const char *set[OPTIONS];

/* A way to an endpoint. */
struct way {
  struct ivs_endpoint endpoint;
  struct ivs_posix tcp;
  struct ivs_tls tls;
  struct ivs_port *port;
};

static struct way service, other, sts_way;
static struct ivs_iot_provider iot;
static struct ivs_container_provider container;
static struct ivs_imds_provider imds;
static struct ivs_sts_provider role;
static struct ivs_creds creds;
static char space[32768];
static ivs_client client;
static char client_space[65536];

static int die(const char *what, const char *of) {
  fprintf(stderr, "credential_get: %s %s\n", what, of);
  exit(2);
}

static ivs_str text(enum option option) {
  return ivs_cstr(set[option]);
}

static long number(enum option option, long otherwise) {
  return set[option] != NULL ? atol(set[option]) : otherwise;
}

static void read_options(int argc, char **argv) {
  for (int i = 2; i < argc; i += 2) {
    int option = 0;
    while (option < OPTIONS && strcmp(argv[i], names[option]) != 0) option++;
    if (option == OPTIONS || i + 1 == argc) die("what is", argv[i]);
    set[option] = argv[i + 1];
  }
}

/* With a NUL behind it, which counts, as PEM needs it. */
static size_t read_whole(const char *path, char *to, size_t room) {
  FILE *f = fopen(path, "rb");
  if (f == NULL) die("cannot read", path);
  size_t n = fread(to, 1, room - 1, f);
  fclose(f);
  to[n] = '\0';
  return n + 1;
}

/* For struct ivs_token; context is the path. */
static int read_token(void *context, char *to, size_t room, size_t *n) {
  FILE *f = fopen((const char *)context, "rb");
  if (f == NULL) return IVS_ERR_ARGUMENT;
  *n = fread(to, 1, room, f);
  bool more = *n == room && fgetc(f) != EOF;
  fclose(f);
  return more ? IVS_ERR_SPACE : 0;
}

static void open_way(struct way *w, const char *url, bool device) {
  static char cert[20000], key[20000];
  struct ivs_tls_options options = {0};
  if (url == NULL || ivs_endpoint_from_url(&w->endpoint, ivs_cstr(url)) < 0)
    die("not a URL:", url != NULL ? url : "(none)");
  ivs_posix_init(&w->tcp);
  w->port = &w->tcp.port;
  if (!w->endpoint.tls) return;
  if (device && set[CERT] != NULL) {
    options.cert = cert;
    options.cert_n = read_whole(set[CERT], cert, sizeof cert);
    options.key = key;
    options.key_n = read_whole(set[KEY], key, sizeof key);
  }
  if (ivs_tls_init(&w->tls, &w->tcp.port, &options) < 0 || ivs_tls_roots_file(&w->tls, set[CA]) < 0)
    die("TLS cannot be set up for", url);
  w->port = &w->tls.port;
}

static struct ivs_fetch_options over(const struct way *w) {
  struct ivs_fetch_options options = {.port = w->port,
                                      .endpoint = &w->endpoint,
                                      .space = space,
                                      .space_n = (size_t)number(SPACE, IVS_FETCH_SPACE),
                                      .timeout_ms = (uint32_t)number(TIMEOUT, 0),
                                      .attempts = (uint8_t)number(ATTEMPTS, 0)};
  return options;
}

static struct ivs_token token(void) {
  struct ivs_token t = {text(TOKEN), NULL, NULL};
  if (set[TOKEN_FILE] != NULL) {
    t.read = read_token;
    t.context = (void *)(uintptr_t)set[TOKEN_FILE];
  }
  return t;
}

static struct ivs_provider *make_iot(void) {
  open_way(&other, set[URL], true);
  struct ivs_iot_options options = {
      .fetch = over(&other), .role_alias = text(ALIAS), .thing = text(THING)};
  if (ivs_iot_provider_init(&iot, &options) < 0) die("not an alias or a thing:", set[ALIAS]);
  return &iot.base;
}

static struct ivs_provider *make_container(void) {
  struct ivs_endpoint e;
  struct ivs_container_options options = {.token = token()};
  if (ivs_container_from_url(&e, &options.path, text(URL)) < 0) die("not a URL:", set[URL]);
  char base[300];
  snprintf(base, sizeof base, "%.*s", (int)(options.path.p - set[URL]), set[URL]);
  open_way(&other, base, false);
  options.fetch = over(&other);
  if (ivs_container_provider_init(&container, &options) < 0) die(container.base.problem, "");
  return &container.base;
}

static struct ivs_provider *make_imds(void) {
  open_way(&other, set[URL], false);
  struct ivs_imds_options options = {.fetch = over(&other), .no_v1 = set[NO_V1] != NULL};
  if (ivs_imds_provider_init(&imds, &options) < 0) die("no metadata at", set[URL]);
  return &imds.base;
}

/* A role over a source; over static credentials; or by a web identity token. */
static struct ivs_provider *make_role(struct ivs_provider *source) {
  open_way(&sts_way, set[STS], false);
  struct ivs_sts_options options = {.fetch = over(&sts_way),
                                    .region = text(REGION),
                                    .role_arn = text(ROLE),
                                    .session_name = text(SESSION),
                                    .external_id = text(EXTERNAL_ID),
                                    .duration_seconds = (uint32_t)number(DURATION, 0)};
  if (source != NULL) {
    options.source = source;
  } else if (set[KEY_ID] != NULL) {
    if (ivs_creds_set(&creds, text(KEY_ID), text(SECRET), text(SESSION_TOKEN)) < 0)
      die("no credentials:", set[KEY_ID]);
    options.creds = &creds;
  } else {
    options.token = token();
  }
  if (ivs_sts_provider_init(&role, &options) < 0) die("not a role:", set[ROLE]);
  return &role.base;
}

static struct ivs_provider *make(const char *kind) {
  struct ivs_provider *source = NULL;
  if (strcmp(kind, "iot") == 0) source = make_iot();
  else if (strcmp(kind, "container") == 0) source = make_container();
  else if (strcmp(kind, "imds") == 0 || strcmp(kind, "region") == 0) source = make_imds();
  else if (strcmp(kind, "sts") != 0) die("what is", kind);
  return set[STS] != NULL ? make_role(source) : source;
}

static void print_text(const char *name, const char *value) {
  char quoted[2000];
  struct ivs_out o = ivs_out_to(quoted, sizeof quoted);
  ivs_json_put_str(&o, ivs_cstr(value));
  printf("\"%s\": %.*s, ", name, (int)o.n, quoted);
}

static bool is_clean(void) {
  for (size_t i = 0; i < sizeof space; i++)
    if (space[i] != 0) return false;
  return true;
}

static void one_round(const struct ivs_provider *p) {
  static const struct ivs_list_channels_in in;
  struct ivs_list_channels_out out;
  uint64_t began = service.port->fn->ticks(service.port);
  int r = ivs_list_channels(&client, &in, &out);
  printf("{");
  print_text("result", error_name(r));
  print_text("code", ivs_last(&client)->code);
  print_text("problem", p->problem);
  print_text("key", p->creds.access_key_id);
  print_text("source_key", other.port != NULL && p == &role.base && role.options.source != NULL
                               ? role.options.source->creds.access_key_id
                               : "");
  printf("\"expires\": %lld, \"due\": %lld, \"version\": %u, \"clean\": %s, \"took\": %llu}\n",
         (long long)p->expires, (long long)p->due, (unsigned)p->version,
         is_clean() ? "true" : "false",
         (unsigned long long)(service.port->fn->ticks(service.port) - began));
  fflush(stdout);
}

static void call(struct ivs_provider *p) {
  open_way(&service, set[SERVICE], false);
  struct ivs_options options = {
      .port = service.port, .endpoint = &service.endpoint, .region = text(REGION), .provider = p};
  if (ivs_init(&client, &options) < 0) die("no client for", set[SERVICE]);
  ivs_workspace(&client, client_space, sizeof client_space);
  if (set[OFFSET] != NULL) ivs_clock_set(&client, ivs_clock_now(&client) + number(OFFSET, 0));
  for (long round = 0, c = 0; round < number(ROUNDS, 1); round++) {
    if (round > 0)
      while ((c = getchar()) != '\n' && c != EOF) continue;
    one_round(p);
  }
  ivs_close(&client);
  ivs_provider_wipe(p);
}

static void ask_region(void) {
  int r;
  while ((r = ivs_imds_region(&imds, IVS_CLOCK_UNKNOWN)) == 1 || r == IVS_AGAIN) {
    struct ivs_wait w = {-1, 0, UINT64_MAX};
    if (r == 1) continue;
    imds.base.fn->wants(&imds.base, &w);
    other.port->fn->wait(other.port, &w);
  }
  printf("{");
  print_text("result", error_name(r));
  print_text("problem", imds.base.problem);
  print_text("region", imds.region);
  printf("\"clean\": %s}\n", is_clean() ? "true" : "false");
}

int main(int argc, char **argv) {
  if (argc < 2) die("usage:", "iot|container|imds|sts|region [--option value]...");
  read_options(argc, argv);
  if (set[REGION] == NULL) set[REGION] = "us-west-2";
  struct ivs_provider *p = make(argv[1]);
  if (strcmp(argv[1], "region") == 0) ask_region();
  else call(p);
  if (service.endpoint.tls) ivs_tls_free(&service.tls);
  if (other.endpoint.tls) ivs_tls_free(&other.tls);
  if (sts_way.endpoint.tls) ivs_tls_free(&sts_way.tls);
  ivs_creds_wipe(&creds);
  return 0;
}
