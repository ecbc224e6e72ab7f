/*
 * Credentials from AWS IoT over a port made of memory; and, for all sources, what they share:
 * attempts, delays, time-outs, any cut of the answer, any size of workspace.
 */
#include "provider_setup.h"

#include <ivs/iot.h>
#include <ivs/ivs.h>

#define URL "https://c1example.credentials.iot.eu-west-1.amazonaws.com"
#define BODY(expiration)                                                                      \
  "{\"credentials\":{\"accessKeyId\":\"" KEY_ID "\",\"secretAccessKey\":\"" SECRET            \
  "\",\"sessionToken\":\"TheSessionToken\\/That+MustNotStay==\",\"expiration\":\"" expiration \
  "\"}}"

static struct ivs_iot_provider iot;

static const char good_body[] = BODY(HOUR_ON);

static struct ivs_iot_options options_of(size_t space_n) {
  struct ivs_iot_options options = {.fetch = fetch_over(URL, space_n),
                                    .role_alias = IVS_STR("camera=1@x-Y_z"),
                                    .thing = IVS_STR("camera-17")};
  return options;
}

static void set_up(void) {
  fake_start(&fake);
  struct ivs_iot_options options = options_of(SPACE);
  CHECK_INT(ivs_iot_provider_init(&iot, &options), 0);
}

static void answer_with(const char *head, const char *body) {
  fake_body(&fake, head, body);
}

static void asks_for_the_alias(void) {
  static const char asked[] =
      "GET /role-aliases/camera=1@x-Y_z/credentials HTTP/1.1\r\n"
      "host: c1example.credentials.iot.eu-west-1.amazonaws.com\r\n"
      "x-amzn-iot-thingname: camera-17\r\n\r\n";
  set_up();
  answer_with(ok_head, good_body);
  CHECK_INT(run(&iot.base), 0);
  CHECK_MEM(fake.sent, fake.sent_n, asked, strlen(asked));
  CHECK_STR(fake.peer.host, "c1example.credentials.iot.eu-west-1.amazonaws.com");
  CHECK_INT(fake.peer.port, 443);
  CHECK_INT(fake.peer.now, NOW);
  check_taken(&iot.base);
  CHECK_INT(iot.base.version, 1);
  CHECK_INT(fake.opened, 1);
}

static void the_thing_is_optional(void) {
  fake_start(&fake);
  struct ivs_iot_options options = options_of(SPACE);
  options.thing = (ivs_str){NULL, 0};
  CHECK_INT(ivs_endpoint_from_url(&endpoint, IVS_STR("https://localhost:8443/prefix/")), 0);
  CHECK_INT(ivs_iot_provider_init(&iot, &options), 0);
  answer_with(ok_head, good_body);
  CHECK_INT(run(&iot.base), 0);
  CHECK(
      was_sent("GET /prefix/role-aliases/camera=1@x-Y_z/credentials HTTP/1.1\r\n"
               "host: localhost:8443\r\n\r\n"));
}

/* Bytes in any pieces, waits anywhere, whatever the transfer: the same credentials. */
static void any_pieces_give_the_same(void) {
  char chunked[600], closed[600];
  int n =
      snprintf(chunked, sizeof chunked, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (const char *p = good_body; *p != '\0'; p += strnlen(p, 7))
    n += snprintf(chunked + n, sizeof chunked - (size_t)n, "%x;x=y\r\n%.7s\r\n",
                  (unsigned)strnlen(p, 7), p);
  snprintf(chunked + n, sizeof chunked - (size_t)n, "0\r\nTrailer: x\r\n\r\n");
  snprintf(closed, sizeof closed,
           "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200\r\nServer: x\r\n\r\n%s", good_body);
  for (int kind = 0; kind < 3; kind++) {
    for (size_t piece = 1; piece < 420; piece += piece < 30 ? 1 : 13) {
      for (int hesitant = 0; hesitant < 2; hesitant++) {
        set_up();
        fake.recv_piece = fake.send_piece = piece;
        fake.hesitant = hesitant;
        if (kind == 0) answer_with(ok_head, good_body);
        else fake_answer(&fake, kind == 1 ? chunked : closed);
        fake.connections[0].after = kind == 2 ? IVS_ERR_CLOSED : 0;
        CHECK_INT(run(&iot.base), 0);
        check_taken(&iot.base);
        CHECK_INT(fake.opened, 1);
      }
    }
  }
}

/* An answer that ends early is met by a second attempt, which finds a whole one. */
static void every_truncation(void) {
  static const int ends[] = {IVS_ERR_CLOSED, IVS_ERR_NET};
  static char answer[1000];
  size_t whole = (size_t)snprintf(answer, sizeof answer, "%s\r\nContent-Length: %zu\r\n\r\n%s",
                                  ok_head, strlen(good_body), good_body);
  for (size_t n = 1; n < whole; n++) {
    for (size_t i = 0; i < 2; i++) {
      set_up();
      fake.connections[0] = (struct fake_connection){answer, n, ends[i], ALIVE};
      answer_with(ok_head, good_body);
      CHECK_INT(run(&iot.base), 0);
      CHECK_INT(fake.opened, 2);
      check_taken(&iot.base);
    }
  }
}

/* Every function of the port fails once, with every error: either it works in the end, or nothing
   is left of it. */
static void nth_failure(void) {
  static const int errors[] = {IVS_ERR_NAME,      IVS_ERR_CONNECT,   IVS_ERR_CLOSED,
                               IVS_ERR_NET,       IVS_ERR_PROXY,     IVS_ERR_TLS,
                               IVS_ERR_TLS_TRUST, IVS_ERR_TLS_ROOTS, IVS_ERR_TLS_MEMORY};
  for (size_t e = 0; e < sizeof errors / sizeof *errors; e++) {
    bool again = e < 4 || errors[e] == IVS_ERR_TLS, untouched = false;
    for (int at = 1; !untouched && at < 1000; at++) {
      set_up();
      answer_with(ok_head, good_body);
      answer_with(ok_head, good_body);
      fake.recv_piece = fake.send_piece = 40;
      fake.fail_at = at;
      fake.fail_with = errors[e];
      int r = run(&iot.base);
      untouched = fake.io < at;
      CHECK_INT(r, again || untouched ? 0 : IVS_ERR_CREDENTIALS);
      if (r == 0) check_taken(&iot.base);
      else check_nothing_taken(&iot.base);
    }
    CHECK(untouched);
  }
}

static void failures_are_named(void) {
  static const struct {
    int error;
    const char *problem;
  } cases[] = {
      {IVS_ERR_NAME, "AWS IoT: host name not found: said the fake"},
      {IVS_ERR_CONNECT, "AWS IoT: cannot connect: said the fake"},
      {IVS_ERR_TLS_TRUST, "AWS IoT: certificate not signed by a trusted root: said the fake"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    set_up();
    iot.fetch.options.attempts = 1;
    fake.fail_at = 2;
    fake.fail_with = cases[i].error;
    CHECK_INT(run(&iot.base), IVS_ERR_CREDENTIALS);
    has_problem(&iot.base, cases[i].problem);
    CHECK_INT(iot.base.cause, cases[i].error);
    check_nothing_taken(&iot.base);
  }
}

/* What it answers is no trouble of the connection. */
static void refusals_have_no_cause(void) {
  set_up();
  answer_with("HTTP/1.1 404 Not Found", "{\"message\":\"no\"}");
  iot.base.cause = IVS_ERR_CONNECT; /* of an attempt before */
  CHECK_INT(run(&iot.base), IVS_ERR_CREDENTIALS);
  CHECK_INT(iot.base.cause, 0);
}

/* Three attempts with growing delays, none of them a busy wait; and no more. */
static void attempts_are_limited(void) {
  static const char *const refusals[] = {
      "HTTP/1.1 500 Internal Server Error", "HTTP/1.1 503 Service Unavailable",
      "HTTP/1.1 429 Too Many Requests", "HTTP/1.1 502 Bad Gateway"};
  for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
    for (int good_at = 0; good_at < 4; good_at++) {
      set_up();
      for (int n = 0; n < 4; n++) {
        if (n == good_at) answer_with(ok_head, good_body);
        else answer_with(refusals[i], "{\"message\":\"not now\"}");
      }
      uint64_t began = fake.now;
      int r = run(&iot.base);
      CHECK_INT(r, good_at < 3 ? 0 : IVS_ERR_CREDENTIALS);
      CHECK_INT(fake.opened, good_at < 3 ? good_at + 1 : 3);
      /* of the fake's randomness there is 0.164 of 1 s, then of 2 s */
      CHECK_INT(fake.now - began, good_at == 0 ? 0 : good_at == 1 ? 164 : 164 + 329);
      if (good_at < 3) check_taken(&iot.base);
    }
  }
  set_up();
  for (int n = 0; n < 4; n++) answer_with("HTTP/1.1 503 No", "{\"message\":\"not now\"}");
  CHECK_INT(run(&iot.base), IVS_ERR_CREDENTIALS);
  has_problem(&iot.base, "AWS IoT: HTTP 503: not now");
}

static void one_attempt_while_the_old_ones_hold(void) {
  set_up();
  answer_with(ok_head, good_body);
  CHECK_INT(ivs_provider_ready(&iot.base, NOW, false), 1);
  CHECK_INT(run(&iot.base), 0);
  fake.connections[1].answer = fake.connections[2].answer = "HTTP/1.1 500 No\r\n\r\n";
  fake.connections[1].after = fake.connections[2].after = IVS_ERR_CLOSED;
  CHECK_INT(run_at(&iot.base, NOW + 3300), IVS_ERR_CREDENTIALS);
  CHECK_INT(fake.opened, 2);
  answer_with("HTTP/1.1 500 No", "");
  CHECK_INT(run_at(&iot.base, NOW + 3600), IVS_ERR_CREDENTIALS);
  CHECK_INT(fake.opened, 5);
}

/* Each attempt has its time; the last one's failure is told. */
static void silence_ends(void) {
  static const struct {
    uint32_t timeout;
    uint8_t attempts;
    int took;
  } cases[] = {{0, 0, 30000 + 164 + 329}, {500, 1, 500}, {2000, 2, 4000 + 164}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    fake_start(&fake);
    struct ivs_iot_options options = options_of(SPACE);
    options.fetch.timeout_ms = cases[i].timeout;
    options.fetch.attempts = cases[i].attempts;
    CHECK_INT(ivs_iot_provider_init(&iot, &options), 0);
    fake.mute = true;
    uint64_t began = fake.now;
    CHECK_INT(run(&iot.base), IVS_ERR_CREDENTIALS);
    CHECK_INT(fake.now - began, cases[i].took);
    has_problem(&iot.base, "AWS IoT: deadline passed");
  }
}

static void refusals_are_explained(void) {
  static const struct {
    const char *head, *body, *problem;
  } cases[] = {
      {"HTTP/1.1 403 Forbidden", "{\"message\":\"Invalid thing name passed\"}",
       "AWS IoT: HTTP 403 (the certificate, its policy, or its thing's name): Invalid thing name "
       "passed"},
      {"HTTP/1.1 404 Not Found", "{\"message\":\"Role alias does not exist\"}",
       "AWS IoT: HTTP 404 (the role alias; its case counts): Role alias does not exist"},
      {"HTTP/1.1 400 Bad", "{\"Message\":\"line one\\nTheSecretThatMustNotStay\"}",
       "AWS IoT: HTTP 400: line one"},
      {"HTTP/1.1 400 Bad", "<html>", "AWS IoT: HTTP 400"},
      {"HTTP/1.1 400 Bad", "", "AWS IoT: HTTP 400"},
      {"HTTP/1.1 400 Bad", "{\"message\":5}", "AWS IoT: HTTP 400"},
      {"HTTP/1.1 302 Found\r\nLocation: https://elsewhere/", "", "AWS IoT: HTTP 302"},
      {"HTTP/1.1 201 Created", "{}", "AWS IoT: HTTP 201"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    set_up();
    answer_with(cases[i].head, cases[i].body);
    CHECK_INT(run(&iot.base), IVS_ERR_CREDENTIALS);
    has_problem(&iot.base, cases[i].problem);
    CHECK_INT(fake.opened, 1);
    check_nothing_taken(&iot.base);
  }
}

static void bad_answers_are_refused(void) {
  static const struct {
    const char *body, *problem;
  } cases[] = {
      {"", "AWS IoT: answer is not JSON"},
      {"<html>busy</html>", "AWS IoT: answer is not JSON"},
      {"{\"credentials\":{\"accessKeyId\":\"a\"", "AWS IoT: answer is not JSON"},
      {"[]", "AWS IoT: answer is not JSON"},
      {"{}", "AWS IoT: member of the answer has another type than the API says"},
      {"{\"credentials\":\"x\"}",
       "AWS IoT: member of the answer has another type than the API says"},
      {"{\"credentials\":null}",
       "AWS IoT: member of the answer has another type than the API says"},
      {"{\"credentials\":[{}]}",
       "AWS IoT: member of the answer has another type than the API says"},
      {"{\"credentials\":{}}", "AWS IoT: its answer lacks: accessKeyId"},
      {"{\"accessKeyId\":\"k\",\"secretAccessKey\":\"s\",\"sessionToken\":\"t\",\"expiration\":"
       "\"" HOUR_ON "\"}",
       "AWS IoT: member of the answer has another type than the API says"},
      {"{\"credentials\":{\"accessKeyId\":\"k\",\"secretAccessKey\":null,\"sessionToken\":\"t\"}}",
       "AWS IoT: its answer lacks: secretAccessKey"},
      {"{\"credentials\":{\"accessKeyId\":\"k\",\"secretAccessKey\":\"s\",\"sessionToken\":\"\"}}",
       "AWS IoT: its answer lacks: sessionToken"},
      {"{\"credentials\":{\"accessKeyId\":\"k\",\"secretAccessKey\":\"s\",\"sessionToken\":\"t\"}}",
       "AWS IoT: its answer lacks: expiration"},
      {"{\"credentials\":{\"accessKeyId\":1,\"secretAccessKey\":\"s\",\"sessionToken\":\"t\"}}",
       "AWS IoT: member of the answer has another type than the API says"},
      {BODY("soon"), "AWS IoT: in its answer is no time: expiration"},
      {BODY(LONG_AGO), "AWS IoT: its credentials have expired already"},
      {BODY("1970-01-01T00:00:00Z"), "AWS IoT: its credentials have expired already"},
      {"{\"credentials\":{\"accessKeyId\":\"k\\r\\nx: "
       "y\",\"secretAccessKey\":\"s\",\"sessionToken\":\"t\",\"expiration\":\"" HOUR_ON "\"}}",
       "AWS IoT: its credentials are malformed or too long"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    set_up();
    answer_with(ok_head, cases[i].body);
    CHECK_INT(run(&iot.base), IVS_ERR_CREDENTIALS);
    has_problem(&iot.base, cases[i].problem);
    CHECK_INT(fake.opened, 1);
    check_nothing_taken(&iot.base);
  }
}

/* A body with the parts of these lengths. */
static void fill_body(char *to, size_t size, int id, int secret, int token) {
  static char x[SPACE];
  memset(x, 'x', sizeof x);
  snprintf(to, size,
           "{\"credentials\":{\"accessKeyId\":\"%.*s\",\"secretAccessKey\":\"%.*s\",\"sessionToken"
           "\":\"%.*s\",\"expiration\":\"" HOUR_ON "\"}}",
           id, x, secret, x, token, x);
}

static void lengths_up_to_the_limits(void) {
  static const struct {
    int id, secret, token, result;
  } cases[] = {
      {IVS_ACCESS_KEY_MAX, IVS_SECRET_KEY_MAX, IVS_SESSION_TOKEN_MAX, 0},
      {IVS_ACCESS_KEY_MAX + 1, 9, 9, IVS_ERR_CREDENTIALS},
      {9, IVS_SECRET_KEY_MAX + 1, 9, IVS_ERR_CREDENTIALS},
      {9, 9, IVS_SESSION_TOKEN_MAX + 1, IVS_ERR_CREDENTIALS},
  };
  static char body[SPACE + 2000];
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    set_up();
    fill_body(body, sizeof body, cases[i].id, cases[i].secret, cases[i].token);
    answer_with(ok_head, body);
    CHECK_INT(run(&iot.base), cases[i].result);
    if (cases[i].result != 0)
      has_problem(&iot.base, "AWS IoT: its credentials are malformed or too long");
  }
  set_up();
  fill_body(body, sizeof body, 20, 40, SPACE - 100); /* announced, and larger than all there is */
  answer_with(ok_head, body);
  CHECK_INT(run(&iot.base), IVS_ERR_CREDENTIALS);
  has_problem(&iot.base, "AWS IoT: workspace too small");
}

/* Every size of workspace: too small is said, and what the header says is enough is enough. */
static void workspace_from_nothing(void) {
  static char body[IVS_SESSION_TOKEN_MAX + 1000];
  static const struct {
    int token;
    size_t enough;
  } cases[] = {{1000, 2048}, {IVS_SESSION_TOKEN_MAX, IVS_FETCH_SPACE}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    size_t least = 0;
    fill_body(body, sizeof body, IVS_ACCESS_KEY_MAX, IVS_SECRET_KEY_MAX, cases[i].token);
    for (size_t n = 0; n <= cases[i].enough; n += n < 300 ? 1 : 7) {
      fake_start(&fake);
      struct ivs_iot_options options = options_of(n);
      CHECK_INT(ivs_iot_provider_init(&iot, &options), 0);
      fake.recv_piece = 100 + n % 3;
      if (n % 2 == 0) answer_with(ok_head, body);
      else { /* without a length */ static char whole[IVS_SESSION_TOKEN_MAX + 2000];
        snprintf(whole, sizeof whole, "%s\r\n\r\n%s", ok_head, body);
        fake_answer(&fake, whole);
        fake.connections[0].after = IVS_ERR_CLOSED;
      }
      int r = run(&iot.base);
      if (r == 0 && least == 0) least = n;
      if (r != 0) has_problem(&iot.base, "AWS IoT: workspace too small");
      CHECK(least == 0 ? r == IVS_ERR_CREDENTIALS : r == 0 || n < least + 16);
    }
    CHECK(least > 0 && least + 200 < cases[i].enough);
  }
}

/* Given up after every number of steps: nothing is left, and it can be asked again. */
static void cancelled_anywhere(void) {
  bool finished = false;
  for (int steps = 0; !finished && steps < 2000; steps++) {
    set_up();
    answer_with("HTTP/1.1 500 No", "");
    answer_with(ok_head, good_body);
    answer_with(ok_head, good_body);
    answer_with(ok_head, good_body);
    fake.hesitant = true;
    fake.recv_piece = fake.send_piece = 32;
    for (int i = 0; i < steps && !finished; i++) {
      struct ivs_wait w = {-1, 0, UINT64_MAX};
      int r = iot.base.fn->step(&iot.base, NOW);
      finished = r == 0;
      if (r == IVS_AGAIN) {
        iot.base.fn->wants(&iot.base, &w);
        fake.port.fn->wait(&fake.port, &w);
      }
    }
    iot.base.fn->cancel(&iot.base);
    iot.base.fn->cancel(&iot.base);
    check_clean(&iot.base);
    if (!finished) check_nothing_taken(&iot.base);
    CHECK_INT(run(&iot.base), 0);
    check_taken(&iot.base);
    ivs_provider_wipe(&iot.base);
    CHECK(memcmp(&iot.base.creds, &no_creds, sizeof no_creds) == 0);
  }
  CHECK(finished);
}

/* A renewal given up does not come back with the very next call. */
static void cancelled_ahead_of_time(void) {
  set_up();
  answer_with(ok_head, good_body);
  CHECK_INT(run(&iot.base), 0);
  fake.mute = true;
  has_problem(&iot.base, "");
  CHECK_INT(ivs_provider_ready(&iot.base, NOW + 3300, false), 1);
  has_problem(&iot.base, "AWS IoT: no answer yet");
  iot.base.fn->cancel(&iot.base);
  CHECK_INT(ivs_provider_ready(&iot.base, NOW + 3301, false), 0);
  CHECK_INT(ivs_provider_ready(&iot.base, NOW + 3359, false), 0);
  CHECK_INT(fake.opened, 2);
  CHECK_INT(ivs_provider_ready(&iot.base, NOW + 3360, false), 1);
  iot.base.fn->cancel(&iot.base);
  CHECK_INT(fake.opened, 3);
  CHECK_INT(ivs_provider_ready(&iot.base, NOW + 3600, false), 1);
  iot.base.fn->cancel(&iot.base);
  CHECK_INT(ivs_provider_ready(&iot.base, NOW + 3601, false), 1);
  iot.base.fn->cancel(&iot.base);
}

/* Two clients ask by turns: one refresh, and both have it. */
static void one_refresh_for_two(void) {
  int first = 1, second = 1, turns = 0;
  set_up();
  fake.hesitant = true;
  fake.recv_piece = 50;
  answer_with(ok_head, good_body);
  while ((first != 0 || second != 0) && CHECK(++turns < 1000)) {
    struct ivs_wait w = {-1, 0, UINT64_MAX};
    if (first != 0) first = ivs_provider_ready(&iot.base, NOW, false);
    if (second != 0) second = ivs_provider_ready(&iot.base, NOW, false);
    if (first == IVS_AGAIN) iot.base.fn->wants(&iot.base, &w);
  }
  CHECK_INT(fake.opened, 1);
  CHECK_INT(iot.base.version, 1);
  check_taken(&iot.base);
  check_clean(&iot.base);
}

/* The workspace of the only client that uses a source may be the source's too. */
static void workspace_of_the_client(void) {
  static struct fake service;
  static ivs_client client;
  static struct ivs_endpoint ivs;
  struct ivs_stop_stream_out out;
  struct ivs_stop_stream_in in = {.channel_arn = IVS_STR("arn:aws:ivs:eu-west-1:1:channel/a")};
  set_up();
  fake_start(&service);
  ivs_endpoint_for_region(&ivs, IVS_STR("eu-west-1"));
  struct ivs_options options = {.port = &service.port,
                                .endpoint = &ivs,
                                .region = IVS_STR("eu-west-1"),
                                .provider = &iot.base};
  CHECK_INT(ivs_init(&client, &options), 0);
  CHECK_INT(ivs_workspace(&client, space, SPACE), 0);
  answer_with(ok_head, good_body);
  answer_with(ok_head, BODY("2026-11-22T12:00:00Z"));
  for (int round = 0; round < 2; round++) {
    fake_body(&service, "HTTP/1.1 200 OK\r\nConnection: close", "{}");
    service.sent_n = 0;
    CHECK_INT(ivs_stop_stream(&client, &in, &out), 0);
    CHECK(check_holds(service.sent, service.sent_n, "\r\nx-amz-security-token: " TOKEN "\r\n"));
    CHECK(!check_holds(space, SPACE, "MustNotStay"));
    CHECK_INT(iot.base.version, round + 1);
    service.clock_ms += 3300 * 1000;
  }
  CHECK_INT(fake.opened, 2);
  ivs_close(&client);
  CHECK_INT(fake.closed, 2);
  memset(space, 0, SPACE);
}

/* A clock that is off says nothing about the end of credentials: the other side's own date does,
   unless it comes from a cache. */
static void time_of_the_answer_counts(void) {
  static const struct {
    const char *more; /* of the head */
    int64_t now;
    const char *body;
    int result;
    int64_t due;
  } cases[] = {
      {"Date: " DATE_NOW, NOW + 86400, BODY(HOUR_ON), 0, NOW + 3300},
      {"Date: " DATE_NOW, NOW - 86400, BODY(HOUR_ON), 0, NOW + 3300},
      {"Date: " DATE_NOW, 0, BODY("2026-11-22T09:40:00Z"), 0, NOW + 300},
      {"Date: " DATE_NOW, IVS_CLOCK_UNKNOWN, BODY(HOUR_ON), 0, NOW + 3300},
      {"Date: " DATE_NOW, IVS_CLOCK_UNKNOWN, BODY(LONG_AGO), IVS_ERR_CREDENTIALS, 0},
      {"Date: " DATE_NOW, 0, BODY(LONG_AGO), IVS_ERR_CREDENTIALS, 0},
      {"Age: 7\r\nDate: " DATE_NOW, NOW + 86400, BODY(HOUR_ON), IVS_ERR_CREDENTIALS, 0},
      {"Date: yesterday", NOW + 86400, BODY(HOUR_ON), IVS_ERR_CREDENTIALS, 0},
      {"X: y", NOW + 86400, BODY(HOUR_ON), IVS_ERR_CREDENTIALS, 0},
      {"X: y", IVS_CLOCK_UNKNOWN, BODY(HOUR_ON), 0, NOW + 3300},
      {"X: y", IVS_CLOCK_UNKNOWN, BODY(LONG_AGO), 0, NOW - 301},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char head[200];
    set_up();
    snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\n%s", cases[i].more);
    answer_with(head, cases[i].body);
    if (!CHECK_INT(run_at(&iot.base, cases[i].now), cases[i].result)) printf("  case %zu\n", i);
    CHECK(fake.peer.now == cases[i].now);
    if (cases[i].result == 0) CHECK_INT(iot.base.due, cases[i].due);
    else has_problem(&iot.base, "AWS IoT: its credentials have expired already");
  }
}

/* What one attempt learned about the time is forgotten by the next. */
static void every_attempt_has_its_date(void) {
  set_up();
  answer_with("HTTP/1.1 500 No\r\nAge: 7\r\nDate: " DATE_NOW, "");
  answer_with("HTTP/1.1 200 OK\r\nDate: " DATE_NOW, good_body);
  CHECK_INT(run_at(&iot.base, NOW + 86400), 0);
  set_up();
  answer_with("HTTP/1.1 500 No\r\nDate: " DATE_NOW, "");
  answer_with(ok_head, good_body);
  CHECK_INT(run_at(&iot.base, NOW + 86400), IVS_ERR_CREDENTIALS);
}

static void bad_options(void) {
  char lengthy[130];
  fake_start(&fake);
  memset(lengthy, 'a', sizeof lengthy);
  static const char *const aliases[] = {"",      "a/b", "a b", "a.b", "caf\xc3\xa9",
                                        "a\r\n", "a:b", "a?"};
  static const char *const things[] = {"a b", "a\r\nX: y", "a@b", "a/b"};
  struct ivs_iot_options good = options_of(SPACE), o = good;
  CHECK_INT(ivs_iot_provider_init(&iot, &o), 0);
  for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++) {
    o.role_alias = ivs_cstr(aliases[i]);
    CHECK_INT(ivs_iot_provider_init(&iot, &o), IVS_ERR_ARGUMENT);
  }
  o.role_alias = (ivs_str){lengthy, 128};
  CHECK_INT(ivs_iot_provider_init(&iot, &o), 0);
  o.role_alias.n = 129;
  CHECK_INT(ivs_iot_provider_init(&iot, &o), IVS_ERR_ARGUMENT);
  o = good;
  for (size_t i = 0; i < sizeof things / sizeof *things; i++) {
    o.thing = ivs_cstr(things[i]);
    CHECK_INT(ivs_iot_provider_init(&iot, &o), IVS_ERR_ARGUMENT);
  }
  o = good;
  o.fetch.port = NULL;
  CHECK_INT(ivs_iot_provider_init(&iot, &o), IVS_ERR_ARGUMENT);
  o = good;
  o.fetch.space = NULL;
  CHECK_INT(ivs_iot_provider_init(&iot, &o), IVS_ERR_ARGUMENT);
  o = good;
  o.fetch.endpoint = NULL;
  CHECK_INT(ivs_iot_provider_init(&iot, &o), IVS_ERR_ARGUMENT);
  o = good;
  CHECK_INT(ivs_endpoint_from_url(&endpoint, IVS_STR("http://localhost")), 0);
  CHECK_INT(ivs_iot_provider_init(&iot, &o), IVS_ERR_ARGUMENT);
}

int main(void) {
  set_up_memory();
  RUN(asks_for_the_alias);
  RUN(the_thing_is_optional);
  RUN(any_pieces_give_the_same);
  RUN(every_truncation);
  RUN(nth_failure);
  RUN(failures_are_named);
  RUN(refusals_have_no_cause);
  RUN(attempts_are_limited);
  RUN(one_attempt_while_the_old_ones_hold);
  RUN(silence_ends);
  RUN(refusals_are_explained);
  RUN(bad_answers_are_refused);
  RUN(lengths_up_to_the_limits);
  RUN(workspace_from_nothing);
  RUN(cancelled_anywhere);
  RUN(cancelled_ahead_of_time);
  RUN(one_refresh_for_two);
  RUN(workspace_of_the_client);
  RUN(time_of_the_answer_counts);
  RUN(every_attempt_has_its_date);
  RUN(bad_options);
  tear_down_memory();
  return check_done();
}
