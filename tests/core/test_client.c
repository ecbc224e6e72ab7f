/*
 * The client over a port made of memory: what it sends, what it makes of answers, and what is left
 * when something fails.
 */
#include "client_setup.h"

static void sends_one_signed_request(void) {
  struct ivs_get_channel_out out;
  set_up();
  fake_body(&fake, ok_head, channel_body);
  CHECK_INT(get_channel(&out), 0);
  check_channel(&out);
  CHECK(
      was_sent("POST /GetChannel HTTP/1.1\r\ncontent-type: application/json\r\nhost: "
               "ivs.eu-west-1.amazonaws.com\r\n"));
  CHECK(was_sent("\r\nx-amz-date: 20261122T093000Z\r\n"));
  CHECK(was_sent("\r\nx-amz-security-token: " TOKEN "\r\n"));
  CHECK(was_sent(
      "\r\nauthorization: AWS4-HMAC-SHA256 Credential=AKID/20261122/eu-west-1/ivs/aws4_request, "
      "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, Signature="));
  CHECK(was_sent("\r\ncontent-length: 65\r\n") || was_sent("\r\nContent-Length: 65\r\n"));
  CHECK(was_sent("\r\n\r\n{\"arn\":\"" ARN "\"}"));
  CHECK_STR(ivs_cstr(ivs_last(&client)->request_id), "11-22");
  CHECK_INT(ivs_last(&client)->date, 1795339801);
  CHECK_INT(ivs_client_counters(&client)->requests, 1);
  CHECK(!check_holds(space, sizeof space, TOKEN));
  tear_down();
}

static void without_credentials_nothing_is_signed(void) {
  struct ivs_get_channel_out out;
  set_up();
  ivs_credentials(&client, NULL);
  fake_body(&fake, ok_head, channel_body);
  CHECK_INT(get_channel(&out), 0);
  CHECK(!was_sent("uthorization") && !was_sent("x-amz"));
  tear_down();
}

static void any_pieces_give_the_same(void) {
  struct ivs_get_channel_out out;
  char whole[4096];
  size_t whole_n = 0;
  for (size_t piece = 0; piece < 400; piece++) {
    for (int hesitant = 0; hesitant < 2; hesitant++) {
      set_up();
      fake.send_piece = fake.recv_piece = piece;
      fake.hesitant = hesitant;
      fake_body(&fake, ok_head, channel_body);
      CHECK_INT(get_channel(&out), 0);
      check_channel(&out);
      if (whole_n == 0) memcpy(whole, fake.sent, whole_n = fake.sent_n);
      CHECK_MEM(fake.sent, fake.sent_n, whole, whole_n);
      tear_down();
    }
  }
}

/* Every I/O function fails once, for each error: the call says so, nothing stays open, and the next
   call works. */
static void nth_failure(void) {
  static const int errors[] = {IVS_ERR_NET, IVS_ERR_CLOSED, IVS_ERR_TLS, IVS_ERR_CONNECT,
                               IVS_ERR_NAME};
  struct ivs_get_channel_out out;
  struct ivs_delete_channel_in gone = {.arn = IVS_STR(ARN)};
  for (size_t e = 0; e < sizeof errors / sizeof errors[0]; e++) {
    bool failed = true;
    for (int n = 1; failed && n < 500; n++) {
      set_up();
      fake.recv_piece = 40;
      fake.send_piece = 200;
      fake.fail_at = n;
      fake.fail_with = errors[e];
      fake_body(&fake, ok_head, channel_body);
      fake_answer(&fake, gone_answer);
      int r = get_channel(&out);
      failed = r != 0;
      if (failed) {
        CHECK_INT(r, errors[e]);
        CHECK_INT(ivs_last(&client)->err, errors[e]);
        CHECK_INT(ivs_last(&client)->system, 7);
        CHECK_STR(ivs_cstr(ivs_last(&client)->message), "said the fake");
        CHECK_INT(fake.opened, fake.closed);
        CHECK(!check_holds(space, sizeof space, TOKEN));
        fake.fail_at = 0;
        CHECK_INT(ivs_delete_channel(&client, &gone, NULL), 0);
      } else {
        CHECK(n > 10);
      }
      tear_down();
    }
    CHECK(!failed);
  }
}

static void connection_is_kept(void) {
  struct ivs_get_channel_out out;
  set_up();
  fake_body(&fake, ok_head, channel_body);
  for (int i = 0; i < 3; i++) CHECK_INT(get_channel(&out), 0);
  CHECK_INT(fake.opened, 1);
  CHECK_INT(ivs_client_counters(&client)->reused, 2);
  fake.now += IVS_IDLE_MS;
  fake_body(&fake, ok_head, channel_body);
  CHECK_INT(get_channel(&out), 0);
  CHECK_INT(fake.opened, 2);
  tear_down();
}

static void connection_is_not_kept(void) {
  static const char *const answers[] = {
      "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}",
      "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}",
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\n",
  };
  struct ivs_get_channel_out out;
  for (size_t i = 0; i < 3; i++) {
    set_up();
    fake_answer(&fake, answers[i]);
    fake_body(&fake, ok_head, channel_body);
    CHECK_INT(get_channel(&out), 0);
    CHECK(!out.channel.present);
    CHECK_INT(fake.closed, 1);
    CHECK_INT(get_channel(&out), 0);
    check_channel(&out);
    CHECK_INT(fake.opened, 2);
    tear_down();
  }
}

/* A request that is refused here leaves the connection of the call before as it was. */
static void bad_request_keeps_the_connection(void) {
  struct ivs_get_channel_in none = {0};
  struct ivs_get_channel_out out;
  set_up();
  fake_body(&fake, ok_head, channel_body);
  CHECK_INT(get_channel(&out), 0);
  CHECK_INT(ivs_get_channel(&client, &none, &out), IVS_ERR_REQUIRED);
  CHECK_INT(get_channel(&out), 0);
  CHECK_INT(fake.opened, 1);
  tear_down();
}

static void body_until_close(void) {
  struct ivs_get_channel_out out;
  set_up();
  fake_answer(&fake, "HTTP/1.1 200 OK\r\n\r\n{\"channel\":{\"name\":\"x\"}}");
  fake.connections[0].after = IVS_ERR_CLOSED;
  CHECK_INT(get_channel(&out), 0);
  CHECK_STR(out.channel.name, "x");
  tear_down();
  set_up(); /* without a proper end it may be cut short */
  fake_answer(&fake, "HTTP/1.1 200 OK\r\n\r\n{\"channel\":{\"name\":\"x\"}}");
  fake.connections[0].after = IVS_ERR_NET;
  CHECK_INT(get_channel(&out), IVS_ERR_NET);
  tear_down();
}

/* A kept connection that turns out dead costs the caller nothing where repeating is safe. */
static void dead_connection(void) {
  struct ivs_get_channel_out out;
  struct ivs_create_channel_in make = {.name = IVS_STR("x")};
  struct ivs_create_channel_out made;
  struct ivs_put_metadata_in cue = {.channel_arn = IVS_STR(ARN), .metadata = IVS_STR("hello")};
  for (int dead = DEAD_AT_SEND; dead <= DEAD_AT_RECV; dead++) {
    for (int kind = 0; kind < 4; kind++) {
      set_up();
      client.options.cue_once = kind == 3;
      fake_body(&fake, ok_head, channel_body);
      fake_body(&fake, ok_head, channel_body);
      fake.connections[0].dead = dead;
      CHECK_INT(get_channel(&out), 0);
      int r = kind == 0   ? get_channel(&out)
              : kind == 1 ? ivs_create_channel(&client, &make, &made)
                          : ivs_put_metadata(&client, &cue, NULL);
      bool lost = dead == DEAD_AT_RECV && (kind == 1 || kind == 3);
      CHECK_INT(r, lost ? IVS_ERR_UNSURE : 0);
      CHECK_INT(ivs_last(&client)->err, r);
      CHECK_INT(fake.opened, lost ? 1 : 2);
      tear_down();
    }
  }
}

/* An operation that must not happen twice does not use a connection that may have gone stale. */
static void once_wants_a_fresh_connection(void) {
  struct ivs_create_channel_in in = {.name = IVS_STR("x")};
  struct ivs_create_channel_out out;
  struct ivs_get_channel_out got;
  set_up();
  fake_body(&fake, ok_head, channel_body);
  fake_body(&fake, ok_head, channel_body);
  CHECK_INT(get_channel(&got), 0);
  fake.now += IVS_IDLE_ONCE_MS;
  CHECK_INT(ivs_create_channel(&client, &in, &out), 0);
  CHECK_INT(fake.opened, 2);
  tear_down();
}

static void lost_answer_of_a_create_is_unsure(void) {
  struct ivs_create_channel_in in = {.name = IVS_STR("x")};
  struct ivs_create_channel_out out;
  set_up();
  fake_answer(&fake, "HTTP/1.1 200 OK\r\nContent-Le");
  fake.connections[0].after = IVS_ERR_NET;
  CHECK_INT(ivs_create_channel(&client, &in, &out), IVS_ERR_UNSURE);
  CHECK_STR(ivs_cstr(ivs_last(&client)->message), "said the fake");
  tear_down();
  set_up(); /* time-out after the request left */
  CHECK_INT(ivs_create_channel(&client, &in, &out), IVS_ERR_UNSURE);
  CHECK_INT(ivs_last(&client)->cause, IVS_ERR_TIMEOUT);
  tear_down();
  set_up(); /* it never left */
  fake.mute = true;
  CHECK_INT(ivs_create_channel(&client, &in, &out), IVS_ERR_TIMEOUT);
  tear_down();
}

/* When waiting fails on a kept connection, the call goes on over a fresh one, or ends; it is never
   left half done. */
static void waiting_fails(void) {
  struct ivs_get_channel_out out;
  for (int kept = 0; kept < 2; kept++) {
    set_up();
    fake_body(&fake, ok_head, channel_body);
    if (kept) CHECK_INT(get_channel(&out), 0);
    fake.hesitant = fake.wait_fails = true;
    CHECK_INT(get_channel(&out), IVS_ERR_NET);
    CHECK_INT(ivs_last(&client)->err, IVS_ERR_NET);
    CHECK_INT(fake.opened, fake.closed);
    fake.hesitant = fake.wait_fails = false;
    fake_body(&fake, ok_head, channel_body);
    fake_body(&fake, ok_head, channel_body);
    CHECK_INT(get_channel(&out), 0);
    tear_down();
  }
}

/* The caller gets a turn although bytes never cease. */
static void flood_does_not_hold_a_step(void) {
  static char answer[200000];
  struct ivs_get_channel_in in = {.arn = IVS_STR(ARN)};
  struct ivs_get_channel_out out;
  struct ivs_wait w;
  int steps = 0, r;
  int n = snprintf(answer, sizeof answer, "HTTP/1.1 500 Flood\r\nConnection: close\r\n\r\n");
  memset(answer + n, 'x', sizeof answer - 1 - (size_t)n);
  set_up();
  fake_answer(&fake, answer);
  fake.recv_piece = 100;
  fake.connections[0].after = IVS_ERR_CLOSED;
  CHECK_INT(ivs_start(&client, IVS_OP_GET_CHANNEL, &in, &out), 0);
  for (int before = 0; (r = ivs_step(&client, &w)) == 1; steps++, before = fake.io) {
    CHECK(fake.io - before <= 100);
    CHECK(w.until <= fake.now);
  }
  CHECK_INT(r, IVS_ERR_SERVICE);
  CHECK(steps > 10);
  tear_down();
}

/* What was not answered is absent, whatever the struct held before. */
static void failed_call_leaves_nothing(void) {
  struct ivs_list_channels_in in = {.max_results = IVS_INT(1)};
  struct ivs_list_channels_out out;
  struct ivs_channel_summary ch;
  set_up();
  fake_body(&fake, ok_head, "{\"channels\":[{\"name\":\"a\"},{\"name\":\"b\"}]}");
  CHECK_INT(ivs_list_channels(&client, &in, &out), 0);
  fake.now += IVS_IDLE_MS;
  fake.fail_at = fake.io + 1;
  fake.fail_with = IVS_ERR_CONNECT;
  CHECK_INT(ivs_list_channels(&client, &in, &out), IVS_ERR_CONNECT);
  CHECK_INT(ivs_next_channel_summary(&client, &out.channels, &ch), 0);
  tear_down();
}

static void deadline_holds(void) {
  struct ivs_get_channel_out out;
  set_up();
  uint64_t before = fake.now;
  CHECK_INT(get_channel(&out), IVS_ERR_TIMEOUT);
  CHECK_INT(fake.now - before, IVS_CALL_MS);
  CHECK_INT(ivs_last(&client)->layer, IVS_LAYER_NET);
  tear_down();
}

static void refusals(void) {
  static const struct {
    const char *head, *body, *code, *message;
    int result;
  } cases[] = {
      {"HTTP/1.1 404 Not Found\r\nx-amzn-ErrorType: ResourceNotFoundException:http://internal/",
       "{\"exceptionMessage\":\"No such channel x.\"}", "ResourceNotFoundException",
       "No such channel x.", IVS_ERR_SERVICE},
      {"HTTP/1.1 403 Forbidden",
       "{\"__type\":\"a.b#InvalidSignatureException\",\"message\":\"stale\"} ",
       "InvalidSignatureException", "stale", IVS_ERR_SERVICE},
      {"HTTP/1.1 400 Bad", "{\"message\":\"second\",\"exceptionMessage\":\"1st\"}", "", "1st",
       IVS_ERR_SERVICE},
      {"HTTP/1.1 400 Bad", "{\"exceptionMessage\":\"1st\",\"message\":\"second\"}", "", "1st",
       IVS_ERR_SERVICE},
      {"HTTP/1.1 503 Busy", "<html></html>", "", "", IVS_ERR_SERVICE},
      {"HTTP/1.1 500 Bad", "{\"message\":null}", "", "", IVS_ERR_SERVICE},
      {"HTTP/1.1 500 Bad", "[\"message\"]", "", "", IVS_ERR_SERVICE},
      {"HTTP/1.1 302 Found\r\nLocation: https://elsewhere/", "", "", "", IVS_ERR_HTTP_REDIRECT},
  };
  struct ivs_get_channel_out out;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    set_up();
    fake_body(&fake, cases[i].head, cases[i].body);
    CHECK_INT(get_channel(&out), cases[i].result);
    const struct ivs_error *e = ivs_last(&client);
    CHECK_INT(e->status, atoi(cases[i].head + 9));
    CHECK_STR(ivs_cstr(e->code), cases[i].code);
    CHECK_STR(ivs_cstr(e->message), cases[i].message);
    CHECK_INT(fake.closed, 0); /* the connection is good for the next call */
    CHECK_INT(get_channel(&out), cases[i].result);
    CHECK_INT(fake.opened, 1);
    tear_down();
  }
}

/* The copy of a long message is cut between characters; the whole of it is in the workspace. */
static void long_message(void) {
  struct ivs_get_channel_out out;
  char body[700] = "{\"exceptionMessage\":\"";
  for (int i = 0; i < 150; i++) strcat(body, "\xc3\xa9");
  strcat(body, "\"}");
  set_up();
  fake_body(&fake, "HTTP/1.1 400 Bad", body);
  CHECK_INT(get_channel(&out), IVS_ERR_SERVICE);
  const struct ivs_error *e = ivs_last(&client);
  CHECK_INT(strlen(e->message), sizeof e->message - 1);
  CHECK(memcmp(e->message + sizeof e->message - 4, "\xe2\x80\xa6", 4) == 0);
  CHECK_MEM(e->whole.p, e->whole.n, strchr(body, ':') + 2, (size_t)300);
  tear_down();
}

/* What stands for the message of a refusal that is not there to be read. */
static const char lost[] = "the message was too long, or was broken off";

/* The status of a refusal decides, whether or not its body came whole: nothing was made. */
static void refusal_cut_short(void) {
  struct ivs_create_channel_in in = {.name = IVS_STR("x")};
  struct ivs_create_channel_out out;
  set_up();
  fake_answer(&fake,
              "HTTP/1.1 400 Bad\r\nx-amzn-ErrorType: ValidationException\r\nContent-Length: "
              "90\r\n\r\n{\"mess");
  fake.connections[0].after = IVS_ERR_NET;
  CHECK_INT(ivs_create_channel(&client, &in, &out), IVS_ERR_SERVICE);
  CHECK_INT(ivs_last(&client)->status, 400);
  CHECK_STR(ivs_cstr(ivs_last(&client)->code), "ValidationException");
  CHECK_STR(ivs_cstr(ivs_last(&client)->message), lost);
  CHECK(ivs_last(&client)->whole.p == NULL);
  tear_down();
  set_up(); /* the page that comes with a redirection is no message */
  fake_answer(&fake, "HTTP/1.1 302 Found\r\nContent-Length: 90\r\n\r\n<html>");
  fake.connections[0].after = IVS_ERR_NET;
  CHECK_INT(ivs_create_channel(&client, &in, &out), IVS_ERR_HTTP_REDIRECT);
  CHECK_STR(ivs_cstr(ivs_last(&client)->message), "");
  tear_down();
}

/* One that is longer than the workspace, or leaves no room to take it apart, is read to its end all
   the same. */
static void refusal_too_long(void) {
  enum { ROOM = 16384, MOST = 20000 };
  static char body[MOST + 1];
  static const size_t lengths[] = {MOST, ROOM, ROOM - 1, ROOM - 2 * IVS_JSON_TOKEN_SIZE, 100};
  struct ivs_get_channel_out out;
  for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
    size_t n = lengths[i];
    memset(body, 'x', n);
    memcpy(body, "{\"message\":\"", 12);
    strcpy(body + n - 2, "\"}");
    set_up();
    CHECK_INT(ivs_workspace(&client, space, ROOM), 0);
    fake_body(&fake, "HTTP/1.1 400 Bad\r\nx-amzn-ErrorType: ValidationException", body);
    CHECK_INT(get_channel(&out), IVS_ERR_SERVICE);
    CHECK_STR(ivs_cstr(ivs_last(&client)->code), "ValidationException");
    if (n == 100) CHECK_INT(ivs_last(&client)->message[0], 'x');
    else CHECK_STR(ivs_cstr(ivs_last(&client)->message), lost);
    CHECK_INT(get_channel(&out), IVS_ERR_SERVICE);
    CHECK_INT(fake.opened, 1); /* the connection is good for the next call */
    tear_down();
  }
}

/* The service refuses and closes before the request is wholly sent: what it said is told, and the
   request counts as not sent. */
static void refused_while_sending(void) {
  struct ivs_create_channel_in in = {.name = IVS_STR("x")};
  struct ivs_create_channel_out out;
  set_up();
  fake.send_piece = 100;
  fake.send_fails_after = 300;
  fake_body(&fake, "HTTP/1.1 413 Too Large\r\nx-amzn-ErrorType: RequestEntityTooLarge",
            "{\"message\":\"too much\"}");
  CHECK_INT(ivs_create_channel(&client, &in, &out), IVS_ERR_SERVICE);
  CHECK_STR(ivs_cstr(ivs_last(&client)->message), "too much");
  CHECK_INT(ivs_client_counters(&client)->requests, 0);
  CHECK_INT(fake.closed, 1);
  tear_down();
  set_up(); /* it says nothing */
  fake.send_piece = 100;
  fake.send_fails_after = 300;
  CHECK_INT(ivs_create_channel(&client, &in, &out), IVS_ERR_NET);
  tear_down();
}

static void bad_answers(void) {
  static const struct {
    const char *answer;
    int result;
  } cases[] = {
      {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"channel\"", IVS_ERR_JSON},
      {"HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{\"channel\":1}", IVS_ERR_TYPE},
      {"HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\n{\"channel\":{\"name\":1}}", IVS_ERR_TYPE},
      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", IVS_ERR_TYPE},
      {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}", IVS_ERR_HTTP_LENGTH},
      {"HTTP/1.1 200 OK\nContent-Length: 2\n\n{}", IVS_ERR_HTTP},
      {"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
       IVS_ERR_HTTP_CODING},
      {"SSH-2.0-OpenSSH_9.2\r\n", IVS_ERR_HTTP},
  };
  struct ivs_get_channel_out out;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    set_up();
    fake_answer(&fake, cases[i].answer);
    int r = get_channel(&out);
    if (!CHECK_INT(r, cases[i].result)) fprintf(stderr, "  case %zu\n", i);
    CHECK_INT(ivs_last(&client)->err, r);
    tear_down();
  }
}

static void bad_requests_are_not_sent(void) {
  struct ivs_get_channel_in none = {0};
  struct ivs_get_channel_in latin = {.arn = IVS_STR("arn:\xe4")};
  struct ivs_get_channel_in inside = {.arn = {space + 100, 4}};
  struct ivs_create_recording_configuration_in half = {.destination_configuration.s3.present =
                                                           true};
  struct ivs_create_recording_configuration_out made;
  struct ivs_get_channel_out out;
  set_up();
  CHECK_INT(ivs_get_channel(&client, &none, &out), IVS_ERR_REQUIRED);
  CHECK_STR(ivs_cstr(ivs_last(&client)->message), "arn");
  CHECK_INT(ivs_get_channel(&client, &latin, &out), IVS_ERR_UTF8);
  CHECK_INT(ivs_get_channel(&client, &inside, &out), IVS_ERR_OVERLAP);
  CHECK_INT(ivs_create_recording_configuration(&client, &half, &made), IVS_ERR_REQUIRED);
  CHECK_STR(ivs_cstr(ivs_last(&client)->message), "bucketName");
  CHECK_INT(fake.opened, 0);
  tear_down();
}

/* The region goes into a header unescaped: it cannot end the line. */
static void region_is_one_word(void) {
  static const char *const bad[] = {
      "", "eu-west-1\r\nx-evil: 1", "eu west", "EU-WEST-1", "a/b", "\xc3\xa9"};
  set_up();
  struct ivs_options options = client.options;
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    options.region = ivs_cstr(bad[i]);
    CHECK_INT(ivs_init(&client, &options), IVS_ERR_ARGUMENT);
  }
  options.region = IVS_STR("us-gov-east-1");
  CHECK_INT(ivs_init(&client, &options), 0);
  tear_down();
}

/* Stepping by hand, and giving up after every number of steps. */
static void cancel_anywhere(void) {
  struct ivs_get_channel_in in = {.arn = IVS_STR(ARN)};
  struct ivs_get_channel_out out;
  struct ivs_wait w;
  bool finished = false;
  for (int steps = 0; !finished && steps < 1000; steps++) {
    set_up();
    fake.hesitant = true;
    fake.recv_piece = fake.send_piece = 64;
    fake_body(&fake, ok_head, channel_body);
    fake_body(&fake, ok_head, channel_body);
    CHECK_INT(ivs_start(&client, IVS_OP_GET_CHANNEL, &in, &out), 0);
    CHECK_INT(ivs_start(&client, IVS_OP_GET_CHANNEL, &in, &out), IVS_ERR_STATE);
    for (int i = 0; i < steps && !finished; i++) finished = ivs_step(&client, &w) == 0;
    ivs_cancel(&client);
    CHECK_INT(ivs_step(&client, &w), IVS_ERR_STATE);
    CHECK(finished || !check_holds(space, sizeof space, TOKEN));
    CHECK_INT(get_channel(&out), 0);
    check_channel(&out);
    tear_down();
  }
  CHECK(finished);
}

/* The client's lists serve an answer, not a request. */
static void answer_lists_cannot_be_sent(void) {
  struct ivs_get_channel_out out;
  struct ivs_create_channel_out made;
  set_up();
  fake_body(&fake, ok_head, "{\"channel\":{\"tags\":{\"a\":\"b\",\"c\":\"\"}}}");
  CHECK_INT(get_channel(&out), 0);
  struct ivs_create_channel_in in = {.tags = out.channel.tags};
  CHECK_INT(ivs_create_channel(&client, &in, &made), IVS_ERR_OVERLAP);
  tear_down();
}

static void tags_are_read_in_order(void) {
  struct ivs_get_channel_out out;
  ivs_pair tag;
  set_up();
  fake_body(&fake, ok_head, "{\"channel\":{\"tags\": { \"a\" : \"b\" , \"\\u0063\":\"\" } }}");
  CHECK_INT(get_channel(&out), 0);
  CHECK_INT(ivs_next_tag(&client, &out.channel.tags, &tag), 1);
  CHECK_STR(tag.name, "a");
  CHECK_STR(tag.value, "b");
  CHECK_INT(ivs_next_tag(&client, &out.channel.tags, &tag), 1);
  CHECK_STR(tag.name, "c");
  CHECK(tag.value.p != NULL && tag.value.n == 0);
  CHECK_INT(ivs_next_tag(&client, &out.channel.tags, &tag), 0);
  CHECK_INT(ivs_next_tag(&client, &out.channel.tags, &tag), IVS_ERR_USED);
  tear_down();
}

/* All pages of a list; the token of one is copied before its answer dies. */
static void pages(void) {
  struct ivs_list_channels_in in = {.max_results = IVS_INT(1)};
  struct ivs_list_channels_out out;
  struct ivs_channel_summary channel;
  char token[IVS_PAGE_TOKEN_SIZE], seen[8] = "";
  int r;
  set_up();
  fake_body(&fake, "HTTP/1.1 200 OK\r\nConnection: close",
            "{\"channels\":[{\"name\":\"a\"}],\"nextToken\":\"t+1\"}");
  fake_body(&fake, "HTTP/1.1 200 OK\r\nConnection: close",
            "{\"channels\":[{\"name\":\"b\"},{\"name\":\"c\"}],\"nextToken\":\"t/2\"}");
  fake_body(&fake, "HTTP/1.1 200 OK\r\nConnection: close", "{\"channels\":[]}");
  do {
    r = ivs_list_channels(&client, &in, &out);
    while (r >= 0 && (r = ivs_next_channel_summary(&client, &out.channels, &channel)) == 1)
      strncat(seen, channel.name.p, channel.name.n);
  } while (r == 0 && (r = ivs_list_channels_more(&in, &out, token)) == 1);
  CHECK_INT(r, 0);
  CHECK_STR(ivs_cstr(seen), "abc");
  CHECK(was_sent("{\"maxResults\":1}") && was_sent("{\"nextToken\":\"t+1\",\"maxResults\":1}") &&
        was_sent("{\"nextToken\":\"t/2\",\"maxResults\":1}"));
  CHECK_INT(ivs_client_counters(&client)->requests, 3);
  char longest[IVS_PAGE_TOKEN_SIZE];
  memset(longest, 't', sizeof longest);
  out.next_token = (ivs_str){longest, IVS_PAGE_TOKEN_SIZE};
  CHECK_INT(ivs_list_channels_more(&in, &out, token), IVS_ERR_SPACE);
  out.next_token.n--;
  CHECK_INT(ivs_list_channels_more(&in, &out, token), 1);
  CHECK_INT(in.next_token.n, IVS_PAGE_TOKEN_SIZE - 1);
  tear_down();
}

static void client_stays_small(void) {
  printf("ivs_client: %zu bytes here\n", sizeof(ivs_client));
  CHECK(sizeof(void *) > 4 || sizeof(ivs_client) <= 1024);
}

/* What a header says need not be UTF-8; what is told of it is. */
static void headers_of_bytes(void) {
  struct ivs_get_channel_out out;
  set_up();
  fake_body(&fake, "HTTP/1.1 400 Bad Request\r\nx-amzn-RequestId: a\xff\r\nx-amzn-ErrorType: b\xff",
            "{}");
  CHECK_INT(get_channel(&out), IVS_ERR_SERVICE);
  CHECK_STR(ivs_cstr(ivs_last(&client)->request_id), "");
  CHECK_STR(ivs_cstr(ivs_last(&client)->code), "");
  tear_down();
}

int main(void) {
  RUN(sends_one_signed_request);
  RUN(without_credentials_nothing_is_signed);
  RUN(any_pieces_give_the_same);
  RUN(nth_failure);
  RUN(connection_is_kept);
  RUN(connection_is_not_kept);
  RUN(bad_request_keeps_the_connection);
  RUN(body_until_close);
  RUN(dead_connection);
  RUN(once_wants_a_fresh_connection);
  RUN(lost_answer_of_a_create_is_unsure);
  RUN(deadline_holds);
  RUN(waiting_fails);
  RUN(flood_does_not_hold_a_step);
  RUN(failed_call_leaves_nothing);
  RUN(refusals);
  RUN(long_message);
  RUN(refusal_cut_short);
  RUN(refusal_too_long);
  RUN(refused_while_sending);
  RUN(bad_answers);
  RUN(bad_requests_are_not_sent);
  RUN(cancel_anywhere);
  RUN(region_is_one_word);
  RUN(answer_lists_cannot_be_sent);
  RUN(tags_are_read_in_order);
  RUN(pages);
  RUN(client_stays_small);
  RUN(headers_of_bytes);
  return check_done();
}
