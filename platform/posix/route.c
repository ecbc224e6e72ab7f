#include "system.h"

#include "user_file.h"

#include <ivs/crypto.h>
#include <ivs/route.h>
#include <ivs/text.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* Bytes of a file with a certificate and its chain, or a key. */
enum { FILE_MAX = 16 * 1024 };

static int fail(struct ivs_route *route, int err, const char *a, const char *b) {
  struct ivs_out o = ivs_out_to(route->problem, IVS_ROUTE_PROBLEM_MAX);
  ivs_put_text(&o, a);
  size_t n = o.n < o.cap ? o.n : o.cap;
  ivs_str_cut(route->problem + n, sizeof route->problem - n, ivs_cstr(b));
  return err;
}

/* --- TLS --- */

/* A file into memory, with a NUL behind it. */
struct content {
  size_t n; /* for ivs_tls_init(): with the NUL if it is PEM */
  char p[FILE_MAX + 1];
};

static int load(struct ivs_route *route, const char *file, struct content *content) {
  char name[IVS_USER_FILE_MAX + 1];
  int fd = -1;
  if (ivs_user_home(file, name) == 0) fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  size_t n = 0;
  ssize_t got = -1;
  while (fd >= 0 && n < FILE_MAX) {
    got = read(fd, content->p + n, FILE_MAX - n);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    n += (size_t)got;
  }
  if (fd >= 0) close(fd);
  if (got < 0) return fail(route, IVS_ERR_TLS, "cannot be read: ", file);
  if (n == FILE_MAX) return fail(route, IVS_ERR_TLS, "is over 16 KB: ", file);
  content->p[n] = '\0';
  content->n = n + (strstr(content->p, "-----BEGIN") != NULL);
  return 0;
}

/* errno of reading a byte of the file, even if there is none; 0: it can be read. */
static int try_to_read(const char *file) {
  char name[IVS_USER_FILE_MAX + 1], byte;
  if (ivs_user_home(file, name) < 0) return ENAMETOOLONG;
  int fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  int reason = fd < 0 || read(fd, &byte, 1) < 0 ? errno : 0;
  if (fd >= 0) close(fd);
  return reason;
}

static int fail_roots(struct ivs_route *route, const char *file) {
  char reason[64], text[128];
  struct ivs_out o = ivs_out_to(text, sizeof text - 1);
  int code = try_to_read(file);
  ivs_put_text(&o, "no certificates can be read");
  if (code != 0 && strerror_r(code, reason, sizeof reason) == 0) {
    ivs_put_text(&o, " (");
    ivs_put_text(&o, reason);
    ivs_put_text(&o, ")");
  }
  ivs_put_text(&o, ": ");
  text[o.n] = '\0';
  return fail(route, IVS_ERR_TLS_ROOTS, text, file);
}

static int fail_tls(struct ivs_route *route, struct ivs_tls *tls, int r,
                    const struct ivs_route_options *options) {
  const char *text = "";
  if (r == IVS_ERR_TLS_ROOTS) return fail_roots(route, options->ca_bundle);
  tls->port.fn->detail(&tls->port, &text);
  return fail(route, r, options->certificate != NULL ? "certificate or private key: " : "", text);
}

static int read_roots(struct ivs_tls *tls, const char *file) {
  char name[IVS_USER_FILE_MAX + 1];
  if (ivs_user_home(file, name) < 0) return IVS_ERR_TLS_ROOTS;
  return ivs_tls_roots_file(tls, name);
}

static int set_up(struct ivs_route *route, struct ivs_tls *tls, struct ivs_port *below,
                  const struct ivs_route_options *options, const struct ivs_tls_options *with) {
  bool bundle = options->ca_bundle != NULL && options->ca_bundle[0] != '\0';
  int r = ivs_tls_init(tls, below, with);
  if (r == 0 && bundle && !options->insecure_no_verify) r = read_roots(tls, options->ca_bundle);
  if (r < 0) fail_tls(route, tls, r, options);
  return r;
}

/* TLS with the endpoint, as a client with a certificate. */
static int add_tls_with_certificate(struct ivs_route *route, struct ivs_port *below,
                                    const struct ivs_route_options *options) {
  struct content cert, key;
  int r = load(route, options->certificate, &cert);
  if (r == 0) r = load(route, options->private_key, &key);
  if (r == 0) {
    struct ivs_tls_options with = {.insecure_no_verify = options->insecure_no_verify,
                                   .cert = cert.p,
                                   .cert_n = cert.n,
                                   .key = key.p,
                                   .key_n = key.n};
    route->has_tls = true;
    r = set_up(route, &route->tls, below, options, &with);
  }
  ivs_wipe(&key, sizeof key);
  return r;
}

static int add_tls(struct ivs_route *route, struct ivs_port *below,
                   const struct ivs_route_options *options) {
  if (options->certificate != NULL) return add_tls_with_certificate(route, below, options);
  struct ivs_tls_options with = {.insecure_no_verify = options->insecure_no_verify};
  route->has_tls = true;
  return set_up(route, &route->tls, below, options, &with);
}

/* --- the proxy --- */

/* Puts a proxy above *below, if there is to be one. */
static int add_proxy(struct ivs_route *route, const struct ivs_endpoint *endpoint,
                     const struct ivs_route_options *options, struct ivs_port **below) {
  struct ivs_proxy_settings *s = &route->settings;
  if (options->proxy != NULL && options->proxy[0] == '\0') return 0;
  int r = options->proxy != NULL
              ? ivs_proxy_settings_from_url(s, options->proxy, "proxy")
              : ivs_proxy_settings_read(s, ivs_endpoint_host(endpoint), endpoint->port);
  if (r < 0) return fail(route, r, "", s->problem);
  if (r == 0) return 0;
  if (s->tls) {
    struct ivs_tls_options with = {.insecure_no_verify = options->insecure_no_verify};
    route->has_outer = true;
    r = set_up(route, &route->outer, *below, options, &with);
    if (r < 0) return r;
    *below = &route->outer.port;
  }
  struct ivs_proxy_options proxy = {ivs_cstr(s->host), s->port, ivs_cstr(s->user),
                                    ivs_cstr(s->password)};
  r = ivs_proxy_init(&route->proxy, *below, &proxy);
  if (r < 0) return fail(route, r, s->from, ": the proxy cannot be used");
  *below = &route->proxy.port;
  route->by_proxy = true;
  return 0;
}

/* see ivs/route.h */
int ivs_route_init(struct ivs_route *route, const struct ivs_endpoint *endpoint,
                   const struct ivs_route_options *options) {
  memset(route, 0, sizeof *route);
  ivs_posix_init(&route->tcp);
  route->port = &route->tcp.port;
  if (!endpoint->tls) return 0;
  struct ivs_port *below = route->port;
  int r = add_proxy(route, endpoint, options, &below);
  if (r == 0) r = add_tls(route, below, options);
  if (r < 0) ivs_route_free(route);
  else route->port = &route->tls.port;
  return r;
}

/* see ivs/route.h */
void ivs_route_free(struct ivs_route *route) {
  if (route->port != NULL) route->port->fn->close(route->port);
  if (route->has_tls) ivs_tls_free(&route->tls);
  if (route->has_outer) ivs_tls_free(&route->outer);
  route->has_tls = route->has_outer = false;
  route->port = NULL;
  ivs_proxy_settings_wipe(&route->settings);
}
