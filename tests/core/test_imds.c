/*
 * Credentials and the region from the instance metadata service: token, role, credentials, the way
 * back to version 1, and credentials whose end is near. What sources share is tested in test_iot.c.
 */
#include "provider_setup.h"

#include <ivs/imds.h>

#define SESSION "TheImdsTokenThatMustNotStay=="
#define BODY(code, expiration)                                                            \
  "{\n  \"Code\" : \"" code "\",\n  \"LastUpdated\" : \"" LONG_AGO                        \
  "\",\n  \"Type\" : "                                                                    \
  "\"AWS-HMAC\",\n  \"AccessKeyId\" : \"" KEY_ID "\",\n  \"SecretAccessKey\" : \"" SECRET \
  "\",\n  \"Token\" : \"" TOKEN "\",\n  \"Expiration\" : \"" expiration "\"\n}"

static struct ivs_imds_provider imds;

static const char good_body[] = BODY("Success", HOUR_ON);

static void set_up_with(const char *url, size_t space_n, bool no_v1, uint8_t attempts) {
  fake_start(&fake);
  struct ivs_imds_options options = {.fetch = fetch_over(url, space_n), .no_v1 = no_v1};
  options.fetch.attempts = attempts;
  CHECK_INT(ivs_imds_provider_init(&imds, &options), 0);
}

static void set_up(void) {
  set_up_with(IVS_IMDS_URL, SPACE, false, 0);
}

/* The three answers of a service in order. */
static void answer_all(void) {
  fake_body(&fake, ok_head, SESSION);
  fake_body(&fake, ok_head, "camera+role=1,2.3@x-y_z");
  fake_body(&fake, ok_head, good_body);
}

static int run_imds(void) {
  int r = run(&imds.base);
  CHECK(is_blank(imds.token, sizeof imds.token));
  return r;
}

static int step_region(struct ivs_provider *p, int64_t now) {
  CHECK(p == &imds.base);
  return ivs_imds_region(&imds, now);
}

static int run_region(void) {
  int r = drive(&imds.base, step_region, NOW);
  CHECK(is_blank(imds.token, sizeof imds.token));
  return r;
}

static void asks_three_times(void) {
  static const char asked[] =
      "PUT /latest/api/token HTTP/1.1\r\nhost: 169.254.169.254\r\n"
      "x-aws-ec2-metadata-token-ttl-seconds: 21600\r\nContent-Length: 0\r\n\r\n"
      "GET /latest/meta-data/iam/security-credentials/ HTTP/1.1\r\nhost: 169.254.169.254\r\n"
      "x-aws-ec2-metadata-token: " SESSION
      "\r\n\r\n"
      "GET /latest/meta-data/iam/security-credentials/camera+role=1,2.3@x-y_z HTTP/1.1\r\n"
      "host: 169.254.169.254\r\nx-aws-ec2-metadata-token: " SESSION "\r\n\r\n";
  set_up();
  answer_all();
  CHECK_INT(run_imds(), 0);
  CHECK_MEM(fake.sent, fake.sent_n, asked, strlen(asked));
  CHECK_INT(fake.peer.port, 80);
  check_taken(&imds.base);

  set_up_with(IVS_IMDS_URL_V6, SPACE, true, 0);
  answer_all();
  CHECK_INT(run_imds(), 0);
  CHECK_STR(fake.peer.host, "fd00:ec2::254");
  CHECK(was_sent("\r\nhost: [fd00:ec2::254]\r\n"));
  check_taken(&imds.base);
}

static void any_pieces_give_the_same(void) {
  for (size_t piece = 1; piece < 450; piece += piece < 20 ? 1 : 17) {
    for (int hesitant = 0; hesitant < 2; hesitant++) {
      set_up();
      answer_all();
      fake.recv_piece = fake.send_piece = piece;
      fake.hesitant = hesitant;
      imds.fetch.options.timeout_ms = 100000;
      CHECK_INT(run_imds(), 0);
      check_taken(&imds.base);
    }
  }
}

/* One attempt for each request, unless told otherwise. */
static void nth_failure(void) {
  for (uint8_t attempts = 0; attempts < 3; attempts++) {
    bool untouched = false;
    for (int at = 1; !untouched && at < 1000; at++) {
      set_up_with(IVS_IMDS_URL, SPACE, false, attempts);
      fake.recv_piece = fake.send_piece = 100;
      fake.fail_at = at;
      fake.fail_with = IVS_ERR_NET;
      fake_body(&fake, ok_head, SESSION);
      if (attempts == 2) fake_body(&fake, ok_head, SESSION);
      int r, opened = 0;
      for (int turn = 0; (r = imds.base.fn->step(&imds.base, NOW)) == 1 || r == IVS_AGAIN;) {
        if (!CHECK(++turn < 1000)) break;
        if (r == IVS_AGAIN) fake.now += 100;
        if (fake.opened == opened) continue;
        opened = fake.opened; /* as the next request is for another thing, so is its answer */
        fake.connections[fake.connection].answer = NULL;
        if (imds.stage == 0) fake_body(&fake, ok_head, SESSION);
        else if (imds.stage == 1) fake_body(&fake, ok_head, "camera");
        else fake_body(&fake, ok_head, good_body);
      }
      untouched = fake.io < at;
      CHECK_INT(r, untouched || attempts == 2 ? 0 : IVS_ERR_CREDENTIALS);
      if (r < 0) has_problem(&imds.base, "IMDS: network error: said the fake");
      if (r == 0) check_taken(&imds.base);
      check_clean(&imds.base);
      CHECK(is_blank(imds.token, sizeof imds.token));
    }
    CHECK(untouched);
  }
}

static void cancelled_anywhere(void) {
  bool finished = false;
  for (int steps = 0; !finished && steps < 2000; steps++) {
    set_up();
    answer_all();
    fake.recv_piece = fake.send_piece = 50;
    for (int i = 0; i < steps && !finished; i++)
      finished = imds.base.fn->step(&imds.base, NOW) == 0;
    imds.base.fn->cancel(&imds.base);
    check_clean(&imds.base);
    CHECK(is_blank(imds.token, sizeof imds.token));
    memset(fake.connections, 0, sizeof fake.connections);
    fake.connection = -1;
    answer_all();
    CHECK_INT(run_imds(), 0);
  }
  CHECK(finished);
}

/* Where there is no token to be had, version 1 is asked; unless it is switched off. */
static void version_1(void) {
  static const char *const refusals[] = {"HTTP/1.1 403 Forbidden", "HTTP/1.1 404 Not Found",
                                         "HTTP/1.1 405 Method Not Allowed"};
  static const char *const problems[] = {
      "IMDS: HTTP 403 (no session token, and version 1 is switched off)",
      "IMDS: HTTP 404 (no session token, and version 1 is switched off)",
      "IMDS: HTTP 405 (no session token, and version 1 is switched off)"};
  for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
    set_up();
    fake_body(&fake, refusals[i], "<html>");
    fake_body(&fake, ok_head, "camera\n");
    fake_body(&fake, ok_head, good_body);
    CHECK_INT(run_imds(), 0);
    check_taken(&imds.base);
    CHECK(
        was_sent("GET /latest/meta-data/iam/security-credentials/camera HTTP/1.1\r\nhost: "
                 "169.254.169.254\r\n\r\n"));
    CHECK(!was_sent("metadata-token:"));

    set_up_with(IVS_IMDS_URL, SPACE, true, 0);
    fake_body(&fake, refusals[i], "");
    CHECK_INT(run_imds(), IVS_ERR_CREDENTIALS);
    has_problem(&imds.base, problems[i]);
    CHECK_INT(fake.opened, 1);
  }
}

/* The token's answer does not get through: version 1. Nobody is there: no. */
static void token_that_does_not_come(void) {
  set_up();
  fake.connections[0].answer = "";
  fake_body(&fake, ok_head, "camera");
  fake_body(&fake, ok_head, good_body);
  uint64_t began = fake.now;
  CHECK_INT(run_imds(), 0);
  CHECK_INT(fake.now - began, 1000);
  check_taken(&imds.base);

  set_up_with(IVS_IMDS_URL, SPACE, true, 0);
  fake.connections[0].answer = "";
  CHECK_INT(run_imds(), IVS_ERR_CREDENTIALS);
  has_problem(&imds.base, "IMDS: deadline passed");
  CHECK_INT(fake.opened, 1);

  set_up();
  fake.mute = true; /* not even a connection */
  CHECK_INT(run_imds(), IVS_ERR_CREDENTIALS);
  has_problem(&imds.base, "IMDS: deadline passed");
  CHECK_INT(fake.opened, 1);

  set_up();
  fake.connections[0].answer = "";
  fake_body(&fake, "HTTP/1.1 401 Unauthorized", "");
  CHECK_INT(run_imds(), IVS_ERR_CREDENTIALS);
  has_problem(&imds.base, "IMDS: HTTP 401 (it gave no session token)");
}

static void bad_answers_are_refused(void) {
  static const struct {
    const char *token_head, *token, *role_head, *role, *body, *problem;
  } cases[] = {
      {"HTTP/1.1 400 Bad", "", NULL, NULL, NULL, "IMDS: HTTP 400 (no session token)"},
      {"HTTP/1.1 500 No", "", NULL, NULL, NULL, "IMDS: HTTP 500 (no session token)"},
      {ok_head, "", NULL, NULL, NULL, "IMDS: its session token is malformed"},
      {ok_head, "a b", NULL, NULL, NULL, "IMDS: its session token is malformed"},
      {ok_head, "\r\nX: y", NULL, NULL, NULL, "IMDS: its session token is malformed"},
      {ok_head, "t\x80", NULL, NULL, NULL, "IMDS: its session token is malformed"},
      {ok_head, "t", "HTTP/1.1 404 Not Found", "", NULL,
       "IMDS: HTTP 404 (the instance has no role)"},
      {ok_head, "t", "HTTP/1.1 401 No", "", NULL, "IMDS: HTTP 401"},
      {ok_head, "t", "HTTP/1.1 503 No", "", NULL, "IMDS: HTTP 503"},
      {ok_head, "t", ok_head, "", NULL, "IMDS: the name of the instance's role is malformed"},
      {ok_head, "t", ok_head, "a/../b", NULL, "IMDS: the name of the instance's role is malformed"},
      {ok_head, "t", ok_head, "a?b", NULL, "IMDS: the name of the instance's role is malformed"},
      {ok_head, "t", ok_head, "camera\nother", "{", "IMDS: answer is not JSON"},
      {ok_head, "t", ok_head, "camera", "", "IMDS: answer is not JSON"},
      {ok_head, "t", ok_head, "camera", "{}", "IMDS: its answer lacks: AccessKeyId"},
      {ok_head, "t", ok_head, "camera", "{\"AccessKeyId\":{}}",
       "IMDS: member of the answer has another type than the API says"},
      {ok_head, "t", ok_head, "camera",
       "{\"AccessKeyId\":\"a\",\"SecretAccessKey\":\"b\",\"Expiration\":\"" HOUR_ON "\"}",
       "IMDS: its answer lacks: Token"},
      {ok_head, "t", ok_head, "camera",
       "{\"Code\":\"AssumeRoleUnauthorizedAccess\",\"Message\":\"EC2 cannot assume the role\"}",
       "IMDS: it has no credentials: EC2 cannot assume the role"},
      {ok_head, "t", ok_head, "camera", "{\"Code\":\"Failed\"}",
       "IMDS: it has no credentials: Failed"},
      {ok_head, "t", ok_head, "camera", BODY("Expired", HOUR_ON),
       "IMDS: it has no credentials: Expired"},
      {ok_head, "t", ok_head, "camera", BODY("Success", "never"),
       "IMDS: in its answer is no time: Expiration"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    set_up();
    fake_body(&fake, cases[i].token_head, cases[i].token);
    if (cases[i].role != NULL) fake_body(&fake, cases[i].role_head, cases[i].role);
    if (cases[i].body != NULL) fake_body(&fake, ok_head, cases[i].body);
    CHECK_INT(run_imds(), IVS_ERR_CREDENTIALS);
    if (!has_problem(&imds.base, cases[i].problem)) printf("  case %zu\n", i);
    check_nothing_taken(&imds.base);
    CHECK_INT(fake.opened, 1 + (cases[i].role != NULL) + (cases[i].body != NULL));
  }
}

static void names_that_are_too_long(void) {
  char name[200];
  memset(name, 'n', sizeof name);
  name[IVS_IMDS_TOKEN_MAX + 1] = '\0';
  set_up();
  fake_body(&fake, ok_head, name);
  CHECK_INT(run_imds(), IVS_ERR_CREDENTIALS);
  has_problem(&imds.base, "IMDS: its session token is malformed");
  for (int over = 0; over < 2; over++) {
    name[IVS_IMDS_ROLE_MAX + over] = '\0';
    set_up();
    fake_body(&fake, ok_head, "t");
    fake_body(&fake, ok_head, name);
    fake_body(&fake, ok_head, good_body);
    CHECK_INT(run_imds(), over == 0 ? 0 : IVS_ERR_CREDENTIALS);
    name[IVS_IMDS_ROLE_MAX + over] = 'n';
  }
}

/* Credentials that have ended or are about to: kept in use, with time until the next attempt. */
static void stale_ones_are_used(void) {
  static const struct {
    const char *head, *body;
    int64_t now, expires;
  } cases[] = {
      {ok_head, BODY("Success", LONG_AGO), NOW, NOW + 720 + 10794 % 481},
      {ok_head, BODY("Success", "2026-11-22T09:30:59Z"), NOW, NOW + 720 + 10794 % 481},
      {ok_head, BODY("Success", "2026-11-22T09:31:00Z"), NOW, NOW + 60},
      {ok_head, BODY("Success", "1999-11-22T09:31:00Z"), NOW, NOW + 720 + 10794 % 481},
      {ok_head, BODY("Success", LONG_AGO), IVS_CLOCK_UNKNOWN, NOW - 1},
      {"HTTP/1.1 200 OK\r\nDate: " DATE_NOW, BODY("Success", HOUR_ON), NOW + 86400, NOW + 3600},
      {"HTTP/1.1 200 OK\r\nDate: " DATE_NOW, BODY("Success", LONG_AGO), IVS_CLOCK_UNKNOWN,
       NOW + 720 + 10794 % 481},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    set_up();
    fake_body(&fake, ok_head, SESSION);
    fake_body(&fake, ok_head, "camera");
    fake_body(&fake, cases[i].head, cases[i].body);
    CHECK_INT(run_at(&imds.base, cases[i].now), 0);
    if (!CHECK_INT(imds.base.expires, cases[i].expires)) printf("  case %zu\n", i);
    CHECK_STR(ivs_cstr(imds.base.creds.access_key_id), KEY_ID);
  }
  CHECK_INT(imds.base.due, imds.base.expires - 300);
}

static void workspace_from_nothing(void) {
  size_t least = 0;
  for (size_t n = 0; n <= 1500; n += n < 600 ? 1 : 5) {
    set_up_with(IVS_IMDS_URL, n, false, 0);
    answer_all();
    int r = run_imds();
    if (r == 0 && least == 0) least = n;
    CHECK_INT(r, least == 0 ? IVS_ERR_CREDENTIALS : 0);
    if (r < 0) has_problem(&imds.base, "IMDS: workspace too small");
  }
  CHECK(least > 200 && least < 700);
}

static void region(void) {
  static const struct {
    const char *head, *body, *region; /* NULL: refused */
  } cases[] = {
      {ok_head, "eu-west-1", "eu-west-1"},
      {ok_head, "us-gov-west-1\n", "us-gov-west-1"},
      {ok_head, "EU", NULL},
      {ok_head, "", NULL},
      {ok_head, "eu west", NULL},
      {ok_head, "eu-west-1/..", NULL},
      {"HTTP/1.1 404 Not Found", "", NULL},
      {ok_head, "a-region-name-that-is-far-too-long-1", NULL},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    set_up();
    fake_body(&fake, ok_head, SESSION);
    fake_body(&fake, cases[i].head, cases[i].body);
    CHECK_INT(run_region(), cases[i].region != NULL ? 0 : IVS_ERR_CREDENTIALS);
    CHECK_STR(ivs_cstr(imds.region), cases[i].region != NULL ? cases[i].region : "");
    CHECK(
        was_sent("GET /latest/meta-data/placement/region HTTP/1.1\r\nhost: 169.254.169.254\r\n"
                 "x-aws-ec2-metadata-token: " SESSION "\r\n\r\n"));
    check_nothing_taken(&imds.base);
  }
}

/* Region and credentials by turns; the one that is asked for now counts. */
static void region_and_credentials(void) {
  set_up();
  fake_body(&fake, ok_head, SESSION);
  fake_body(&fake, ok_head, "eu-west-1");
  answer_all();
  CHECK_INT(run_region(), 0);
  CHECK_INT(run_imds(), 0);
  check_taken(&imds.base);
  CHECK_STR(ivs_cstr(imds.region), "eu-west-1");

  set_up();
  fake_body(&fake, ok_head, SESSION);
  fake_body(&fake, ok_head, SESSION);
  fake_body(&fake, ok_head, "eu-west-1");
  for (int i = 0; i < 3; i++) CHECK_INT(imds.base.fn->step(&imds.base, NOW), 1);
  CHECK_INT(run_region(), 0);
  CHECK_INT(fake.opened, 3);
  CHECK_STR(ivs_cstr(imds.region), "eu-west-1");
}

/* Without entropy they are asked for again after the shortest time. */
static void stale_ones_without_entropy(void) {
  set_up();
  fake.no_entropy = true;
  fake_body(&fake, ok_head, SESSION);
  fake_body(&fake, ok_head, "camera");
  fake_body(&fake, ok_head, BODY("Success", LONG_AGO));
  CHECK_INT(run_imds(), 0);
  CHECK_INT(imds.base.expires, NOW + 12 * 60);
}

int main(void) {
  set_up_memory();
  RUN(asks_three_times);
  RUN(any_pieces_give_the_same);
  RUN(nth_failure);
  RUN(cancelled_anywhere);
  RUN(version_1);
  RUN(token_that_does_not_come);
  RUN(bad_answers_are_refused);
  RUN(names_that_are_too_long);
  RUN(stale_ones_are_used);
  RUN(stale_ones_without_entropy);
  RUN(workspace_from_nothing);
  RUN(region);
  RUN(region_and_credentials);
  tear_down_memory();
  return check_done();
}
