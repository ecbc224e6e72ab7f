/*
 * Drives the TLS port from the command line, for test_tls.py: opens, asks the test's server for
 * bytes or gives it some, and prints one line of name=value for each round, and one for the whole.
 */
#include <arpa/inet.h>
#include <mbedtls/version.h>

#include <ivs/posix.h>
#include <ivs/tls.h>

#include "../check.h"
#include "drive.h"
#include "starved.h"

struct buffer {
  char *p;
  size_t n;
};

static struct {
  const char *host, *roots_file;
  uint16_t port;
  long get, put;
  int rounds;
  uint64_t deadline_ms;
  int64_t now, later; /* the clock in the first round and in those after it */
  bool starve, sip;
  struct buffer roots, cert, key;
  struct ivs_tls_options tls;
} set = {.get = -1, .put = -1, .rounds = 1, .deadline_ms = 20000, .now = 1790000000, .later = -1};

static union ivs_posix_address connect_to;

static const char *name_of(int result) {
  switch (result) {
#define NAME_CASE(name, number, text)                                                              \
  case number: return #name;
    IVS_ERR_MAP(NAME_CASE)
#undef NAME_CASE
    default: return "OK";
  }
}

/* --- the content that both sides know --- */

static unsigned char content(size_t i) {
  size_t j = i % 65521;
  return (unsigned char)(j * 167 + (j >> 7) * 13);
}

/* --- options --- */

static int resolve_to(const char *host, union ivs_posix_address *to, size_t max, size_t *n) {
  (void)host, (void)max;
  to[0] = connect_to;
  *n = 1;
  return 0;
}

/* The file with a NUL behind it, which is counted if `nul`. */
static struct buffer read_file(const char *path, bool nul) {
  struct buffer b = {calloc(1, 100000), 0};
  FILE *f = fopen(path, "rb");
  if (f == NULL || b.p == NULL) {
    perror(path);
    exit(2);
  }
  b.n = fread(b.p, 1, 99999, f) + nul;
  fclose(f);
  return b;
}

static bool set_flag(const char *name) {
  if (strcmp(name, "--insecure") == 0) set.tls.insecure_no_verify = true;
  else if (strcmp(name, "--no-resumption") == 0) set.tls.no_resumption = true;
  else if (strcmp(name, "--starve") == 0) set.starve = true;
  else if (strcmp(name, "--sip") == 0) set.sip = true;
  else return false;
  return true;
}

static bool set_value(const char *name, const char *value) {
  if (strcmp(name, "--roots-file") == 0) set.roots_file = value;
  else if (strcmp(name, "--roots") == 0) set.roots = read_file(value, true);
  else if (strcmp(name, "--roots-raw") == 0) set.roots = read_file(value, false);
  else if (strcmp(name, "--cert") == 0) set.cert = read_file(value, true);
  else if (strcmp(name, "--key") == 0) set.key = read_file(value, true);
  else if (strcmp(name, "--get") == 0) set.get = atol(value);
  else if (strcmp(name, "--put") == 0) set.put = atol(value);
  else if (strcmp(name, "--rounds") == 0) set.rounds = atoi(value);
  else if (strcmp(name, "--deadline") == 0) set.deadline_ms = (uint64_t)atol(value);
  else if (strcmp(name, "--now") == 0) set.now = atoll(value);
  else if (strcmp(name, "--later") == 0) set.later = atoll(value);
  else if (strcmp(name, "--max") == 0) set.tls.max_version = (uint8_t)atoi(value);
  else return false;
  return true;
}

static void read_options(int argc, char **argv) {
  if (argc < 3) {
    fprintf(stderr, "usage: tls_get HOST PORT [--option value]...\n");
    exit(2);
  }
  set.host = argv[1];
  set.port = (uint16_t)atoi(argv[2]);
  for (int i = 3; i < argc; i++) {
    if (set_flag(argv[i])) continue;
    if (i + 1 < argc && set_value(argv[i], argv[i + 1])) {
      i++;
      continue;
    }
    fprintf(stderr, "tls_get: what is %s?\n", argv[i]);
    exit(2);
  }
  set.tls.roots = set.roots.p, set.tls.roots_n = set.roots.n;
  set.tls.cert = set.cert.p, set.tls.cert_n = set.cert.n;
  set.tls.key = set.key.p, set.tls.key_n = set.key.n;
}

/* --- one round --- */

/* Reads to the end, and prints how many bytes came, whether all were the right ones, and how it
   ended. */
static void receive(struct ivs_port *port, uint64_t deadline) {
  static unsigned char buffer[20000];
  size_t got = 0;
  bool right = true;
  int r;
  while ((r = drive_recv(port, buffer, set.sip ? 7 : sizeof buffer, deadline)) > 0) {
    for (int i = 0; i < r; i++, got++) right &= buffer[i] == content(got);
  }
  printf(" got=%zu right=%d end=%s again=%s", got, right, name_of(r),
         name_of(port->fn->recv(port, buffer, 1)));
}

/* Sends with a view of the bytes that grows after each IVS_AGAIN, as a caller's may. */
static int give(struct ivs_port *port, size_t n, uint64_t deadline) {
  unsigned char *bytes = malloc(n);
  if (bytes == NULL) return IVS_ERR_SPACE;
  for (size_t i = 0; i < n; i++) bytes[i] = content(i);
  size_t at = 0;
  size_t window = 1000;
  int r = 0;
  while (at < n && r >= 0) {
    size_t left = n - at;
    r = port->fn->send(port, bytes + at, window < left ? window : left);
    if (r > 0) {
      at += (size_t)r;
      window = 1000;
    } else if (r == IVS_AGAIN) {
      window += 3000;
      r = drive_wait(port, deadline);
    }
  }
  free(bytes);
  return r < 0 ? r : 0;
}

static int ask(struct ivs_port *port, uint64_t deadline) {
  char line[40];
  int n = snprintf(line, sizeof line, "%s %ld\n", set.put >= 0 ? "PUT" : "GET",
                   set.put >= 0 ? set.put : set.get);
  int r = drive_send(port, line, (size_t)n, deadline);
  if (r == 0 && set.put > 0) r = give(port, (size_t)set.put, deadline);
  return r;
}

/* When sending fails the server may have said why. */
static int reason(struct ivs_port *port, int result, uint64_t deadline) {
  char byte;
  if (result != IVS_ERR_NET && result != IVS_ERR_CLOSED) return result;
  int r = drive_recv(port, &byte, 1, deadline);
  return r < 0 ? r : result;
}

static void print_error(struct ivs_port *port, int result) {
  const char *text = "";
  int code = port->fn->detail(port, &text);
  printf(" result=%s code=%s0x%x text=\"%s\"", name_of(result), code < 0 ? "-" : "",
         (unsigned)abs(code), text);
}

static void one_round(struct ivs_port *port, const struct ivs_tls *tls) {
  struct ivs_peer peer = {ivs_cstr(set.host), set.port, set.now};
  uint64_t deadline = port->fn->ticks(port) + set.deadline_ms;
  int r = drive_open(port, &peer, deadline);
  printf("version=%d", ivs_tls_version(tls));
  if (r == 0 && (set.get >= 0 || set.put >= 0)) r = reason(port, ask(port, deadline), deadline);
  if (r == 0 && (set.get >= 0 || set.put >= 0)) receive(port, deadline);
  print_error(port, r);
  printf("\n");
  port->fn->close(port);
  if (set.later >= 0) set.now = set.later;
}

int main(int argc, char **argv) {
  static struct ivs_posix tcp;
  static struct ivs_tls tls;
  static struct starved thin;
  read_options(argc, argv);
  ivs_posix_init(&tcp);
  tcp.resolve = resolve_to;
  connect_to.v4.sin_family = AF_INET;
  inet_pton(AF_INET, "127.0.0.1", &connect_to.v4.sin_addr);
  starved_init(&thin, &tcp.port, 20261122);
  int r = ivs_tls_init(&tls, set.starve ? &thin.port : &tcp.port, &set.tls);
  if ((r == 0 || r == IVS_ERR_TLS_ROOTS) && set.roots_file != NULL)
    r = ivs_tls_roots_file(&tls, set.roots_file);
  printf("mbedtls=%s setup=%s", MBEDTLS_VERSION_STRING, name_of(r));
  if (r != 0) print_error(&tls.port, r);
  printf("\n");
  for (int i = 0; i < set.rounds; i++) one_round(&tls.port, &tls);
  printf("handshakes=%u resumed=%u only_1_2=%d\n", (unsigned)tls.handshakes, (unsigned)tls.resumed,
         tls.only_1_2);
  ivs_tls_free(&tls);
  free(set.roots.p);
  free(set.cert.p);
  free(set.key.p);
  return 0;
}
