/*
 * The metadata queue and the client that it shares with the program: calls of the program between
 * its own, calls that the program cancels, a workspace that the program has to make larger.
 */
#include "metadata_setup.h"

static const uint64_t LONG = 10000000;

static const struct ivs_stop_stream_in stop = {.channel_arn = IVS_STR_INIT(ARN)};

static void calls_of_the_program_between(void) {
  struct ivs_wait w;
  set_up_service();
  service.way = 30;
  set_up_queue();
  CHECK_INT(push("one", NULL, 0), 0);
  CHECK_INT(step_once(&w), IVS_METADATA_CALLS);
  CHECK_INT(ivs_start(&client, IVS_OP_STOP_STREAM, &stop, NULL), IVS_ERR_STATE);
  CHECK_INT(run_until(LONG), 0);
  CHECK_INT(push("two", NULL, 0), 0);
  CHECK_INT(step_once(&w), IVS_METADATA_WAITS);
  CHECK_INT(ivs_start(&client, IVS_OP_STOP_STREAM, &stop, NULL), 0);
  fake.now = w.until;
  for (int i = 0; i < 3; i++) {
    CHECK_INT(step_once(&w), IVS_METADATA_BUSY);
    CHECK(w.until > fake.now && w.handle == -1);
    CHECK_INT(ivs_metadata_finish(&queue, 1000), IVS_ERR_STATE);
  }
  CHECK_INT(ivs_finish(&client), 0);
  CHECK_INT(service.text_n, 0);
  CHECK_INT(run_until(LONG), 0);
  CHECK_STR(ivs_cstr(service.text), "[\"two\"]");
  done();
}

/* The program cancels the queue's call, and perhaps makes one of its own, before the queue has its
   next turn: a request of that one is not the queue's. */
static void call_is_cancelled(void) {
  struct ivs_wait w;
  for (int once = 0; once < 2; once++)
    for (int left = 0; left < 2; left++)
      for (int other = 0; other < 3; other++) {
        set_up_service();
        service.way = 30;
        queue_options.at_most_once = once;
        set_up_queue();
        CHECK_INT(push("one", NULL, 0), 0);
        uint64_t begun = fake.now;
        bool unsure = once && left;
        service.chance = UINT32_MAX;
        queue.failures = 10; /* a pause after those would be long */
        fake.send_piece = left ? 0 : 10;
        fake.hesitant = !left;
        CHECK_INT(step_once(&w), IVS_METADATA_CALLS);
        ivs_cancel(&client);
        fake.send_piece = 0;
        fake.hesitant = false;
        service.reaction = GONE;
        if (other) CHECK_INT(ivs_stop_stream(&client, &stop, NULL), IVS_ERR_SERVICE);
        service.reaction = TAKES;
        if (other > 1) CHECK_INT(ivs_start(&client, IVS_OP_STOP_STREAM, &stop, NULL), 0);
        CHECK_INT(step_once(&w), unsure ? 0 : IVS_METADATA_WAITS);
        CHECK(unsure || w.until <= begun + 200 || w.until == fake.now);
        CHECK_INT(queue.last.status, 0);
        CHECK_INT(queue.last.err, unsure ? IVS_ERR_UNSURE : IVS_ERR_CANCELLED);
        CHECK((ivs_metadata_error(&queue) != NULL) == (!other && !unsure));
        CHECK_INT(queue.counters.unsure, unsure);
        if (other > 1) CHECK_INT(ivs_finish(&client), 0);
        CHECK_INT(run_until(LONG), 0);
        CHECK_INT(queue.counters.sent, !unsure);
        done();
      }
}

/* A lesson about the time, begun after the queue's call was cancelled, is none of its business. */
static void lesson_goes_on(void) {
  struct ivs_wait w;
  set_up_service();
  service.way = 30;
  set_up_queue();
  CHECK_INT(push("one", NULL, 0), 0);
  CHECK_INT(step_once(&w), IVS_METADATA_CALLS);
  ivs_cancel(&client);
  CHECK_INT(ivs_clock_learn_step(&client, &w), 1);
  ivs_metadata_clear(&queue);
  CHECK_INT(ivs_last(&client)->err, 0);
  CHECK_INT(ivs_start(&client, IVS_OP_STOP_STREAM, &stop, NULL), IVS_ERR_STATE);
  ivs_cancel(&client);
  done();
}

/* What the client knows of a failure is the queue's until it makes another call. */
static void error_in_full(void) {
  set_up_service();
  set_up_queue();
  CHECK(ivs_metadata_error(&queue) == NULL);
  CHECK_INT(push("one", NULL, 0), 0);
  service.reaction = GONE;
  while (queue.last.err == 0) run_until(fake.now + 10);
  const struct ivs_error *e = ivs_metadata_error(&queue);
  CHECK(e != NULL && e->status == queue.last.status && strcmp(e->code, queue.last.code) == 0);
  CHECK_INT(ivs_stop_stream(&client, &stop, NULL), IVS_ERR_SERVICE);
  CHECK(ivs_metadata_error(&queue) == NULL);
  service.reaction = TAKES;
  CHECK_INT(push("two", NULL, 0), 0);
  CHECK_INT(run_until(fake.now + LONG), 0);
  CHECK(queue.last.err != 0 && ivs_metadata_error(&queue) == NULL);
  done();
}

static void check_options(const struct ivs_options *before) {
  CHECK_INT(client.options.attempts, before->attempts);
  CHECK_INT(client.options.cue_once, before->cue_once);
}

/* What holds for the queue's call holds for no other, also when that comes before the queue has its
   next turn. */
static void calls_of_the_program_have_its_options(void) {
  struct ivs_wait w;
  for (int cancelled = 0; cancelled < 2; cancelled++) {
    set_up_service();
    service.way = 30;
    queue_options.at_most_once = true;
    struct ivs_options before = client.options;
    set_up_queue();
    CHECK_INT(push("x", NULL, 0), 0);
    CHECK_INT(step_once(&w), IVS_METADATA_CALLS);
    check_options(&before);
    if (cancelled) ivs_cancel(&client);
    else CHECK_INT(run_until(LONG), 0);
    service.reaction = BREAKS;
    uint32_t requests = ivs_client_counters(&client)->requests;
    CHECK_INT(ivs_stop_stream(&client, &stop, NULL), IVS_ERR_SERVICE);
    CHECK_INT(ivs_client_counters(&client)->requests - requests, IVS_ATTEMPTS);
    service.reaction = LOSES;
    requests = ivs_client_counters(&client)->requests;
    struct ivs_put_metadata_in cue = {.channel_arn = IVS_STR(ARN), .metadata = IVS_STR("cue")};
    CHECK_INT(ivs_put_metadata(&client, &cue, NULL), IVS_ERR_NET);
    CHECK(ivs_client_counters(&client)->requests - requests >= IVS_ATTEMPTS);
    service.reaction = TAKES;
    CHECK_INT(run_until(LONG), 0);
    check_options(&before);
    done();
  }
}

/* Two queues on one client; the call of one is cancelled, and the other has its turn first. */
static void cancelled_beside_another_queue(void) {
  static char buffer[4096];
  struct ivs_wait w;
  ivs_metadata_queue second;
  set_up_service();
  service.way = 7;
  struct ivs_options before = client.options;
  set_up_queue();
  queue_options.at_most_once = true;
  CHECK_INT(ivs_metadata_init(&second, &queue_options, buffer, sizeof buffer), 0);
  struct ivs_metadata_item item = {.text = IVS_STR("y")};
  CHECK_INT(push("x", NULL, 0), 0);
  CHECK_INT(ivs_metadata_push(&second, &item), 0);
  CHECK_INT(step_once(&w), IVS_METADATA_CALLS);
  ivs_cancel(&client);
  CHECK_INT(ivs_metadata_step(&second, &w), IVS_METADATA_CALLS);
  CHECK_INT(step_once(&w), IVS_METADATA_WAITS);
  CHECK_INT(ivs_metadata_finish(&second, 1000), 0);
  CHECK_INT(run_until(LONG), 0);
  CHECK_INT(queue.counters.sent, 1);
  CHECK_INT(second.counters.sent, 1);
  check_options(&before);
  done();
}

/* A workspace too small is told, whatever its size, and the call goes on with a larger one. */
static void workspace_too_small(void) {
  struct ivs_wait w;
  char *text = space + 30000; /* not in the workspace given */
  memset(text, '"', 508);
  for (size_t n = 0; n < 4096; n += 16) {
    set_up_service();
    set_up_queue();
    memset(text, '"', 508);
    ivs_workspace(&client, space, n);
    CHECK_INT(push(text, NULL, 0), 0);
    int r = step_once(&w);
    CHECK(r == IVS_ERR_SPACE ? n < 3500 : n > 2000);
    if (r == IVS_ERR_SPACE) {
      CHECK_INT(step_once(&w), IVS_ERR_SPACE);
      CHECK_INT(ivs_metadata_finish(&queue, 1000), IVS_ERR_SPACE);
      CHECK(ivs_last(&client)->need > n && ivs_last(&client)->need < 4096);
      CHECK_INT(push("\"more\"", NULL, 0), 0); /* does not change the payload under way */
      CHECK_INT(ivs_workspace(&client, space, ivs_last(&client)->need), 0);
      CHECK_INT(run_until(fake.now + 1), IVS_METADATA_WAITS);
      CHECK_INT(service.arrivals, 1);
    }
    CHECK_INT(service.text_n, 1020);
    CHECK_INT(run_until(LONG), 0);
    CHECK_INT(queue.counters.refused, 0);
    CHECK_INT(queue.last.err, 0);
    done();
  }
}

/* A call of the program's that took the place of the queue's is none of the queue's business. */
static void cleared_beside_a_call_of_the_program(void) {
  struct ivs_wait w;
  for (int left = 0; left < 2; left++) {
    set_up_service();
    service.way = 10;
    set_up_queue();
    CHECK_INT(push("x", NULL, 0), 0);
    fake.send_piece = left ? 0 : 10;
    fake.hesitant = !left;
    CHECK_INT(step_once(&w), IVS_METADATA_CALLS);
    fake.send_piece = 0;
    fake.hesitant = false;
    ivs_cancel(&client);
    CHECK_INT(ivs_stop_stream(&client, &stop, NULL), 0);
    CHECK_INT(ivs_start(&client, IVS_OP_STOP_STREAM, &stop, NULL), 0);
    ivs_metadata_clear(&queue);
    CHECK_INT(ivs_finish(&client), 0);
    CHECK_INT(queue.counters.unsure, left);
    CHECK_INT(queue.counters.dropped, !left);
    done();
  }
}

int main(void) {
  RUN(calls_of_the_program_between);
  RUN(call_is_cancelled);
  RUN(lesson_goes_on);
  RUN(error_in_full);
  RUN(calls_of_the_program_have_its_options);
  RUN(cancelled_beside_another_queue);
  RUN(workspace_too_small);
  RUN(cleared_beside_a_call_of_the_program);
  return check_done();
}
