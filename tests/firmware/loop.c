/*
 * The main job from a main loop of the application's own, beside a task that has to run every few
 * milliseconds. Nothing here waits: each turn of the loop is one step of the job, and how long a
 * step can take is what the task has to put up with.
 *
 *   CREATE -> ASK <-> PAUSE        until the stream is live
 *             ASK -> PUSH -> STOP -> DELETE -> done
 */
#include "firmware.h"

#include "board.h"
#include "network.h"

#include <ivs/tls.h>

enum { TASK_MS = 5, POLL_MS = 200, ITEM_EVERY_MS = 100 };

/* --- the task --- */

static struct task {
  uint64_t due;   /* ticks */
  uint64_t ended; /* cycles awake, when it last had the processor */
  uint32_t runs;
  uint64_t longest[2]; /* cycles awake for which it had not: [0] connected, [1] not connected */
} task;

/* Gives it the processor. */
static void task_turn(bool connecting) {
  uint64_t now = board_cycles_awake();
  uint64_t *longest = &task.longest[connecting ? 1 : 0];
  if (now - task.ended > *longest) *longest = now - task.ended;
  if (board_ticks() >= task.due) {
    task.runs++;
    task.due = board_ticks() + TASK_MS;
  }
  task.ended = board_cycles_awake();
}

/* --- the job --- */

enum { CREATE, ASK, PAUSE, PUSH, STOP, DELETE };

struct job {
  ivs_client *client;
  uint8_t state;
  uint32_t items, pushed;
  uint64_t next; /* ticks: of the next question, or item */
  ivs_str arn;
  union {
    struct ivs_create_channel_in create;
    struct ivs_get_stream_in get;
    struct ivs_stop_stream_in stop;
    struct ivs_delete_channel_in delete;
  } in;
  union {
    struct ivs_create_channel_out create;
    struct ivs_get_stream_out get;
    struct ivs_stop_stream_out stop;
  } out;
};

/* Begins a call, which is what the state waits for. */
static int begin(struct job *job, uint8_t state, enum ivs_op_id op) {
  job->state = state;
  int r = ivs_start(job->client, op, &job->in, &job->out);
  return r == 0 ? 1 : r;
}

static int begin_create(struct job *job) {
  job->in.create = (struct ivs_create_channel_in){.name = IVS_STR("firmware")};
  return begin(job, CREATE, IVS_OP_CREATE_CHANNEL);
}

static int begin_ask(struct job *job) {
  job->in.get = (struct ivs_get_stream_in){.channel_arn = job->arn};
  return begin(job, ASK, IVS_OP_GET_STREAM);
}

static int begin_stop(struct job *job) {
  job->in.stop = (struct ivs_stop_stream_in){.channel_arn = job->arn};
  return begin(job, STOP, IVS_OP_STOP_STREAM);
}

static int begin_delete(struct job *job) {
  job->in.delete = (struct ivs_delete_channel_in){.arn = job->arn};
  return begin(job, DELETE, IVS_OP_DELETE_CHANNEL);
}

static int created(struct job *job) {
  int r = live_keep_arn(job->out.create.channel.arn, &job->arn);
  return r == 0 ? begin_ask(job) : r;
}

/* Live, or to be asked again. */
static int asked(struct job *job, int r) {
  if (r < 0 && !live_is_offline(job->client, r)) return r;
  job->next = board_ticks();
  if (r == 0 && ivs_str_eq(job->out.get.stream.state, IVS_STR("LIVE"))) {
    job->state = PUSH;
    r = live_queue_start(job->client, job->arn);
    return r == 0 ? 1 : r;
  }
  job->state = PAUSE;
  job->next += POLL_MS;
  return 1;
}

static int pause_over(struct job *job, struct ivs_wait *w) {
  if (board_ticks() >= job->next) return begin_ask(job);
  *w = (struct ivs_wait){-1, 0, job->next};
  return 1;
}

/* Items in their time, and the queue behind them. */
static int push(struct job *job, struct ivs_wait *w) {
  int r = 0;
  if (job->pushed < job->items && board_ticks() >= job->next) {
    r = live_push(++job->pushed);
    job->next += ITEM_EVERY_MS;
  }
  if (r == 0) r = ivs_metadata_step(&live.queue, w);
  if (r < 0) return r;
  if (r == 0 && job->pushed == job->items) {
    live_queue_stop();
    return begin_stop(job);
  }
  if (r == 0) *w = (struct ivs_wait){-1, 0, job->next};
  if (job->pushed < job->items && job->next < w->until) w->until = job->next;
  return 1;
}

/* One step, which does not block. 1: not done, w says until when nothing has to be done unless
   something arrives. 0: done. Else an error. */
static int step(struct job *job, struct ivs_wait *w) {
  if (job->state == PAUSE) return pause_over(job, w);
  if (job->state == PUSH) return push(job, w);
  int r = ivs_step(job->client, w);
  if (r == 1) return r;
  if (job->state == ASK) return asked(job, r);
  if (r < 0) return r;
  if (job->state == CREATE) return created(job);
  return job->state == STOP ? begin_delete(job) : 0;
}

/* --- the loop --- */

static void report_task(void) {
  report_number("cycles-second", BOARD_HZ);
  report_number("task-runs", task.runs);
  report_number("cycles-task-connecting", (int64_t)task.longest[1]);
  report_number("cycles-task", (int64_t)task.longest[0]);
}

/* see firmware.h */
int go_live_in_loop(ivs_client *client, const struct ivs_tls *tls, uint32_t items) {
  struct job job = {.client = client, .items = items};
  struct ivs_wait w = {-1, 0, 0};
  int r = begin_create(&job);
  task.ended = board_cycles_awake();
  while (r == 1) {
    bool connecting = ivs_tls_version(tls) == 0;
    network_poll();
    r = step(&job, &w);
    task_turn(connecting);
    if (r == 1 && board_ticks() < w.until) board_sleep(); /* a frame wakes it, and every tick */
  }
  report_task();
  return r != 0 ? report_failure("the main job in a loop", r, ivs_last(client)) : 0;
}
