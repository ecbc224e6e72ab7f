/*
 * Every operation of the tables, with everything in its request and its answer, over a port that
 * fails at one place, for every place that there is: an I/O function gives an error or is never
 * ready again, a wait fails, a random number does not come, the clocks go back. Each call ends in
 * time and says what has happened; nothing of its request stays in the workspace, no connection is
 * left over, and the next call works.
 */
#include "by_table.h"
#include "client_setup.h"

enum { OUT_SIZE = 4096, REQUEST_PIECES = 4, ANSWER_PIECES = 5, PLACES = 100 };

/* The call that is tried, and what it does when nothing fails. */
static struct {
  unsigned op;
  char answer[TEXT_SIZE];
  size_t request_n, answer_n;
  char out[OUT_SIZE];
  char space[sizeof space];
} plan;

static _Alignas(16) char out[OUT_SIZE];

static int call(void) {
  memset(out, 0xA5, sizeof out);
  return ivs_call(&client, (enum ivs_op_id)plan.op, request,
                  ivs_ops[plan.op].out != 0 ? out : NULL);
}

/* How the call is made. */
struct way {
  uint8_t attempts;
  bool kept; /* over a connection that is there already */
  bool cue_once;
};

static bool once(const struct way *way) {
  uint8_t repeat = ivs_ops[plan.op].repeat;
  return repeat == IVS_ONCE || (repeat == IVS_CUE && way->cue_once);
}

static size_t answer_piece(void) {
  return plan.answer_n / ANSWER_PIECES;
}

/* A client, and its answer on every connection; every request and every answer in some pieces. */
static void begin(const struct way *way) {
  set_up_attempts(way->attempts);
  client.options.cue_once = way->cue_once;
  for (int i = 0; i < FAKE_CONNECTIONS; i++) fake_answer(&fake, plan.answer);
  fake.lost = true;
  fake.send_piece = plan.request_n / REQUEST_PIECES;
  fake.recv_piece = answer_piece();
  if (!way->kept) return;
  CHECK_INT(call(), 0);
  memset(space, 0, sizeof space);
  memset(&client.exchange.counters, 0, sizeof client.exchange.counters);
  fake.io = 0;
}

static void make_answer(void) {
  ivs_str body = built(ivs_ops[plan.op].out, true, "\"\\u0041\\n\"", NULL);
  int n = ivs_ops[plan.op].out == 0
              ? snprintf(plan.answer, TEXT_SIZE, "%s", gone_answer)
              : snprintf(plan.answer, TEXT_SIZE, "%s\r\nContent-Length: %zu\r\n\r\n%.*s", ok_head,
                         body.n, (int)body.n, body.p);
  plan.answer_n = (size_t)n;
}

static const struct way plain = {.attempts = 1}, patient = {.attempts = 3};

static void make_plan(unsigned op) {
  plan.op = op;
  plan.request_n = 0;
  full_request(op);
  make_answer();
  begin(&plain);
  CHECK_INT(call(), 0);
  plan.request_n = fake.sent_n;
  memcpy(plan.out, out, sizeof out);
  memcpy(plan.space, space, sizeof space);
  tear_down();
}

/* --- what has to come of it --- */

static void check_succeeded(void) {
  const struct ivs_error *e = ivs_last(&client);
  CHECK(e->err == 0 && e->system == 0 && e->message[0] == '\0');
  CHECK(memcmp(out, plan.out, sizeof out) == 0);
  CHECK(memcmp(space, plan.space, sizeof space) == 0);
  CHECK_INT(fake.opened - fake.closed, 1);
}

/* Of a call that brought so many bytes of an answer. */
static void check_nothing_stays(size_t answered) {
  static const char zero[sizeof space];
  size_t size = ivs_types[ivs_ops[plan.op].out].size;
  CHECK(memcmp(out, zero, size) == 0 || size == 0);
  CHECK(memcmp(space + answered, zero, sizeof space - answered) == 0);
  CHECK_INT(fake.opened, fake.closed);
}

static void check_error(int r, int cause) {
  const struct ivs_error *e = ivs_last(&client);
  bool of_port = cause != IVS_ERR_TIMEOUT;
  CHECK_INT(e->err, r);
  CHECK_INT(e->cause, cause);
  CHECK_INT(e->layer, cause <= IVS_ERR_TLS ? IVS_LAYER_TLS : IVS_LAYER_NET);
  CHECK_INT(e->system, of_port ? 7 : 0);
  CHECK_STR(ivs_cstr(e->message), of_port ? "said the fake" : "");
}

static void check_next(void) {
  fake.fail_at = fake.silent_from = fake.wait_fails_at = fake.entropy_fails_at = fake.back_at = 0;
  memset(space, 0, sizeof space);
  CHECK_INT(call(), 0);
  check_succeeded();
  tear_down();
}

/* Errors that another attempt may not meet. */
static bool passes(int err) {
  return err == IVS_ERR_NAME || err == IVS_ERR_CONNECT || err == IVS_ERR_CLOSED ||
         err == IVS_ERR_NET || err == IVS_ERR_TLS;
}

/* What a call has to return whose port failed once, when so much of its request and of its answer
   had gone over the connection. */
static int expected(const struct way *way, int err, size_t sent, size_t answered) {
  bool found_dead = way->kept && answered == 0 && err != IVS_ERR_TIMEOUT;
  if (sent == plan.request_n && once(way)) return IVS_ERR_UNSURE;
  if (found_dead || (way->attempts > 1 && passes(err))) return 0;
  return err;
}

/* --- an I/O function gives an error --- */

static const int errors[] = {
#define NUMBER(name, number, text) number,
    IVS_ERR_MAP(NUMBER)
#undef NUMBER
};

enum { ERRORS = sizeof errors / sizeof errors[0] };

static bool is_of_port(int err) {
  return (err <= IVS_ERR_NAME && err >= IVS_ERR_PROXY) ||
         (err <= IVS_ERR_TLS && err >= IVS_ERR_TLS_MEMORY);
}

/* Returns whether there was an Nth I/O function. */
static bool fail_at(const struct way *way, int err, int n) {
  begin(way);
  fake.fail_at = n;
  fake.fail_with = err;
  uint64_t deadline = fake.now + IVS_CALL_MS;
  int r = call();
  bool met = fake.io >= n, looked = way->kept && n == 1; /* whether the connection is still good */
  bool left = fake.sent_before == plan.request_n;
  CHECK_INT(r, !met || looked ? 0 : expected(way, err, fake.sent_before, fake.played_before));
  CHECK_INT(ivs_client_counters(&client)->requests, left + (r == 0));
  CHECK(fake.now < deadline);
  if (r == 0) check_succeeded();
  else check_error(r, err);
  if (r != 0) check_nothing_stays(fake.played);
  check_next();
  return met;
}

static void nth_io_fails(void) {
  static const struct way ways[] = {
      {1, false, false}, {3, false, false}, {1, true, true}, {3, true, false}};
  int of_port = 0;
  for (int e = 0; e < ERRORS; e++) of_port += is_of_port(errors[e]);
  CHECK_INT(of_port, 12);
  for (unsigned op = 0; op < IVS_OP_COUNT; op++) {
    make_plan(op);
    for (size_t i = 0; i < 4 * ERRORS; i++) {
      int n = 1, err = errors[i / 4];
      if (!is_of_port(err)) continue;
      while (fail_at(&ways[i % 4], err, n) && n < PLACES) n++;
      CHECK(n > 1 + REQUEST_PIECES + 2 && n < PLACES);
    }
  }
}

/* --- the same while a refusal comes --- */

#define REFUSAL_HEAD                                                          \
  "HTTP/1.1 404 Not Found\r\nx-amzn-ErrorType: ResourceNotFoundException\r\n" \
  "Content-Length: 17\r\n\r\n"
static const char refusal[] = REFUSAL_HEAD "{\"message\": \"no\"}";

/* A refusal counts once its head is there, also of a request that did not leave whole. */
static bool refused_fail_at(int err, int n) {
  begin(&plain);
  fake.connections[0].answer = refusal;
  fake.lost = false;
  fake.recv_piece = 20;
  fake.fail_at = n;
  fake.fail_with = err;
  int r = call();
  bool met = fake.io >= n, left = fake.sent_before == plan.request_n;
  bool counts = left ? fake.played_before >= sizeof REFUSAL_HEAD - 1 : fake.sent_before > 0;
  CHECK_INT(r, !met || counts ? IVS_ERR_SERVICE
                              : expected(&plain, err, fake.sent_before, fake.played_before));
  if (r == IVS_ERR_SERVICE)
    CHECK_STR(ivs_cstr(ivs_last(&client)->code), "ResourceNotFoundException");
  if (met) check_nothing_stays(sizeof refusal - 1);
  ivs_exchange_close(&client.exchange);
  fake.recv_piece = answer_piece();
  check_next();
  return met;
}

static void nth_io_fails_in_a_refusal(void) {
  static const int some[] = {IVS_ERR_CLOSED, IVS_ERR_NET, IVS_ERR_TIMEOUT};
  for (unsigned op = 0; op < IVS_OP_COUNT; op++) {
    make_plan(op);
    for (size_t e = 0; e < sizeof some / sizeof some[0]; e++) {
      int n = 1;
      while (refused_fail_at(some[e], n) && n < PLACES) n++;
      CHECK(n > 1 + REQUEST_PIECES + 2 && n < PLACES);
    }
  }
}

/* --- an I/O function is never ready again --- */

static bool silent_from(const struct way *way, int n) {
  begin(way);
  fake.silent_from = n;
  uint64_t deadline = fake.now + IVS_CALL_MS;
  int r = call();
  bool met = fake.io >= n;
  if (met) {
    CHECK_INT(r, fake.sent_here == plan.request_n && once(way) ? IVS_ERR_UNSURE : IVS_ERR_TIMEOUT);
    CHECK_INT(fake.now, deadline);
    check_error(r, IVS_ERR_TIMEOUT);
    check_nothing_stays(fake.played);
  } else {
    CHECK_INT(r, 0);
    check_succeeded();
  }
  check_next();
  return met;
}

static void nth_io_is_the_last(void) {
  static const struct way ways[] = {{1, false, true}, {3, true, false}};
  for (unsigned op = 0; op < IVS_OP_COUNT; op++) {
    make_plan(op);
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
      int n = 1;
      while (silent_from(&ways[i], n) && n < PLACES) n++;
      CHECK(n > 1 + REQUEST_PIECES + 2 && n < PLACES);
    }
  }
}

/* --- a wait fails --- */

static bool wait_fails_at(const struct way *way, int n) {
  begin(way);
  fake.hesitant = true;
  fake.wait_fails_at = n;
  int r = call();
  bool met = fake.waits >= n;
  CHECK_INT(r, met ? expected(way, IVS_ERR_NET, fake.sent_before, fake.played_before) : 0);
  if (r == 0) check_succeeded();
  else check_error(r, IVS_ERR_NET);
  if (r != 0) check_nothing_stays(fake.played);
  check_next();
  return met;
}

static void nth_wait_fails(void) {
  static const struct way ways[] = {{1, false, false}, {3, false, true}};
  for (unsigned op = 0; op < IVS_OP_COUNT; op++) {
    make_plan(op);
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
      int n = 1;
      while (wait_fails_at(&ways[i], n) && n < PLACES) n++;
      CHECK(n > REQUEST_PIECES + 2 && n < PLACES);
    }
  }
}

/* --- a random number does not come --- */

#define THROTTLED \
  "HTTP/1.1 429 Too Many Requests\r\nx-amzn-ErrorType: ThrottlingException\r\nConnection: close"
#define DOWN "HTTP/1.1 503 Down\r\nx-amzn-ErrorType: ServiceUnavailable\r\nConnection: close"
#define EMPTY "\r\nContent-Length: 0\r\n\r\n"

/* The delay before a repetition is then the longest one; nothing else changes. */
static void nth_random_does_not_come(void) {
  static const uint64_t longest[] = {1000, 100}, delays[] = {164, 16};
  for (unsigned op = 0; op < IVS_OP_COUNT; op++) {
    make_plan(op);
    for (int n = 1; n <= 3; n++) {
      begin(&patient);
      fake.connections[0].answer = THROTTLED EMPTY;
      fake.connections[1].answer = DOWN EMPTY;
      fake.entropy_fails_at = n;
      uint64_t began = fake.now;
      CHECK_INT(call(), 0);
      check_succeeded();
      CHECK_INT(fake.randoms, 2);
      CHECK_INT(fake.now - began,
                (n == 1 ? longest[0] - 1 : delays[0]) + (n == 2 ? longest[1] - 1 : delays[1]));
      check_next();
    }
  }
}

/* --- the clocks go back --- */

static const struct back {
  uint64_t ticks;
  int64_t clock;
} backs[] = {{UINT64_MAX, 0}, {0, 86400000}, {UINT64_MAX, 86400000}};

enum { BACKS = sizeof backs / sizeof backs[0], NOW = 1000000 };

static void go_back(const struct back *back, int n) {
  fake.now = NOW;
  fake.back_at = n;
  fake.ticks_back = back->ticks;
  fake.clock_back = back->clock;
}

static bool goes_back_at(const struct back *back, int n) {
  begin(&patient);
  fake.connections[0].answer = THROTTLED EMPTY;
  go_back(back, n);
  CHECK_INT(call(), 0);
  check_succeeded();
  CHECK_INT(ivs_client_counters(&client)->requests, 2);
  bool met = fake.times >= n;
  check_next();
  return met;
}

/* The deadline of a call that gets no answer is later by what the ticks went back at the most. */
static bool goes_back_in_silence_at(const struct back *back, int n) {
  begin(&patient);
  fake.silent_from = 2 + REQUEST_PIECES + 2;
  go_back(back, n);
  int r = call();
  CHECK_INT(r, once(&patient) ? IVS_ERR_UNSURE : IVS_ERR_TIMEOUT);
  CHECK(fake.now <= NOW + IVS_CALL_MS);
  check_error(r, IVS_ERR_TIMEOUT);
  check_nothing_stays(fake.played);
  bool met = fake.times >= n;
  check_next();
  return met;
}

static void nth_reading_goes_back(void) {
  for (unsigned op = 0; op < IVS_OP_COUNT; op++) {
    make_plan(op);
    for (size_t b = 0; b < BACKS; b++) {
      int n = 1;
      while (goes_back_at(&backs[b], n) && n < PLACES) n++;
      CHECK(n > 20 && n < PLACES);
      n = 1;
      while (goes_back_in_silence_at(&backs[b], n) && n < PLACES) n++;
      CHECK(n > 3 && n < PLACES);
    }
  }
}

int main(void) {
  RUN(nth_io_fails);
  RUN(nth_io_fails_in_a_refusal);
  RUN(nth_io_is_the_last);
  RUN(nth_wait_fails);
  RUN(nth_random_does_not_come);
  RUN(nth_reading_goes_back);
  return check_done();
}
