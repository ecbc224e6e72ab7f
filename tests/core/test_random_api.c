/*
 * The public API at random: clients that share sources of credentials, queues of metadata, calls of
 * all operations, lessons about the time, workspaces that come and go, and a port and a service
 * that do whatever they are allowed to (random_port.h, random_service.h). After every function
 * what the headers promise is looked at (random_model.h).
 *
 * IVS_SEED: as of all random tests. IVS_EPISODES: how many episodes, each with clients of its own.
 * IVS_EPISODE: this one alone, by the number that a failure prints. IVS_ALL=1: goes on after one.
 */
#include "random_model.h"

/* --- answers --- */

static bool lies_in_space(const struct agent *a, const char *p, size_t n) {
  return p == NULL || (p >= a->space && n <= a->space_n && p + n <= a->space + a->space_n);
}

static void read_struct(struct agent *a, uint8_t type, char *base);

static void check_text(const struct agent *a, ivs_str s) {
  CHECK(lies_in_space(a, s.p, s.n) && ivs_utf8_valid(s));
}

/* All of a list, a part, or nothing; sometimes through a copy. */
static void read_list(struct agent *a, const struct ivs_field *f, ivs_span *rest) {
  size_t size = f->kind == IVS_K_LIST  ? ivs_types[f->type].size
                : f->kind == IVS_K_MAP ? sizeof(ivs_pair)
                                       : sizeof(ivs_str);
  size_t total = ivs_decode_count(rest), most = chance(3) ? up_to(4) : SIZE_MAX, n = 0;
  ivs_span copy = *rest, *from = chance(4) ? &copy : rest;
  CHECK(lies_in_space(a, rest->p, rest->n));
  char *element = new_block(size);
  int r = 1;
  while (n < most && (r = ivs_next(&a->client, from, element)) == 1) {
    n++;
    CHECK_INT(ivs_decode_count(from), total - n);
    if (f->kind == IVS_K_LIST) read_struct(a, f->type, element);
    else check_text(a, *(ivs_str *)(void *)element);
    if (f->kind == IVS_K_MAP) check_text(a, ((ivs_pair *)(void *)element)->value);
  }
  CHECK(r == 0 || r == 1 || r == IVS_ERR_TYPE || (r == IVS_ERR_USED && n == 0));
  if (r == 0) CHECK_INT(n, total);
  if (r == 0 && rest->p != NULL) CHECK_INT(ivs_next(&a->client, from, element), IVS_ERR_USED);
  if (from == &copy && n > 0) CHECK_INT(ivs_next(&a->client, rest, element), IVS_ERR_USED);
  if (r < 0 || from == &copy) CHECK(ivs_last(&a->client)->err != IVS_ERR_SPACE);
  free(element);
}

static void read_struct(struct agent *a, uint8_t type, char *base) {
  for (unsigned i = 0; i < ivs_types[type].count; i++) {
    const struct ivs_field *f = &ivs_fields[ivs_types[type].first + i];
    char *at = base + f->offset;
    if (f->kind == IVS_K_STR) check_text(a, *(ivs_str *)(void *)at);
    else if (f->kind == IVS_K_TIME) check_text(a, ((ivs_time *)(void *)at)->text);
    else if (f->kind == IVS_K_BOOL) CHECK(*(ivs_bool *)at <= IVS_FALSE);
    else if (f->kind == IVS_K_STRUCT) read_struct(a, f->type, at);
    else if (f->kind > IVS_K_STRUCT && !chance(4))
      read_list(a, f, &((struct ivs_any_list *)(void *)at)->rest);
  }
}

static void read_answer(struct agent *a) {
  if (a->call.out == NULL) return;
  if (a->alive != NOTHING) {
    ivs_span none = {0};
    CHECK_INT(ivs_next(&a->client, &none, a->call.out), IVS_ERR_STATE);
  } else if (a->readable) {
    read_struct(a, a->call.op->out, (char *)a->call.out);
  }
}

/* --- workspaces --- */

static size_t any_size(const struct agent *a) {
  switch (up_to(9)) {
    case 0: return chance(5) ? 0 : up_to(600);
    case 1: return a->client.high_water;
    case 2: return a->need < POOL / 2 ? a->need : 4096;
    case 3: return a->need > 0 && a->need < POOL / 2 ? a->need - 1 : 512;
    case 4: return 512 + up_to(2000);
    case 5: return 40000;
    default: return 1024 + up_to(8000);
  }
}

/* Another workspace, in a block of its own, or in the pool where it may overlap the old one; that
   one is gone afterwards. */
static void give_space(struct agent *a, size_t n) {
  bool from_pool = a->pool != NULL && n <= POOL / 2;
  size_t at = up_to(chance(2) ? 64 : POOL / 2), old_n = a->space_n;
  if (a->shares_space) return;
  char *old = a->space, *new_space = from_pool ? a->pool + at : n > 0 ? new_block(n) : NULL;
  bool was_in_pool = a->pool != NULL && old >= a->pool && old < a->pool + POOL;
  if (from_pool) ALLOW(new_space, n);
  if (a->alive == NOTHING) a->readable = false;
  int r = ivs_workspace(&a->client, new_space, n);
  if (a->alive == NOTHING) CHECK_INT(r, 0);
  else CHECK(r == 0 || (r == IVS_ERR_SPACE && n < a->space_n));
  if (r == 0) {
    a->space = new_space;
    a->space_n = n;
    if (a->alive == NOTHING) a->need = 0;
  }
  if (a->pool != NULL) FORBID(a->pool, POOL);
  if (r == 0 && !was_in_pool) {
    CHECK(!holds_secret(old, old_n));
    free(old);
  }
  if (r < 0 && !from_pool) free(new_space);
  if (a->pool != NULL && a->space >= a->pool && a->space < a->pool + POOL)
    ALLOW(a->space, a->space_n);
}

static void replace_space(struct agent *a) {
  if (a->alive == NOTHING || a->stopped) {
    give_space(a, any_size(a));
    return;
  }
  struct net *n = &a->net;
  bool on_its_way = n->request_n > 0 && !n->whole && !n->send_failed && n->state == NET_OPEN &&
                    (n->tunnel || !n->proxied);
  if (on_its_way) CHECK_INT(ivs_workspace(&a->client, a->pool, POOL), IVS_ERR_STATE);
}

/* --- calls of the program's --- */

/* The program's own sleep. */
static void sleep_until(const struct ivs_wait *w) {
  uint64_t left = w->until > world.now ? w->until - world.now : 0;
  if (w->events != 0 || chance(3)) left = up_to(left < 1000 ? left : 1000);
  if (chance(2)) world.now += left;
}

static void start_call(struct agent *a) {
  if (a->alive != NOTHING) {
    char out[8] = "";
    CHECK_INT(ivs_start(&a->client, IVS_OP_STOP_STREAM, out, NULL), IVS_ERR_STATE);
    CHECK_INT(ivs_call(&a->client, IVS_OP_STOP_STREAM, out, NULL), IVS_ERR_STATE);
    return;
  }
  new_call(a);
  begins(a, CALL);
  a->measured = chance(3);
  if (a->measured) a->client.high_water = 0;
  if (chance(8)) {
    judge_call(a, ivs_call(&a->client, a->call.id, a->call.in, a->call.out));
    return;
  }
  CHECK_INT(ivs_start(&a->client, a->call.id, a->call.in, a->call.out), 0);
  if (a->call.out != NULL) CHECK(is_blank(a->call.out, ivs_types[a->call.op->out].size));
}

static void step_call(struct agent *a) {
  struct ivs_wait w;
  if (a->alive != CALL) {
    if (a->alive != OF_QUEUE) CHECK_INT(ivs_step(&a->client, &w), IVS_ERR_STATE);
    return;
  }
  bool late = world.now >= a->deadline;
  int r = ivs_step(&a->client, &w);
  if (r == 1) {
    CHECK(!late);
    CHECK(w.until <= a->deadline);
    sleep_until(&w);
  }
  judge_call(a, r);
}

static void finish_call(struct agent *a) {
  if (a->alive == CALL) judge_call(a, ivs_finish(&a->client));
  else if (a->alive != OF_QUEUE) CHECK_INT(ivs_finish(&a->client), IVS_ERR_STATE);
}

/* What a stopped call needs, or something else. */
static void help(struct agent *a) {
  if (!a->stopped) return;
  if (a->shares_space || a->need > POOL / 2 || chance(10)) {
    ivs_cancel(&a->client);
    if (a->alive == CALL) check_fate(a, IVS_ERR_CANCELLED);
    ends(a, IVS_ERR_CANCELLED);
    return;
  }
  give_space(a, chance(3) ? any_size(a) : a->need);
}

static void cancel(struct agent *a) {
  bool was_alive = a->alive != NOTHING;
  enum alive what = a->alive;
  ivs_cancel(&a->client);
  if (!was_alive) return;
  CHECK_INT(ivs_last(&a->client)->err, IVS_ERR_CANCELLED);
  CHECK_INT(a->net.state, NET_CLOSED);
  CHECK(!holds_secret(a->space, a->space_n));
  if (what == CALL && a->call.out != NULL)
    CHECK(is_blank(a->call.out, ivs_types[a->call.op->out].size));
  if (what == LESSON) CHECK_INT(ivs_clock_offset(&a->client), a->offset_before);
  ends(a, IVS_ERR_CANCELLED);
}

/* The same call with the same answer, in as much as the client said that it needs. */
static void call_again(struct agent *a) {
  if (!a->readable || !a->measured || !a->plain || a->shares_space) return;
  if (a->alive != NOTHING || a->call.in == NULL) return;
  size_t n = a->client.high_water;
  give_space(a, n);
  begins(a, CALL);
  a->repeats = true;
  int r = ivs_call(&a->client, a->call.id, a->call.in, a->call.out);
  bool same = a->version == a->client.creds_version;
  if (same && !a->unknown && r == IVS_ERR_SPACE)
    if (!CHECK(false))
      fprintf(stderr, "  high_water %zu, need %zu\n", n, ivs_last(&a->client)->need);
  judge_call(a, r);
  repeated++;
}

static void next_page(struct agent *a) {
  char *token;
  struct call *c = &a->call;
  if (!a->readable || a->alive != NOTHING || c->out == NULL || c->in == NULL) return;
  token = (char *)part(c, IVS_PAGE_TOKEN_SIZE);
  int r = ivs_page_more(c->op, c->in, c->out, token);
  CHECK(r == 0 || r == 1 || r == IVS_ERR_SPACE || r == IVS_ERR_ARGUMENT);
  if (r != 1) return;
  a->readable = a->measured = false;
  begins(a, CALL);
  CHECK_INT(ivs_start(&a->client, c->id, c->in, c->out), 0);
}

/* --- the clock --- */

static void judge_lesson(struct agent *a, int r) {
  struct net *n = &a->net;
  if (r == 1) return;
  if (r < 0) {
    CHECK_INT(ivs_clock_offset(&a->client), a->offset_before);
    CHECK_INT(ivs_last(&a->client)->err, r);
    check_layer(ivs_last(&a->client));
    check_silence(a);
    CHECK(r == IVS_ERR_CLOCK || r == IVS_ERR_TIMEOUT || r == IVS_ERR_SPACE || r == IVS_ERR_PROXY ||
          is_net(r) || is_tls(r) || (r <= IVS_ERR_HTTP && r >= IVS_ERR_HTTP_CODING));
  } else {
    CHECK(n->dated > 0);
    int64_t off = ivs_clock_now(&a->client) - n->date - (int64_t)(world.now - n->dated) / 1000;
    int64_t round = (int64_t)(world.now - a->left) / 1000 + 2;
    bool sure = !a->unknown && a->clock_set_before == world.clock_set;
    if (sure && !CHECK(off <= round && off >= -round))
      fprintf(stderr, "  off by %lld s%s\n", (long long)off, a->half ? ", half a request" : "");
    lessons_good++;
  }
  a->offset = ivs_clock_offset(&a->client);
  ends(a, r);
}

static void learn(struct agent *a) {
  struct ivs_wait w;
  if (a->alive == CALL || a->alive == OF_QUEUE) {
    CHECK_INT(ivs_clock_learn_step(&a->client, &w), IVS_ERR_STATE);
    return;
  }
  if (a->alive == NOTHING) {
    begins(a, LESSON);
    a->readable = false;
    a->offset_before = ivs_clock_offset(&a->client);
    a->clock_set_before = world.clock_set;
  }
  if (chance(4)) {
    judge_lesson(a, ivs_clock_learn(&a->client));
    return;
  }
  bool late = !a->starts && world.now >= a->deadline;
  int r = ivs_clock_learn_step(&a->client, &w);
  if (r == 1) {
    CHECK(!late && w.until <= a->deadline);
    sleep_until(&w);
  }
  judge_lesson(a, r);
}

static void set_clock(struct agent *a) {
  static const int64_t times[] = {-62135596801, 253402300800, INT64_MAX, INT64_MIN};
  int64_t offset = ivs_clock_offset(&a->client), now = true_ms() / 1000;
  if (a->alive == LESSON) return;
  if (chance(4)) {
    CHECK_INT(ivs_clock_set(&a->client, ANY_OF(times)), IVS_ERR_CLOCK);
    CHECK_INT(ivs_clock_offset(&a->client), offset);
    return;
  }
  if (chance(4)) now += (int64_t)up_to(100000) - 50000;
  CHECK_INT(ivs_clock_set(&a->client, now), 0);
  a->offset = ivs_clock_offset(&a->client);
}

/* --- credentials --- */

static void set_creds(struct ivs_creds *creds) {
  char token[IVS_SESSION_TOKEN_MAX + 1], secret[40];
  struct ivs_out o = ivs_out_to(token, sizeof token - 1);
  body = o;
  put_secret(chance(4) ? 0 : any_token_size() % IVS_SESSION_TOKEN_MAX);
  o = body;
  snprintf(secret, sizeof secret, "%s%u", MARK, (unsigned)up_to(1000));
  CHECK_INT(ivs_creds_set(creds, IVS_STR("AKIDEXAMPLE"), ivs_cstr(secret), (ivs_str){token, o.n}),
            0);
}

static void change_creds(struct agent *a) {
  struct ivs_creds *creds = &a->creds[up_to(1)];
  if (a->source != NULL || a->alive != NOTHING) {
    CHECK_INT(ivs_credentials(&a->client, creds), IVS_ERR_STATE);
    return;
  }
  a->measured = false;
  if (chance(8)) ivs_creds_wipe(creds);
  else set_creds(creds);
  CHECK_INT(ivs_credentials(&a->client, chance(10) ? NULL : creds), 0);
}

static void wipe_source(struct source *s) {
  ivs_provider_wipe(&s->of.base);
  CHECK(s->of.base.version != s->version);
  s->version = s->of.base.version;
  s->wiped = true;
  s->regional = false;
  CHECK_INT(s->net.state, NET_CLOSED);
  CHECK(is_blank(&s->of.base.creds, sizeof s->of.base.creds));
}

static void ask_for_region(struct source *s) {
  if (s->answers != imds_answers || s->shared || s->outer != NULL) return;
  s->regional = true;
  int r = ivs_imds_region(&s->of.imds, chance(3) ? IVS_CLOCK_UNKNOWN : true_ms() / 1000);
  CHECK(r == 0 || r == 1 || r == IVS_AGAIN || r == IVS_ERR_CREDENTIALS);
  if (r == IVS_AGAIN) {
    struct ivs_wait w = {-1, 0, UINT64_MAX};
    s->of.base.fn->wants(&s->of.base, &w);
    CHECK(w.until != UINT64_MAX);
  }
  if (r == 0) CHECK(strcmp(s->of.imds.region, "eu-west-1") == 0);
  if (r == 0 || r == IVS_ERR_CREDENTIALS) s->regional = false;
  else if (chance(8)) {
    s->of.base.fn->cancel(&s->of.base);
    s->regional = false;
  }
}

/* --- queues --- */

/* An ivs_metadata_join. */
static void join_lines(void *context, struct ivs_out *o, enum ivs_metadata_piece piece,
                       const struct ivs_metadata_item *item) {
  (void)context;
  if (piece == IVS_METADATA_BEGIN) ivs_put_text(o, "<");
  if (piece == IVS_METADATA_NEXT) ivs_put_text(o, "\n");
  if (item != NULL) ivs_put_str(o, item->text);
  if (piece == IVS_METADATA_END) ivs_put_text(o, ">");
}

/* The items whose key was pushed again: one that waits is gone, one on its way if it has to be sent
   again. */
static void forget_key(struct queue *q, const char *key) {
  for (uint32_t i = 0; i < q->count && key[0] != 0; i++)
    if (q->items[i].gone == 0 && strcmp(q->items[i].key, key) == 0) q->items[i].gone = action;
}

static size_t put_item(char *text, uint32_t id, bool json) {
  static const char *const bits[] = {"a", "\"", "\xc3\xa9", "\n", "\\", "\x01", "\xe2\x82\xac"};
  size_t n = (size_t)sprintf(text, json ? "{\"n\":\"#%u;" : "#%u;", id);
  size_t most = chance(10) ? up_to(1200) : up_to(60);
  for (size_t i = 0; i < most && n < 1300; i++) {
    const char *bit = json ? "x" : ANY_OF(bits);
    n += (size_t)sprintf(text + n, "%s", bit);
  }
  if (json) n += (size_t)sprintf(text + n, "\"}");
  if (chance(100)) text[up_to(n - 1)] = (char)0xFF;
  return n;
}

static void push(struct queue *q) {
  static const char *const keys[] = {"", "", "", "a", "b", "abc"};
  static char long_key[256];
  char text[1400];
  struct ivs_metadata_item item = {.json = chance(2)};
  struct item *m = &q->items[q->count];
  if (q->count == ITEMS) return;
  memset(m, 0, sizeof *m);
  char *exact;
  size_t n = put_item(text, q->count, item.json);
  exact = new_block(n);
  memcpy(exact, text, n);
  item.text = (ivs_str){exact, n};
  strcpy(m->key, ANY_OF(keys));
  item.key = ivs_cstr(m->key);
  if (chance(100)) {
    m->key[0] = '\0';
    item.key = (ivs_str){long_key, 255 + up_to(1)};
  }
  if (chance(3)) item.ttl_ms = 1 + (uint32_t)up_to(5000);
  if (item.ttl_ms > 0) m->soonest = world.now + item.ttl_ms;
  q->before = q->q.counters;
  size_t pending = ivs_metadata_pending(&q->q);
  int r = ivs_metadata_push(&q->q, &item);
  free(exact);
  if (item.ttl_ms > 0) m->latest = world.now + item.ttl_ms;
  const struct ivs_metadata_counters *c = &q->q.counters;
  CHECK_INT(c->pushed, q->before.pushed + 1);
  CHECK_INT(c->refused, q->before.refused + (r < 0));
  if (r < 0) {
    CHECK(r == IVS_ERR_LENGTH || r == IVS_ERR_JSON || r == IVS_ERR_UTF8 || r == IVS_ERR_ARGUMENT ||
          r == IVS_ERR_SPACE);
    CHECK_INT(ivs_metadata_pending(&q->q) + c->expired, pending + q->before.expired);
    return;
  }
  CHECK(r == 0 && item.key.n <= IVS_METADATA_KEY_MAX);
  forget_key(q, m->key);
  q->count++;
}

/* What a payload that was under way came to: all of it the same. */
static void settle(struct queue *q) {
  const struct ivs_metadata_counters *c = &q->q.counters, *b = &q->before;
  uint32_t sent = c->sent - b->sent, refused = c->refused - b->refused,
           unsure = c->unsure - b->unsure, left = sent + refused + unsure;
  CHECK(left == sent || left == refused || left == unsure);
  if (sent > 0) {
    CHECK_INT(sent, q->ids);
    CHECK_INT(c->payloads, b->payloads + 1);
    CHECK_INT(c->bytes - b->bytes, q->bytes);
    CHECK_INT(c->coalesced - b->coalesced, sent > 1 ? sent : 0);
    payloads_good++;
  } else {
    CHECK_INT(c->payloads, b->payloads);
  }
  if (unsure > 0) CHECK(is_at_most_once(q));
  if (q->ids == 0) return;
  if (left > 0) CHECK_INT(left, q->ids);
  for (uint32_t i = q->first; refused > 0 && i <= q->last; i++)
    CHECK(q->items[i].done == 0 || !is_at_most_once(q));
  q->floor = left > 0 ? q->last + 1 : q->first;
  for (uint32_t i = q->first; left > 0 && i <= q->last; i++) q->items[i].gone = action;
  q->ids = 0;
}

/* Whether the call that is alive is this queue's. */
static bool calls_now(const struct queue *q) {
  return q->agent->alive == OF_QUEUE && q->agent->queue == q;
}

static void before_step(struct queue *q) {
  q->before = q->q.counters;
  q->agent->stepping = q;
  if (!q->q.calling) q->begun_at = world.now;
}

/* After a function that steps. */
static void after_step(struct queue *q) {
  struct agent *a = q->agent;
  look_for_calls(a); /* that no port has heard of */
  a->stepping = NULL;
  if (calls_now(q)) a->stopped = false;
  if (calls_now(q) && a->client.state == IDLE) ends(a, 0);
}

static void judge_step(struct queue *q, int r, const struct ivs_wait *w) {
  struct agent *a = q->agent;
  size_t pending = ivs_metadata_pending(&q->q);
  if (r == 0) CHECK(pending == 0 && !calls_now(q));
  else CHECK(pending > 0);
  if (r == IVS_METADATA_CALLS) CHECK(calls_now(q) && w->until <= a->deadline);
  if (r == IVS_METADATA_WAITS) CHECK(!calls_now(q) && w->handle == -1 && w->events == 0);
  if (r == IVS_METADATA_BUSY) CHECK(a->alive != NOTHING && !calls_now(q));
  if (r == IVS_ERR_SPACE && CHECK(calls_now(q))) stops(a);
}

static void step_queue(struct queue *q) {
  struct ivs_wait w;
  uint64_t until = world.now + up_to(2000);
  bool flush = chance(4), calling = q->q.calling;
  before_step(q);
  int r = flush ? ivs_metadata_flush(&q->q, until, &w) : ivs_metadata_step(&q->q, &w);
  after_step(q);
  if (calling || q->ids > 0) {
    if (!q->q.calling) settle(q);
  }
  CHECK(r == IVS_ERR_SPACE || (r >= 0 && r <= IVS_METADATA_BUSY) ||
        (flush && r == IVS_ERR_TIMEOUT));
  if (r == IVS_ERR_TIMEOUT) CHECK(world.now >= until && ivs_metadata_pending(&q->q) > 0);
  else judge_step(q, r, &w);
  if (flush && r > 0) CHECK(w.until <= until);
  if (r > 0) sleep_until(&w);
}

/* What its payloads came to is not looked at one by one. */
static void finish_queue(struct queue *q) {
  struct agent *a = q->agent;
  before_step(q);
  int r = ivs_metadata_finish(&q->q, (uint32_t)up_to(2000));
  after_step(q);
  if (!q->q.calling) q->ids = 0;
  CHECK(r == 0 || r == IVS_ERR_TIMEOUT || r == IVS_ERR_SPACE || r == IVS_ERR_STATE ||
        r == IVS_ERR_NET);
  if (r == 0) CHECK_INT(ivs_metadata_pending(&q->q), 0);
  if (r == IVS_ERR_STATE) CHECK(a->alive != NOTHING && !calls_now(q));
  if (r == IVS_ERR_SPACE && CHECK(calls_now(q))) stops(a);
}

static void clear_queue(struct queue *q) {
  bool mine = calls_now(q);
  struct agent *a = q->agent;
  enum alive before = a->alive;
  q->before = q->q.counters;
  ivs_metadata_clear(&q->q);
  CHECK_INT(ivs_metadata_pending(&q->q), 0);
  CHECK(is_blank(q->buffer, q->size));
  if (mine) ends(a, IVS_ERR_CANCELLED);
  else CHECK_INT(a->client.state != IDLE, before != NOTHING); /* no business of the queue's */
  for (uint32_t i = 0; i < q->count; i++)
    if (q->items[i].gone == 0) q->items[i].gone = action;
  q->ids = 0;
  q->floor = q->count;
}

/* --- clients --- */

static void close_agent(struct agent *a) {
  for (size_t i = 0; i < queue_count; i++)
    if (queues[i].agent == a) clear_queue(&queues[i]);
  bool alive = a->alive != NOTHING;
  ivs_close(&a->client);
  if (alive) ends(a, IVS_ERR_CANCELLED);
  CHECK_INT(a->net.state, NET_CLOSED);
  CHECK(is_blank(&a->client.key, sizeof a->client.key));
  CHECK(!holds_secret(a->space, a->space_n));
  if (a->proxied) CHECK(is_blank(a->proxy.buffer, sizeof a->proxy.buffer));
  a->readable = false;
}

static void init_agent(struct agent *a) {
  struct net *n = &a->net;
  struct ivs_options options = {
      .port = a->proxied ? &a->proxy.port : &n->port,
      .endpoint = &a->endpoint,
      .region = IVS_STR("eu-west-1"),
      .creds = a->source == NULL && !chance(8) ? &a->creds[0] : NULL,
      .provider = a->source != NULL ? &a->source->of.base : NULL,
      .check = chance(4) ? ivs_check_member : NULL,
      .call_ms = chance(8)    ? 0
                 : chance(20) ? 3600000
                              : 1 + (uint32_t)up_to(20000),
      .attempts = (uint8_t)up_to(5),
      .cue_once = chance(3),
      .keep_clock = chance(4),
  };
  a->options = options;
  a->offset = 0;
  CHECK_INT(ivs_init(&a->client, &options), 0);
  CHECK_INT(ivs_workspace(&a->client, a->space, a->space_n), 0);
  a->calls = 0;
  n->opened = n->requests = 0;
  n->sent = n->given = n->single = 0;
}

static void make_agent(struct agent *a) {
  static const char *const urls[] = {"https://ivs.eu-west-1.amazonaws.com",
                                     "http://localhost:8080/base", "https://[::1]"};
  struct net *n = &a->net;
  memset(a, 0, sizeof *a);
  CHECK_INT(ivs_endpoint_from_url(&a->endpoint, ivs_cstr(ANY_OF(urls))), 0);
  net_start(n, a);
  a->said = (char *)malloc(ANSWER_MAX);
  n->touched = agent_touched;
  n->serve = agent_serves;
  n->arrived = agent_arrived;
  n->slept = agent_slept;
  n->asked = agent_asked;
  n->host = ivs_endpoint_host(&a->endpoint);
  n->port_number = a->endpoint.port;
  a->proxied = n->proxied = chance(4);
  if (a->proxied) {
    struct ivs_proxy_options options = {
        .host = IVS_STR("proxy"), .port = 3128, .user = IVS_STR("me"), .password = IVS_STR(MARK)};
    CHECK_INT(ivs_proxy_init(&a->proxy, &n->port, &options), 0);
    n->host = options.host;
    n->port_number = options.port;
  }
  set_machine_clock(n);
  set_creds(&a->creds[0]);
  set_creds(&a->creds[1]);
  a->source = source_count > 0 && !chance(4) ? &sources[up_to(source_count - 1)] : NULL;
  if (a->source != NULL && (a->source->outer != NULL || (a->source->shared && a->source->borrowed)))
    a->source = NULL;
  if (a->source != NULL && a->source->shared) {
    a->source->borrowed = true; /* by this one alone */
    a->shares_space = true;
    a->space = a->source->space;
    a->space_n = a->source->space_n;
  } else {
    a->space_n = chance(8) ? 0 : chance(4) ? up_to(600) : 600 + up_to(6000);
    a->space = a->space_n > 0 ? new_block(a->space_n) : NULL;
    a->pool = new_block(POOL);
    FORBID(a->pool, POOL);
  }
  init_agent(a);
}

static void reopen_agent(struct agent *a) {
  close_agent(a);
  check_all();
  init_agent(a);
}

static void free_agent(struct agent *a) {
  forget_call(&a->call);
  bool in_pool = a->pool != NULL && a->space >= a->pool && a->space < a->pool + POOL;
  if (!a->shares_space && !in_pool) free(a->space);
  if (a->pool != NULL) ALLOW(a->pool, POOL);
  free(a->pool);
  free(a->said);
  net_end(&a->net);
}

/* --- sources --- */

/* An ivs_token's. */
static int read_token(void *context, char *to, size_t room, size_t *n) {
  (void)context;
  if (chance(world.breaks)) return IVS_ERR_NET;
  size_t size = chance(100) ? 0 : 20 + up_to(400);
  if (size > room) return IVS_ERR_SPACE;
  struct ivs_out before = body;
  body = ivs_out_to(to, room);
  put_secret(size);
  if (chance(100) && size > 0) to[0] = '\n';
  body = before;
  *n = size;
  return 0;
}

static struct ivs_token any_token(void) {
  struct ivs_token token = {.text = IVS_STR(MARK "." MARK)};
  if (chance(2)) token.read = read_token;
  return token;
}

/* A provider of the program's own, that needs no network. */
static int own_step(struct ivs_provider *p, int64_t now) {
  static const int errors[] = {IVS_ERR_CREDENTIALS, IVS_ERR_NET, IVS_ERR_TIMEOUT, IVS_ERR_STATE};
  static const int64_t lives[] = {-1, 5, 100, 1000, 100000};
  struct source *s = (struct source *)(void *)p;
  s->under_way = true;
  s->again = chance(3);
  if (s->again) return IVS_AGAIN;
  if (chance(6)) return 1;
  s->under_way = false;
  if (chance(world.faulty)) {
    ivs_provider_fail(p, "own", "is\nout", ivs_cstr(chance(2) ? "of\x7forder" : ""));
    return ANY_OF(errors);
  }
  char secret[] = MARK MARK;
  return ivs_provider_take(p, "own", now, IVS_STR("AKIDEXAMPLE"), ivs_cstr(secret),
                           chance(50) ? IVS_STR("\r\n") : ivs_cstr(secret),
                           chance(4) ? 0 : true_ms() / 1000 + ANY_OF(lives));
}

static void own_wants(struct ivs_provider *p, struct ivs_wait *w) {
  const struct source *s = (const struct source *)(const void *)p;
  uint64_t until = world.now + up_to(300);
  CHECK(s->under_way && s->again);
  if (chance(2)) w->handle = 5, w->events = IVS_READABLE;
  else if (until < w->until) w->until = until;
}

static void own_cancel(struct ivs_provider *p) {
  ((struct source *)(void *)p)->under_way = false;
}

static const struct ivs_provider_functions own_functions = {own_step, own_wants, own_cancel};

/* A role asks with the credentials of another source, of a struct, or by a token. The other source
   may have the same port and workspace, if nobody else uses it. */
static void make_sts(struct source *s, struct ivs_fetch_options *fetch, struct source *inner) {
  if (inner != NULL && inner->outer == NULL && !inner->lent && chance(2)) {
    inner->outer = s;
    if (inner->longest < s->longest) inner->longest = s->longest;
    fetch->port = &inner->net.port;
    fetch->space = inner->space;
    fetch->space_n = inner->space_n;
  }
  struct ivs_sts_options options = {.fetch = *fetch,
                                    .region = IVS_STR("eu-west-1"),
                                    .role_arn = IVS_STR("arn:aws:iam::123456789012:role/camera"),
                                    .session_name = IVS_STR("lobby"),
                                    .duration_seconds = chance(2) ? 900 : 0};
  s->answers = sts_answers;
  set_creds(&s->creds);
  if (inner != NULL) options.source = &inner->of.base;
  else if (chance(2)) options.creds = &s->creds;
  else options.token = any_token();
  s->inner = inner;
  if (inner != NULL) inner->lent = true;
  CHECK_INT(ivs_sts_provider_init(&s->of.sts, &options), 0);
}

static void make_kind(struct source *s, struct ivs_fetch_options *fetch, struct source *inner) {
  struct ivs_container_options container = {.fetch = *fetch, .token = any_token()};
  struct ivs_iot_options iot = {.fetch = *fetch, .role_alias = IVS_STR("camera")};
  struct ivs_imds_options imds = {.fetch = *fetch, .no_v1 = chance(2)};
  switch (inner != NULL && chance(2) ? 4 : up_to(4)) {
    case 0:
      s->answers = container_answers;
      CHECK_INT(ivs_container_provider_init(&s->of.container, &container), 0);
      break;
    case 1:
      s->answers = iot_answers;
      CHECK_INT(ivs_iot_provider_init(&s->of.iot, &iot), 0);
      break;
    case 2:
      s->answers = imds_answers;
      CHECK_INT(ivs_imds_provider_init(&s->of.imds, &imds), 0);
      break;
    case 3: s->of.base.fn = &own_functions; break;
    default: make_sts(s, fetch, inner); break;
  }
}

static void make_source(struct source *s, struct source *inner) {
  struct net *n = &s->net;
  memset(s, 0, sizeof *s);
  net_start(n, s);
  n->touched = source_touched;
  n->serve = source_serves;
  n->arrived = source_arrived;
  n->slept = source_slept;
  n->asked = source_asked;
  s->space_n = chance(8) ? up_to(2000) : chance(2) ? IVS_FETCH_SPACE : 2048 + up_to(2000);
  s->odd = up_to(7);
  s->space = new_block(s->space_n + s->odd) + s->odd;
  memset(s->space, 0, s->space_n);
  CHECK_INT(ivs_endpoint_from_url(&s->endpoint, IVS_STR("https://source")), 0);
  n->host = ivs_endpoint_host(&s->endpoint);
  n->port_number = s->endpoint.port;
  struct ivs_fetch_options fetch = {.port = &n->port,
                                    .endpoint = &s->endpoint,
                                    .space = s->space,
                                    .space_n = s->space_n,
                                    .timeout_ms = chance(2) ? 0 : 100 + (uint32_t)up_to(3000),
                                    .attempts = (uint8_t)up_to(3)};
  s->longest = fetch.timeout_ms > 0 ? fetch.timeout_ms : 10000;
  make_kind(s, &fetch, inner);
  s->shared = chance(4) && s->space_n > 600;
}

static void end_source(struct source *s) {
  wipe_source(s);
  check_idle_source(s);
  free(s->space - s->odd);
  net_end(&s->net);
}

/* --- queues come and go --- */

static void make_queue(struct queue *q, unsigned number) {
  memset(q, 0, sizeof *q);
  q->agent = &agents[up_to(agent_count - 1)];
  snprintf(q->arn, sizeof q->arn, "arn:aws:ivs:eu-west-1:123456789012:channel/queue%u", number);
  struct ivs_metadata_options options = {
      .client = &q->agent->client,
      .channel_arn = ivs_cstr(q->arn),
      .account = chance(2) ? &account : NULL,
      .join = chance(3) ? join_lines : NULL,
      .offline_ms = chance(2) ? 0 : 300,
      .payload_max = (uint16_t)(chance(2) ? 0 : 20 + up_to(1004)),
      .rate = (uint16_t)(chance(3) ? 0 : 1 + up_to(chance(2) ? 1 : 20)),
      .separate = chance(4),
      .drop_oldest = chance(2),
      .refuse_offline = chance(2),
      .at_most_once = chance(2),
  };
  q->options = options;
  size_t payload = options.separate ? 0 : options.payload_max > 0 ? options.payload_max : 1024;
  q->size = payload + 13 + up_to(chance(2) ? 300 : 3000);
  q->odd = up_to(7);
  q->buffer = new_block(q->size + q->odd) + q->odd;
  memset(q->buffer, 0, q->size);
  CHECK_INT(ivs_metadata_init(&q->q, &options, q->buffer, payload + 12), IVS_ERR_SPACE);
  CHECK_INT(ivs_metadata_init(&q->q, &options, q->buffer, q->size), 0);
}

/* --- episodes --- */

static void any_world(void) {
  unsigned long io = world.io, waits = world.waits;
  size_t mood = up_to(3);
  memset(&world, 0, sizeof world);
  world.io = io;
  world.waits = waits;
  world.now = chance(8) ? 1 : (chance(8) ? UINT32_MAX : 100000) - up_to(99000);
  world.epoch_ms = 1795339800000;
  world.drifts = chance(4) ? 0 : 1 + up_to(60);
  world.drift = chance(10) ? 3000 : 10;
  world.hesitates = chance(3) ? 0 : 2 + up_to(10);
  world.breaks = mood < 2 ? 0 : chance(3) ? 4 + up_to(20) : 20 + up_to(300);
  world.mindless = chance(4) ? 3 : 0;
  world.way = chance(4) ? 0 : chance(30) ? 1000000 : up_to(1500);
  world.faulty = mood == 0 ? 0 : 2 + up_to(20);
  world.mute = mood == 0 ? 0 : 20 + up_to(200);
  world.sleepless = chance(2) ? 4 : 0;
  world.clock_jumps = chance(3) ? 50 + up_to(1000) : 0;
  world.service_off = chance(4) ? (int64_t)up_to(7200) - 3600 : 0;
}

static void act_on_agent(struct agent *a) {
  switch (up_to(99)) {
    case 0: cancel(a); break;
    case 1: reopen_agent(a); break;
    case 2: change_creds(a); break;
    case 3: set_clock(a); break;
    case 4: set_machine_clock(&a->net); break;
    case 5:
    case 6: learn(a); break;
    case 7:
      if (chance(2)) next_page(a);
      else call_again(a);
      break;
    case 8:
    case 9: finish_call(a); break;
    case 10:
    case 11:
    case 12: replace_space(a); break;
    case 13:
    case 14:
    case 15: read_answer(a); break;
    case 16:
      if (a->source != NULL) wipe_source(a->source);
      break;
    case 17: world.now += chance(50) ? up_to(4000000) : up_to(4000); break;
    default:
      if (a->alive == NOTHING) start_call(a);
      else if (a->stopped && chance(2)) help(a);
      else if (a->alive == LESSON) learn(a);
      else if (a->alive == OF_QUEUE && chance(40)) cancel(a);
      else if (a->alive == OF_QUEUE && !chance(20)) step_queue(a->queue);
      else if (chance(100)) start_call(a);
      else step_call(a);
  }
}

static void act_on_queue(struct queue *q) {
  switch (up_to(19)) {
    case 0: clear_queue(q); break;
    case 1: finish_queue(q); break;
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
    case 7: push(q); break;
    default: step_queue(q); break;
  }
}

static void act(void) {
  action++;
  if (source_count > 0 && chance(60)) ask_for_region(&sources[up_to(source_count - 1)]);
  else if (queue_count > 0 && chance(2)) act_on_queue(&queues[up_to(queue_count - 1)]);
  else act_on_agent(&agents[up_to(agent_count - 1)]);
  check_all();
}

static void episode(void) {
  any_world();
  action = 0;
  garbled = false;
  agent_count = source_count = queue_count = 0;
  for (size_t n = up_to(SOURCES); source_count < n; source_count++) {
    bool lends = source_count > 0 && !sources[0].shared && sources[0].outer == NULL;
    make_source(&sources[source_count], lends ? &sources[0] : NULL);
  }
  for (size_t n = 1 + up_to(AGENTS - 1); agent_count < n; agent_count++)
    make_agent(&agents[agent_count]);
  ivs_pacer_init(&account, 20, NULL);
  for (size_t n = up_to(QUEUES); queue_count < n; queue_count++)
    make_queue(&queues[queue_count], (unsigned)queue_count);
  int failed = check_failed;
  for (size_t n = 50 + up_to(800); n > 0 && check_failed == failed; n--) act();
  actions += action;
  action++;
  for (size_t i = 0; i < agent_count; i++) close_agent(&agents[i]);
  check_all();
  for (size_t i = 0; i < agent_count; i++) free_agent(&agents[i]);
  for (size_t i = 0; i < source_count; i++) end_source(&sources[i]);
  for (size_t i = 0; i < queue_count; i++) free(queues[i].buffer - queues[i].odd);
}

static unsigned long number_of(const char *name, unsigned long otherwise) {
  const char *text = getenv(name);
  return text != NULL ? strtoul(text, NULL, 0) : otherwise;
}

static void random_calls(void) {
  uint64_t seed = check_random_state;
  unsigned long count = number_of("IVS_EPISODES", 300), only = number_of("IVS_EPISODE", ULONG_MAX);
  for (unsigned long i = 0; i < count; i++) {
    if (only != ULONG_MAX) i = only, count = only + 1;
    check_random_state = (seed + i * 2 * 0x9E3779B97F4A7C15u) | 1;
    for (int warm = 0; warm < 4; warm++) check_random();
    int failed = check_failed;
    episode();
    if (check_failed == failed) continue;
    fprintf(stderr, "in IVS_EPISODE=%lu, action %lu\n", i, action);
    if (number_of("IVS_ALL", 0) == 0) break;
  }
}

int main(void) {
  check_seed();
  RUN(random_calls);
  printf(
      "%lu actions, %lu port functions, %lu waits, %lu requests; %lu calls ended, %lu of them "
      "well; %lu lessons, %lu payloads, %lu credentials\n",
      actions, world.io, world.waits, whole_requests, calls_done, calls_good, lessons_good,
      payloads_good, versions);
  return check_done();
}
