/*
 * The self-test of ports, over the ports of this machine, and over ports with a fault.
 *
 *   port_check tcp  [NAME VALUE]...
 *   port_check tls ca=FILE [...]
 *   port_check proxy proxy=PORT [...]     TCP by an HTTP proxy on 127.0.0.1
 *   port_check fault=NAME [...]           TCP with a fault of port_faults.c
 *
 * with address=A name=N peer=PORT refusing=PORT silent=PORT silent-address=A unknown=N only=RULE
 * no-resets=1. Prints "RULE VERDICT WHY" for each rule; exit code 0 if none is broken.
 */
#include "port_faults.h"

#include <ivs/port_check.h>
#include <ivs/posix.h>
#include <ivs/proxy.h>
#include <ivs/tls.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char **words;

/* The value of NAME=VALUE, or NULL. */
static const char *word(const char *name) {
  size_t n = strlen(name);
  for (char **w = words; *w != NULL; w++)
    if (strncmp(*w, name, n) == 0 && (*w)[n] == '=') return *w + n + 1;
  return NULL;
}

static uint16_t port_word(const char *name) {
  const char *value = word(name);
  return value == NULL ? 0 : (uint16_t)atoi(value);
}

static void report(void *context, const char *rule, int verdict, const char *why) {
  static const char *const verdicts[] = {"kept", "broken", "left-out"};
  (void)context;
  printf("%s %s %s\n", rule, verdicts[verdict], why);
  fflush(stdout);
}

static const char *silent_address(void) {
  if (word("silent-address") != NULL) return word("silent-address");
  return word("silent") != NULL ? "127.0.0.1" : NULL;
}

static int check(struct ivs_port *port, struct ivs_port *second) {
  const struct ivs_port_check options = {.port = port,
                                         .second = second,
                                         .address = word("address"),
                                         .name = word("name"),
                                         .peer_port = port_word("peer"),
                                         .refusing_port = port_word("refusing"),
                                         .unknown = word("unknown"),
                                         .silent = silent_address(),
                                         .silent_port = port_word("silent"),
                                         .no_resets = word("no-resets") != NULL,
                                         .only = word("only"),
                                         .report = report};
  return ivs_port_check(&options);
}

static int over_tcp(void) {
  struct ivs_posix a, b;
  ivs_posix_init(&a);
  ivs_posix_init(&b);
  return check(&a.port, &b.port);
}

static int over_tls(void) {
  static struct ivs_tls a, b;
  struct ivs_posix below_a, below_b;
  ivs_posix_init(&below_a);
  ivs_posix_init(&below_b);
  int r = ivs_tls_init(&a, &below_a.port, NULL);
  if (r == 0) r = ivs_tls_init(&b, &below_b.port, NULL);
  if (r == 0) r = ivs_tls_roots_file(&a, word("ca"));
  if (r == 0) r = ivs_tls_roots_file(&b, word("ca"));
  if (r == 0) r = check(&a.port, &b.port);
  ivs_tls_free(&a);
  ivs_tls_free(&b);
  return r;
}

static int over_proxy(void) {
  static struct ivs_proxy a, b;
  struct ivs_posix below_a, below_b;
  struct ivs_proxy_options options = {.host = IVS_STR("127.0.0.1"), .port = port_word("proxy")};
  ivs_posix_init(&below_a);
  ivs_posix_init(&below_b);
  int r = ivs_proxy_init(&a, &below_a.port, &options);
  if (r == 0) r = ivs_proxy_init(&b, &below_b.port, &options);
  return r == 0 ? check(&a.port, &b.port) : r;
}

static int over_fault(const char *name) {
  struct ivs_posix tcp, second;
  struct faulty faulty, other;
  ivs_posix_init(&tcp);
  ivs_posix_init(&second);
  if (!faulty_init(&faulty, &tcp.port, name) || !faulty_init(&other, &second.port, name)) return -1;
  return check(&faulty.port, &other.port);
}

int main(int argc, char **argv) {
  if (argc < 2) return 2;
  words = argv + 1;
  int r = -1;
  if (word("fault") != NULL) r = over_fault(word("fault"));
  else if (strcmp(argv[1], "tcp") == 0) r = over_tcp();
  else if (strcmp(argv[1], "tls") == 0) r = over_tls();
  else if (strcmp(argv[1], "proxy") == 0) r = over_proxy();
  if (r < 0) fprintf(stderr, "port_check: %s\n", ivs_strerror(r));
  return r == 0 ? 0 : 1;
}
