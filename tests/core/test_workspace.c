/*
 * The client's workspace: grown from nothing, outgrown by answers, handed over at odd moments.
 */
#include "client_setup.h"

/* Every size of workspace from nothing: too small is said before anything is sent or with the call
   alive; what it says is enough. */
static void workspace_grows_from_nothing(void) {
  struct ivs_get_channel_out out;
  struct ivs_wait w;
  size_t enough = 0;
  for (size_t n = 0; n < 2048; n++) {
    set_up();
    ivs_workspace(&client, space + 5, n); /* no special address */
    fake_body(&fake, ok_head, channel_body);
    int r = get_channel(&out), rounds = 0;
    if (r == 0 && enough == 0) enough = n;
    CHECK(r == 0 ? enough > 0 : r == IVS_ERR_SPACE && enough == 0);
    for (size_t size = n; r == IVS_ERR_SPACE && rounds < 3; rounds++) {
      CHECK(ivs_last(&client)->need > size);
      CHECK_INT(ivs_last(&client)->err, IVS_ERR_SPACE);
      CHECK(!check_holds(space, sizeof space, TOKEN));
      CHECK_INT(ivs_step(&client, &w), IVS_ERR_SPACE);
      size = ivs_last(&client)->need;
      CHECK_INT(ivs_workspace(&client, space + 8192 - 100 * rounds, size), 0);
      r = ivs_finish(&client);
    }
    CHECK_INT(r, 0);
    CHECK_INT(ivs_last(&client)->err, 0);
    check_channel(&out);
    CHECK_INT(ivs_client_counters(&client)->requests, 1);
    CHECK(client.high_water >= 512);
    tear_down();
  }
  CHECK(enough >= 512 && enough < 1400);
}

/* The answer does not fit although the request did: nothing is sent twice, and the room told is
   right at once. */
static void answer_outgrows_workspace(void) {
  static char answer[20000];
  struct ivs_list_channels_in in = {.max_results = IVS_INT(100)};
  struct ivs_list_channels_out out;
  struct ivs_channel_summary ch;
  for (int chunked = 0; chunked < 2; chunked++) {
    char body[16384];
    int n = snprintf(body, sizeof body, "{\"channels\":[");
    for (int i = 0; i < 100; i++)
      n += snprintf(body + n, sizeof body - (size_t)n, "%s{\"name\":\"n%d\",\"arn\":\"%s\"}",
                    i ? "," : "", i, ARN);
    n += snprintf(body + n, sizeof body - (size_t)n, "],\"nextToken\":\"more\"}");
    if (chunked)
      snprintf(answer, sizeof answer,
               "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n",
               (unsigned)n, body);
    else
      snprintf(answer, sizeof answer, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", n, body);
    set_up();
    ivs_workspace(&client, space, 900);
    fake_answer(&fake, answer);
    int r = ivs_list_channels(&client, &in, &out), rounds = 0;
    for (; r == IVS_ERR_SPACE; rounds++) {
      size_t need = ivs_last(&client)->need;
      CHECK(need <= sizeof space);
      if (rounds % 2 == 0) CHECK_INT(ivs_workspace(&client, space + 3, need), 0);
      else CHECK_INT(ivs_workspace(&client, space, need), 0);
      r = ivs_finish(&client);
    }
    CHECK_INT(r, 0);
    if (!chunked) CHECK_INT(rounds, 1);
    CHECK_INT(ivs_client_counters(&client)->requests, 1);
    CHECK_STR(out.next_token, "more");
    int seen = 0;
    struct ivs_channel_summary_list copy = out.channels;
    CHECK_INT(ivs_decode_count(&out.channels.rest), 100);
    while ((r = ivs_next_channel_summary(&client, &out.channels, &ch)) == 1) {
      char name[16];
      snprintf(name, sizeof name, "n%d", seen++);
      CHECK_STR(ch.name, name);
      CHECK_STR(ch.arn, ARN);
    }
    CHECK_INT(r, 0);
    CHECK_INT(seen, 100);
    CHECK_INT(ivs_next_channel_summary(&client, &out.channels, &ch), IVS_ERR_USED);
    CHECK_INT(ivs_next_channel_summary(&client, &copy, &ch), IVS_ERR_USED);
    tear_down();
  }
}

/* More members than 16 bits count, one object in another: the room that is asked for is enough. */
static void many_members_need_room_once(void) {
  enum { MEMBERS = 32767, ROOM = 4 << 20 };
  static char answer[400000];
  char *room = malloc(ROOM);
  struct ivs_get_channel_out out;
  int n = snprintf(answer, sizeof answer,
                   "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n{\"channel\":{", MEMBERS * 5 + 13);
  for (int i = 0; i < MEMBERS; i++)
    n += snprintf(answer + n, sizeof answer - (size_t)n, "%s\"\":0", i ? "," : "");
  snprintf(answer + n, sizeof answer - (size_t)n, "}}");
  set_up();
  ivs_workspace(&client, room, 2048);
  fake_answer(&fake, answer);
  int r = get_channel(&out), rounds = 0;
  for (; r == IVS_ERR_SPACE && rounds < 3; rounds++) {
    CHECK(ivs_last(&client)->need <= ROOM);
    ivs_workspace(&client, room, ivs_last(&client)->need);
    r = ivs_finish(&client);
  }
  CHECK_INT(r, 0);
  CHECK_INT(rounds, 2); /* for the text, then for its tokens */
  CHECK(out.channel.present);
  tear_down();
  free(room);
}

/* Once an answer comes in, its workspace is not replaced by a smaller one. */
static void workspace_does_not_shrink_under_an_answer(void) {
  struct ivs_get_channel_in in = {.arn = IVS_STR(ARN)};
  struct ivs_get_channel_out out;
  struct ivs_wait w;
  set_up();
  fake.hesitant = true;
  fake.recv_piece = 8;
  fake_body(&fake, "HTTP/1.1 404 Not Found", channel_body);
  CHECK_INT(ivs_start(&client, IVS_OP_GET_CHANNEL, &in, &out), 0);
  while (fake.played == 0) CHECK_INT(ivs_step(&client, &w), 1);
  CHECK_INT(ivs_workspace(&client, space, 0), IVS_ERR_SPACE);
  CHECK_INT(ivs_workspace(&client, space, sizeof space - 1), IVS_ERR_SPACE);
  CHECK_INT(ivs_workspace(&client, space, sizeof space), 0);
  CHECK_INT(ivs_finish(&client), IVS_ERR_SERVICE);
  tear_down();
}

/* Between calls the old workspace may have ended already, and the new one may be of any size. */
static void workspace_ends_between_calls(void) {
  static const size_t sizes[] = {2000, 28, 0, 4000};
  struct ivs_get_channel_out out;
  set_up();
  fake_body(&fake, ok_head, channel_body);
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    char *room = check_guard(sizes[i]);
    CHECK_INT(ivs_workspace(&client, room, sizes[i]), 0);
    if (sizes[i] > 1000) CHECK_INT(get_channel(&out), 0);
    check_guard_free(room, sizes[i]);
  }
  tear_down();
}

/* A call begins, goes on, ends, is cancelled; at any moment there may be another workspace, of any
   size. The old one ends before that if no call is alive, and else when the new one is taken. */
static void any_workspace_at_any_time(void) {
  static const struct ivs_get_channel_in in = {.arn = IVS_STR_INIT(ARN)};
  struct ivs_get_channel_out out;
  struct ivs_wait w;
  int done = 0;
  for (int round = 0; round < 100; round++) {
    size_t n = 0;
    char *room = check_guard(n);
    bool alive = false;
    set_up_attempts(3);
    ivs_workspace(&client, room, n);
    if (round % 3 != 0)
      fake_body(&fake, "HTTP/1.1 503 Down\r\nConnection: close", "{\"message\":1}");
    for (int i = 0; i < FAKE_CONNECTIONS; i++) fake_body(&fake, ok_head, channel_body);
    fake.hesitant = check_below(2);
    fake.recv_piece = check_below(200);
    for (int step = 0; step < 120; step++) {
      size_t more = check_below(1600);
      if (!alive && check_below(2)) {
        CHECK_INT(ivs_start(&client, IVS_OP_GET_CHANNEL, &in, &out), 0);
        alive = true;
      } else if (alive && check_below(8)) {
        int r = ivs_step(&client, &w);
        if (r == 1) fake.port.fn->wait(&fake.port, &w);
        if (r == IVS_ERR_SPACE && check_below(2)) more = ivs_last(&client)->need;
        alive = r == 1 || r == IVS_ERR_SPACE;
        CHECK(alive || r == 0);
        if (r == 0) check_channel(&out);
        done += r == 0;
        if (r != IVS_ERR_SPACE) continue;
      } else if (alive && check_below(8) == 0) {
        ivs_cancel(&client);
        alive = false;
      }
      if (!alive) check_guard_free(room, n);
      char *next = check_guard(more);
      int r = ivs_workspace(&client, next, more);
      CHECK(r == 0 || alive);
      if (alive) check_guard_free(r == 0 ? room : next, r == 0 ? n : more);
      if (r != 0) continue;
      room = next;
      n = more;
    }
    tear_down();
    check_guard_free(room, n);
  }
  CHECK(done > 0);
}

/* What a call is said to have needed is enough for it, however its answer is cut. */
static void high_water_is_enough(void) {
  static const char *const answers[] = {
      "HTTP/1.1 200 OK\r\nContent-Length: 60\r\n\r\n%s",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3c\r\n%s\r\n0\r\n\r\n"};
  static const char body[] =
      "{\"channel\":{\"arn\":\"x\",\"name\":\"a channel\",\"tags\":{\"k\":\"v\"}}} ";
  CHECK_INT(strlen(body), 60);
  for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
    struct ivs_get_channel_out out;
    size_t high = 0;
    char answer[200];
    snprintf(answer, sizeof answer, answers[i], body);
    for (size_t piece = 0; piece < strlen(answer); piece++) {
      set_up();
      fake_answer(&fake, answer);
      fake.recv_piece = piece;
      if (high > 0) ivs_workspace(&client, space, high);
      CHECK_INT(get_channel(&out), 0);
      if (high > 0) CHECK_INT(client.high_water, high);
      high = client.high_water;
      tear_down();
    }
  }
}

/* Bytes for a request besides its JSON, and besides path and query. */
static size_t head_of(enum ivs_op_id op, const void *in, size_t rest) {
  ivs_workspace(&client, space, 0);
  CHECK_INT(ivs_call(&client, op, in, space), IVS_ERR_SPACE);
  ivs_cancel(&client);
  return ivs_last(&client)->need - rest;
}

/* With no call alive, nothing of the last answer is in the old workspace any more. */
static void message_is_gone_with_its_workspace(void) {
  struct ivs_get_channel_in in = {.arn = IVS_STR(ARN)};
  struct ivs_get_channel_out out;
  set_up();
  fake_body(&fake, "HTTP/1.1 404 No", "{\"message\":\"gone\"}");
  CHECK_INT(ivs_get_channel(&client, &in, &out), IVS_ERR_SERVICE);
  CHECK_STR(ivs_last(&client)->whole, "gone");
  CHECK_INT(ivs_workspace(&client, space, sizeof space), 0);
  CHECK(ivs_last(&client)->whole.p == NULL);
  CHECK_STR(ivs_cstr(ivs_last(&client)->message), "gone");
  tear_down();
}

/* What core/README.md tells to add up. */
static void room_as_the_readme_adds_it_up(void) {
  static char text[4096];
  static const struct ivs_batch_start_viewer_session_revocation_viewer_session no_sessions[1];
  struct ivs_put_metadata_in cue = {.channel_arn = IVS_STR(ARN), .metadata = {text, 1000}};
  struct ivs_batch_start_viewer_session_revocation_in none = {
      .viewer_sessions = {.items = no_sessions}};
  struct ivs_list_tags_for_resource_in tags = {.resource_arn = {text, 1000}};
  size_t json = strlen("{\"channelArn\":\"" ARN "\",\"metadata\":\"\"}") + 1000;
  size_t path = strlen("/tags/") + 1000;
  memset(text, 'x', sizeof text);
  for (size_t n = 0; n <= IVS_SESSION_TOKEN_MAX; n += IVS_SESSION_TOKEN_MAX / 4) {
    size_t token = n == 0 ? 0 : 45 + n;
    set_up();
    ivs_str id = IVS_STR("AKIAIOSFODNN7EXAMPLE");
    CHECK_INT(ivs_creds_set(&creds, id, IVS_STR("secret"), (ivs_str){text, n}), 0);
    CHECK(head_of(IVS_OP_PUT_METADATA, &cue, json + token) <= 420);
    CHECK(head_of(IVS_OP_LIST_TAGS_FOR_RESOURCE, &tags, 2 * path + token) <= 420);
    client.options.region = IVS_STR("us-isof-south-1");
    CHECK_INT(ivs_endpoint_resolve(&endpoint, IVS_STR("ivs"), client.options.region,
                                   IVS_ENDPOINT_DUAL_STACK | IVS_ENDPOINT_FIPS),
              0);
    CHECK_INT(ivs_creds_set(&creds, (ivs_str){text, IVS_ACCESS_KEY_MAX}, IVS_STR("secret"),
                            (ivs_str){text, n}),
              0);
    size_t longest = head_of(IVS_OP_BATCH_START_VIEWER_SESSION_REVOCATION, &none,
                             strlen("{\"viewerSessions\":[]}") + token);
    CHECK(longest > 550 && longest <= 600);
    tear_down();
  }
  for (size_t i = 0; i < IVS_OP_COUNT; i++)
    CHECK(7 + ivs_types[ivs_ops[i].out].tokens * (size_t)IVS_JSON_TOKEN_SIZE <= 1024);
}

/* A refusal with a page of HTML never asks for room. */
static void long_refusal_is_dropped(void) {
  static char answer[9000];
  struct ivs_get_channel_out out;
  int n =
      snprintf(answer, sizeof answer,
               "HTTP/1.1 502 Bad Gateway\r\nx-amzn-RequestId: r\r\nContent-Length: 8000\r\n\r\n");
  memset(answer + n, 'x', 8000);
  answer[n + 8000] = '\0';
  set_up();
  ivs_workspace(&client, space, 1200);
  fake_answer(&fake, answer);
  CHECK_INT(get_channel(&out), IVS_ERR_SERVICE);
  CHECK_INT(ivs_last(&client)->status, 502);
  CHECK_STR(ivs_cstr(ivs_last(&client)->request_id), "r");
  CHECK_INT(fake.closed, 0);
  tear_down();
}

int main(void) {
  check_seed();
  RUN(workspace_grows_from_nothing);
  RUN(answer_outgrows_workspace);
  RUN(many_members_need_room_once);
  RUN(workspace_does_not_shrink_under_an_answer);
  RUN(workspace_ends_between_calls);
  RUN(any_workspace_at_any_time);
  RUN(high_water_is_enough);
  RUN(message_is_gone_with_its_workspace);
  RUN(room_as_the_readme_adds_it_up);
  RUN(long_refusal_is_dropped);
  return check_done();
}
