/* Credentials that end: when a client asks for new ones, and what it does without. */
#include "client_setup.h"

#define EXPIRED \
  "HTTP/1.1 403 Forbidden\r\nConnection: close\r\nx-amzn-ErrorType: ExpiredTokenException"

#define NOW 1795339800 /* 2026-11-22T09:30:00Z, as the clock of the fake */

/* A source that gives "AKID1", "AKID2", ... each for `life` seconds. */
struct source {
  struct ivs_provider base;
  int asked;  /* how often it began */
  int steps;  /* it takes so many more */
  int slow;   /* how many it takes */
  bool fails; /* instead */
  int64_t life;
  int cancelled;
};

static struct source source;

static struct source *self(struct ivs_provider *p) {
  return (struct source *)(void *)p;
}

static int source_step(struct ivs_provider *p, int64_t now) {
  struct source *s = self(p);
  char id[16], token[16];
  if (s->steps == 0) {
    s->asked++;
    s->steps = s->slow + 1;
  }
  if (--s->steps > 0) return IVS_AGAIN;
  if (s->fails) return ivs_provider_fail(p, "source", "HTTP 500", IVS_STR("no\r\nway"));
  snprintf(id, sizeof id, "AKID%d", s->asked);
  snprintf(token, sizeof token, "token%d", s->asked);
  return ivs_provider_take(p, "source", now, ivs_cstr(id), IVS_STR("secret"), ivs_cstr(token),
                           s->life > 0 ? now + s->life : 0);
}

static void source_wants(struct ivs_provider *p, struct ivs_wait *w) {
  (void)p;
  w->until = fake.now + 10;
}

static void source_cancel(struct ivs_provider *p) {
  self(p)->steps = 0;
  self(p)->cancelled++;
}

static const struct ivs_provider_functions functions = {source_step, source_wants, source_cancel};

static void set_up_source(int64_t life) {
  memset(&source, 0, sizeof source);
  source.base.fn = &functions;
  source.life = life;
  set_up_attempts(3);
  client.options.creds = NULL;
  client.options.provider = &source.base;
}

static int call(void) {
  struct ivs_get_channel_out out;
  return get_channel(&out);
}

static void pass(int64_t seconds) {
  fake.clock_ms += seconds * 1000;
}

static void asked_for_ahead_of_the_end(void) {
  set_up_source(3600);
  fake_body(&fake, ok_head, channel_body);
  fake_body(&fake, ok_head, channel_body);
  source.slow = 3;
  CHECK_INT(call(), 0);
  CHECK(was_sent("AKID1/"));
  CHECK(was_sent("x-amz-security-token: token1\r\n"));
  CHECK_INT(call(), 0);
  pass(3600 - 301);
  CHECK_INT(call(), 0);
  CHECK_INT(source.asked, 1);
  CHECK_INT(ivs_client_counters(&client)->refreshes, 0);
  pass(1);
  CHECK_INT(call(), 0);
  CHECK_INT(source.asked, 2);
  CHECK(was_sent("AKID2/"));
  CHECK(was_sent("x-amz-security-token: token2\r\n"));
  CHECK_INT(ivs_client_counters(&client)->refreshes, 1);
  tear_down();
}

static void asked_for_in_the_middle_of_a_short_life(void) {
  set_up_source(100);
  fake_body(&fake, ok_head, channel_body);
  CHECK_INT(call(), 0);
  pass(49);
  CHECK_INT(call(), 0);
  CHECK_INT(source.asked, 1);
  pass(1);
  CHECK_INT(call(), 0);
  CHECK_INT(source.asked, 2);
  tear_down();
}

static void some_never_end(void) {
  set_up_source(0);
  fake_body(&fake, ok_head, channel_body);
  CHECK_INT(call(), 0);
  pass(1000000000);
  CHECK_INT(call(), 0);
  CHECK_INT(source.asked, 1);
  tear_down();
}

/* The old ones serve until they really end; the source is asked again every minute. */
static void old_ones_are_used_to_their_end(void) {
  set_up_source(3600);
  fake_body(&fake, ok_head, channel_body);
  CHECK_INT(call(), 0);
  source.fails = true;
  pass(3300);
  CHECK_INT(call(), 0);
  CHECK_INT(source.asked, 2);
  pass(59);
  CHECK_INT(call(), 0);
  CHECK_INT(source.asked, 2);
  pass(1);
  CHECK_INT(call(), 0);
  CHECK_INT(source.asked, 3);
  pass(239);
  CHECK_INT(call(), 0);
  CHECK_INT(source.asked, 4);
  pass(1);
  CHECK_INT(call(), IVS_ERR_CREDENTIALS);
  CHECK_STR(ivs_cstr(ivs_last(&client)->message), "source: HTTP 500: no  way");
  CHECK_INT(ivs_last(&client)->err, IVS_ERR_CREDENTIALS);
  source.fails = false;
  CHECK_INT(call(), 0);
  CHECK(was_sent("AKID6/"));
  tear_down();
}

static void none_at_all(void) {
  set_up_source(3600);
  source.fails = true;
  CHECK_INT(call(), IVS_ERR_CREDENTIALS);
  CHECK_INT(fake.opened, 0);
  CHECK_INT(ivs_client_counters(&client)->requests, 0);
  tear_down();
}

static void refused_as_expired(void) {
  set_up_source(3600);
  fake_body(&fake, EXPIRED, "{}");
  fake_body(&fake, ok_head, channel_body);
  source.slow = 2;
  CHECK_INT(call(), 0);
  CHECK_INT(source.asked, 2);
  CHECK(was_sent("AKID1/"));
  CHECK(was_sent("AKID2/"));
  CHECK_INT(ivs_client_counters(&client)->requests, 2);
  CHECK_INT(ivs_client_counters(&client)->refreshes, 1);
  tear_down();
}

static void refused_as_expired_again(void) {
  set_up_source(3600);
  for (int i = 0; i < 4; i++) fake_body(&fake, EXPIRED, "{}");
  CHECK_INT(call(), IVS_ERR_SERVICE);
  CHECK_STR(ivs_cstr(ivs_last(&client)->code), "ExpiredTokenException");
  CHECK_INT(source.asked, 2);
  CHECK_INT(ivs_client_counters(&client)->requests, 2);
  /* The next call is another chance. */
  CHECK_INT(call(), IVS_ERR_SERVICE);
  CHECK_INT(ivs_client_counters(&client)->requests, 4);
  tear_down();
}

static void refused_as_expired_and_no_others(void) {
  set_up_source(3600);
  fake_body(&fake, ok_head, channel_body);
  CHECK_INT(call(), 0);
  fake_start(&fake);
  fake_body(&fake, EXPIRED, "{}");
  fake.is_open = true;
  ivs_exchange_close(&client.exchange);
  source.fails = true;
  CHECK_INT(call(), IVS_ERR_CREDENTIALS);
  CHECK_STR(ivs_cstr(ivs_last(&client)->message), "source: HTTP 500: no  way");
  ivs_close(&client);
}

/* With one attempt there is nothing to get new ones for, before the next call. */
static void refused_as_expired_at_last(void) {
  set_up_source(3600);
  client.options.attempts = 1;
  fake_body(&fake, EXPIRED, "{}");
  CHECK_INT(call(), IVS_ERR_SERVICE);
  CHECK_INT(source.asked, 1);
  tear_down();
}

/* Ended, and new ones are slow to come: nothing is done with the old ones meanwhile. */
static void ended_while_it_waits(void) {
  set_up_source(3600);
  for (int i = 0; i < 2; i++) fake_body(&fake, ok_head, channel_body);
  CHECK_INT(call(), 0);
  pass(3600);
  source.slow = 3;
  CHECK_INT(call(), 0);
  CHECK_INT(source.asked, 2);
  tear_down();
}

/* Refused; meanwhile another client has got new ones, whose renewal is already due. */
static void refused_and_renewed_by_another(void) {
  struct ivs_get_channel_out out;
  static const struct ivs_get_channel_in in = {.arn = IVS_STR_INIT(ARN)};
  struct ivs_wait w;
  set_up_source(3600);
  fake_body(&fake, EXPIRED, "{}");
  fake_body(&fake, ok_head, channel_body);
  source.slow = 2;
  CHECK_INT(ivs_start(&client, IVS_OP_GET_CHANNEL, &in, &out), 0);
  while (!client.renew) {
    if (!CHECK_INT(ivs_step(&client, &w), 1)) return;
    fake.port.fn->wait(&fake.port, &w);
  }
  CHECK_INT(ivs_provider_take(&source.base, "another", 1795339800, IVS_STR("AKIDother"),
                              IVS_STR("secret"), IVS_STR(""), 1795339800 + 3600),
            0);
  pass(3400);
  int r;
  while ((r = ivs_step(&client, &w)) == 1) fake.port.fn->wait(&fake.port, &w);
  CHECK_INT(r, 0);
  CHECK_INT(source.asked, 2);
  tear_down();
}

/* Static ones cannot be had anew. */
static void static_ones_expire(void) {
  set_up_attempts(3);
  fake_body(&fake, EXPIRED, "{}");
  CHECK_INT(call(), IVS_ERR_SERVICE);
  CHECK_INT(ivs_client_counters(&client)->requests, 1);
  tear_down();
}

/* Two clients of one source: the second finds what the first one's refusal has brought. */
static void one_refresh_for_all(void) {
  static const struct ivs_get_channel_in in = {.arn = IVS_STR_INIT(ARN)};
  static struct fake fakes[2];
  static ivs_client clients[2];
  static char spaces[2][8192];
  struct ivs_get_channel_out out[2];
  struct ivs_wait w;
  set_up_source(3600);
  source.slow = 5;
  for (int i = 0; i < 2; i++) {
    struct ivs_options options = client.options;
    fake_start(&fakes[i]);
    options.port = &fakes[i].port;
    CHECK_INT(ivs_init(&clients[i], &options), 0);
    ivs_workspace(&clients[i], spaces[i], sizeof spaces[i]);
    fake_body(&fakes[i], EXPIRED, "{}");
    fake_body(&fakes[i], ok_head, channel_body);
    CHECK_INT(ivs_start(&clients[i], IVS_OP_GET_CHANNEL, &in, &out[i]), 0);
  }
  int running = 2, done[2] = {1, 1};
  while (running > 0)
    for (int i = 0; i < 2; i++)
      if (done[i] == 1 && (done[i] = ivs_step(&clients[i], &w)) != 1) running--;
  for (int i = 0; i < 2; i++) {
    CHECK_INT(done[i], 0);
    check_channel(&out[i]);
    ivs_close(&clients[i]);
  }
  CHECK_INT(source.asked, 2);
  tear_down();
}

/* The service's connection is closed first: there may be no memory for two. */
static void room_for_one_connection(void) {
  static const struct ivs_get_channel_in in = {.arn = IVS_STR_INIT(ARN)};
  struct ivs_get_channel_out out;
  struct ivs_wait w;
  set_up_source(3600);
  fake_body(&fake, ok_head, channel_body);
  CHECK_INT(call(), 0);
  CHECK(fake.is_open);
  pass(3300);
  source.slow = 1;
  CHECK_INT(ivs_start(&client, IVS_OP_GET_CHANNEL, &in, &out), 0);
  CHECK_INT(ivs_step(&client, &w), 1);
  CHECK(!fake.is_open);
  CHECK_INT(w.until, fake.now + 10);
  ivs_cancel(&client);
  CHECK_INT(source.cancelled, 1);
  tear_down();
}

static void deadline_holds(void) {
  set_up_source(3600);
  source.slow = 1 << 30;
  uint64_t began = fake.now;
  CHECK_INT(call(), IVS_ERR_TIMEOUT);
  CHECK(fake.now - began >= IVS_CALL_MS && fake.now - began <= IVS_CALL_MS + 10);
  CHECK_INT(source.cancelled, 1);
  CHECK_STR(ivs_cstr(ivs_last(&client)->message), "waiting for credentials");
  tear_down();
}

/* What the call waited for is told, with the name of the source and what it met. */
static void deadline_says_who_is_silent(void) {
  static const char *const problems[] = {"source: no answer", "another: HTTP 500: why"};
  set_up_source(3600);
  source.slow = 1 << 30;
  ivs_provider_fail(&source.base, "source", "no answer", IVS_STR(""));
  CHECK_INT(call(), IVS_ERR_TIMEOUT);
  CHECK_STR(ivs_cstr(ivs_last(&client)->message), problems[0]);
  ivs_provider_fail(&source.base, "another", "HTTP 500", IVS_STR("why"));
  CHECK_INT(call(), IVS_ERR_TIMEOUT);
  CHECK_STR(ivs_cstr(ivs_last(&client)->message), problems[1]);
  /* and not what is over */
  CHECK_INT(ivs_provider_take(&source.base, "source", NOW, IVS_STR("AKID"), IVS_STR("secret"),
                              IVS_STR(""), NOW + 1),
            0);
  CHECK_STR(ivs_cstr(source.base.problem), "");
  pass(1);
  CHECK_INT(call(), IVS_ERR_TIMEOUT);
  CHECK_STR(ivs_cstr(ivs_last(&client)->message), "waiting for credentials");
  tear_down();
}

/* The time is over before anybody was asked: the source has nothing to do with it. */
static void deadline_before_all(void) {
  static const struct ivs_get_channel_in in = {.arn = IVS_STR_INIT(ARN)};
  struct ivs_get_channel_out out;
  struct ivs_wait w;
  set_up_source(3600);
  CHECK_INT(ivs_start(&client, IVS_OP_GET_CHANNEL, &in, &out), 0);
  fake.now += IVS_CALL_MS;
  CHECK_INT(ivs_step(&client, &w), IVS_ERR_TIMEOUT);
  CHECK_STR(ivs_cstr(ivs_last(&client)->message), "");
  CHECK_INT(source.asked, 0);
  tear_down();
}

/* What they have in common with the next ones is not their key. */
static void wiped_between_calls(void) {
  const char *a, *b;
  set_up_source(3600);
  fake_body(&fake, ok_head, channel_body);
  CHECK_INT(call(), 0);
  ivs_provider_wipe(&source.base);
  source.fails = true;
  CHECK_INT(call(), IVS_ERR_CREDENTIALS);
  fake.clock_ms = INT64_MIN / 2; /* a clock that was never set: no less */
  CHECK_INT(call(), IVS_ERR_CREDENTIALS);
  fake.clock_ms = NOW * INT64_C(1000);
  CHECK_INT(ivs_client_counters(&client)->requests, 1);
  CHECK_INT(ivs_provider_take(&source.base, "source", NOW, IVS_STR("AKID1"), IVS_STR("another"),
                              IVS_STR("token1"), NOW + 3600),
            0);
  CHECK_INT(call(), 0);
  CHECK_INT(ivs_client_counters(&client)->refreshes, 1);
  a = strstr(fake.sent, "Signature=");
  b = a != NULL ? strstr(a + 1, "Signature=") : NULL;
  CHECK(a != NULL && b != NULL && memcmp(a, b, 74) != 0);
  tear_down();
}

/* Who has a provider takes no others. */
static void no_others_beside_it(void) {
  set_up_source(3600);
  fake_body(&fake, ok_head, channel_body);
  CHECK_INT(ivs_credentials(&client, &creds), IVS_ERR_STATE);
  CHECK_INT(call(), 0);
  CHECK_INT(ivs_credentials(&client, &creds), IVS_ERR_STATE);
  CHECK_INT(call(), 0);
  CHECK(!was_sent("=AKID/"));
  tear_down();
}

/* A renewal ahead of time that hangs takes half of the call's time; the old ones serve. */
static void renewal_hangs(void) {
  set_up_source(3600);
  for (int i = 0; i < 3; i++) fake_body(&fake, ok_head, channel_body);
  CHECK_INT(call(), 0);
  pass(3400);
  source.slow = 1 << 30;
  uint64_t began = fake.now;
  CHECK_INT(call(), 0);
  CHECK(fake.now - began >= IVS_CALL_MS / 2 && fake.now - began <= IVS_CALL_MS / 2 + 10);
  CHECK_INT(source.cancelled, 1);
  CHECK_INT(source.asked, 2);
  began = fake.now;
  CHECK_INT(call(), 0);
  CHECK_INT(fake.now, began);
  CHECK_INT(source.asked, 2);
  tear_down();
}

/* A client that gives up leaves the others what they wait for. */
static void one_gives_up(void) {
  static const struct ivs_get_channel_in in = {.arn = IVS_STR_INIT(ARN)};
  static struct fake other_fake;
  static ivs_client other;
  static char other_space[8192];
  struct ivs_get_channel_out out, other_out;
  struct ivs_wait w;
  set_up_source(3600);
  fake_body(&fake, ok_head, channel_body);
  source.slow = 20;
  struct ivs_options options = client.options;
  fake_start(&other_fake);
  options.port = &other_fake.port;
  CHECK_INT(ivs_init(&other, &options), 0);
  ivs_workspace(&other, other_space, sizeof other_space);
  CHECK_INT(ivs_start(&client, IVS_OP_GET_CHANNEL, &in, &out), 0);
  CHECK_INT(ivs_step(&client, &w), 1);
  for (int i = 0; i < 5; i++) {
    CHECK_INT(ivs_start(&other, IVS_OP_GET_CHANNEL, &in, &other_out), 0);
    if (i % 2) CHECK_INT(ivs_step(&other, &w), 1);
    ivs_cancel(&other);
  }
  CHECK_INT(source.cancelled, 0);
  CHECK_INT(ivs_finish(&client), 0);
  check_channel(&out);
  CHECK_INT(source.asked, 1);
  CHECK_INT(source.base.waiting, 0);
  ivs_close(&other);
  tear_down();
}

/* A call that waits for workspace signs with what is in use when it goes on. */
static void renewed_while_it_waits_for_workspace(void) {
  static const struct ivs_get_channel_in in = {.arn = IVS_STR_INIT(ARN)};
  struct ivs_get_channel_out out;
  struct ivs_wait w;
  set_up_source(3600);
  fake_body(&fake, ok_head, channel_body);
  ivs_workspace(&client, space, 100);
  CHECK_INT(ivs_start(&client, IVS_OP_GET_CHANNEL, &in, &out), 0);
  CHECK_INT(ivs_step(&client, &w), IVS_ERR_SPACE);
  CHECK_INT(source_step(&source.base, ivs_clock_now(&client)), 0);
  ivs_workspace(&client, space, sizeof space);
  CHECK_INT(ivs_finish(&client), 0);
  CHECK(was_sent("AKID2/"));
  CHECK_INT(client.creds_version, 2);
  CHECK_INT(ivs_client_counters(&client)->refreshes, 1);
  tear_down();
}

static void wiped_while_it_waits_for_workspace(void) {
  struct ivs_get_channel_in in = {.arn = IVS_STR(ARN)};
  struct ivs_get_channel_out out;
  set_up_source(3600);
  fake_body(&fake, ok_head, channel_body);
  ivs_workspace(&client, space, 100);
  CHECK_INT(ivs_get_channel(&client, &in, &out), IVS_ERR_SPACE);
  ivs_provider_wipe(&source.base);
  ivs_workspace(&client, space, sizeof space);
  CHECK_INT(ivs_finish(&client), 0);
  CHECK_INT(source.asked, 2);
  tear_down();
}

/* When credentials end is judged by the corrected clock. */
static void by_the_corrected_clock(void) {
  set_up_source(3600);
  fake_body(&fake, ok_head, channel_body);
  CHECK_INT(call(), 0);
  ivs_clock_set(&client, ivs_clock_now(&client) + 3300);
  CHECK_INT(call(), 0);
  CHECK_INT(source.asked, 2);
  tear_down();
}

static void what_is_taken(void) {
  struct ivs_provider *p = &source.base;
  char longest[IVS_SESSION_TOKEN_MAX + 1];
  memset(longest, 'x', sizeof longest);
  ivs_str none = {NULL, 0}, long_text = {longest, sizeof longest};
  set_up_source(0);
  CHECK_INT(ivs_provider_take(p, "s", 100, IVS_STR("id"), IVS_STR("key"), none, 101), 0);
  CHECK_INT(p->version, 1);
  CHECK_INT(p->expires, 101);
  CHECK_INT(p->due, 101);
  CHECK_INT(ivs_provider_take(p, "s", 100, IVS_STR("id2"), IVS_STR("key"), none, 100),
            IVS_ERR_CREDENTIALS);
  CHECK_STR(ivs_cstr(p->problem), "s: its credentials have expired already");
  static const ivs_str bad[][3] = {
      {IVS_STR_INIT(""), IVS_STR_INIT("key"), {NULL, 0}},
      {IVS_STR_INIT("id"), {NULL, 0}, {NULL, 0}},
      {IVS_STR_INIT("id\n"), IVS_STR_INIT("key"), {NULL, 0}},
      {IVS_STR_INIT("id"), IVS_STR_INIT(" key"), {NULL, 0}},
      {IVS_STR_INIT("id"), IVS_STR_INIT("key"), IVS_STR_INIT("t\rx")},
  };
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
    CHECK_INT(ivs_provider_take(p, "s", 100, bad[i][0], bad[i][1], bad[i][2], 0),
              IVS_ERR_CREDENTIALS);
  CHECK_INT(ivs_provider_take(p, "s", 100, IVS_STR("id"), IVS_STR("key"), long_text, 0),
            IVS_ERR_CREDENTIALS);
  CHECK_STR(ivs_cstr(p->problem), "s: its credentials are malformed or too long");
  CHECK_INT(p->version, 1);
  CHECK_STR(ivs_cstr(p->creds.access_key_id), "id");
  ivs_provider_wipe(p);
  CHECK_INT(p->version, 2);
  for (size_t i = 0; i < sizeof p->creds; i++) CHECK(((const char *)&p->creds)[i] == 0);
  tear_down();
}

static void problem_of_any_length(void) {
  struct ivs_provider *p = &source.base;
  char text[600];
  memset(text, 'x', sizeof text);
  set_up_source(0);
  for (size_t n = 0; n < 300; n++) {
    ivs_str detail = {text, n};
    char what[301];
    memcpy(what, text, n);
    what[n] = '\0';
    CHECK_INT(ivs_provider_fail(p, "s", "w", detail), IVS_ERR_CREDENTIALS);
    CHECK(strlen(p->problem) == (n == 0 ? 4 : n < 185 ? n + 6 : strlen(p->problem)));
    ivs_provider_fail(p, "s", what, detail);
    CHECK(strlen(p->problem) < sizeof p->problem);
  }
  tear_down();
}

int main(void) {
  RUN(asked_for_ahead_of_the_end);
  RUN(asked_for_in_the_middle_of_a_short_life);
  RUN(some_never_end);
  RUN(old_ones_are_used_to_their_end);
  RUN(none_at_all);
  RUN(refused_as_expired);
  RUN(refused_as_expired_again);
  RUN(refused_as_expired_and_no_others);
  RUN(refused_as_expired_at_last);
  RUN(ended_while_it_waits);
  RUN(refused_and_renewed_by_another);
  RUN(static_ones_expire);
  RUN(one_refresh_for_all);
  RUN(room_for_one_connection);
  RUN(deadline_holds);
  RUN(deadline_says_who_is_silent);
  RUN(deadline_before_all);
  RUN(wiped_between_calls);
  RUN(no_others_beside_it);
  RUN(renewal_hangs);
  RUN(one_gives_up);
  RUN(renewed_while_it_waits_for_workspace);
  RUN(wiped_while_it_waits_for_workspace);
  RUN(by_the_corrected_clock);
  RUN(what_is_taken);
  RUN(problem_of_any_length);
  return check_done();
}
