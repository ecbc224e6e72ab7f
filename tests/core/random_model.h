/*
 * What is known of the clients, sources and queues of random_api.c from outside of them, and what
 * has to hold: by the headers after every function, and at the other side when a request comes.
 */
#ifndef RANDOM_MODEL_H
#define RANDOM_MODEL_H

#include "random_port.h"
#include "random_service.h"

#include <ivs/metadata_queue.h>
#include <ivs/proxy.h>

#include <limits.h>

#include "../../core/src/call.h"

#ifndef __has_feature
#define __has_feature(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#define FORBID(p, n) ASAN_POISON_MEMORY_REGION(p, n)
#define ALLOW(p, n) ASAN_UNPOISON_MEMORY_REGION(p, n)
#else
#define FORBID(p, n) ((void)(p), (void)(n))
#define ALLOW(p, n) ((void)(p), (void)(n))
#endif
/* What was never set may not be looked at, and is not made up. */
enum { KNOWS_UNSET = __has_feature(memory_sanitizer) };

enum { AGENTS = 3, SOURCES = 3, QUEUES = 3, ITEMS = 3000, PARTS = 4000, POOL = 1 << 17 };

/* A call of the program's: its request, every part in a block of its own, and its answer. */
struct call {
  enum ivs_op_id id;
  const struct ivs_op *op;
  void *in, *out;
  void *parts[PARTS];
  unsigned count;
};

enum alive { NOTHING, CALL, OF_QUEUE, LESSON };

struct agent {
  ivs_client client;
  struct net net;
  struct ivs_proxy proxy;
  bool proxied;
  struct ivs_endpoint endpoint;
  struct ivs_creds creds[2];
  struct ivs_options options;
  struct source *source;
  struct call call;
  bool readable; /* call.out is what the last call filled */

  char *pool; /* POOL bytes, of which only the workspace may be touched; or NULL */
  char *space;
  size_t space_n;
  bool shares_space; /* with its source: it gets no other */

  enum alive alive;
  struct queue *queue;    /* whose call is alive */
  struct queue *latest;   /* whose call was the last one, unless it was the program's */
  struct queue *stepping; /* the queue that is being stepped, whose call may begin at any moment */
  bool starts;            /* the next question for the ticks sets the deadline */
  bool exact;             /* the deadline is known, else it is an upper bound */
  uint64_t deadline;
  bool stopped;        /* for want of space, */
  bool asked;          /* or has been in this call */
  size_t need;         /* as it was then, */
  uint64_t moved_then; /* and what had gone over connections, their ends included */
  uint32_t version_then;

  uint32_t calls;
  unsigned done;    /* requests of this call that were carried out */
  bool unknown;     /* there was an answer to it of which nothing can be said */
  bool half;        /* an answer to a part of a request */
  unsigned whole;   /* requests of this call */
  uint32_t retries; /* before it, */
  uint64_t given;   /* and bytes that had come */
  int64_t offset_before;
  int64_t offset; /* what the program knows of the clock's */
  unsigned clock_set_before;
  uint64_t left; /* ticks when the last request was whole */

  bool measured;    /* high_water began with this call, */
  uint32_t version; /* which had these credentials */
  bool plain;       /* its last answer is one that can be said again: */
  bool repeats;     /* as it is in this call */
  char *said;
  size_t said_n;
  int said_after;
};

/* Where credentials come from. */
struct source {
  union {
    struct ivs_provider base;
    struct ivs_container_provider container;
    struct ivs_iot_provider iot;
    struct ivs_imds_provider imds;
    struct ivs_sts_provider sts;
  } of;
  struct net net;
  source_answers *answers;
  struct ivs_endpoint endpoint;
  struct ivs_creds creds;
  struct source *inner; /* where the credentials come from that it is asked with */
  struct source *outer; /* whose port and workspace these are too; it alone uses this source */
  bool borrowed;        /* a client uses the workspace */
  bool lent;            /* is an inner one */
  bool under_way;       /* of one that needs no network, */
  bool again;           /* whose last step said IVS_AGAIN */
  char *space;
  size_t space_n, odd;
  bool shared;              /* the space is a client's too */
  uint64_t opened, longest; /* ticks of one request */
  bool regional;            /* ivs_imds_region() is under way, or was left there */
  bool wiped;
  uint32_t version;
};

struct item {
  uint64_t soonest, latest; /* ticks between which it expires; 0: never */
  char key[4];
  unsigned long gone; /* the action since which no new payload may have it; 0: may */
  unsigned done;
};

struct queue {
  ivs_metadata_queue q;
  struct agent *agent;
  struct ivs_metadata_options options;
  char *buffer;
  size_t size, odd;
  char arn[80];
  struct item items[ITEMS];
  uint32_t count;
  uint32_t floor;            /* no payload has an item before this one */
  unsigned long begun;       /* the action in which the payload was begun */
  uint64_t begun_at;         /* ticks, at the latest */
  uint32_t first, last, ids; /* of the payload that has arrived; ids 0: none has */
  size_t bytes;
  uint64_t arrived[64]; /* ticks, the latest ones in their order */
  size_t arrivals;
  struct ivs_metadata_counters before;
};

static struct agent agents[AGENTS];
static struct source sources[SOURCES];
static struct queue queues[QUEUES];
static struct ivs_pacer account;
static size_t agent_count, source_count, queue_count;
static bool garbled; /* what a source said was changed on its way, so that it may quote secrets */
static unsigned long action, actions, whole_requests, calls_done, calls_good, lessons_good,
    payloads_good, versions, repeated;

/* --- memory --- */

static bool is_blank(const void *p, size_t n) {
  const char *at = (const char *)p;
  return n == 0 || (at[0] == 0 && memcmp(at, at + 1, n - 1) == 0);
}

static bool holds_secret(const void *p, size_t n) {
  const char *at = (const char *)p, *end = n > 0 ? at + n : at;
  while (n > 0 && !KNOWS_UNSET &&
         (at = (const char *)memchr(at, MARK[0], (size_t)(end - at))) != NULL) {
    if ((size_t)(end - at) < sizeof MARK - 1) return false;
    if (memcmp(at, MARK, sizeof MARK - 1) == 0) return true;
    at++;
  }
  return false;
}

/* A block of exactly so many bytes, with nothing in it that was once a secret. */
static char *new_block(size_t n) {
  char *p = (char *)malloc(n);
  if (!KNOWS_UNSET) memset(p, 0xA5, n);
  return p;
}

static void *part(struct call *c, size_t n) {
  if (c->count == PARTS) abort();
  return c->parts[c->count++] = malloc(n);
}

static void forget_request(struct call *c) {
  for (unsigned i = 0; i < c->count; i++) free(c->parts[i]);
  free(c->in);
  c->count = 0;
  c->in = NULL;
}

static void forget_call(struct call *c) {
  forget_request(c);
  free(c->out);
  memset(c, 0, sizeof *c);
}

/* --- requests --- */

static void fill_text(struct agent *a, ivs_str *s, bool arn) {
  static const char *const bits[] = {
      "a", "Z9", " ", "\"", "\\", "\n", "\x01", "/", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80",
      "%", "+&="};
  size_t n = chance(40) ? up_to(3000) : chance(4) ? 0 : up_to(30), used = 0;
  char *p = (char *)part(&a->call, n + 20);
  if (arn && !chance(10)) used = (size_t)sprintf(p, "arn:aws:ivs:x");
  while (used < n) {
    const char *bit = ANY_OF(bits);
    memcpy(p + used, bit, strlen(bit));
    used += strlen(bit);
  }
  char *exact = (char *)part(&a->call, used);
  memcpy(exact, p, used);
  if (chance(400) && used > 0) exact[up_to(used - 1)] = (char)0xFF;
  s->p = exact;
  s->n = used;
  if (chance(400) && a->space_n > 0) {
    s->p = a->space + up_to(a->space_n - 1);
    s->n = 1;
  }
}

static void fill_struct(struct agent *a, uint8_t type, char *base);

static void fill_list(struct agent *a, const struct ivs_field *f, struct ivs_any_list *list) {
  size_t size = f->kind == IVS_K_LIST  ? ivs_types[f->type].size
                : f->kind == IVS_K_MAP ? sizeof(ivs_pair)
                                       : sizeof(ivs_str);
  list->count = chance(30) ? up_to(20) : up_to(2);
  char *items = (char *)part(&a->call, list->count * size);
  memset(items, 0, list->count * size);
  list->items = items;
  for (char *at = items; at < items + list->count * size; at += size) {
    if (f->kind == IVS_K_LIST) fill_struct(a, f->type, at);
    else fill_text(a, (ivs_str *)(void *)at, (f->flags & IVS_F_ARN) != 0);
    if (f->kind == IVS_K_MAP) fill_text(a, &((ivs_pair *)(void *)at)->value, false);
  }
}

static void fill_member(struct agent *a, const struct ivs_field *f, char *at) {
  switch (f->kind) {
    case IVS_K_STR: fill_text(a, (ivs_str *)(void *)at, (f->flags & IVS_F_ARN) != 0); break;
    case IVS_K_BOOL: *(ivs_bool *)at = chance(2) ? IVS_TRUE : IVS_FALSE; break;
    case IVS_K_INT: *(ivs_int *)(void *)at = IVS_INT((int64_t)check_random()); break;
    case IVS_K_STRUCT:
      *(bool *)at = chance(2);
      fill_struct(a, f->type, at);
      break;
    default: fill_list(a, f, (struct ivs_any_list *)(void *)at); break;
  }
}

static void fill_struct(struct agent *a, uint8_t type, char *base) {
  for (unsigned i = 0; i < ivs_types[type].count; i++) {
    const struct ivs_field *f = &ivs_fields[ivs_types[type].first + i];
    bool required = (f->flags & IVS_F_REQUIRED) != 0;
    if (required ? !chance(100) : chance(3)) fill_member(a, f, base + f->offset);
  }
}

static void new_call(struct agent *a) {
  struct call *c = &a->call;
  forget_call(c);
  a->readable = false;
  c->id = (enum ivs_op_id)check_below(IVS_OP_COUNT);
  c->op = &ivs_ops[c->id];
  c->in = calloc(1, ivs_types[c->op->in].size);
  fill_struct(a, c->op->in, (char *)c->in);
  bool has_members = ivs_types[c->op->out].count > 0;
  c->out = has_members ? malloc(ivs_types[c->op->out].size) : NULL;
}

/* --- what the client does, as the other side sees it --- */

static void begins(struct agent *a, enum alive what) {
  a->alive = what;
  a->stopped = a->asked = a->unknown = a->half = false;
  a->done = a->whole = 0;
  a->repeats = a->plain = false;
  a->starts = true;
  a->exact = what != OF_QUEUE;
  a->latest = what == OF_QUEUE ? a->stepping : NULL;
  if (what != LESSON) a->calls++;
  a->retries = ivs_client_counters(&a->client)->retries;
  a->given = a->net.given;
}

/* A call of a queue begins somewhere in a step; until it is seen its deadline is a later one. */
static void queue_begins(struct agent *a) {
  struct queue *q = a->stepping;
  begins(a, OF_QUEUE);
  a->readable = false; /* its texts are gone */
  a->calls = ivs_client_counters(&a->client)->calls;
  a->queue = q;
  a->starts = false;
  a->deadline = world.now + a->client.options.call_ms;
  q->begun = action;
  q->ids = 0;
}

static void look_for_calls(struct agent *a) {
  if (a->stepping != NULL && ivs_client_counters(&a->client)->calls != a->calls) queue_begins(a);
}

static void agent_touched(struct net *n) {
  struct agent *a = (struct agent *)n->owner;
  look_for_calls(a);
  CHECK(a->alive != NOTHING);
}

static void agent_slept(struct net *n, const struct ivs_wait *w) {
  struct agent *a = (struct agent *)n->owner;
  look_for_calls(a);
  bool paces = a->stepping != NULL && (a->alive != OF_QUEUE || a->queue != a->stepping);
  if (a->client.state == IDLE || paces) return;
  CHECK(w->until <= a->deadline);
  CHECK(a->starts || n->ticked < a->deadline || w->until <= n->ticked);
}

static void agent_asked(struct net *n) {
  struct agent *a = (struct agent *)n->owner;
  if (a->starts) a->deadline = world.now + a->client.options.call_ms;
  a->starts = false;
}

static void check_request_line(const struct agent *a) {
  static const char *const methods[] = {"GET", "POST", "DELETE"};
  char line[200];
  const struct ivs_op *op = &ivs_ops[a->client.op];
  ivs_str name = ivs_op_name(op);
  if (a->alive == LESSON) snprintf(line, sizeof line, "GET / HTTP/1.1\r\n");
  else if (op->method == IVS_POST && op->name != ivs_ops[IVS_OP_TAG_RESOURCE].name)
    snprintf(line, sizeof line, "POST %s/%.*s HTTP/1.1\r\n", a->endpoint.path, (int)name.n, name.p);
  else snprintf(line, sizeof line, "%s %s/tags/", methods[op->method], a->endpoint.path);
  CHECK(a->net.request_n > strlen(line) && memcmp(a->net.request, line, strlen(line)) == 0);
}

/* Signed, if there is anything to sign with. */
static void check_signature(const struct agent *a) {
  const struct net *n = &a->net;
  bool is_signed = a->alive != LESSON && a->client.options.creds != NULL;
  CHECK_INT(check_holds(n->request, n->head_n, "\r\nauthorization: AWS4-HMAC-SHA256 Credential="),
            is_signed);
  CHECK(is_signed || !holds_secret(n->request, n->request_n));
}

static bool is_at_most_once(const struct queue *q) {
  return q->options.at_most_once || q->agent->options.cue_once;
}

static bool only_once(const struct agent *a) {
  uint8_t repeat = ivs_ops[a->client.op].repeat;
  bool cue = a->alive == OF_QUEUE ? is_at_most_once(a->queue) : a->options.cue_once;
  return repeat == IVS_ONCE || (repeat == IVS_CUE && cue);
}

/* --- payloads of the queues --- */

/* The items of a payload by their numbers, "#12;" each. */
static void check_items(struct queue *q, const char *p, size_t n, enum fate fate) {
  const char *end = p + n;
  q->ids = 0;
  while ((p = (const char *)memchr(p, '#', (size_t)(end - p))) != NULL) {
    uint32_t id = (uint32_t)strtoul(p + 1, NULL, 10);
    p++;
    if (!CHECK(id < q->count)) continue;
    struct item *item = &q->items[id];
    CHECK(id >= q->floor);
    CHECK(q->ids == 0 || id > q->last); /* none overtakes, none comes twice */
    CHECK(item->gone == 0 || item->gone >= q->begun);
    CHECK(item->latest == 0 || q->begun_at < item->latest);
    if (fate == DONE && !q->agent->unknown) item->done++;
    CHECK(item->done <= 1 || !is_at_most_once(q));
    if (q->ids++ == 0) q->first = id;
    q->last = id;
  }
  CHECK(q->ids > 0);
  CHECK(!q->options.separate || q->ids == 1);
}

/* The member metadata of the body: how long it is, and JSON if it has to be. */
static void check_payload(struct queue *q, const char *p, size_t n) {
  static uint64_t tokens[64];
  struct ivs_json_object o;
  struct ivs_json_value v;
  ivs_str name;
  size_t count, most = q->options.payload_max > 0 ? q->options.payload_max : IVS_METADATA_MAX;
  char *copy = new_block(n);
  memcpy(copy, p, n);
  q->bytes = 0;
  CHECK_INT(ivs_json_check(copy, n, &count), 0);
  ivs_json_value_at(copy, copy + n, &v);
  CHECK_INT(ivs_json_open(&o, v, tokens, sizeof tokens / IVS_JSON_TOKEN_SIZE), 0);
  while (ivs_json_member(&o, &name, &v) == 1) {
    if (!ivs_str_eq(name, IVS_STR("metadata"))) continue;
    ivs_str text = ivs_json_text(v);
    q->bytes = text.n;
    CHECK(text.n > 0 && text.n <= most);
    bool array = !q->options.separate && q->options.join == NULL;
    if (array) CHECK_INT(ivs_json_check(text.p, text.n, &count), 0);
  }
  free(copy);
}

static void note_arrival(struct queue *q, uint64_t at) {
  const size_t most = sizeof q->arrived / sizeof *q->arrived;
  size_t rate = q->options.rate > 0 ? q->options.rate : IVS_METADATA_RATE, i;
  if (q->arrivals == most) memmove(q->arrived, q->arrived + 1, --q->arrivals * sizeof at);
  for (i = q->arrivals++; i > 0 && q->arrived[i - 1] > at; i--) q->arrived[i] = q->arrived[i - 1];
  q->arrived[i] = at;
  for (i = rate; i < q->arrivals; i++)
    if (!CHECK(q->arrived[i] - q->arrived[i - rate] >= 1000)) break;
}

static struct queue *queue_of(const struct net *n) {
  for (size_t i = 0; i < queue_count; i++)
    if (check_holds(n->request, n->request_n, queues[i].arn)) return &queues[i];
  return NULL;
}

static void agent_arrived(struct net *n, uint64_t at) {
  struct queue *q = queue_of(n);
  if (q != NULL) note_arrival(q, at);
}

static void remember_answer(struct agent *a, enum fate fate) {
  const struct net *n = &a->net;
  a->plain = fate == DONE && !n->tainted && n->endless == NO_MORE && n->answer_n > 0;
  a->said_n = n->answer_n;
  a->said_after = n->after;
  memcpy(a->said, n->answer, n->answer_n);
}

static enum fate say_again(struct agent *a) {
  say(&a->net, a->said, a->said_n);
  a->net.after = a->said_after;
  return DONE;
}

/* A request is there, or a part to which no more comes. */
static void agent_serves(struct net *n) {
  struct agent *a = (struct agent *)n->owner;
  const struct ivs_op *op = a->alive == LESSON ? NULL : &ivs_ops[a->client.op];
  if (!n->whole) {
    a->half = true;
    answer_of_service(n, op, true);
    return;
  }
  whole_requests++;
  a->whole++;
  a->left = world.now;
  check_request_line(a);
  check_signature(a);
  if (a->alive != LESSON)
    CHECK(a->whole <= (a->alive == OF_QUEUE ? 1u : a->client.options.attempts) + 1u);
  CHECK(!only_once(a) || a->alive == LESSON || a->done == 0 || a->unknown);
  enum fate fate = n->dead ? NOT_DONE : a->repeats ? say_again(a) : answer_of_service(n, op, false);
  if (n->tainted && !n->dead) a->unknown = true;
  if (fate == UNKNOWN) a->unknown = true;
  if (fate == DONE) a->done++;
  remember_answer(a, fate);
  CHECK(a->alive != OF_QUEUE || queue_of(n) == a->queue);
  if (a->alive != OF_QUEUE) return;
  check_items(a->queue, n->request + n->head_n, n->request_n - n->head_n, fate);
  check_payload(a->queue, n->request + n->head_n, n->request_n - n->head_n);
}

static void source_touched(struct net *n) {
  struct source *s = (struct source *)n->owner;
  bool wanted = s->regional;
  for (size_t i = 0; i < agent_count; i++)
    wanted = wanted || agents[i].alive != NOTHING || agents[i].stepping != NULL;
  CHECK(wanted);
  if (n->state == NET_CLOSED) s->opened = world.now;
  else CHECK(n->ticked < s->opened + s->longest);
}

static void source_slept(struct net *n, const struct ivs_wait *w) {
  (void)n;
  (void)w;
  CHECK(false); /* clients wait with their own ports */
}

static void source_arrived(struct net *n, uint64_t at) {
  (void)n;
  (void)at;
}

static void source_asked(struct net *n) {
  (void)n;
}

static void source_serves(struct net *n) {
  struct source *s = (struct source *)n->owner;
  bool for_role = asks(n, "POST ");
  if (s->outer != NULL && for_role) s = s->outer;
  if (s->inner != NULL && s->inner->outer == s && !for_role) s = s->inner;
  if (!n->dead && !answer_of_source(n, s->answers, !n->whole)) garbled = true;
}

/* --- what holds after every function --- */

static void check_error(const struct agent *a) {
  const struct ivs_error *e = ivs_last(&a->client);
  CHECK(memchr(e->code, 0, sizeof e->code) != NULL);
  CHECK(memchr(e->message, 0, sizeof e->message) != NULL);
  CHECK(memchr(e->request_id, 0, sizeof e->request_id) != NULL);
  CHECK(garbled || !holds_secret(e->message, sizeof e->message));
  CHECK(ivs_utf8_valid(ivs_cstr(e->message)));
  CHECK(e->err == IVS_ERR_UNSURE ? e->cause < 0 && e->cause != IVS_ERR_UNSURE : e->cause == e->err);
  if (e->whole.p == NULL) return;
  CHECK(e->whole.p >= a->space && e->whole.n <= a->space_n &&
        e->whole.p + e->whole.n <= a->space + a->space_n);
}

static void check_counters(const struct agent *a) {
  const struct ivs_counters *c = ivs_client_counters(&a->client);
  const struct net *n = &a->net;
  CHECK_INT(c->calls, a->calls);
  CHECK_INT(c->requests, n->requests);
  CHECK_INT(c->sent, n->sent);
  CHECK(c->received <= n->given);
  if (a->alive != NOTHING)
    CHECK(c->retries - a->retries < (a->alive == CALL ? a->client.options.attempts : 1u));
  if (a->proxied) return;
  CHECK(c->received + n->single >= n->given);
  CHECK_INT(c->connections, n->opened);
}

static void check_agent(struct agent *a) {
  CHECK_INT(a->client.state != IDLE, a->alive != NOTHING);
  check_error(a);
  check_counters(a);
  CHECK(a->source == NULL || (a->client.waits <= (a->alive != NOTHING)));
  if (a->options.keep_clock && a->alive != LESSON)
    CHECK_INT(ivs_clock_offset(&a->client), a->offset);
  if (a->proxied && a->net.state == NET_CLOSED)
    CHECK(is_blank(a->proxy.buffer, sizeof a->proxy.buffer));
  if (a->proxied && a->net.tunnel && chance(8)) /* "me:" MARK in base64 */
    CHECK(!check_holds(a->proxy.buffer, sizeof a->proxy.buffer, "bWU6TXVzdE5vdFN0YXk"));
  if ((a->alive == NOTHING || a->stopped) && chance(8)) CHECK(!holds_secret(a->space, a->space_n));
}

/* Whether anybody steps a source, or what was begun by somebody is left there. */
static size_t users_of(const struct source *s) {
  size_t users = 0;
  for (size_t i = 0; i < agent_count; i++)
    users += agents[i].source == s && agents[i].alive != NOTHING;
  return users;
}

static void check_idle_source(const struct source *s) {
  const struct ivs_provider *p = &s->of.base;
  CHECK_INT(p->waiting, 0);
  CHECK(!s->under_way);
  CHECK_INT(s->net.state, NET_CLOSED);
  if (!s->shared) CHECK(is_blank(s->space, s->space_n));
  if (s->answers == imds_answers) CHECK(is_blank(s->of.imds.token, sizeof s->of.imds.token));
}

static void check_source(struct source *s) {
  const struct ivs_provider *p = &s->of.base;
  CHECK(p->waiting <= users_of(s));
  CHECK(memchr(p->problem, 0, sizeof p->problem) != NULL);
  CHECK(garbled || !holds_secret(p->problem, sizeof p->problem));
  CHECK(ivs_utf8_valid(ivs_cstr(p->problem)));
  CHECK(p->cause <= 0 && (p->problem[0] != 0 || p->cause == 0));
  for (const char *c = p->problem; *c != 0; c++) CHECK((unsigned char)*c >= ' ' && *c != 0x7F);
  if (s->answers == sts_answers) CHECK(is_blank(&s->of.sts.key, sizeof s->of.sts.key));
  CHECK(p->version >= s->version);
  if (p->version != s->version) {
    versions++;
    s->version = p->version;
    s->wiped = false;
    CHECK(p->creds.access_key_id[0] != 0 && p->creds.secret_access_key[0] != 0);
  }
  if (s->version == 0 || s->wiped) CHECK(is_blank(&p->creds, sizeof p->creds));
  if (s->wiped && s->version > 0) CHECK(p->expires == INT64_MIN);
  size_t users = users_of(s);
  for (size_t i = 0; i < source_count; i++)
    users += sources[i].inner == s ? users_of(&sources[i]) : 0;
  if (users == 0 && !s->regional) check_idle_source(s);
}

static void check_queue(struct queue *q) {
  const struct ivs_metadata_counters *c = &q->q.counters;
  const struct ivs_error *e = ivs_metadata_error(&q->q);
  CHECK(e == NULL || (e == ivs_last(&q->agent->client) && q->agent->latest == q));
  const struct ivs_error *last = ivs_last(&q->agent->client);
  bool own = q->agent->latest == q && q->agent->alive == NOTHING && !q->q.calling;
  if (own && last->err != 0 && last->err != IVS_ERR_CANCELLED) CHECK(e != NULL);
  size_t could_expire = 0;
  CHECK_INT(c->pushed, c->sent + c->replaced + c->expired + c->refused + c->dropped + c->unsure +
                           ivs_metadata_pending(&q->q));
  CHECK(c->coalesced <= c->sent && c->payloads <= c->sent);
  if (c->expired == q->before.expired) return;
  for (uint32_t i = 0; i < q->count; i++)
    could_expire += q->items[i].soonest > 0 && q->items[i].soonest <= world.now;
  CHECK(c->expired <= could_expire);
}

static void check_all(void) {
  for (size_t i = 0; i < agent_count; i++) check_agent(&agents[i]);
  for (size_t i = 0; i < source_count; i++) check_source(&sources[i]);
  for (size_t i = 0; i < queue_count; i++) check_queue(&queues[i]);
}

/* --- the end of a call --- */

static bool is_net(int r) {
  return r <= IVS_ERR_NAME && r >= IVS_ERR_NET;
}

static bool is_tls(int r) {
  return r <= IVS_ERR_TLS && r >= IVS_ERR_TLS_MEMORY;
}

static void check_layer(const struct ivs_error *e) {
  int r = e->cause;
  uint8_t layer = r == IVS_ERR_SERVICE                              ? IVS_LAYER_SERVICE
                  : is_tls(r)                                       ? IVS_LAYER_TLS
                  : r <= IVS_ERR_NAME && r >= IVS_ERR_PROXY         ? IVS_LAYER_NET
                  : r <= IVS_ERR_HTTP && r >= IVS_ERR_HTTP_REDIRECT ? IVS_LAYER_HTTP
                  : r <= IVS_ERR_JSON && r >= IVS_ERR_TYPE          ? IVS_LAYER_ANSWER
                                                                    : IVS_LAYER_REQUEST;
  CHECK_INT(e->layer, layer);
}

/* Where no answer was, nothing can have been read in it. */
static void check_silence(const struct agent *a) {
  const struct ivs_error *e = ivs_last(&a->client);
  if (a->net.given != a->given) return;
  CHECK(e->status == 0 && e->date == 0 && e->code[0] == 0 && e->request_id[0] == 0);
}

/* Errors that a call can end with, and what has to go with each. */
static void check_end(const struct agent *a, int r) {
  const struct ivs_error *e = ivs_last(&a->client);
  int cause = e->cause;
  CHECK_INT(e->err, r);
  if (r == 0) return;
  check_layer(e);
  if (r == IVS_ERR_SERVICE) CHECK(e->status >= 400 && e->status <= 599);
  if (r == IVS_ERR_HTTP_REDIRECT) CHECK(e->status >= 300 && e->status <= 399);
  if (cause == IVS_ERR_TIMEOUT && a->exact) CHECK(world.now >= a->deadline);
  if (r == IVS_ERR_CREDENTIALS && a->source != NULL) CHECK(e->message[0] != 0);
  if (r == IVS_ERR_UNSURE) CHECK(only_once(a));
  if (r == IVS_ERR_PROXY) CHECK(a->proxied);
  bool known =
      r == IVS_ERR_UNSURE || r == IVS_ERR_SERVICE || r == IVS_ERR_CREDENTIALS ||
      r == IVS_ERR_CLOCK || r == IVS_ERR_OVERLAP || r == IVS_ERR_TIMEOUT || r == IVS_ERR_PROXY ||
      is_net(r) || is_tls(r) || (r <= IVS_ERR_REQUIRED && r >= IVS_ERR_ARN) ||
      (r <= IVS_ERR_JSON && r >= IVS_ERR_TYPE) || (r <= IVS_ERR_HTTP && r >= IVS_ERR_HTTP_REDIRECT);
  if (!CHECK(known)) fprintf(stderr, "  %d\n", r);
}

/* Carried out and not told is unsure; told and not carried out is a lie. */
static void check_fate(const struct agent *a, int r) {
  if (a->unknown) return;
  if (r == 0) CHECK(a->done > 0);
  if (only_once(a) && a->done > 0 && r != 0 && r != IVS_ERR_CANCELLED) CHECK_INT(r, IVS_ERR_UNSURE);
}

static void ends(struct agent *a, int r) {
  a->alive = NOTHING;
  a->stopped = false;
  a->queue = NULL;
  calls_done++;
  calls_good += r == 0;
}

static uint32_t version_of(const struct agent *a) {
  return a->source != NULL ? a->source->of.base.version : 0;
}

/* The client has stopped for want of space: more than there is, and after what it asked for was
   given not before something new has come. */
static void stops(struct agent *a) {
  const struct ivs_error *e = ivs_last(&a->client);
  uint64_t moved = a->net.sent + a->net.given + a->net.ends;
  uint32_t version = version_of(a);
  CHECK_INT(e->err, IVS_ERR_SPACE);
  CHECK(e->need > a->space_n);
  if (a->asked && moved == a->moved_then && version == a->version_then) {
    if (!CHECK(a->space_n < a->need))
      fprintf(stderr, "  has %zu, needed %zu, needs %zu\n", a->space_n, a->need, e->need);
  }
  a->stopped = a->asked = true;
  a->need = e->need;
  a->moved_then = moved;
  a->version_then = version;
}

/* What ivs_step() and the like said of a call of the program's. */
static void judge_call(struct agent *a, int r) {
  a->stopped = false;
  if (r == 1) return;
  if (r == IVS_ERR_SPACE) {
    stops(a);
    return;
  }
  check_end(a, r);
  check_silence(a);
  check_fate(a, r);
  const struct call *c = &a->call;
  if (r < 0 && c->out != NULL) CHECK(is_blank(c->out, ivs_types[c->op->out].size));
  a->readable = r == 0;
  a->version = a->client.creds_version;
  ends(a, r);
  if (chance(2)) forget_request(&a->call);
}

#endif
