/*
 * The metadata queue and its calls: the pace, each way in which a call can end, and the queue's own
 * end. The client that it shares with the program is in test_metadata_shared.c.
 */
#include "metadata_setup.h"

static const uint64_t LONG = 10000000;

/* Ticks between an arrival and the one before. */
static uint64_t gap(size_t i) {
  return service.arrived[i] - service.arrived[i - 1];
}

/* --- the pace --- */

static void five_a_second(void) {
  struct ivs_wait w;
  for (uint64_t way = 0; way <= 1000; way += 50) {
    set_up_service();
    service.way = way;
    queue_options.separate = true;
    set_up_queue();
    for (int i = 0; i < 100; i++) CHECK_INT(push("x", NULL, 0), 0);
    uint64_t start = fake.now;
    while (step_once(&w) != 0) fake.port.fn->wait(&fake.port, &w);
    CHECK_INT(service.arrivals, 100);
    check_rate(5);
    uint64_t round = IVS_PACER_WINDOW_MS + 2 * way;
    CHECK(fake.now - start <= 20 * (round > 5 * 2 * way ? round : 5 * 2 * way));
    done();
  }
}

static void rate_of_the_program(void) {
  set_up_service();
  queue_options.separate = true;
  queue_options.rate = 2;
  set_up_queue();
  for (int i = 0; i < 20; i++) CHECK_INT(push("x", NULL, 0), 0);
  CHECK_INT(run_until(LONG), 0);
  check_rate(2);
  CHECK(fake.now < 1000 + 11000);
  done();
}

/* Two channels on one client, and a rate that the account gives both. */
static void rate_of_the_account(void) {
  static char buffer[4096];
  struct ivs_pacer account;
  struct ivs_wait w, w2;
  ivs_metadata_queue second;
  ivs_pacer_init(&account, 5, NULL);
  set_up_service();
  service.way = 7;
  queue_options.separate = true;
  queue_options.account = &account;
  set_up_queue();
  queue_options.channel_arn = IVS_STR(ARN "2");
  CHECK_INT(ivs_metadata_init(&second, &queue_options, buffer, sizeof buffer), 0);
  struct ivs_metadata_item item = {.text = IVS_STR("y")};
  for (int i = 0; i < 30; i++) {
    CHECK_INT(push("x", NULL, 0), 0);
    CHECK_INT(ivs_metadata_push(&second, &item), 0);
  }
  int busy = 0, r, r2;
  do {
    r = step_once(&w);
    r2 = ivs_metadata_step(&second, &w2);
    check_sum(&second);
    CHECK(!(r == IVS_METADATA_CALLS && r2 == IVS_METADATA_CALLS));
    busy += r == IVS_METADATA_BUSY || r2 == IVS_METADATA_BUSY;
    if (r > 0 && (r2 == 0 || w.until < w2.until)) w2 = w;
    fake.port.fn->wait(&fake.port, &w2);
  } while (r != 0 || r2 != 0);
  CHECK_INT(queue.counters.sent, 30);
  CHECK_INT(second.counters.sent, 30);
  CHECK_INT(service.arrivals, 60);
  check_rate(5);
  CHECK(fake.now < 1000 + 14000);
  (void)busy;
  done();
}

/* A queue that finds the other's call in its way leaves the client as it was. */
static void two_queues_on_one_client(void) {
  static char buffer[4096];
  struct ivs_wait w;
  ivs_metadata_queue second;
  set_up_service();
  service.way = 7;
  set_up_queue();
  queue_options.channel_arn = IVS_STR(ARN "2");
  CHECK_INT(ivs_metadata_init(&second, &queue_options, buffer, sizeof buffer), 0);
  struct ivs_metadata_item item = {.text = IVS_STR("y")};
  int attempts = client.options.attempts;
  CHECK(attempts > 1);
  CHECK_INT(push("x", NULL, 0), 0);
  CHECK_INT(ivs_metadata_push(&second, &item), 0);
  CHECK_INT(step_once(&w), IVS_METADATA_CALLS);
  CHECK_INT(ivs_metadata_step(&second, &w), IVS_METADATA_BUSY);
  CHECK_INT(run_until(LONG), 0);
  while (ivs_metadata_step(&second, &w) != 0) fake.port.fn->wait(&fake.port, &w);
  CHECK_INT(queue.counters.sent, 1);
  CHECK_INT(second.counters.sent, 1);
  CHECK_INT(client.options.attempts, attempts);
  CHECK(!client.options.cue_once);
  done();
}

/* A kept connection that turns out dead: the client sends again by itself where the rate allows it,
   which counts, and else the queue does in its time. */
static void repetitions_of_the_client_count(void) {
  for (uint64_t idle = 0; idle <= 2000; idle += 1000) {
    set_up_service();
    queue_options.separate = true;
    set_up_queue();
    for (int i = 0; i < 40; i++) {
      CHECK_INT(push("x", NULL, 0), 0);
      if (i > 0) fake.connections[fake.connection].dead = i % 3 == 1 ? DEAD_AT_RECV : ALIVE;
      run_until(fake.now + 100);
      fake.now += idle;
    }
    CHECK_INT(run_until(LONG), 0);
    CHECK(ivs_client_counters(&client)->requests > 40);
    CHECK_INT(ivs_client_counters(&client)->requests, service.arrivals);
    CHECK_INT(queue.counters.sent, 40);
    CHECK(idle == 0 ? queue.last.err != 0 : queue.last.err == 0);
    CHECK(ivs_client_counters(&client)->calls < ivs_client_counters(&client)->requests);
    CHECK(idle > 0 ? ivs_client_counters(&client)->calls == 40
                   : ivs_client_counters(&client)->calls > 40);
    check_rate(5);
    done();
  }
}

/* --- failures --- */

/* Ticks until repetition n, from 0, of a client that draws the longest delay. */
static uint64_t longest_delay(uint64_t base, size_t n) {
  uint64_t ms = base << n;
  return ms < 20000 ? ms - 1 : 19999;
}

/* The distance between payloads doubles with each that is throttled, or is as long as the common
   rules for repeating want it; then it comes back. */
static void throttled_and_recovers(void) {
  for (int longest = 0; longest < 2; longest++)
    for (int code = 0; code < 2; code++) {
      set_up_service();
      service.reaction = code ? SWAMPED : THROTTLES;
      service.chance = longest ? UINT32_MAX : 0;
      queue_options.separate = true;
      set_up_queue();
      for (int i = 0; i < 60; i++) CHECK_INT(push("x", NULL, 0), 0);
      while (service.arrivals < 12) run_until(fake.now + 50);
      for (size_t i = 1; i < 12; i++) {
        uint64_t pace = 200u << i < IVS_PACER_SLOWEST_MS ? 200u << i : IVS_PACER_SLOWEST_MS;
        CHECK_INT(gap(i), longest ? longest_delay(1000, i - 1) : pace);
      }
      CHECK_INT(queue.counters.throttled, 12);
      CHECK_INT(ivs_metadata_pending(&queue), 60);
      CHECK_INT(queue.last.err, IVS_ERR_SERVICE);
      CHECK_STR(ivs_cstr(queue.last.code), "ThrottlingException");
      service.reaction = TAKES;
      CHECK_INT(run_until(LONG), 0);
      for (size_t i = 14; i < service.arrivals; i++) CHECK(gap(i) <= gap(i - 1) || gap(i) <= 220);
      CHECK(gap(15) > 2000 && gap(service.arrivals - 1) <= 220);
      CHECK_INT(queue.counters.sent, 60);
      check_rate(5);
      done();
    }
}

/* How one refusal or failure is taken: what becomes of the payload's two items, and when the next
   payload goes. */
static void each_end_of_a_call(void) {
  enum { KEPT, REFUSED };
  static const struct {
    enum reaction reaction;
    int fate, err, status;
    const char *code;
    uint64_t least, most; /* ticks until the service sees the next request */
  } cases[] = {
      {GONE, REFUSED, IVS_ERR_SERVICE, 404, "ResourceNotFoundException", 200, 200},
      {INVALID, REFUSED, IVS_ERR_SERVICE, 400, "ValidationException", 200, 200},
      {DENIES, REFUSED, IVS_ERR_SERVICE, 403, "AccessDeniedException", 200, 200},
      {OFFLINE, KEPT, IVS_ERR_SERVICE, 404, "ChannelNotBroadcasting", 5000, 5000},
      {EXPIRED, KEPT, IVS_ERR_SERVICE, 403, "ExpiredTokenException", 200, 250},
      {UNSIGNED, KEPT, IVS_ERR_SERVICE, 403, "InvalidSignatureException", 200, 250},
      {BREAKS, KEPT, IVS_ERR_SERVICE, 500, "InternalServerException", 200, 250},
      {THROTTLES, KEPT, IVS_ERR_SERVICE, 429, "ThrottlingException", 400, 400},
      {LOSES, KEPT, IVS_ERR_NET, 0, "", 200, 250},
      {RESETS, KEPT, IVS_ERR_NET, 0, "", 200, 250},
      {SILENT, KEPT, IVS_ERR_TIMEOUT, 0, "", CALL_MS, CALL_MS + 250},
      {UNKNOWN, KEPT, IVS_ERR_SERVICE, 403, "UnrecognizedClientException", 200, 250},
      {STALE, KEPT, IVS_ERR_SERVICE, 400, "ExpiredTokenException", 200, 250},
      {SLOW, KEPT, IVS_ERR_SERVICE, 408, "", 200, 250},
      {NOBODY, KEPT, IVS_ERR_SERVICE, 401, "", 200, 250},
      {ABSENT, KEPT, IVS_ERR_SERVICE, 501, "", 200, 250},
      {LATER, KEPT, IVS_ERR_SERVICE, 503, "ServiceUnavailable", 7000, 7000},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    set_up_service();
    service.reaction = cases[i].reaction;
    set_up_queue();
    CHECK_INT(push("one", NULL, 0), 0);
    CHECK_INT(push("two", NULL, 0), 0);
    while (queue.last.err == 0) run_until(fake.now + 10);
    CHECK_INT(client.options.attempts, IVS_ATTEMPTS);
    CHECK_INT(queue.last.err, cases[i].err);
    CHECK_INT(queue.last.status, cases[i].status);
    CHECK_STR(ivs_cstr(queue.last.code), cases[i].code);
    CHECK(ivs_metadata_error(&queue) == ivs_last(&client));
    CHECK_INT(queue.counters.refused, cases[i].fate == REFUSED ? 2 : 0);
    service.reaction = TAKES;
    CHECK_INT(push("three", NULL, 0), 0);
    CHECK_INT(run_until(LONG), 0);
    if (!CHECK(gap(1) >= cases[i].least && gap(1) <= cases[i].most))
      fprintf(stderr, "  case %zu: %llu\n", i, (unsigned long long)gap(1));
    CHECK_STR(ivs_cstr(service.text),
              cases[i].fate == REFUSED ? "[\"three\"]" : "[\"one\",\"two\",\"three\"]");
    CHECK_INT(queue.counters.sent, cases[i].fate == REFUSED ? 1 : 3);
    CHECK_INT(service.arrivals, 2);
    done();
  }
}

/* Pauses double up to their limit, and begin anew after a payload that was accepted. */
static void pauses_grow(void) {
  set_up_service();
  service.reaction = BREAKS;
  service.chance = UINT32_MAX;
  set_up_queue();
  CHECK_INT(push("x", NULL, 0), 0);
  while (service.arrivals < 14) run_until(fake.now + 50);
  for (size_t i = 1; i < 14; i++) {
    uint64_t delay = longest_delay(50, i - 1);
    CHECK_INT(gap(i), delay > 200 ? delay : 200);
  }
  service.reaction = TAKES;
  CHECK_INT(run_until(LONG), 0);
  service.reaction = BREAKS;
  CHECK_INT(push("x", NULL, 0), 0);
  size_t before = service.arrivals;
  while (service.arrivals < before + 2) run_until(fake.now + 50);
  CHECK_INT(gap(before + 1), 200);
  while (service.arrivals < before + 9) run_until(fake.now + 50);
  ivs_metadata_clear(&queue); /* ends a pause, not the pace */
  uint64_t cleared = fake.now;
  CHECK_INT(push("x", NULL, 0), 0);
  service.reaction = TAKES;
  CHECK_INT(run_until(LONG), 0);
  CHECK(fake.now <= cleared + 200 && gap(before + 9) >= 200);
  done();
}

/* A refusal for a clock that was wrong is none of the items; the client has put it right by then.
   One that stays is. */
/* Without entropy the longest delay is waited. */
static void pause_without_entropy(void) {
  set_up_service();
  service.reaction = BREAKS;
  fake.no_entropy = true;
  set_up_queue();
  CHECK_INT(push("x", NULL, 0), 0);
  while (service.arrivals < 4) run_until(fake.now + 50);
  CHECK_INT(gap(3), 200);
  while (service.arrivals < 6) run_until(fake.now + 50);
  CHECK_INT(gap(5), longest_delay(50, 4));
  service.reaction = TAKES;
  CHECK_INT(run_until(LONG), 0);
  done();
}

/* Whoever answers for the service with a day of waiting is asked again after a minute. */
static void pause_of_a_day(void) {
  set_up_service();
  service.reaction = TOMORROW;
  set_up_queue();
  CHECK_INT(push("x", NULL, 0), 0);
  while (service.arrivals < 2) run_until(fake.now + 50);
  CHECK_INT(gap(1), IVS_METADATA_PAUSE_MS);
  service.reaction = TAKES;
  CHECK_INT(run_until(LONG), 0);
  done();
}

/* A failure of this machine alone, before anything was sent. */
static void clock_beyond_all_dates(void) {
  set_up_service();
  set_up_queue();
  int64_t clock = fake.clock_ms;
  CHECK_INT(push("x", NULL, 0), 0);
  fake.clock_ms = INT64_MAX / 2;
  while (queue.last.err == 0) run_until(fake.now + 10);
  CHECK_INT(queue.last.err, IVS_ERR_CLOCK);
  fake.clock_ms = clock;
  CHECK_INT(run_until(LONG), 0);
  CHECK_INT(queue.counters.sent, 1);
  done();
}

static void clock_was_wrong(void) {
  set_up_service();
  service.reaction = SKEWED;
  set_up_queue();
  CHECK_INT(push("x", NULL, 0), 0);
  while (service.arrivals < 1) run_until(fake.now + 50);
  CHECK_INT(ivs_metadata_pending(&queue), 1);
  CHECK(ivs_clock_offset(&client) > 3590000);
  fake.clock_ms += 200;
  CHECK_INT(run_until(LONG), 0);
  CHECK_INT(queue.counters.refused, 1);
  CHECK_INT(service.arrivals, 2);
  done();
}

static void offline_as_the_program_wants(void) {
  set_up_service();
  service.reaction = OFFLINE;
  queue_options.refuse_offline = true;
  set_up_queue();
  CHECK_INT(push("x", NULL, 0), 0);
  CHECK_INT(run_until(LONG), 0);
  CHECK_INT(queue.counters.refused, 1);
  done();
  set_up_service();
  service.reaction = OFFLINE;
  queue_options.offline_ms = 700;
  set_up_queue();
  CHECK_INT(push("x", NULL, 3000), 0);
  CHECK_INT(run_until(LONG), 0);
  CHECK_INT(service.arrivals, 5); /* at 0, 700, 1400, 2100, 2800 */
  CHECK_INT(queue.counters.expired, 1);
  done();
}

static void at_most_once(void) {
  static const enum reaction lost[] = {LOSES, RESETS, SILENT};
  for (size_t i = 0; i < 3; i++)
    for (int of_the_client = 0; of_the_client < 2; of_the_client++) {
      set_up_service();
      service.reaction = lost[i];
      queue_options.at_most_once = !of_the_client;
      client.options.cue_once = of_the_client;
      set_up_queue();
      CHECK_INT(push("one", NULL, 0), 0);
      CHECK_INT(push("two", NULL, 0), 0);
      while (queue.last.err == 0) run_until(fake.now + 10);
      CHECK_INT(queue.last.err, IVS_ERR_UNSURE);
      CHECK(ivs_metadata_error(&queue) == ivs_last(&client));
      CHECK_INT(queue.counters.unsure, 2);
      CHECK(client.options.cue_once == of_the_client);
      service.reaction = TAKES;
      CHECK_INT(push("three", NULL, 0), 0);
      CHECK_INT(run_until(LONG), 0);
      CHECK_INT(queue.counters.sent, 1);
      CHECK_INT(service.arrivals, 2);
      done();
    }
  set_up_service(); /* what cannot have left is tried again */
  queue_options.at_most_once = true;
  set_up_queue();
  fake.fail_at = 1;
  fake.fail_with = IVS_ERR_CONNECT;
  CHECK_INT(push("one", NULL, 0), 0);
  CHECK_INT(run_until(LONG), 0);
  CHECK_INT(queue.counters.sent, 1);
  CHECK_INT(queue.last.err, IVS_ERR_CONNECT);
  done();
}

/* What makes a request unfit to be sent is refused, not tried for ever. */
static void request_that_cannot_be_sent(void) {
  set_up_service();
  queue_options.channel_arn = IVS_STR("arn:\xe4");
  set_up_queue();
  CHECK_INT(push("x", NULL, 0), 0);
  CHECK_INT(run_until(LONG), 0);
  CHECK_INT(queue.counters.refused, 1);
  CHECK_INT(queue.last.err, IVS_ERR_UTF8);
  CHECK_INT(service.arrivals, 0);
  done();
}

/* The Nth I/O function fails, for every N and kind of error: the items are sent later, and only
   those twice whose answer was lost. */
static void nth_failure(void) {
  static const int errors[] = {IVS_ERR_NET, IVS_ERR_CLOSED, IVS_ERR_TLS, IVS_ERR_TLS_TRUST};
  for (size_t e = 0; e < sizeof errors / sizeof errors[0]; e++) {
    int n = 1;
    for (bool failed = true; failed; n++) {
      set_up_service();
      fake.recv_piece = 7;
      fake.send_piece = 300;
      fake.fail_at = n;
      fake.fail_with = errors[e];
      set_up_queue();
      CHECK_INT(push("one", NULL, 0), 0);
      CHECK_INT(push("two", NULL, 0), 0);
      CHECK_INT(run_until(LONG), 0);
      failed = fake.io >= n;
      CHECK_INT(queue.counters.sent, 2);
      CHECK(queue.last.err == 0 || queue.last.err == errors[e]);
      CHECK(service.arrivals == 1 || (service.arrivals == 2 && queue.last.err != 0));
      CHECK_STR(ivs_cstr(service.text), "[\"one\",\"two\"]");
      done();
    }
    CHECK(n > 8);
  }
}

/* --- ends --- */

static void flush_has_an_end(void) {
  struct ivs_wait w;
  set_up_service();
  service.reaction = OFFLINE;
  set_up_queue();
  CHECK_INT(ivs_metadata_flush(&queue, 0, &w), 0);
  CHECK_INT(push("one", NULL, 0), 0);
  uint64_t until = fake.now + 1234;
  int r;
  while ((r = ivs_metadata_flush(&queue, until, &w)) > 0) {
    CHECK(w.until <= until);
    fake.port.fn->wait(&fake.port, &w);
  }
  CHECK_INT(r, IVS_ERR_TIMEOUT);
  CHECK_INT(fake.now, until);
  CHECK_INT(ivs_metadata_pending(&queue), 1);
  CHECK_INT(ivs_metadata_finish(&queue, 100), IVS_ERR_TIMEOUT);
  CHECK_INT(fake.now, until + 100);
  service.reaction = TAKES;
  CHECK_INT(ivs_metadata_finish(&queue, 60000), 0);
  CHECK_INT(queue.counters.sent, 1);
  CHECK_INT(ivs_metadata_finish(&queue, 0), 0);
  CHECK_INT(push("two", NULL, 0), 0);
  fake.wait_fails = true;
  CHECK_INT(ivs_metadata_finish(&queue, 60000), IVS_ERR_NET);
  fake.wait_fails = false;
  CHECK_INT(ivs_metadata_finish(&queue, 60000), 0);
  done();
}

/* Cleared at every moment of a call: the client is free at once, what may have left is unsure. */
static void cleared_at_any_time(void) {
  struct ivs_wait w;
  for (int steps = 0; steps < 30; steps++) {
    set_up_service();
    fake.hesitant = true;
    fake.send_piece = 100;
    set_up_queue();
    CHECK_INT(push("the secret", NULL, 0), 0);
    CHECK_INT(push("the other secret", "k", 0), 0);
    for (int i = 0; i < steps && step_once(&w) > 0; i++) {
      fake.now++;
    }
    uint32_t sent = queue.counters.sent;
    bool left = service.arrivals > 0;
    ivs_metadata_clear(&queue);
    check_sum(&queue);
    CHECK_INT(queue.counters.unsure, left ? 2 - sent : 0);
    CHECK_INT(queue.counters.dropped, left ? 0 : 2);
    CHECK(!check_holds(queue_buffer, sizeof queue_buffer, "secret"));
    CHECK(!check_holds(space, sizeof space, "secret"));
    CHECK_INT(push("three", NULL, 0), 0);
    CHECK_INT(run_until(LONG), 0);
    CHECK_INT(queue.counters.sent, sent + 1);
    done();
  }
}

/* Items that have left are in the buffer no more; those that wait are. */
static void what_left_is_wiped(void) {
  struct ivs_wait w;
  set_up_service();
  service.way = 10;
  set_up_queue();
  CHECK_INT(push("secret one", NULL, 0), 0);
  CHECK_INT(step_once(&w), IVS_METADATA_CALLS);
  CHECK_INT(push("secret two", NULL, 0), 0);
  CHECK_INT(push("secret three", "k", 10), 0);
  CHECK_INT(push("four", "k", 0), 0);
  CHECK(check_holds(queue_buffer, sizeof queue_buffer, "secret one"));
  CHECK(check_holds(queue_buffer, sizeof queue_buffer, "secret two"));
  CHECK(!check_holds(queue_buffer, sizeof queue_buffer, "secret three"));
  CHECK_INT(run_until(fake.now + 20), IVS_METADATA_WAITS);
  CHECK(!check_holds(queue_buffer, sizeof queue_buffer, "secret one"));
  CHECK(check_holds(queue_buffer, sizeof queue_buffer, "secret two"));
  CHECK_INT(run_until(LONG), 0);
  for (size_t i = 0; i < sizeof queue_buffer; i++)
    if (queue_buffer[i] != 0 && !CHECK_INT(i, -1)) break;
  CHECK(!check_holds(space, sizeof space, "secret"));
  done();
}

int main(void) {
  printf("queue %zu bytes, pacer %zu, %d an item\n", sizeof(ivs_metadata_queue),
         sizeof(struct ivs_pacer), IVS_METADATA_ITEM_SIZE);
  RUN(five_a_second);
  RUN(rate_of_the_program);
  RUN(rate_of_the_account);
  RUN(two_queues_on_one_client);
  RUN(repetitions_of_the_client_count);
  RUN(throttled_and_recovers);
  RUN(each_end_of_a_call);
  RUN(pauses_grow);
  RUN(pause_without_entropy);
  RUN(pause_of_a_day);
  RUN(clock_beyond_all_dates);
  RUN(clock_was_wrong);
  RUN(offline_as_the_program_wants);
  RUN(at_most_once);
  RUN(request_that_cannot_be_sent);
  RUN(nth_failure);
  RUN(flush_has_an_end);
  RUN(cleared_at_any_time);
  RUN(what_left_is_wiped);
  return check_done();
}
