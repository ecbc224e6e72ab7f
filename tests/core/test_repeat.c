/* Calls of several attempts: what is repeated, after what delay, and what is not. */
#include "client_setup.h"

#define CLOSE "\r\nConnection: close"
#define THROTTLED "HTTP/1.1 429 Too Many Requests\r\nx-amzn-ErrorType: ThrottlingException" CLOSE
#define DOWN "HTTP/1.1 503 Down\r\nx-amzn-ErrorType: ServiceUnavailable" CLOSE
#define GATEWAY "HTTP/1.1 502 Bad Gateway" CLOSE

/* Entropy is 42 in every byte: this part of the longest delay. */
static uint64_t part_of(uint64_t longest) {
  return longest * 0x2A2A2A2Au >> 32;
}

static void answer_times(int n, const char *head) {
  while (n-- > 0) fake_body(&fake, head, "{}");
}

static int create_channel(void) {
  struct ivs_create_channel_in in = {.name = IVS_STR("lobby")};
  struct ivs_create_channel_out out;
  return ivs_create_channel(&client, &in, &out);
}

static void refused_twice_then_done(void) {
  static const struct {
    const char *head;
    uint64_t base;
  } rows[] = {{THROTTLED, 1000}, {DOWN, 50}, {GATEWAY, 50}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct ivs_get_channel_out out;
    set_up_attempts(3);
    answer_times(2, rows[i].head);
    fake_body(&fake, ok_head, channel_body);
    uint64_t began = fake.now;
    CHECK_INT(get_channel(&out), 0);
    check_channel(&out);
    CHECK_INT(fake.now - began, part_of(rows[i].base) + part_of(2 * rows[i].base));
    CHECK_INT(ivs_client_counters(&client)->requests, 3);
    CHECK_INT(ivs_client_counters(&client)->retries, 2);
    CHECK_INT(ivs_client_counters(&client)->calls, 1);
    CHECK_INT(ivs_last(&client)->err, 0);
    CHECK(ivs_last(&client)->code[0] == '\0');
    tear_down();
  }
}

static void last_attempt_decides(void) {
  struct ivs_get_channel_out out;
  set_up_attempts(3);
  answer_times(2, THROTTLED);
  fake_body(&fake, DOWN "\r\nx-amzn-RequestId: the-third", "{\"message\": \"later\"}");
  CHECK_INT(get_channel(&out), IVS_ERR_SERVICE);
  CHECK_STR(ivs_cstr(ivs_last(&client)->code), "ServiceUnavailable");
  CHECK_STR(ivs_cstr(ivs_last(&client)->message), "later");
  CHECK_STR(ivs_cstr(ivs_last(&client)->request_id), "the-third");
  CHECK_INT(ivs_client_counters(&client)->requests, 3);
  tear_down();
}

static void delay_that_was_asked_for(void) {
  static const struct {
    const char *head;
    uint64_t delay;
  } rows[] = {
      {DOWN "\r\nRetry-After: 2", 2000},
      {DOWN "\r\nRetry-After: 0", 8},
      {DOWN "\r\nRetry-After: Sun, 22 Nov 2026 09:31:00 GMT", 8},
      {DOWN "\r\nx-amz-retry-after: 1234", 1234},
      {DOWN "\r\nx-amz-retry-after: 99999999999999", 5008},
      {DOWN "\r\nx-amz-retry-after: -5", 8},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct ivs_get_channel_out out;
    set_up_attempts(3);
    answer_times(1, rows[i].head);
    fake_body(&fake, ok_head, channel_body);
    uint64_t began = fake.now;
    CHECK_INT(get_channel(&out), 0);
    CHECK_INT(fake.now - began, rows[i].delay);
    tear_down();
  }
}

/* A delay of one attempt says nothing about the next. */
static void delay_is_forgotten(void) {
  struct ivs_get_channel_out out;
  set_up_attempts(3);
  answer_times(1, DOWN "\r\nRetry-After: 3");
  answer_times(1, DOWN);
  fake_body(&fake, ok_head, channel_body);
  uint64_t began = fake.now;
  CHECK_INT(get_channel(&out), 0);
  CHECK_INT(fake.now - began, 3000 + part_of(100));
  tear_down();
}

static void no_time_for_another(void) {
  struct ivs_get_channel_out out;
  set_up_attempts(3);
  answer_times(1, DOWN "\r\nRetry-After: 60");
  uint64_t began = fake.now;
  CHECK_INT(get_channel(&out), IVS_ERR_SERVICE);
  CHECK_STR(ivs_cstr(ivs_last(&client)->code), "ServiceUnavailable");
  CHECK_INT(fake.now, began);
  tear_down();
}

/* 500 tokens pay for 35 repetitions after failures. What succeeds pays back. */
static void repetitions_are_paid_for(void) {
  struct ivs_get_channel_out out;
  set_up_attempts(3);
  answer_times(FAKE_CONNECTIONS, DOWN);
  for (int i = 0; i < 20; i++) CHECK_INT(get_channel(&out), IVS_ERR_SERVICE);
  CHECK_INT(ivs_client_counters(&client)->retries, 35);
  CHECK_INT(ivs_client_counters(&client)->requests, 55);
  fake_start(&fake);
  fake_body(&fake, ok_head, channel_body);
  for (int i = 0; i < 3; i++) CHECK_INT(get_channel(&out), 0);
  CHECK_INT(client.tokens, 500 - 35 * 14 + 3);
  ivs_close(&client);
  set_up_attempts(3);
  answer_times(1, DOWN);
  fake_body(&fake, ok_head, channel_body);
  CHECK_INT(get_channel(&out), 0);
  CHECK_INT(client.tokens, 500);
  tear_down();
}

/* A service that refused a create did nothing; a gateway that failed, or silence, says nothing. */
static void create_is_not_done_twice(void) {
  set_up_attempts(3);
  answer_times(2, DOWN);
  fake_body(&fake, ok_head, channel_body);
  CHECK_INT(create_channel(), 0);
  CHECK_INT(ivs_client_counters(&client)->requests, 3);
  tear_down();

  set_up_attempts(3);
  answer_times(FAKE_CONNECTIONS, GATEWAY);
  CHECK_INT(create_channel(), IVS_ERR_UNSURE);
  CHECK_INT(ivs_last(&client)->cause, IVS_ERR_SERVICE);
  CHECK_INT(ivs_last(&client)->status, 502);
  CHECK_INT(ivs_client_counters(&client)->requests, 1);
  tear_down();

  set_up_attempts(3);
  fake_body(&fake, ok_head, "{\"channel\": {\"arn\": ");
  CHECK_INT(create_channel(), IVS_ERR_UNSURE);
  CHECK_INT(ivs_last(&client)->cause, IVS_ERR_JSON);
  CHECK_INT(ivs_client_counters(&client)->requests, 1);
  tear_down();

  set_up_attempts(3);
  fake_answer(&fake, "HTTP/1.1 2");
  fake.connections[0].after = IVS_ERR_NET;
  CHECK_INT(create_channel(), IVS_ERR_UNSURE);
  CHECK_INT(ivs_last(&client)->cause, IVS_ERR_NET);
  CHECK_INT(ivs_client_counters(&client)->requests, 1);
  tear_down();
}

static void metadata_by_choice(void) {
  static const struct ivs_put_metadata_in in = {.channel_arn = IVS_STR_INIT(ARN),
                                                .metadata = IVS_STR_INIT("cue")};
  for (int once = 0; once < 2; once++) {
    set_up_attempts(3);
    client.options.cue_once = once;
    fake_answer(&fake, "HTTP/1.1 2");
    fake.connections[0].after = IVS_ERR_NET;
    fake_answer(&fake, gone_answer);
    CHECK_INT(ivs_call(&client, IVS_OP_PUT_METADATA, &in, NULL), once ? IVS_ERR_UNSURE : 0);
    CHECK_INT(ivs_client_counters(&client)->requests, once ? 1 : 2);
    tear_down();
  }
}

/* One failure anywhere costs the caller of a read nothing but time. */
static void nth_failure_is_survived(void) {
  struct ivs_get_channel_out out;
  for (int n = 1;; n++) {
    set_up_attempts(3);
    fake_body(&fake, ok_head, channel_body);
    fake_body(&fake, ok_head, channel_body);
    fake.recv_piece = fake.send_piece = 50;
    fake.fail_at = n;
    fake.fail_with = IVS_ERR_NET;
    CHECK_INT(get_channel(&out), 0);
    check_channel(&out);
    bool met = fake.io >= n;
    CHECK_INT(ivs_client_counters(&client)->retries, met ? 1 : 0);
    tear_down();
    if (!met) break;
  }
}

static void trust_is_not_tried_again(void) {
  static const int errors[] = {IVS_ERR_TLS_TRUST, IVS_ERR_TLS_NAME, IVS_ERR_TLS_DATE,
                               IVS_ERR_PROXY};
  for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
    struct ivs_get_channel_out out;
    set_up_attempts(3);
    fake.fail_at = 2;
    fake.fail_with = errors[i];
    CHECK_INT(get_channel(&out), errors[i]);
    CHECK_INT(fake.opened, 1);
    tear_down();
  }
}

/* The workspace may be replaced while a call waits, and cancelling then ends it. */
static void waiting_is_a_state_as_any(void) {
  static const struct ivs_get_channel_in in = {.arn = IVS_STR_INIT(ARN)};
  static char other[8192];
  struct ivs_get_channel_out out;
  struct ivs_wait w;
  for (int cancelled = 0; cancelled < 2; cancelled++) {
    set_up_attempts(3);
    answer_times(1, THROTTLED);
    fake_body(&fake, ok_head, channel_body);
    CHECK_INT(ivs_start(&client, IVS_OP_GET_CHANNEL, &in, &out), 0);
    while (ivs_step(&client, &w) == 1 && w.until <= fake.now + part_of(1000)) {
      if (w.events == 0 && w.until > fake.now) break;
    }
    CHECK_INT(w.events, 0);
    CHECK_INT(w.handle, -1);
    CHECK_INT(w.until, fake.now + part_of(1000));
    CHECK_INT(ivs_step(&client, &w), 1);
    CHECK_INT(ivs_client_counters(&client)->requests, 1);
    CHECK_INT(ivs_workspace(&client, other, sizeof other), 0);
    if (cancelled) ivs_cancel(&client);
    else CHECK_INT(ivs_finish(&client), 0);
    if (!cancelled) check_channel(&out);
    if (cancelled) CHECK_INT(ivs_step(&client, &w), IVS_ERR_STATE);
    tear_down();
  }
}

/* A kept connection that dies is replaced once in a call; a second time is an attempt's failure. */
static void dead_twice_in_one_call(void) {
  struct ivs_get_channel_out out;
  set_up_attempts(3);
  fake_body(&fake, ok_head, channel_body);
  fake_body(&fake, "HTTP/1.1 503 Down\r\nx-amzn-ErrorType: ServiceUnavailable", "{}");
  fake_body(&fake, ok_head, channel_body);
  CHECK_INT(get_channel(&out), 0);
  fake.connections[0].dead = DEAD_AT_SEND;
  fake.connections[1].dead = DEAD_AT_SEND;
  CHECK_INT(get_channel(&out), 0);
  check_channel(&out);
  CHECK_INT(fake.opened, 3);
  CHECK_INT(ivs_client_counters(&client)->retries, 2);
  tear_down();
}

/* A kept connection that breaks in the middle of an answer was alive: that is a failure as any. */
static void broken_in_the_middle_of_an_answer(void) {
  static const struct ivs_get_channel_in in = {.arn = IVS_STR_INIT(ARN)};
  struct ivs_get_channel_out out;
  struct ivs_wait w;
  set_up_attempts(1);
  fake_body(&fake, ok_head, channel_body);
  CHECK_INT(get_channel(&out), 0);
  fake.hesitant = true;
  CHECK_INT(ivs_start(&client, IVS_OP_GET_CHANNEL, &in, &out), 0);
  int r = 1;
  while (r == 1 && ivs_client_counters(&client)->requests < 2) r = ivs_step(&client, &w);
  fake.connections[0].answer = "HTTP/1.1 200 O";
  fake.connections[0].after = IVS_ERR_NET;
  while (r == 1) {
    fake.port.fn->wait(&fake.port, &w);
    r = ivs_step(&client, &w);
  }
  CHECK_INT(r, IVS_ERR_NET);
  CHECK_INT(fake.opened, 1);
  tear_down();
}

int main(void) {
  RUN(refused_twice_then_done);
  RUN(last_attempt_decides);
  RUN(delay_that_was_asked_for);
  RUN(delay_is_forgotten);
  RUN(no_time_for_another);
  RUN(repetitions_are_paid_for);
  RUN(create_is_not_done_twice);
  RUN(metadata_by_choice);
  RUN(nth_failure_is_survived);
  RUN(trust_is_not_tried_again);
  RUN(dead_twice_in_one_call);
  RUN(broken_in_the_middle_of_an_answer);
  RUN(waiting_is_a_state_as_any);
  return check_done();
}
