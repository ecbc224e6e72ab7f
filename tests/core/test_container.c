/*
 * Credentials from a container's endpoint: which endpoints are allowed, the token and its reading,
 * what counts as an answer. What sources share is tested in test_iot.c.
 */
#include "provider_setup.h"

#include <ivs/container.h>

#define BODY(more)                                                   \
  "{\"RoleArn\":\"arn:aws:iam::1:role/x\",\"AccessKeyId\":\"" KEY_ID \
  "\",\"SecretAccessKey\":\"" SECRET "\"" more "}"
#define AUTHORIZATION "Bearer TheTokenThatMustNotStay"

static struct ivs_container_provider container;

static const char good_body[] =
    BODY(",\"Token\":\"" TOKEN "\",\"Expiration\":\"2026-11-22T10:30:00.123Z\"");

static struct ivs_container_options options_of(size_t space_n) {
  struct ivs_container_options options = {.fetch = fetch_over(IVS_CONTAINER_URL, space_n),
                                          .path = IVS_STR("/v2/credentials/1-2-3?id=4")};
  return options;
}

static void set_up(const char *token) {
  fake_start(&fake);
  struct ivs_container_options options = options_of(SPACE);
  options.token.text = ivs_cstr(token);
  CHECK_INT(ivs_container_provider_init(&container, &options), 0);
}

static void asks_for_the_path(void) {
  static const char bare[] =
      "GET /v2/credentials/1-2-3?id=4 HTTP/1.1\r\nhost: 169.254.170.2\r\naccept: "
      "application/json\r\n";
  set_up(NULL);
  fake_body(&fake, ok_head, good_body);
  CHECK_INT(run(&container.base), 0);
  CHECK_MEM(fake.sent, fake.sent_n - 2, bare, strlen(bare));
  CHECK_STR(fake.peer.host, "169.254.170.2");
  CHECK_INT(fake.peer.port, 80);
  check_taken(&container.base);

  set_up(AUTHORIZATION);
  fake_body(&fake, ok_head, good_body);
  CHECK_INT(run(&container.base), 0);
  CHECK(was_sent(bare));
  CHECK(was_sent("\r\nauthorization: " AUTHORIZATION "\r\n\r\n"));
}

/* A token that is read is read for every request, and says so when it cannot be. */
static struct {
  const char *text;
  int result;
  int reads;
} file;

static int read_file(void *context, char *to, size_t room, size_t *n) {
  CHECK(context == &file);
  file.reads++;
  *n = strlen(file.text);
  if (file.result < 0) return file.result;
  if (*n > room) return IVS_ERR_SPACE;
  memcpy(to, file.text, *n);
  return 0;
}

static void set_up_file(size_t space_n) {
  fake_start(&fake);
  struct ivs_container_options options = options_of(space_n);
  options.token = (struct ivs_token){IVS_STR_INIT("not used"), read_file, &file};
  CHECK_INT(ivs_container_provider_init(&container, &options), 0);
  memset(&file, 0, sizeof file);
  file.text = AUTHORIZATION " 1";
}

static void token_is_read_anew(void) {
  set_up_file(SPACE);
  fake_body(&fake, ok_head, good_body);
  fake_body(&fake, "HTTP/1.1 500 No", "");
  fake_body(&fake, ok_head, good_body);
  CHECK_INT(run(&container.base), 0);
  CHECK(was_sent("\r\nauthorization: " AUTHORIZATION " 1\r\n"));
  file.text = AUTHORIZATION " 2";
  CHECK_INT(run_at(&container.base, NOW + 3600), IVS_ERR_CREDENTIALS); /* ended by then */
  CHECK_INT(count_sent("\r\nauthorization: " AUTHORIZATION " 2\r\n"), 2);
  CHECK_INT(file.reads, 3);
  file.result = IVS_ERR_ARGUMENT;
  CHECK_INT(run(&container.base), IVS_ERR_CREDENTIALS);
  has_problem(&container.base, "container: its token cannot be read");
  file.result = 0;
  file.text = ""; /* none is sent */
  fake_body(&fake, ok_head, good_body);
  fake.sent_n = 0;
  CHECK_INT(run(&container.base), 0);
  CHECK(!was_sent("authorization"));
}

static void workspace_from_nothing(void) {
  size_t least = 0;
  for (size_t n = 0; n <= 1000; n++) {
    set_up_file(n);
    fake_body(&fake, ok_head, good_body);
    int r = run(&container.base);
    if (r == 0 && least == 0) least = n;
    CHECK_INT(r, least == 0 ? IVS_ERR_CREDENTIALS : 0);
    if (r < 0) lacks_room(&container.base, "container");
  }
  CHECK(least > 200 && least < 600);
}

static void token_with_a_line_break(void) {
  static const char *const tokens[] = {"a\r\nX: y", "a\n", "\ra", "a\x01", "a\x7f"};
  for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
    set_up(tokens[i]);
    CHECK_INT(run(&container.base), IVS_ERR_CREDENTIALS);
    has_problem(&container.base,
                "container: its token holds a line break or another control character");
    CHECK_INT(fake.opened, 0);
  }
  set_up("\xc3\xa9 and a\ttab");
  fake_body(&fake, ok_head, good_body);
  CHECK_INT(run(&container.base), 0);
}

static void token_and_end_are_optional(void) {
  static const struct {
    const char *body;
    int result;
    const char *token;
    int64_t expires;
  } cases[] = {
      {BODY(""), 0, "", 0},
      {BODY(",\"Token\":null,\"Expiration\":null"), 0, "", 0},
      {BODY(",\"Token\":\"t\""), 0, "t", 0},
      {BODY(",\"Expiration\":\"" HOUR_ON "\""), 0, "", NOW + 3600},
      {BODY(",\"Expiration\":\"\""), 0, "", 0},
      {BODY(",\"Expiration\":1795343400"), IVS_ERR_CREDENTIALS, NULL, 0},
      {BODY(",\"Token\":[]"), IVS_ERR_CREDENTIALS, NULL, 0},
      {BODY(",\"Expiration\":\"2026-11-22\""), IVS_ERR_CREDENTIALS, NULL, 0},
      {BODY(",\"Expiration\":\"" LONG_AGO "\""), IVS_ERR_CREDENTIALS, NULL, 0},
      {"{\"AccessKeyId\":\"k\"}", IVS_ERR_CREDENTIALS, NULL, 0},
      {"{\"code\":\"x\",\"message\":\"y\"}", IVS_ERR_CREDENTIALS, NULL, 0},
      {"[]", IVS_ERR_CREDENTIALS, NULL, 0},
      {"5", IVS_ERR_CREDENTIALS, NULL, 0},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    set_up(NULL);
    fake_body(&fake, ok_head, cases[i].body);
    if (!CHECK_INT(run(&container.base), cases[i].result)) printf("  case %zu\n", i);
    if (cases[i].result < 0) check_nothing_taken(&container.base);
    else CHECK_STR(ivs_cstr(container.base.creds.session_token), cases[i].token);
    CHECK_INT(container.base.expires, cases[i].expires);
  }
}

static void refusals_are_explained(void) {
  static const struct {
    const char *head, *body, *problem;
  } cases[] = {
      {"HTTP/1.1 401 Unauthorized", "", "container: HTTP 401 (the authorization token)"},
      {"HTTP/1.1 403 Forbidden", "{\"code\":\"c\",\"message\":\"not the token\"}",
       "container: HTTP 403 (the authorization token): not the token"},
      {"HTTP/1.1 400 Bad", "{\"code\":\"InvalidId\",\"Message\":\"not found\"}",
       "container: HTTP 400: not found"},
      {"HTTP/1.1 404 Not Found", "not found", "container: HTTP 404"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    set_up(AUTHORIZATION);
    fake_body(&fake, cases[i].head, cases[i].body);
    CHECK_INT(run(&container.base), IVS_ERR_CREDENTIALS);
    has_problem(&container.base, cases[i].problem);
    CHECK_INT(fake.opened, 1);
  }
}

static void time_and_attempts(void) {
  set_up(NULL);
  fake.mute = true;
  uint64_t began = fake.now;
  CHECK_INT(run(&container.base), IVS_ERR_CREDENTIALS);
  CHECK_INT(fake.now - began, 3 * 2000 + 164 + 329);
  CHECK_INT(fake.opened, 3);
}

static void allowed_endpoints(void) {
  static const struct {
    const char *url;
    bool allowed;
  } cases[] = {
      {"http://169.254.170.2", true},
      {"http://169.254.170.23", true},
      {"http://169.254.170.23:8080/x", true},
      {"http://[fd00:ec2::23]", true},
      {"http://[FD00:EC2::23]:80", true},
      {"http://localhost:8080", true},
      {"http://LOCALHOST", true},
      {"http://127.0.0.1", true},
      {"http://127.99.1.2:1", true},
      {"http://[::1]:9", true},
      {"https://169.254.1.1", true},
      {"https://example.com", true},
      {"http://169.254.170.3", false},
      {"http://169.254.170.20", false},
      {"http://169.254.169.254", false},
      {"http://[fd00:ec2::254]", false},
      {"http://[fd00:ec2::2]", false},
      {"http://example.com", false},
      {"http://localhost.example.com", false},
      {"http://127.0.0.1.example.com", false},
      {"http://10.0.0.1", false},
      {"http://0.0.0.0", false},
      {"http://169.254.170.2.example.com", false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    fake_start(&fake);
    struct ivs_container_options options = options_of(SPACE);
    CHECK_INT(ivs_endpoint_from_url(&endpoint, ivs_cstr(cases[i].url)), 0);
    if (!CHECK(ivs_container_allowed(&endpoint) == cases[i].allowed)) puts(cases[i].url);
    int r = ivs_container_provider_init(&container, &options);
    CHECK_INT(r, cases[i].allowed ? 0 : IVS_ERR_ARGUMENT);
    if (r < 0)
      CHECK(strstr(container.base.problem,
                   "container: plain http is allowed to this machine and") != NULL);
  }
}

static void full_uris(void) {
  static const struct {
    const char *url, *authority, *path; /* path NULL: refused */
  } cases[] = {
      {"http://localhost:37043/2016-11-01/credentialprovider/", "localhost:37043",
       "/2016-11-01/credentialprovider/"},
      {"http://169.254.170.23/v1/credentials", "169.254.170.23", "/v1/credentials"},
      {"http://[fd00:ec2::23]:80/v1/credentials", "[fd00:ec2::23]", "/v1/credentials"},
      {"https://Example.com/a?b=c&d=%20/e", "example.com", "/a?b=c&d=%20/e"},
      {"https://example.com", "example.com", ""},
      {"http://localhost:1/a b", NULL, NULL},
      {"http://localhost:1/a\r\nX: y", NULL, NULL},
      {"http://localhost:1/a#b", NULL, NULL},
      {"http://localhost:1?a", NULL, NULL},
      {"http://user:pass@localhost:1/a", NULL, NULL},
      {"http://localhost:99999/a", NULL, NULL},
      {"ftp://localhost/a", NULL, NULL},
      {"http:/localhost", NULL, NULL},
      {"http:", NULL, NULL},
      {"/v2/credentials", NULL, NULL},
      {"", NULL, NULL},
  };
  ivs_str path;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    int r = ivs_container_from_url(&endpoint, &path, ivs_cstr(cases[i].url));
    if (!CHECK_INT(r, cases[i].path != NULL ? 0 : IVS_ERR_ARGUMENT)) puts(cases[i].url);
    if (r < 0) continue;
    CHECK_STR(ivs_cstr(endpoint.authority), cases[i].authority);
    CHECK_STR(path, cases[i].path);
  }
  static const char *const no_paths[] = {"a", "/a b", "/a\r\nX: y", "/a#b", "?a", "/\xc3\xa9"};
  for (size_t i = 0; i < sizeof no_paths / sizeof *no_paths; i++) {
    struct ivs_container_options options = options_of(SPACE);
    options.path = ivs_cstr(no_paths[i]);
    CHECK_INT(ivs_container_provider_init(&container, &options), IVS_ERR_ARGUMENT);
  }
  fake_start(&fake);
  struct ivs_container_options options = options_of(SPACE);
  options.path = (ivs_str){NULL, 0};
  CHECK_INT(ivs_container_provider_init(&container, &options), 0);
  fake_body(&fake, ok_head, good_body);
  CHECK_INT(run(&container.base), 0);
  CHECK(was_sent("GET / HTTP/1.1\r\n"));
}

static int read_too_much(void *context, char *to, size_t room, size_t *n) {
  (void)context;
  if (room > 0) to[0] = 'x';
  *n = room + 1;
  return 0;
}

static void reader_that_miscounts(void) {
  fake_start(&fake);
  struct ivs_container_options options = options_of(SPACE);
  options.token.read = read_too_much;
  CHECK_INT(ivs_container_provider_init(&container, &options), 0);
  CHECK_INT(run(&container.base), IVS_ERR_CREDENTIALS);
  CHECK_INT(fake.opened, 0);
  check_nothing_taken(&container.base);
}

static void no_port(void) {
  struct ivs_container_options options = options_of(SPACE);
  options.fetch.port = NULL;
  CHECK_INT(ivs_container_provider_init(&container, &options), IVS_ERR_ARGUMENT);
}

/* Credentials that never end, asked for again because they were refused. */
static void never_ending_ones_again(void) {
  set_up(NULL);
  fake_body(&fake, ok_head, BODY(""));
  CHECK_INT(run(&container.base), 0);
  CHECK_INT(container.base.due, 0);
  fake_body(&fake, ok_head, BODY(""));
  CHECK_INT(run(&container.base), 0);
  CHECK_INT(container.base.version, 2);
}

/* An answer up to the last byte of a workspace that ends at any address. */
static void answer_to_the_last_byte(void) {
  static char room[2048];
  for (size_t end = 0; end < 16; end++) {
    for (size_t left = 0; left < 16; left++) {
      char body[1024];
      fake_start(&fake);
      struct ivs_container_options options = options_of(SPACE);
      options.fetch.space = room;
      options.fetch.space_n = 700 + end;
      options.fetch.attempts = 1;
      CHECK_INT(ivs_container_provider_init(&container, &options), 0);
      memset(body, ' ', sizeof body);
      memcpy(body, good_body, sizeof good_body - 1);
      body[700 + end - left] = '\0';
      fake_body(&fake, ok_head, body);
      CHECK_INT(drive(&container.base, container.base.fn->step, NOW), IVS_ERR_CREDENTIALS);
      check_nothing_taken(&container.base);
    }
  }
}

/* What wants() is given may be nearer than what the source waits for. */
static void nearer_than_its_own(void) {
  struct ivs_wait w = {-1, 0, 1};
  set_up(NULL);
  fake.mute = true;
  while (container.base.fn->step(&container.base, NOW) == 1) {
  }
  container.base.fn->wants(&container.base, &w);
  CHECK_INT(w.until, 1);
  container.base.fn->cancel(&container.base);
}

/* A port's failure that is none of the network's. */
static void odd_failure(void) {
  set_up(NULL);
  fake.fail_at = 1;
  fake.fail_with = IVS_ERR_ARGUMENT;
  CHECK_INT(run(&container.base), IVS_ERR_CREDENTIALS);
}

static void no_entropy(void) {
  set_up(NULL);
  fake.no_entropy = true;
  fake_body(&fake, "HTTP/1.1 503 Down", "{}");
  fake_body(&fake, ok_head, good_body);
  uint64_t began = fake.now;
  CHECK_INT(run(&container.base), 0);
  CHECK(fake.now - began >= 999); /* the longest delay */
}

int main(void) {
  set_up_memory();
  RUN(asks_for_the_path);
  RUN(token_is_read_anew);
  RUN(workspace_from_nothing);
  RUN(token_with_a_line_break);
  RUN(token_and_end_are_optional);
  RUN(refusals_are_explained);
  RUN(time_and_attempts);
  RUN(allowed_endpoints);
  RUN(full_uris);
  RUN(reader_that_miscounts);
  RUN(no_port);
  RUN(never_ending_ones_again);
  RUN(answer_to_the_last_byte);
  RUN(nearer_than_its_own);
  RUN(odd_failure);
  RUN(no_entropy);
  tear_down_memory();
  return check_done();
}
