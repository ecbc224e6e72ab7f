/*
 * Drives the TLS port from the command line, for test_tls.py and test_tls_session.py: opens, asks
 * the test's server for bytes or gives it some, and prints one line of name=value for each round,
 * and one for the whole.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <limits.h>
#include <mbedtls/version.h>

#include <ivs/posix.h>
#include <ivs/tls.h>

#include "../check.h"
#include "../error_name.h"
#include "drive.h"
#include "starved.h"
#include "tls_faults.h"

struct buffer {
  char *p;
  size_t n;
};

static struct {
  const char *host, *roots_file, *save;
  uint16_t port;
  long get, put;
  int rounds;
  uint64_t deadline_ms;
  const char *now; /* the clock in each round, the last for all further ones */
  bool starve, sip, spoil, misuse, short_of_memory, short_of_random;
  int fail_send, fail_entropy;
  struct buffer roots, cert, key, load;
  struct ivs_tls_options tls;
} set = {.get = -1, .put = -1, .rounds = 1, .deadline_ms = 20000, .now = "1790000000"};

static union ivs_posix_address connect_to;

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
  else if (strcmp(name, "--spoil") == 0) set.spoil = true;
  else if (strcmp(name, "--misuse") == 0) set.misuse = true;
  else if (strcmp(name, "--short-of-memory") == 0) set.short_of_memory = true;
  else if (strcmp(name, "--short-of-random") == 0) set.short_of_random = true;
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
  else if (strcmp(name, "--now") == 0) set.now = value;
  else if (strcmp(name, "--save") == 0) set.save = value;
  else if (strcmp(name, "--load") == 0) set.load = read_file(value, false);
  else if (strcmp(name, "--boot") == 0) faults_boot_seconds = atoll(value);
  else if (strcmp(name, "--fail-send") == 0) set.fail_send = atoi(value);
  else if (strcmp(name, "--fail-entropy") == 0) set.fail_entropy = atoi(value);
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
    for (int i = 0; i < r; i++, got++) right &= buffer[i] == drive_content(got);
  }
  printf(" got=%zu right=%d end=%s again=%s", got, right, error_name(r),
         error_name(port->fn->recv(port, buffer, 1)));
}

/* Sends with a view of the bytes that grows after each IVS_AGAIN, as a caller's may. */
static int give(struct ivs_port *port, size_t n, uint64_t deadline) {
  unsigned char *bytes = malloc(n);
  if (bytes == NULL) return IVS_ERR_SPACE;
  for (size_t i = 0; i < n; i++) bytes[i] = drive_content(i);
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

/* What is not to be done while the connection is open, and must not harm it. */
static void while_open(struct ivs_tls *tls) {
  printf(" roots_file=%s", error_name(ivs_tls_roots_file(tls, set.roots_file)));
  printf(" load=%s", error_name(ivs_tls_session_load(tls, "", 0)));
}

static void print_error(struct ivs_port *port, int result) {
  const char *text = "";
  int code = port->fn->detail(port, &text);
  printf(" result=%s code=%s0x%x text=\"%s\"", error_name(result), code < 0 ? "-" : "",
         (unsigned)abs(code), text);
}

/* Takes the time of the next round off. */
static int64_t next_time(void) {
  bool unknown = strncmp(set.now, "unknown", 7) == 0;
  int64_t now = unknown ? IVS_CLOCK_UNKNOWN : atoll(set.now);
  const char *comma = strchr(set.now, ',');
  if (comma != NULL) set.now = comma + 1;
  return now;
}

static void one_round(struct ivs_port *port, struct ivs_tls *tls) {
  struct ivs_peer peer = {ivs_cstr(set.host), set.port, next_time()};
  uint64_t deadline = port->fn->ticks(port) + set.deadline_ms;
  int r = drive_open(port, &peer, deadline);
  printf("version=%d", ivs_tls_version(tls));
  if (set.misuse) while_open(tls);
  if (r == 0 && (set.get >= 0 || set.put >= 0)) r = reason(port, ask(port, deadline), deadline);
  if (r == 0 && (set.get >= 0 || set.put >= 0)) receive(port, deadline);
  print_error(port, r);
  printf("\n");
  port->fn->close(port);
}

/* --- saved sessions --- */

/* Loads what is no whole session, each in memory that ends where it ends: none may be taken. */
static void spoil(struct ivs_tls *tls, const struct buffer *b) {
  size_t tried = 0, taken = 0;
  for (size_t n = 0; n <= b->n; n++, tried++) {
    char *p = check_guard(n + 1); /* 1 byte longer for n = 0, and for one byte too many */
    size_t size = n < b->n ? n : b->n + 1;
    memcpy(p + n + 1 - size, b->p, size); /* read_file() has put a NUL behind it */
    taken += ivs_tls_session_load(tls, p + n + 1 - size, size) != IVS_ERR_ARGUMENT;
    check_guard_free(p, n + 1);
  }
  for (size_t bit = 0; bit < b->n * 8; bit++, tried++) {
    b->p[bit / 8] = (char)(b->p[bit / 8] ^ 1 << bit % 8);
    taken += ivs_tls_session_load(tls, b->p, b->n) != IVS_ERR_ARGUMENT;
    b->p[bit / 8] = (char)(b->p[bit / 8] ^ 1 << bit % 8);
  }
  printf(" spoilt=%zu taken=%zu", tried, taken);
}

static void load(struct ivs_tls *tls) {
  if (set.load.p == NULL) return;
  if (set.spoil) {
    spoil(tls, &set.load);
    return;
  }
  char *p = check_guard(set.load.n);
  memcpy(p, set.load.p, set.load.n);
  printf(" load=%s", error_name(ivs_tls_session_load(tls, p, set.load.n)));
  check_guard_free(p, set.load.n);
}

/* Into memory that is too small by a byte first, and then just large enough. */
static void save(const struct ivs_tls *tls) {
  size_t need = 0, used = 0;
  if (set.save == NULL) return;
  int r = ivs_tls_session_save(tls, NULL, 0, &need);
  printf(" save=%s need=%zu", error_name(r), need);
  if (r != IVS_ERR_SPACE) return;
  char *p = check_guard(need);
  memset(p, 0x5a, need);
  r = ivs_tls_session_save(tls, p, need - 1, &used);
  bool untouched = true;
  for (size_t i = 0; i < need; i++) untouched &= p[i] == 0x5a;
  printf(" less=%s untouched=%d", error_name(r), untouched && used == need);
  r = ivs_tls_session_save(tls, p, need, &used);
  printf(" enough=%s used=%zu", error_name(r), used);
  FILE *f = fopen(set.save, "wb");
  if (f == NULL || fwrite(p, 1, used, f) != used || fclose(f) != 0) {
    perror(set.save);
    exit(2);
  }
  check_guard_free(p, need);
}

/* --- all rounds --- */

/* The first round takes the memory that it needs, and shows how often it asks for some. In each
   further one all is well up to a random point, and then there is no more. Random numbers: the
   first one does not come in the first round, the second one in the second, and so on. */
static void rounds(struct ivs_port *port, struct ivs_tls *tls) {
  long needed = 0;
  for (int i = 0; i < set.rounds; i++) {
    long start = i > 0 && set.short_of_memory ? (long)check_below((size_t)needed) : LONG_MAX - 1;
    faults_allocations_left = start;
    faults_randoms_left = set.short_of_random ? i : LONG_MAX;
    one_round(port, tls);
    if (i == 0) needed = start - faults_allocations_left;
    faults_allocations_left = LONG_MAX;
  }
}

int main(int argc, char **argv) {
  static struct ivs_posix tcp;
  static struct ivs_tls tls;
  static struct starved thin;
  read_options(argc, argv);
  if (set.short_of_memory) check_seed();
  ivs_posix_init(&tcp);
  tcp.resolve = resolve_to;
  tcp.dns_ms = UINT32_MAX;
  connect_to.v4.sin_family = AF_INET;
  inet_pton(AF_INET, "127.0.0.1", &connect_to.v4.sin_addr);
  starved_init(&thin, &tcp.port, 20261122);
  thin.plenty = !set.starve;
  thin.fail_send = set.fail_send;
  thin.fail_entropy = set.fail_entropy;
  int r = ivs_tls_init(&tls, &thin.port, &set.tls);
  if ((r == 0 || r == IVS_ERR_TLS_ROOTS) && set.roots_file != NULL)
    r = ivs_tls_roots_file(&tls, set.roots_file);
  printf("mbedtls=%s setup=%s", MBEDTLS_VERSION_STRING, error_name(r));
  if (r != 0) print_error(&tls.port, r);
  load(&tls);
  printf("\n");
  rounds(&tls.port, &tls);
  printf("handshakes=%u resumed=%u sessions=%u only_1_2=%d", (unsigned)tls.handshakes,
         (unsigned)tls.resumed, (unsigned)tls.sessions, tls.only_1_2);
  save(&tls);
  printf("\n");
  ivs_tls_free(&tls);
  free(set.roots.p);
  free(set.cert.p);
  free(set.key.p);
  free(set.load.p);
  return 0;
}
