/*
 * A port that does what it must not, or fails, at one place, for every place that there is: clocks
 * that go back, random numbers that do not come, connections that break under operations that must
 * not happen twice and under such without a body of JSON. Every call ends, says what has happened,
 * and the client works on the next one.
 */
#include "metadata_setup.h"

#define CLOSE "\r\nConnection: close"
#define THROTTLED "HTTP/1.1 429 Too Many Requests\r\nx-amzn-ErrorType: ThrottlingException" CLOSE
#define DOWN "HTTP/1.1 503 Down\r\nx-amzn-ErrorType: ServiceUnavailable" CLOSE
#define EXPIRED_TOKEN "HTTP/1.1 403 Forbidden\r\nx-amzn-ErrorType: ExpiredTokenException" CLOSE

enum { DAY_S = 86400, DAY_MS = DAY_S * 1000, PLACES = 3000, TURNS = 10000 };

static const struct ivs_get_channel_in get_in = {.arn = IVS_STR_INIT(ARN)};

/* A call, step by step; one that never ends is a failure. */
static int turn(enum ivs_op_id op, const void *in, void *out) {
  struct ivs_wait w;
  int r = ivs_start(&client, op, in, out);
  if (r != 0) return r;
  for (int turns = 0; (r = ivs_step(&client, &w)) == 1; turns++) {
    if (!CHECK(turns < TURNS)) ivs_cancel(&client);
    CHECK_INT(fake.port.fn->wait(&fake.port, &w), 0);
  }
  return r;
}

static int get(struct ivs_get_channel_out *out) {
  return turn(IVS_OP_GET_CHANNEL, &get_in, out);
}

/* --- clocks that go back --- */

static const struct back {
  uint64_t ticks;
  int64_t clock;
} backs[] = {{1, 0},           {5000, 0},   {UINT64_MAX, 0},     {0, 1},
             {0, 3600 * 1000}, {0, DAY_MS}, {UINT64_MAX, DAY_MS}};

enum { BACKS = sizeof backs / sizeof backs[0] };

static void go_back(const struct back *back, int at) {
  fake.now = 1000000;
  fake.back_at = at;
  fake.ticks_back = back->ticks;
  fake.clock_back = back->clock;
}

/* Ends the loop over all places: the clocks were not asked so often. */
static bool went_back(void) {
  return fake.times >= fake.back_at;
}

static void retries_after_going_back(void) {
  struct ivs_get_channel_out out;
  for (size_t b = 0; b < BACKS; b++) {
    int n = 1;
    for (bool met = true; met && n < PLACES; n++) {
      set_up_attempts(3);
      fake_body(&fake, THROTTLED, "{}");
      fake_body(&fake, DOWN, "{}");
      fake_body(&fake, ok_head, channel_body);
      fake_body(&fake, ok_head, channel_body); /* one that was kept can look too old */
      fake.send_piece = fake.recv_piece = 200;
      go_back(&backs[b], n);
      CHECK_INT(get(&out), 0);
      check_channel(&out);
      CHECK_INT(ivs_client_counters(&client)->requests, 3);
      met = went_back();
      CHECK_INT(get(&out), 0);
      tear_down();
    }
    CHECK(n > 30 && n < PLACES);
  }
}

/* Nothing ever comes: the deadline may be later by what the ticks went back, but there is one. */
static void deadline_after_going_back(void) {
  struct ivs_get_channel_out out;
  for (size_t b = 0; b < BACKS; b++) {
    int n = 1;
    for (bool met = true; met && n < PLACES; n++) {
      set_up_attempts(3);
      fake_body(&fake, ok_head, channel_body);
      fake.mute = true;
      go_back(&backs[b], n);
      CHECK_INT(get(&out), IVS_ERR_TIMEOUT);
      met = went_back();
      CHECK(fake.now <= 1000000 + IVS_CALL_MS);
      CHECK_INT(fake.opened, fake.closed);
      fake.mute = false;
      fake_body(&fake, ok_head, channel_body);
      CHECK_INT(get(&out), 0);
      tear_down();
    }
    CHECK(n > 3 && n < PLACES);
  }
}

/* What is learned from a refusal puts right a clock that went back before. */
static void clock_is_learned_after_going_back(void) {
  struct ivs_get_channel_out out;
  set_up_attempts(3);
  fake_body(&fake, ok_head, channel_body);
  fake_body(&fake,
            "HTTP/1.1 403 Forbidden\r\nx-amzn-ErrorType: RequestTimeTooSkewed\r\n"
            "Date: Sun, 22 Nov 2026 09:30:00 GMT" CLOSE,
            "{}");
  fake_body(&fake, ok_head, channel_body);
  CHECK_INT(get(&out), 0);
  ivs_exchange_close(&client.exchange);
  fake.clock_ms -= DAY_MS;
  CHECK_INT(get(&out), 0);
  CHECK(was_sent("x-amz-date: 20261121T093000Z"));
  CHECK_INT(ivs_clock_offset(&client), DAY_MS);
  CHECK_INT(ivs_clock_now(&client), 1795339800);
  tear_down();
}

/* A source that gives "AKID1", "AKID2", ... each for an hour. */
static struct source {
  struct ivs_provider base;
  int asked;
} source;

static int source_step(struct ivs_provider *p, int64_t now) {
  char id[16];
  snprintf(id, sizeof id, "AKID%d", ++source.asked);
  return ivs_provider_take(p, "source", now, ivs_cstr(id), IVS_STR("secret"), IVS_STR("token"),
                           now + 3600);
}

static void source_wants(struct ivs_provider *p, struct ivs_wait *w) {
  (void)p;
  w->until = fake.now;
}

static void source_cancel(struct ivs_provider *p) {
  (void)p;
}

static const struct ivs_provider_functions source_functions = {source_step, source_wants,
                                                               source_cancel};

static void set_up_source(void) {
  set_up_attempts(3);
  memset(&source, 0, sizeof source);
  source.base.fn = &source_functions;
  client.options.creds = NULL;
  client.options.provider = &source.base;
}

/* By a clock that went back, credentials seem to hold for longer than they do: the service says
   that they have ended, and new ones are asked for once. */
static void credentials_after_going_back(void) {
  struct ivs_get_channel_out out;
  set_up_source();
  fake_body(&fake, ok_head, channel_body);
  CHECK_INT(get(&out), 0);
  fake.clock_ms -= DAY_MS;
  CHECK_INT(get(&out), 0);
  CHECK_INT(source.asked, 1);
  ivs_exchange_close(&client.exchange);
  fake_body(&fake, EXPIRED_TOKEN, "{}");
  fake_body(&fake, ok_head, channel_body);
  CHECK_INT(get(&out), 0);
  CHECK_INT(source.asked, 2);
  CHECK(was_sent("AKID2/20261121/"));
  fake.clock_ms += DAY_MS; /* right again: those have ended a day ago */
  CHECK_INT(get(&out), 0);
  CHECK_INT(source.asked, 3);
  tear_down();
}

static void credentials_while_going_back(void) {
  struct ivs_get_channel_out out;
  for (size_t b = 0; b < BACKS; b++) {
    int n = 1;
    for (bool met = true; met && n < PLACES; n++) {
      set_up_source();
      fake_body(&fake, EXPIRED_TOKEN, "{}");
      fake_body(&fake, ok_head, channel_body);
      go_back(&backs[b], n);
      CHECK_INT(get(&out), 0);
      met = went_back();
      CHECK(source.asked == 2 && was_sent("AKID2/"));
      tear_down();
    }
    CHECK(n > 10 && n < PLACES);
  }
}

/* All items are sent in their order, later by no more than what the ticks went back. */
static void queue_while_going_back(void) {
  for (size_t b = 0; b < BACKS; b++) {
    int n = 1;
    for (bool met = true; met && n < PLACES; n++) {
      set_up_service();
      service.reaction = THROTTLES;
      queue_options.separate = true;
      set_up_queue();
      go_back(&backs[b], n);
      CHECK_INT(push("one", NULL, 0), 0);
      CHECK_INT(push("brief", NULL, 1), 0);
      CHECK_INT(push("two", NULL, 10000000), 0);
      struct ivs_wait w;
      for (int turns = 0; step_once(&w) > 0 && CHECK(turns < TURNS); turns++) {
        CHECK_INT(fake.port.fn->wait(&fake.port, &w), 0);
        if (service.arrivals > 0) service.reaction = TAKES;
      }
      met = went_back();
      CHECK(queue.counters.sent + queue.counters.expired == 3 && queue.counters.sent >= 2);
      CHECK_STR(ivs_cstr(service.text), "two");
      CHECK(queue.counters.throttled >= 1);
      done();
    }
    CHECK(n > 30 && n < PLACES);
  }
}

/* --- random numbers that do not come --- */

/* The delay before a repetition is then the longest one; nothing else changes. */
static void nth_random_of_a_call(void) {
  struct ivs_get_channel_out out;
  uint64_t part = (uint64_t)1000 * 0x2A2A2A2A >> 32, rest = (uint64_t)100 * 0x2A2A2A2A >> 32;
  for (int n = 1; n <= 3; n++) {
    set_up_attempts(3);
    fake_body(&fake, THROTTLED, "{}");
    fake_body(&fake, DOWN, "{}");
    fake_body(&fake, ok_head, channel_body);
    fake.entropy_fails_at = n;
    uint64_t began = fake.now;
    CHECK_INT(get(&out), 0);
    check_channel(&out);
    CHECK_INT(fake.randoms, 2);
    CHECK_INT(fake.now - began, (n == 1 ? 999 : part) + (n == 2 ? 99 : rest));
    tear_down();
  }
}

static void nth_random_of_the_queue(void) {
  for (int n = 1; n <= 4; n++) {
    set_up_service();
    service.reaction = BREAKS;
    client.options.attempts = 1;
    set_up_queue();
    fake.entropy_fails_at = n;
    CHECK_INT(push("one", NULL, 0), 0);
    struct ivs_wait w;
    for (int turns = 0; step_once(&w) > 0 && CHECK(turns < TURNS); turns++) {
      CHECK_INT(fake.port.fn->wait(&fake.port, &w), 0);
      if (service.arrivals == 3) service.reaction = TAKES;
    }
    CHECK_INT(fake.randoms, 3);
    CHECK_INT(queue.counters.sent, 1);
    CHECK_INT(service.arrivals, 4);
    done();
  }
}

/* --- connections that break, under other operations than reads --- */

static size_t count_sent(const char *text) {
  size_t count = 0, n = strlen(text);
  for (size_t i = 0; i + n <= fake.sent_n; i++) count += memcmp(fake.sent + i, text, n) == 0;
  return count;
}

/* An operation that must not happen twice: tried again only while its request has not left as a
   whole; after that IVS_ERR_UNSURE. The body's end is sent once. */
static void nth_failure_once(void) {
  static const struct ivs_create_channel_in in = {.name = IVS_STR_INIT("lobby")};
  struct ivs_create_channel_out out;
  int unsure = 0, repeated = 0, n = 1;
  for (bool met = true; met && n < PLACES; n++) {
    set_up_attempts(3);
    fake_body(&fake, ok_head, channel_body);
    fake_body(&fake, ok_head, channel_body);
    fake.recv_piece = fake.send_piece = 50;
    fake.fail_at = n;
    fake.fail_with = IVS_ERR_NET;
    int r = turn(IVS_OP_CREATE_CHANNEL, &in, &out);
    met = fake.io >= n;
    CHECK_INT(count_sent("\"lobby\"}"), 1);
    CHECK_INT(fake.opened - fake.closed, r == 0 ? 1 : 0);
    if (r == IVS_ERR_UNSURE) {
      CHECK_INT(ivs_last(&client)->cause, IVS_ERR_NET);
      CHECK_INT(ivs_client_counters(&client)->requests, 1);
      unsure++;
    } else {
      CHECK_INT(r, 0);
      CHECK_INT(unsure, met ? 0 : unsure); /* first the requests that did not leave */
      repeated += ivs_client_counters(&client)->retries == 1;
    }
    fake.fail_at = 0;
    struct ivs_get_channel_out next;
    CHECK_INT(get(&next), 0);
    tear_down();
  }
  CHECK(unsure > 3 && repeated > 10 && n < PLACES);
}

/* Operations with a path, a query and an answer without a body. */
static void nth_failure_of_tags(void) {
  static const ivs_str keys[] = {IVS_STR_INIT("a b"), IVS_STR_INIT("c&d")};
  static const ivs_pair pairs[] = {{IVS_STR_INIT("a b"), IVS_STR_INIT("1")}};
  static const struct ivs_untag_resource_in untag = {.resource_arn = IVS_STR_INIT(ARN),
                                                     .tag_keys = {.items = keys, .count = 2}};
  static const struct ivs_tag_resource_in tag = {.resource_arn = IVS_STR_INIT(ARN),
                                                 .tags = {.items = pairs, .count = 1}};
  static const struct ivs_list_tags_for_resource_in list = {.resource_arn = IVS_STR_INIT(ARN)};
  struct ivs_list_tags_for_resource_out listed;
  const struct {
    enum ivs_op_id op;
    const void *in;
    void *out;
    const char *head, *body;
  } rows[] = {
      {IVS_OP_TAG_RESOURCE, &tag, NULL, ok_head, "{}"},
      {IVS_OP_UNTAG_RESOURCE, &untag, NULL, ok_head, "{}"},
      {IVS_OP_LIST_TAGS_FOR_RESOURCE, &list, &listed, ok_head, "{\"tags\":{\"a b\":\"1\"}}"},
  };
  for (size_t i = 0; i < 2 * sizeof rows / sizeof rows[0]; i++) {
    size_t row = i / 2;
    bool again = i % 2 != 0;
    int n = 1;
    for (bool met = true; met && n < PLACES; n++) {
      set_up_attempts(again ? 3 : 1);
      for (int k = 0; k < 3; k++) fake_body(&fake, rows[row].head, rows[row].body);
      fake.recv_piece = fake.send_piece = 50;
      fake.fail_at = n;
      fake.fail_with = IVS_ERR_CLOSED;
      int r = turn(rows[row].op, rows[row].in, rows[row].out);
      met = fake.io >= n;
      CHECK_INT(r, met && !again ? IVS_ERR_CLOSED : 0);
      CHECK_INT(ivs_client_counters(&client)->retries, met && again);
      CHECK_INT(fake.opened - fake.closed, r == 0 ? 1 : 0);
      CHECK_INT(turn(rows[row].op, rows[row].in, rows[row].out), 0);
      tear_down();
    }
    CHECK(n > 10 && n < PLACES);
  }
}

int main(void) {
  RUN(retries_after_going_back);
  RUN(deadline_after_going_back);
  RUN(clock_is_learned_after_going_back);
  RUN(credentials_after_going_back);
  RUN(credentials_while_going_back);
  RUN(queue_while_going_back);
  RUN(nth_random_of_a_call);
  RUN(nth_random_of_the_queue);
  RUN(nth_failure_once);
  RUN(nth_failure_of_tags);
  return check_done();
}
