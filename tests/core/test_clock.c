/* The client's clock: learned from refusals, set, and taken from the service. */
#include "client_setup.h"

#define SKEWED "HTTP/1.1 403 Forbidden\r\nConnection: close\r\nx-amzn-ErrorType: "
#define HERE 1795339800 /* what the fake's clock says: 2026-11-22T09:30:00Z */
#define HOUR_LATER "\r\nDate: Sun, 22 Nov 2026 10:30:00 GMT"

static int call(void) {
  struct ivs_get_channel_out out;
  return get_channel(&out);
}

static void refusal_teaches(void) {
  static const char *const codes[] = {"AccessDeniedException", "AuthFailure",
                                      "InvalidSignatureException", "SignatureDoesNotMatch",
                                      "RequestTimeTooSkewed"};
  for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
    char head[256];
    set_up_attempts(3);
    snprintf(head, sizeof head, SKEWED "%s" HOUR_LATER, codes[i]);
    fake_body(&fake, head, "{}");
    fake_body(&fake, ok_head, channel_body);
    uint64_t began = fake.now;
    CHECK_INT(call(), 0);
    CHECK_INT(fake.now, began);
    CHECK(was_sent("x-amz-date: 20261122T093000Z"));
    CHECK(was_sent("x-amz-date: 20261122T103000Z"));
    CHECK_INT(ivs_clock_now(&client), HERE + 3600);
    CHECK_INT(ivs_clock_offset(&client), 3600000);
    CHECK_INT(fake.judged_by[0], HERE);
    CHECK_INT(fake.judged_by[1], HERE + 3600);
    CHECK_INT(ivs_client_counters(&client)->retries, 1);
    tear_down();
  }
}

/* What the answer says cannot be trusted, or is not the reason. */
static void refusal_teaches_nothing(void) {
  static const char *const heads[] = {
      SKEWED "RequestTimeTooSkewed",
      SKEWED "RequestTimeTooSkewed" HOUR_LATER "\r\nAge: 3",
      SKEWED "RequestTimeTooSkewed\r\nDate: Sun, 22 Nov 2026 09:33:59 GMT",
      SKEWED "RequestTimeTooSkewed\r\nDate: Sun, 22 Nov 2026 09:26:01 GMT",
      SKEWED "RequestTimeTooSkewed\r\nDate: tomorrow",
      "HTTP/1.1 403 Forbidden\r\nx-amzn-ErrorType: RequestTimeTooSkewed\r\nAge: 0" HOUR_LATER,
      SKEWED "ValidationException" HOUR_LATER,
      SKEWED "ResourceNotFoundException" HOUR_LATER,
  };
  for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
    set_up_attempts(3);
    fake_body(&fake, heads[i], "{}");
    CHECK_INT(call(), IVS_ERR_SERVICE);
    CHECK_INT(ivs_client_counters(&client)->requests, 1);
    CHECK_INT(ivs_clock_offset(&client), 0);
    tear_down();
  }
}

/* Half a request was refused: how long ago the one before it left says nothing. */
static void early_refusal(void) {
  set_up_attempts(1);
  fake_body(&fake, SKEWED "AccessDeniedException\r\nDate: Sun, 22 Nov 2026 09:30:00 GMT", "{}");
  fake.now = 600000;
  fake.send_piece = 100;
  fake.send_fails_after = 100;
  CHECK_INT(call(), IVS_ERR_SERVICE);
  CHECK_INT(ivs_clock_offset(&client), 0);
  tear_down();
}

static void four_minutes_count(void) {
  static const char *const heads[] = {
      SKEWED "RequestTimeTooSkewed\r\nDate: Sun, 22 Nov 2026 09:34:00 GMT",
      SKEWED "RequestTimeTooSkewed\r\nDate: Sun, 22 Nov 2026 09:26:00 GMT"};
  for (int i = 0; i < 2; i++) {
    set_up_attempts(3);
    fake_body(&fake, heads[i], "{}");
    fake_body(&fake, ok_head, channel_body);
    CHECK_INT(call(), 0);
    CHECK_INT(ivs_clock_offset(&client), i == 0 ? 240000 : -240000);
    tear_down();
  }
}

/* A service that goes on refusing is not asked for ever: the clock is right by its own account. */
static void refused_all_the_same(void) {
  set_up_attempts(10);
  for (int i = 0; i < 4; i++) fake_body(&fake, SKEWED "AccessDeniedException" HOUR_LATER, "{}");
  CHECK_INT(call(), IVS_ERR_SERVICE);
  CHECK_INT(ivs_client_counters(&client)->requests, 2);
  CHECK_INT(ivs_clock_offset(&client), 3600000);
  tear_down();
}

static void by_choice(void) {
  set_up_attempts(3);
  client.options.keep_clock = true;
  fake_body(&fake, SKEWED "RequestTimeTooSkewed" HOUR_LATER, "{}");
  CHECK_INT(call(), IVS_ERR_SERVICE);
  CHECK_INT(ivs_clock_offset(&client), 0);
  tear_down();
  /* Of a single attempt the next call has the benefit. */
  set_up_attempts(1);
  fake_body(&fake, SKEWED "RequestTimeTooSkewed" HOUR_LATER, "{}");
  fake_body(&fake, ok_head, channel_body);
  CHECK_INT(call(), IVS_ERR_SERVICE);
  CHECK_INT(call(), 0);
  CHECK(was_sent("x-amz-date: 20261122T103000Z"));
  tear_down();
}

/* The answer's date is that of the middle between request and answer. */
static void slow_answer(void) {
  static const struct ivs_get_channel_in in = {.arn = IVS_STR_INIT(ARN)};
  struct ivs_get_channel_out out;
  struct ivs_wait w;
  set_up_attempts(2);
  fake_body(&fake, SKEWED "RequestTimeTooSkewed" HOUR_LATER, "{}");
  fake_body(&fake, ok_head, channel_body);
  CHECK_INT(ivs_start(&client, IVS_OP_GET_CHANNEL, &in, &out), 0);
  fake.hesitant = true;
  while (ivs_client_counters(&client)->requests == 0 && ivs_step(&client, &w) == 1) fake.now++;
  fake.now += 20000;
  fake.clock_ms += 20000;
  CHECK_INT(ivs_finish(&client), 0);
  CHECK(ivs_clock_offset(&client) >= 3590000 - 20 && ivs_clock_offset(&client) <= 3590000 + 20);
  tear_down();
}

/* Where so long has passed between a request and its refusal, the middle of it says little. */
static void very_late_answer(void) {
  struct ivs_get_channel_out out;
  static const struct ivs_get_channel_in in = {.arn = IVS_STR_INIT("arn:aws:ivs:x")};
  struct ivs_wait w;
  set_up_attempts(3);
  client.options.call_ms = 3600 * 1000;
  fake_body(&fake, SKEWED "RequestTimeTooSkewed" HOUR_LATER, "{}");
  fake.recv_piece = 1;
  CHECK_INT(ivs_start(&client, IVS_OP_GET_CHANNEL, &in, &out), 0);
  while (!client.exchange.answered) CHECK_INT(ivs_step(&client, &w), 1);
  fake.now += 15 * 60 * 1000 + 1;
  int r;
  while ((r = ivs_step(&client, &w)) == 1) fake.port.fn->wait(&fake.port, &w);
  CHECK_INT(r, IVS_ERR_SERVICE);
  CHECK_INT(ivs_clock_offset(&client), 0);
  tear_down();
}

/* What teaches nothing is no lesson. */
static void very_late_lesson(void) {
  struct ivs_wait w;
  set_up();
  client.options.call_ms = 3600 * 1000;
  fake_body(&fake, "HTTP/1.1 403 Forbidden" HOUR_LATER, "{}");
  fake.recv_piece = 1;
  do CHECK_INT(ivs_clock_learn_step(&client, &w), 1);
  while (!client.exchange.answered);
  fake.now += 15 * 60 * 1000 + 1;
  CHECK_INT(ivs_clock_learn(&client), IVS_ERR_CLOCK);
  CHECK_INT(ivs_clock_offset(&client), 0);
  tear_down();
}

static void set_and_read(void) {
  set_up();
  CHECK_INT(ivs_clock_set(&client, 1000000000), 0);
  CHECK_INT(ivs_clock_now(&client), 1000000000);
  fake.clock_ms += 5000;
  CHECK_INT(ivs_clock_now(&client), 1000000005);
  CHECK_INT(ivs_clock_offset(&client), (1000000000 - (int64_t)HERE) * 1000);
  fake_body(&fake, ok_head, channel_body);
  CHECK_INT(call(), 0);
  CHECK(was_sent("x-amz-date: 20010909T014645Z"));
  tear_down();
}

/* Beyond the years that a signature can have, nothing is changed. */
static void set_to_no_date(void) {
  static const int64_t none[] = {INT64_MIN,    INT64_MIN / 10, -62135596801,
                                 253402300800, INT64_MAX / 10, INT64_MAX};
  set_up();
  for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
    CHECK_INT(ivs_clock_set(&client, none[i]), IVS_ERR_CLOCK);
    CHECK_INT(ivs_clock_offset(&client), 0);
  }
  CHECK_INT(ivs_clock_set(&client, -62135596800), 0);
  CHECK_INT(ivs_clock_now(&client), -62135596800);
  CHECK_INT(ivs_clock_set(&client, 253402300799), 0);
  CHECK_INT(ivs_clock_now(&client), 253402300799);
  tear_down();
}

static void taken_from_the_service(void) {
  static const char *const heads[] = {
      "HTTP/1.1 403 Forbidden" HOUR_LATER, "HTTP/1.1 404 Not Found" HOUR_LATER,
      "HTTP/1.1 200 OK" HOUR_LATER, "HTTP/1.1 301 Moved\r\nLocation: /x" HOUR_LATER};
  for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
    set_up();
    fake.clock_ms = 0;
    fake_body(&fake, heads[i], "{\"message\": \"Missing Authentication Token\"}");
    fake_body(&fake, heads[i], "{}");
    CHECK_INT(ivs_clock_learn(&client), 0);
    CHECK_INT(ivs_clock_now(&client), HERE + 3600);
    CHECK_INT(fake.opened, 2);
    CHECK(fake.judged_by[0] == IVS_CLOCK_UNKNOWN);
    CHECK_INT(fake.judged_by[1], HERE + 3600);
    CHECK(!was_sent("uthorization"));
    CHECK(!was_sent(TOKEN));
    CHECK(!was_sent("AKID"));
    CHECK_INT(ivs_last(&client)->err, 0);
    tear_down();
  }
}

/* The second connection is kept for the first call. */
static void first_call_after_it(void) {
  set_up();
  fake.clock_ms = 0;
  fake_body(&fake, ok_head, channel_body);
  fake_body(&fake, ok_head, channel_body);
  CHECK_INT(ivs_clock_learn(&client), 0);
  CHECK_INT(call(), 0);
  CHECK_INT(fake.opened, 2);
  CHECK_INT(ivs_client_counters(&client)->reused, 1);
  tear_down();
}

static void cannot_be_taken(void) {
  static const char *const heads[] = {"HTTP/1.1 403 Forbidden",
                                      "HTTP/1.1 403 Forbidden\r\nDate: now",
                                      ("HTTP/1.1 403 Forbidden\r\nAge: 1" HOUR_LATER)};
  for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
    set_up();
    fake_body(&fake, heads[i], "{}");
    CHECK_INT(ivs_clock_learn(&client), IVS_ERR_CLOCK);
    CHECK_INT(ivs_last(&client)->err, IVS_ERR_CLOCK);
    CHECK_INT(ivs_last(&client)->status, 403);
    CHECK_INT(ivs_clock_offset(&client), 0);
    tear_down();
  }
}

/* Half a request was refused: there is no round trip to judge the date by. */
static void answer_to_half_a_request(void) {
  set_up();
  fake.send_piece = 10;
  fake.send_fails_after = 20;
  for (int i = 0; i < 2; i++) fake_body(&fake, "HTTP/1.1 400 Bad Request" HOUR_LATER, "{}");
  CHECK_INT(ivs_clock_learn(&client), IVS_ERR_CLOCK);
  CHECK_INT(ivs_clock_offset(&client), 0);
  tear_down();
}

/* What is said of a failure is of no answer before. */
static void failure_of_its_own(void) {
  set_up();
  fake_body(&fake, ok_head, channel_body);
  CHECK_INT(call(), 0);
  CHECK_INT(ivs_workspace(&client, space, 10), 0);
  CHECK_INT(ivs_clock_learn(&client), IVS_ERR_SPACE);
  CHECK(ivs_last(&client)->need > 10);
  CHECK_INT(ivs_last(&client)->status, 0);
  tear_down();

  set_up();
  fake_body(&fake, "HTTP/1.1 403 Forbidden\r\nx-amzn-ErrorType: X" HOUR_LATER, "{}");
  fake.fail_at = 5; /* the second connection is opened */
  fake.fail_with = IVS_ERR_TLS_DATE;
  CHECK_INT(ivs_clock_learn(&client), IVS_ERR_TLS_DATE);
  CHECK_INT(fake.opened, 2);
  CHECK_STR(ivs_cstr(ivs_last(&client)->code), "");
  CHECK_INT(ivs_last(&client)->status, 0);
  tear_down();
}

/* Whatever fails, the clock is as before, nothing stays open, and the next call works. */
static void nth_failure(void) {
  int failures = 0;
  for (int n = 1;; n++) {
    set_up();
    ivs_clock_set(&client, 777);
    int64_t before = ivs_clock_offset(&client);
    fake_body(&fake, "HTTP/1.1 403 Forbidden" HOUR_LATER, "{}");
    fake_body(&fake, "HTTP/1.1 403 Forbidden" HOUR_LATER, "{}");
    fake.recv_piece = fake.send_piece = 40;
    fake.fail_at = n;
    fake.fail_with = IVS_ERR_TLS_DATE;
    int r = ivs_clock_learn(&client);
    if (r == IVS_ERR_TLS_DATE) {
      CHECK_INT(ivs_last(&client)->layer, IVS_LAYER_TLS);
      CHECK_STR(ivs_cstr(ivs_last(&client)->message), "said the fake");
    }
    if (r != 0) {
      CHECK(r == IVS_ERR_TLS_DATE ||
            r == IVS_ERR_CLOCK); /* the answer to half a request was read */
      CHECK_INT(ivs_clock_offset(&client), before);
      CHECK_INT(fake.opened, fake.closed);
      failures++;
    } else {
      CHECK_INT(ivs_clock_now(&client), HERE + 3600);
    }
    bool met = fake.io >= n;
    ivs_close(&client);
    if (!met) break;
  }
  CHECK(failures > 10);
}

/* A time that was not confirmed by the second exchange does not count. */
static void cancelled_anywhere(void) {
  bool done = false;
  for (int steps = 1; !done; steps++) {
    struct ivs_wait w;
    int r = 1;
    set_up();
    for (int i = 0; i < 2; i++) fake_body(&fake, "HTTP/1.1 403 Forbidden" HOUR_LATER, "{}");
    for (int i = 0; i < steps && r == 1; i++) r = ivs_clock_learn_step(&client, &w);
    ivs_cancel(&client);
    done = r == 0;
    CHECK_INT(ivs_clock_offset(&client), done ? 3600000 : 0);
    tear_down();
  }
}

static void any_workspace(void) {
  bool done = false;
  for (size_t n = 0; n < 1024 && !done; n++) {
    set_up();
    ivs_workspace(&client, space, n);
    fake_body(&fake, "HTTP/1.1 403 Forbidden" HOUR_LATER, "{}");
    fake_body(&fake, "HTTP/1.1 403 Forbidden" HOUR_LATER, "{}");
    int r = ivs_clock_learn(&client);
    CHECK(r == 0 || r == IVS_ERR_SPACE);
    done = r == 0;
    if (!done) {
      CHECK(ivs_last(&client)->need > n);
      ivs_workspace(&client, space, ivs_last(&client)->need);
      CHECK_INT(ivs_clock_learn(&client), 0);
    }
    tear_down();
  }
  CHECK(done);
}

/* The date has come; how much comes behind it is of no interest. */
static void answer_of_any_length(void) {
  static char page[20000];
  memset(page, 'x', sizeof page - 1);
  set_up();
  ivs_workspace(&client, space, 512);
  fake_body(&fake, "HTTP/1.1 200 OK" HOUR_LATER, page);
  fake_body(&fake, "HTTP/1.1 200 OK" HOUR_LATER, page);
  CHECK_INT(ivs_clock_learn(&client), 0);
  CHECK_INT(ivs_clock_now(&client), HERE + 3600);
  tear_down();
}

static void in_turn_with_calls(void) {
  static const struct ivs_get_channel_in in = {.arn = IVS_STR_INIT(ARN)};
  struct ivs_get_channel_out out;
  struct ivs_wait w;
  set_up();
  fake.mute = true;
  CHECK_INT(ivs_clock_learn_step(&client, &w), 1);
  CHECK_INT(ivs_step(&client, &w), IVS_ERR_STATE);
  CHECK_INT(ivs_start(&client, IVS_OP_GET_CHANNEL, &in, &out), IVS_ERR_STATE);
  ivs_cancel(&client);
  CHECK_INT(ivs_last(&client)->err, IVS_ERR_CANCELLED);
  CHECK_INT(fake.opened, fake.closed);
  CHECK_INT(ivs_start(&client, IVS_OP_GET_CHANNEL, &in, &out), 0);
  CHECK_INT(ivs_clock_learn_step(&client, &w), IVS_ERR_STATE);
  ivs_cancel(&client);
  CHECK_INT(ivs_clock_learn(&client), IVS_ERR_TIMEOUT);
  tear_down();
}

int main(void) {
  RUN(refusal_teaches);
  RUN(refusal_teaches_nothing);
  RUN(early_refusal);
  RUN(four_minutes_count);
  RUN(refused_all_the_same);
  RUN(by_choice);
  RUN(slow_answer);
  RUN(very_late_answer);
  RUN(very_late_lesson);
  RUN(set_and_read);
  RUN(set_to_no_date);
  RUN(taken_from_the_service);
  RUN(first_call_after_it);
  RUN(cannot_be_taken);
  RUN(answer_to_half_a_request);
  RUN(failure_of_its_own);
  RUN(nth_failure);
  RUN(cancelled_anywhere);
  RUN(any_workspace);
  RUN(answer_of_any_length);
  RUN(in_turn_with_calls);
  return check_done();
}
