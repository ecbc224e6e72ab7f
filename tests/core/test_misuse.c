/*
 * What a program can do wrong, and what machines can: calls out of turn, options that are missing,
 * a port without entropy, a clock beyond all dates, numbers no memory has room for.
 */
#include "client_setup.h"

#include "../../core/src/call.h"

static struct ivs_wait w;

static const struct ivs_get_channel_in channel_in = {.arn = IVS_STR_INIT(ARN)};

static void options_that_are_missing(void) {
  set_up();
  const struct ivs_options good = client.options;
  struct ivs_options options = good;
  ivs_client other;
  options.port = NULL;
  CHECK_INT(ivs_init(&other, &options), IVS_ERR_ARGUMENT);
  options = good;
  options.endpoint = NULL;
  CHECK_INT(ivs_init(&other, &options), IVS_ERR_ARGUMENT);
  static const struct ivs_endpoint never_set;
  options.endpoint = &never_set;
  CHECK_INT(ivs_init(&other, &options), IVS_ERR_ARGUMENT);
  options = good;
  options.region = IVS_STR("");
  CHECK_INT(ivs_init(&other, &options), IVS_ERR_ARGUMENT);
  CHECK_INT(ivs_init(&other, &good), 0);
  CHECK_STR(ivs_cstr(ivs_version()), IVS_VERSION);
  tear_down();
}

/* Nothing is signed with a secret that is not there, and nothing of it is kept. */
static void credentials_that_were_never_set(void) {
  struct ivs_get_channel_out out;
  struct ivs_creds later = {0};
  set_up();
  CHECK_INT(ivs_credentials(&client, &later), 0);
  CHECK_INT(get_channel(&out), IVS_ERR_CREDENTIALS);
  CHECK_INT(fake.opened, 0);
  CHECK_INT(ivs_creds_set(&later, IVS_STR("AKIDEXAMPLE"), IVS_STR("secret"), IVS_STR("")), 0);
  fake_body(&fake, ok_head, channel_body);
  CHECK_INT(get_channel(&out), 0);
  CHECK(strstr(fake.sent, "Credential=AKIDEXAMPLE/") != NULL);
  tear_down();
}

/* Nor with the key that was derived from it while it was there. */
static void credentials_that_were_wiped(void) {
  struct ivs_get_channel_out out;
  set_up();
  fake_body(&fake, ok_head, channel_body);
  CHECK_INT(get_channel(&out), 0);
  ivs_creds_wipe(&creds);
  CHECK_INT(get_channel(&out), IVS_ERR_CREDENTIALS);
  CHECK_INT(ivs_client_counters(&client)->requests, 1);
  tear_down();
}

/* In the middle of a call nothing else begins, and the call goes on. */
static void out_of_turn(void) {
  struct ivs_get_channel_out out;
  ivs_span rest = {0};
  set_up();
  fake.hesitant = true;
  fake_body(&fake, ok_head, channel_body);
  CHECK_INT(ivs_step(&client, &w), IVS_ERR_STATE);
  CHECK_INT(ivs_start(&client, IVS_OP_GET_CHANNEL, &channel_in, &out), 0);
  CHECK_INT(ivs_start(&client, IVS_OP_GET_CHANNEL, &channel_in, &out), IVS_ERR_STATE);
  CHECK_INT(get_channel(&out), IVS_ERR_STATE);
  CHECK_INT(ivs_credentials(&client, NULL), IVS_ERR_STATE);
  CHECK_INT(ivs_clock_learn(&client), IVS_ERR_STATE);
  CHECK_INT(ivs_next(&client, &rest, &out), IVS_ERR_STATE);
  CHECK_INT(ivs_step(&client, &w), 1);
  CHECK_INT(ivs_workspace(&client, space, sizeof space - 1), IVS_ERR_STATE);
  ivs_cancel(&client);
  CHECK_INT(ivs_last(&client)->err, IVS_ERR_CANCELLED);
  ivs_cancel(&client);
  tear_down();
}

/* An answer that came in time is read, even if the room that its members need is given late. */
static void late_room(void) {
  struct ivs_get_channel_out out;
  static char small[2048], body[1024];
  set_up();
  size_t n = (size_t)snprintf(body, sizeof body, "{\"channel\":{\"arn\":\"" ARN "\"}");
  for (int i = 0; i < 100; i++) n += (size_t)snprintf(body + n, sizeof body - n, ",\"\":0");
  snprintf(body + n, sizeof body - n, "}");
  fake_body(&fake, ok_head, body);
  CHECK_INT(ivs_workspace(&client, small, sizeof small), 0);
  CHECK_INT(get_channel(&out), IVS_ERR_SPACE);
  fake.now = client.deadline;
  CHECK_INT(ivs_workspace(&client, small, sizeof small - 1), IVS_ERR_SPACE);
  CHECK_INT(ivs_workspace(&client, space, sizeof space), 0);
  CHECK_INT(ivs_step(&client, &w), 0);
  CHECK_STR(out.channel.arn, ARN);
  tear_down();
}

static void no_entropy(void) {
  struct ivs_get_channel_out out;
  set_up_attempts(2);
  fake.no_entropy = true;
  fake_body(&fake, "HTTP/1.1 503 Down\r\nConnection: close", "{}");
  fake_body(&fake, ok_head, channel_body);
  uint64_t began = fake.now;
  CHECK_INT(get_channel(&out), 0);
  CHECK(fake.now - began >= 49); /* the longest delay of a first repetition */
  tear_down();
}

static void clock_beyond_all_dates(void) {
  struct ivs_get_channel_out out;
  set_up();
  fake.clock_ms = INT64_MAX / 2;
  CHECK_INT(get_channel(&out), IVS_ERR_CLOCK);
  CHECK_INT(fake.opened, 0);
  tear_down();
}

static void wait_that_fails(void) {
  struct ivs_get_channel_out out;
  set_up();
  fake.mute = fake.wait_fails = true;
  CHECK_INT(get_channel(&out), IVS_ERR_NET);
  CHECK_INT(ivs_clock_learn(&client), IVS_ERR_NET);
  tear_down();
}

/* The operations of tags: a path, a query, another method, no body; without a session token too. */
static void other_methods(void) {
  struct ivs_list_tags_for_resource_in in = {.resource_arn = IVS_STR(ARN)};
  struct ivs_list_tags_for_resource_out out;
  ivs_str keys[] = {IVS_STR_INIT("a"), IVS_STR_INIT("b")};
  struct ivs_untag_resource_in untag = {
      .resource_arn = IVS_STR(ARN), .tag_keys.items = keys, .tag_keys.count = 2};
  set_up();
  CHECK_INT(ivs_creds_set(&creds, IVS_STR("AKID"), IVS_STR("secret"), IVS_STR("")), 0);
  fake_body(&fake, ok_head, "{\"tags\":{\"a\":\"1\"}}");
  CHECK_INT(ivs_list_tags_for_resource(&client, &in, &out), 0);
  CHECK(was_sent("GET /tags/arn%3Aaws%3Aivs%3Aeu-west-1%3A123456789012%3Achannel%2FAbCdEf123456 "));
  CHECK(!was_sent("ontent-length") && !was_sent("ontent-Length") && !was_sent("security-token"));
  CHECK_INT(ivs_untag_resource(&client, &untag, NULL), 0);
  CHECK(was_sent("DELETE /tags/arn%3Aaws") && was_sent("?tagKeys=a&tagKeys=b "));
  tear_down();
}

/* The check of the API's limits in a call: nothing is opened for a request that breaks one. */
static void checked_call(void) {
  struct ivs_get_channel_out out;
  struct ivs_get_channel_in in = {.arn = IVS_STR("not an ARN")};
  set_up();
  client.options.check = ivs_check_member;
  CHECK_INT(ivs_get_channel(&client, &in, &out), IVS_ERR_ARN);
  CHECK_STR(ivs_cstr(ivs_last(&client)->message), "arn");
  CHECK_INT(fake.opened, 0);
  fake_body(&fake, ok_head, channel_body);
  CHECK_INT(get_channel(&out), 0);
  tear_down();
}

/* Refusals that are no object, or name their code twice; an answer for which there is no room. */
static void odd_refusals(void) {
  static const char *const bodies[] = {"[1]", "\"no\"", "7", "{\"__type\":3}", "{"};
  struct ivs_get_channel_out out;
  for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
    set_up();
    fake_body(&fake, "HTTP/1.1 400 Bad Request\r\nx-amzn-ErrorType: First", bodies[i]);
    CHECK_INT(get_channel(&out), IVS_ERR_SERVICE);
    CHECK_STR(ivs_cstr(ivs_last(&client)->code), "First");
    tear_down();
  }
  set_up();
  fake_body(&fake, "HTTP/1.1 400 Bad Request\r\nx-amzn-ErrorType: First",
            "{\"__type\":\"Second\",\"message\":\"m\"}");
  CHECK_INT(get_channel(&out), IVS_ERR_SERVICE);
  CHECK_STR(ivs_cstr(ivs_last(&client)->code), "First");
  CHECK_STR(ivs_cstr(ivs_last(&client)->message), "m");
  tear_down();
}

/* A refusal that fills the workspace to its last bytes, so that there are no tokens to read it. */
static void refusal_without_room(void) {
  enum { ROOM = 2048, TRIED = 40 };
  static char body[ROOM + 1];
  struct ivs_get_channel_out out;
  for (size_t n = ROOM - TRIED; n <= ROOM; n++) {
    set_up();
    memset(body, ' ', n);
    body[n] = '\0';
    memcpy(body, "{\"message\":\"m\"}", 15);
    fake_body(&fake, "HTTP/1.1 400 Bad Request", body);
    CHECK_INT(ivs_workspace(&client, space, ROOM), 0);
    CHECK_INT(get_channel(&out), IVS_ERR_SERVICE);
    CHECK_INT(ivs_last(&client)->status, 400);
    tear_down();
  }
}

/* Operations whose answer has no members, when there is a body all the same; and the reverse. */
static void answer_without_members(void) {
  struct ivs_stop_stream_in in = {.channel_arn = IVS_STR(ARN)};
  char nothing[8] = {0};
  set_up();
  fake_body(&fake, ok_head, "{}");
  CHECK_INT(ivs_call(&client, IVS_OP_STOP_STREAM, &in, nothing), 0);
  tear_down();
  struct ivs_get_channel_out out;
  set_up();
  fake_body(&fake, ok_head, "");
  CHECK_INT(get_channel(&out), 0);
  CHECK(!out.channel.present);
  tear_down();
}

static void more_than_memory_has(void) {
  struct ivs_get_channel_out out;
  set_up();
  fake_answer(&fake, "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n{");
  CHECK_INT(get_channel(&out), IVS_ERR_HTTP_LENGTH);
  tear_down();
}

/* What the client keeps to itself, used directly. */
static void exchange_out_of_turn(void) {
  struct ivs_exchange x = {.port = &fake.port, .space = space, .space_n = sizeof space, .have = 3};
  struct ivs_peer peer = {IVS_STR("host"), 80, 0};
  char other[16];
  fake_start(&fake);
  CHECK_INT(ivs_exchange_move(&x), IVS_ERR_STATE);
  CHECK_INT(ivs_exchange_begin(&x, &peer, 0, NULL, NULL), 0);
  CHECK_INT(ivs_exchange_space(&x, other, sizeof other), IVS_ERR_STATE);
  CHECK_INT(ivs_exchange_move(&x), 1);
  CHECK_INT(ivs_exchange_space(&x, other, sizeof other), IVS_ERR_STATE);
  ivs_exchange_drop(&x);
  x.have = sizeof other + 1; /* as it may be of an answer */
  CHECK_INT(ivs_exchange_space(&x, other, sizeof other), 0);
  CHECK_INT(x.have, sizeof other);
}

/* The request did not leave whole, and what came back broke off: the later failure is told. */
static void half_a_request_half_an_answer(void) {
  struct ivs_get_channel_out out;
  set_up();
  fake.send_piece = 100;
  fake.send_fails_after = 200;
  fake_answer(&fake, "HTTP/1.1 40");
  fake.connections[0].after = IVS_ERR_CLOSED;
  CHECK_INT(get_channel(&out), IVS_ERR_CLOSED);
  tear_down();
}

static void header_that_is_none(void) {
  set_up();
  struct ivs_error before = client.error;
  ivs_answer_field(&client, (enum ivs_http1_field)0, IVS_STR("x"));
  CHECK(memcmp(&before, &client.error, sizeof before) == 0);
  tear_down();
}

static void pages_of_what_has_none(void) {
  struct ivs_get_channel_out out = {0};
  struct ivs_get_channel_in in = channel_in;
  char token[IVS_PAGE_TOKEN_SIZE];
  CHECK_INT(ivs_page_more(&ivs_ops[IVS_OP_GET_CHANNEL], &in, &out, token), IVS_ERR_ARGUMENT);
}

/* A text that was never checked is read within its bounds, whatever comes of it. */
static void json_that_was_not_checked(void) {
  static const char *const texts[] = {
      "\"abc", "{\"a\":[1",  "[[",       "12",          "-",  "{\"a\" \"b\"}",
      "{]{}",  "{\"a\":1]{", "{\"a\": ", "{\"a\":{}]}", "  ", "tru",
      "1}",    "1]",         "{x]{}",    "{\"a\\"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    size_t n = strlen(texts[i]);
    char *copy = check_guard(n), tokens[64 * IVS_JSON_TOKEN_SIZE];
    struct ivs_json_value v, inner;
    struct ivs_json_object o;
    ivs_str name;
    memcpy(copy, texts[i], n);
    CHECK(ivs_json_value_at(copy, copy + n, &v) <= copy + n);
    if (copy[0] == '{') v = (struct ivs_json_value){copy, (uint32_t)n, IVS_JSON_OBJECT};
    if (v.type == IVS_JSON_OBJECT && ivs_json_open(&o, v, tokens, 64) == 0)
      while (ivs_json_member(&o, &name, &inner) == 1) CHECK(inner.p + inner.n <= copy + n);
    check_guard_free(copy, n);
  }
}

static void more_members_than_can_be_counted(void) {
  enum { MEMBERS = 32768 };
  static char text[MEMBERS * 5 + 8];
  for (int members = MEMBERS - 2; members <= MEMBERS; members++) {
    size_t n = 0, tokens = 0;
    text[n++] = '{';
    for (int i = 0; i < members; i++) n += (size_t)sprintf(text + n, "%s\"\":0", i > 0 ? "," : "");
    text[n++] = '}';
    int r = ivs_json_check(text, n, &tokens);
    CHECK_INT(r, members < MEMBERS ? 0 : IVS_ERR_JSON);
    if (r == 0) CHECK_INT(tokens, 1 + 2 * members);
  }
}

static void header_after_a_failure(void) {
  char small[4];
  struct ivs_out o = ivs_out_to(small, sizeof small);
  o.err = IVS_ERR_CRYPTO;
  ivs_http1_put_head(&o, IVS_STR("G\n"), IVS_STR("/"), IVS_STR(""), NULL, 0, -1);
  CHECK_INT(o.err, IVS_ERR_CRYPTO);
}

static void path_too_long(void) {
  static char url[1000];
  struct ivs_endpoint e;
  memset(url, 'a', sizeof url);
  memcpy(url, "https://h/", 10);
  CHECK_INT(ivs_endpoint_from_url(&e, (ivs_str){url, sizeof url}), IVS_ERR_ARGUMENT);
}

int main(void) {
  RUN(options_that_are_missing);
  RUN(credentials_that_were_never_set);
  RUN(credentials_that_were_wiped);
  RUN(out_of_turn);
  RUN(late_room);
  RUN(no_entropy);
  RUN(clock_beyond_all_dates);
  RUN(wait_that_fails);
  RUN(other_methods);
  RUN(checked_call);
  RUN(odd_refusals);
  RUN(refusal_without_room);
  RUN(answer_without_members);
  RUN(more_than_memory_has);
  RUN(exchange_out_of_turn);
  RUN(half_a_request_half_an_answer);
  RUN(header_that_is_none);
  RUN(pages_of_what_has_none);
  RUN(json_that_was_not_checked);
  RUN(more_members_than_can_be_counted);
  RUN(header_after_a_failure);
  RUN(path_too_long);
  return check_done();
}
