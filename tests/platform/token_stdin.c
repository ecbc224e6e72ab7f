/*
 * Signs and verifies tokens for test_token.py. A case of stdin is a line of words with one blank
 * between them, texts in base64url, - for absent:
 *
 *   load KEY                      as many bytes as it has; the answer tells which half it is
 *   make                          a new pair instead
 *   pem SIZE                      both halves, in buffers of that size
 *   sign NOW SIZE EXP ARN ORIGIN STRICT UUID VIEWER VERSION RESOLUTION OPT-OUT MODE CONFIG PARAMS
 *   verify NOW TOKEN
 *   starve KEY TOKEN              loads, signs, verifies and makes, each with memory for 0, 1, 2
 *                                 allocations and so on, later in larger steps, until it succeeds:
 *                                 how many those were, and the result that was neither 0 nor
 *                                 IVS_ERR_TLS_MEMORY, or 0
 *   unlucky KEY TOKEN             the same with 0, 1, 2 random numbers, and then one that does not
 *                                 come: how many were needed, and the result that was not 0
 *
 * Each is answered by a line: the result, the reason in base64url, and what there is besides.
 *
 * usage: token_stdin [--no-entropy | --no-port]
 */
#include "../check.h"

#include <ivs/posix.h>
#include <ivs/token.h>

#include <limits.h>

#include "tls_faults.h"

enum { LINE = 64 * 1024, WORDS = 16 };

static char line[LINE], words_space[LINE];
static char *words[WORDS];
static struct ivs_posix posix;
static struct ivs_port *port = &posix.port;
static struct ivs_token_key key;

static int no_entropy(struct ivs_port *p, void *to, size_t n) {
  (void)p, (void)to, (void)n;
  return IVS_ERR_ENTROPY;
}

static void print_base64url(const void *p, size_t n) {
  static char text[2 * LINE];
  struct ivs_out o = ivs_out_to(text, sizeof text - 1);
  ivs_put_base64url(&o, p, n);
  text[o.n] = '\0';
  printf(" %s", o.n > 0 ? text : "=");
}

static void print_str(ivs_str s) {
  if (s.p == NULL) printf(" -");
  else print_base64url(s.p, s.n);
}

static void print_int(ivs_int i) {
  if (i.set) printf(" %lld", (long long)i.value);
  else printf(" -");
}

static void answer(int r, const char *why) {
  printf("%d", r);
  print_base64url(why, strlen(why));
}

/* A word as text, in place; "=" is the empty one. */
static ivs_str text(int i) {
  size_t n = 0;
  if (strcmp(words[i], "-") == 0) return (ivs_str){NULL, 0};
  if (strcmp(words[i], "=") != 0 &&
      !ivs_base64url_decode(words[i], strlen(words[i]), words[i], &n)) {
    fprintf(stderr, "token_stdin: a word is not base64url\n");
    exit(2);
  }
  return (ivs_str){words[i], n};
}

static ivs_int number(int i) {
  ivs_int absent = {0, false};
  return strcmp(words[i], "-") == 0 ? absent : IVS_INT(strtoll(words[i], NULL, 10));
}

static ivs_bool boolean(int i) {
  return (ivs_bool)number(i).value;
}

/* From memory of exactly its size. */
static void load(void) {
  const char *why;
  ivs_str pem = text(1);
  char *copy = check_guard(pem.n);
  if (pem.n > 0) memcpy(copy, pem.p, pem.n);
  ivs_token_key_free(&key);
  int r = ivs_token_key_load(&key, port, copy, pem.n, &why);
  check_guard_free(copy, pem.n);
  answer(r, why);
  printf(" %d", key.is_private);
}

static void make(void) {
  const char *why;
  ivs_token_key_free(&key);
  int r = ivs_token_key_make(&key, port, &why);
  answer(r, why);
}

static void pem(void) {
  size_t size = (size_t)number(1).value;
  char *to = check_guard(size);
  const char *why;
  int r = ivs_token_private_pem(&key, to, size, &why);
  answer(r, why);
  print_base64url(to, size > 0 ? strnlen(to, size) : 0);
  r = ivs_token_public_pem(&key, to, size, &why);
  printf(" %d", r);
  print_base64url(to, size > 0 ? strnlen(to, size) : 0);
  check_guard_free(to, size);
}

static void sign(void) {
  size_t size = (size_t)number(2).value;
  struct ivs_claims c = {.expires = number(3),
                         .channel_arn = text(4),
                         .allow_origin = text(5),
                         .strict_origin = boolean(6),
                         .single_use_uuid = text(7),
                         .viewer_id = text(8),
                         .viewer_session_version = number(9),
                         .maximum_resolution = text(10),
                         .ads_opt_out = boolean(11),
                         .ads_reporting_mode = text(12),
                         .ads_playback_config_name = text(13),
                         .ads_player_params = text(14)};
  char *to = check_guard(size);
  const char *why;
  if (size > 0) memset(to, 'x', size);
  int r = ivs_token_sign(&key, &c, number(1).value, to, size, &why);
  answer(r, why);
  print_base64url(to, size > 0 ? strnlen(to, size) : 0);
  check_guard_free(to, size);
}

static void verify(void) {
  ivs_str token = text(2);
  ivs_int now = number(1);
  struct ivs_claims c;
  const char *why;
  char *copy = check_guard(token.n);
  if (token.n > 0) memcpy(copy, token.p, token.n);
  int r = ivs_token_verify(&key, copy, token.n, now.set ? now.value : IVS_CLOCK_UNKNOWN, &c, &why);
  answer(r, why);
  print_int(c.expires);
  print_str(c.channel_arn);
  print_str(c.allow_origin);
  printf(" %d", c.strict_origin);
  print_str(c.single_use_uuid);
  print_str(c.viewer_id);
  print_int(c.viewer_session_version);
  print_str(c.maximum_resolution);
  printf(" %d", c.ads_opt_out);
  print_str(c.ads_reporting_mode);
  print_str(c.ads_playback_config_name);
  print_str(c.ads_player_params);
  check_guard_free(copy, token.n);
}

/* --- memory that runs out, random numbers that do not come --- */

static ivs_str starved_key, starved_token;

static int starved_load(struct ivs_token_key *k) {
  const char *why;
  return ivs_token_key_load(k, port, starved_key.p, starved_key.n, &why);
}

static int starved_make(struct ivs_token_key *k) {
  const char *why;
  return ivs_token_key_make(k, port, &why);
}

static int starved_sign(struct ivs_token_key *k) {
  struct ivs_claims c = {.channel_arn = IVS_STR("arn:aws:ivs:eu-west-1:123456789012:channel/a"),
                         .expires = IVS_INT(2)};
  char token[IVS_TOKEN_SIZE];
  const char *why;
  int r = ivs_token_sign(k, &c, 1, token, sizeof token, &why);
  return r < 0 && token[0] != '\0' ? 1 : r;
}

static int starved_verify(struct ivs_token_key *k) {
  static char copy[IVS_TOKEN_SIZE];
  struct ivs_claims c;
  const char *why;
  memcpy(copy, starved_token.p, starved_token.n);
  return ivs_token_verify(k, copy, starved_token.n, IVS_CLOCK_UNKNOWN, &c, &why);
}

/* Each run has a key of its own, which `before` loads with all memory and luck. */
static void starve_one(int (*before)(struct ivs_token_key *), int (*run)(struct ivs_token_key *)) {
  int other = 0, r = 1;
  long n = 0;
  for (; r != 0 && n < 1000000; n += 1 + n / 4) {
    struct ivs_token_key one;
    if (before != NULL && before(&one) != 0) exit(3);
    faults_allocations_left = n;
    r = run(&one);
    faults_allocations_left = LONG_MAX;
    ivs_token_key_free(&one);
    if (r != 0 && r != IVS_ERR_TLS_MEMORY) other = r;
  }
  printf(" %ld %d", n, other);
}

static void unlucky_one(int (*before)(struct ivs_token_key *), int (*run)(struct ivs_token_key *)) {
  int failure = 0;
  long n = -1;
  for (bool failed = true; failed;) {
    struct ivs_token_key one;
    if (before != NULL && before(&one) != 0) exit(3);
    faults_randoms_left = ++n;
    int r = run(&one);
    failed = faults_randoms_left < 0; /* one did not come */
    faults_randoms_left = LONG_MAX;
    ivs_token_key_free(&one);
    if (r == 0 && failed) exit(4); /* went on without it */
    if (r != 0) failure = r;
  }
  printf(" %ld %d", n, failure);
}

static void in_turn(void (*one)(int (*)(struct ivs_token_key *), int (*)(struct ivs_token_key *))) {
  starved_key = text(1);
  starved_token = text(2);
  answer(0, "");
  one(NULL, starved_load);
  one(starved_load, starved_sign);
  one(starved_load, starved_verify);
  one(NULL, starved_make);
}

/* --- lines --- */

static void split(void) {
  int n = 0;
  memcpy(words_space, line, sizeof line);
  for (char *word = strtok(words_space, " \n"); word != NULL && n < WORDS;
       word = strtok(NULL, " \n"))
    words[n++] = word;
  while (n < WORDS) words[n++] = words_space + LINE - 1;
}

int main(int argc, char **argv) {
  static struct ivs_port_functions functions;
  ivs_posix_init(&posix);
  if (argc > 1 && strcmp(argv[1], "--no-entropy") == 0) {
    functions = *port->fn;
    functions.entropy = no_entropy;
    port->fn = &functions;
  } else if (argc > 1) {
    port = NULL;
  }
  const char *why;
  ivs_token_key_load(&key, port, "", 0, &why);
  while (fgets(line, sizeof line, stdin) != NULL) {
    split();
    if (strcmp(words[0], "load") == 0) load();
    else if (strcmp(words[0], "make") == 0) make();
    else if (strcmp(words[0], "pem") == 0) pem();
    else if (strcmp(words[0], "sign") == 0) sign();
    else if (strcmp(words[0], "verify") == 0) verify();
    else if (strcmp(words[0], "starve") == 0) in_turn(starve_one);
    else if (strcmp(words[0], "unlucky") == 0) in_turn(unlucky_one);
    else return 2;
    putchar('\n');
    fflush(stdout);
  }
  ivs_token_key_free(&key);
  return 0;
}
