/*
 * Drives TLS through a proxy from the command line, for test_proxy.py: opens a tunnel, asks the
 * test's server for bytes, and prints one line of name=value for each round.
 *
 * usage: proxy_get HOST PORT PROXY PROXY_PORT ROOTS [OPTION...]
 *   --user U, --password P   for the proxy
 *   --rounds N               connections, one after the other; 1 unless said
 *   --get N                  bytes asked for in each; 100 unless said
 *   --tls                    the proxy itself is spoken to over TLS
 *
 * Every name is 127.0.0.1. ROOTS, a file, is trusted for both.
 */
#include <arpa/inet.h>

#include <ivs/posix.h>
#include <ivs/proxy.h>
#include <ivs/tls.h>

#include "../check.h"
#include "../error_name.h"
#include "drive.h"

enum { NOW = 1790000000, DEADLINE_MS = 20000 };

static struct ivs_posix tcp;
static struct ivs_tls outer, inner;
static struct ivs_proxy proxy;
static struct ivs_proxy_options options;
static int rounds = 1;
static long get = 100;
static bool tls_to_proxy;

static int loopback(const char *host, union ivs_posix_address *to, size_t max, size_t *n) {
  (void)host, (void)max;
  memset(to, 0, sizeof *to);
  to->v4.sin_family = AF_INET;
  inet_pton(AF_INET, "127.0.0.1", &to->v4.sin_addr);
  *n = 1;
  return 0;
}

/* The port that stands for the service, or NULL after an error that was printed. */
static struct ivs_port *stack(const char *roots) {
  struct ivs_port *below = &tcp.port;
  ivs_posix_init(&tcp);
  tcp.resolve = loopback;
  int r = 0;
  if (tls_to_proxy) {
    r = ivs_tls_init(&outer, below, NULL);
    if (r == 0) r = ivs_tls_roots_file(&outer, roots);
    below = &outer.port;
  }
  if (r == 0) r = ivs_proxy_init(&proxy, below, &options);
  if (r == 0) r = ivs_tls_init(&inner, &proxy.port, NULL);
  if (r == 0) r = ivs_tls_roots_file(&inner, roots);
  if (r == 0) return &inner.port;
  printf("setup=%s\n", error_name(r));
  return NULL;
}

static bool is_right(const unsigned char *p, size_t n, size_t from) {
  for (size_t i = 0; i < n; i++)
    if (p[i] != drive_content(from + i)) return false;
  return true;
}

static void one_round(struct ivs_port *port, const struct ivs_peer *peer) {
  static unsigned char bytes[20000];
  char line[40];
  const char *text = "";
  size_t got = 0;
  bool right = true;
  uint64_t deadline = port->fn->ticks(port) + DEADLINE_MS;
  int r = drive_open(port, peer, deadline);
  if (r == 0) {
    int n = snprintf(line, sizeof line, "GET %ld\n", get);
    r = drive_send(port, line, (size_t)n, deadline);
    if (r == 0) {
      while ((r = drive_recv(port, bytes, sizeof bytes, deadline)) > 0) {
        right &= is_right(bytes, (size_t)r, got);
        got += (size_t)r;
      }
    }
  }
  int code = port->fn->detail(port, &text);
  printf("result=%s got=%zu right=%d code=%d text=\"%s\" resumed=%u\n", error_name(r), got, right,
         code, text, (unsigned)inner.resumed);
  port->fn->close(port);
}

static bool set_value(const char *name, const char *value) {
  if (strcmp(name, "--user") == 0) options.user = ivs_cstr(value);
  else if (strcmp(name, "--password") == 0) options.password = ivs_cstr(value);
  else if (strcmp(name, "--rounds") == 0) rounds = atoi(value);
  else if (strcmp(name, "--get") == 0) get = atol(value);
  else return false;
  return true;
}

int main(int argc, char **argv) {
  for (int i = 6; i < argc; i++) {
    if (strcmp(argv[i], "--tls") == 0) tls_to_proxy = true;
    else if (i + 1 == argc || !set_value(argv[i], argv[i + 1])) return 2;
    else i++;
  }
  if (argc < 6) return 2;
  struct ivs_peer peer = {ivs_cstr(argv[1]), (uint16_t)atoi(argv[2]), NOW};
  options.host = ivs_cstr(argv[3]);
  options.port = (uint16_t)atoi(argv[4]);
  struct ivs_port *port = stack(argv[5]);
  if (port == NULL) return 1;
  for (int i = 0; i < rounds; i++) one_round(port, &peer);
  ivs_tls_free(&inner);
  if (tls_to_proxy) ivs_tls_free(&outer);
  return 0;
}
