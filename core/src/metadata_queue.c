/*
 * The queue of timed metadata. Its buffer:
 *
 *   | payload | item | item | item | free ...            |
 *
 * An item is a record, its key, its text. Items lie without gaps in the order of their pushes;
 * those of the payload under way are the first ones and stay where they are until its end. Whatever
 * leaves goes through leave_if(), which closes the gap: so all that is free can always be used, and
 * there is one place that wipes and counts.
 */
#include <ivs/metadata_queue.h>

#include <ivs/crypto.h>
#include <ivs/json.h>
#include <ivs/retry.h>

/* The first IVS_METADATA_ITEM_SIZE bytes of it stand before an item, at any address. */
struct record {
  uint64_t expires; /* ticks */
  uint16_t text_n;
  uint8_t key_n;
  bool json;
};

_Static_assert(offsetof(struct record, json) < IVS_METADATA_ITEM_SIZE &&
                   IVS_METADATA_ITEM_SIZE <= sizeof(struct record),
               "IVS_METADATA_ITEM_SIZE");

/* An item on its way whose key was pushed again: it is gone unless the service takes it. */
#define SUPERSEDED ((uint64_t)0)
#define NEVER UINT64_MAX

/* Milliseconds within which a request that nobody waits for any more arrives, or never does. */
enum { LONGEST_WAY = 1000 };

static uint64_t ticks(const ivs_metadata_queue *q) {
  struct ivs_port *port = q->options.client->options.port;
  return port->fn->ticks(port);
}

/* --- items in the buffer --- */

static struct record record_at(const ivs_metadata_queue *q, size_t at) {
  struct record r;
  memcpy(&r, q->items + at, IVS_METADATA_ITEM_SIZE);
  return r;
}

static size_t size_of(const struct record *r) {
  return (size_t)IVS_METADATA_ITEM_SIZE + r->key_n + r->text_n;
}

/* The item at `at`, as it was pushed. Returns where the next one begins. */
static size_t item_at(const ivs_metadata_queue *q, size_t at, struct ivs_metadata_item *item) {
  struct record r = record_at(q, at);
  at += IVS_METADATA_ITEM_SIZE;
  item->key = (ivs_str){q->items + at, r.key_n};
  at += r.key_n;
  item->text = (ivs_str){q->items + at, r.text_n};
  item->json = r.json;
  return at + r.text_n;
}

/* Takes out the items between two positions that expire until then, and counts them. */
static void leave_if(ivs_metadata_queue *q, uint32_t *fate, uint64_t then, size_t first,
                     size_t end) {
  size_t to = 0, next;
  for (size_t at = 0; at < q->used; at = next) {
    struct record r = record_at(q, at);
    next = at + size_of(&r);
    if (at >= first && at < end && r.expires <= then) {
      ++*fate;
      q->count--;
    } else {
      if (to != at) memmove(q->items + to, q->items + at, next - at);
      to += next - at;
    }
  }
  ivs_wipe(q->items + to, q->used - to);
  q->used = to;
}

/* All of them. */
static void leave(ivs_metadata_queue *q, uint32_t *fate, size_t first, size_t end) {
  leave_if(q, fate, NEVER, first, end);
}

static void drop_expired(ivs_metadata_queue *q) {
  leave_if(q, &q->counters.expired, ticks(q), q->in_flight, SIZE_MAX);
}

/* --- pushing --- */

/* An ivs_metadata_join. */
static void join_array(void *context, struct ivs_out *o, enum ivs_metadata_piece piece,
                       const struct ivs_metadata_item *item) {
  (void)context;
  if (piece != IVS_METADATA_FIRST) ivs_put_char(o, "[ ,]"[piece]);
  if (item == NULL) return;
  if (item->json) ivs_put_str(o, item->text);
  else ivs_json_put_str(o, item->text);
}

static void join(const ivs_metadata_queue *q, struct ivs_out *o, enum ivs_metadata_piece piece,
                 const struct ivs_metadata_item *item) {
  q->options.join(q->options.join_context, o, piece, item);
}

/* Bytes of a payload of this item alone. */
static size_t size_alone(const ivs_metadata_queue *q, const struct ivs_metadata_item *item) {
  struct ivs_out o = {0};
  if (q->options.separate) return item->text.n;
  join(q, &o, IVS_METADATA_BEGIN, NULL);
  join(q, &o, IVS_METADATA_FIRST, item);
  join(q, &o, IVS_METADATA_END, NULL);
  return o.n;
}

static int judge(const ivs_metadata_queue *q, const struct ivs_metadata_item *item) {
  size_t tokens;
  int r = 0;
  if (item->key.n > IVS_METADATA_KEY_MAX) return IVS_ERR_ARGUMENT;
  if (item->text.n > q->options.payload_max) return IVS_ERR_LENGTH;
  if (item->json)
    r = item->text.n > 0 ? ivs_json_check(item->text.p, item->text.n, &tokens) : IVS_ERR_JSON;
  else if (!ivs_utf8_valid(item->text)) r = IVS_ERR_UTF8;
  if (r < 0) return r;
  size_t n = size_alone(q, item);
  return n == 0 || n > q->options.payload_max ? IVS_ERR_LENGTH : 0;
}

/* The position of the item with this key between two positions; SIZE_MAX if there is none. */
static size_t find_key(const ivs_metadata_queue *q, ivs_str key, size_t from, size_t end) {
  struct ivs_metadata_item item;
  size_t next;
  for (size_t at = from; at < end && key.n > 0; at = next) {
    next = item_at(q, at, &item);
    if (ivs_str_eq(key, item.key)) return at;
  }
  return SIZE_MAX;
}

/* The one on its way with this key, if there is one. */
static void supersede(ivs_metadata_queue *q, ivs_str key) {
  size_t at = find_key(q, key, 0, q->in_flight);
  if (at == SIZE_MAX) return;
  struct record r = record_at(q, at);
  r.expires = SUPERSEDED;
  memcpy(q->items + at, &r, IVS_METADATA_ITEM_SIZE);
}

/* Makes room for so many bytes, by what is too old, has the same key, or is oldest. Changes nothing
   but the first if that is not enough. */
static int make_room(ivs_metadata_queue *q, ivs_str key, size_t n) {
  drop_expired(q);
  size_t old = find_key(q, key, q->in_flight, q->used);
  size_t room = q->size - (q->options.drop_oldest ? q->in_flight : q->used);
  if (old != SIZE_MAX && !q->options.drop_oldest) {
    struct record r = record_at(q, old);
    room += size_of(&r);
  }
  if (n > room) return IVS_ERR_SPACE;
  if (old != SIZE_MAX) leave(q, &q->counters.replaced, old, old + 1);
  supersede(q, key);
  while (n > q->size - q->used) leave(q, &q->counters.dropped, q->in_flight, q->in_flight + 1);
  return 0;
}

static void append(ivs_metadata_queue *q, const struct ivs_metadata_item *item) {
  struct record r = {0};
  struct ivs_out o = ivs_out_to(q->items + q->used, q->size - q->used);
  r.expires = item->ttl_ms > 0 ? ticks(q) + item->ttl_ms : NEVER;
  r.text_n = (uint16_t)item->text.n;
  r.key_n = (uint8_t)item->key.n;
  r.json = item->json;
  ivs_put(&o, &r, IVS_METADATA_ITEM_SIZE);
  ivs_put_str(&o, item->key);
  ivs_put_str(&o, item->text);
  q->used += o.n;
  q->count++;
}

/* see ivs/metadata_queue.h */
int ivs_metadata_push(ivs_metadata_queue *q, const struct ivs_metadata_item *item) {
  q->counters.pushed++;
  int r = judge(q, item);
  if (r == 0) r = make_room(q, item->key, IVS_METADATA_ITEM_SIZE + item->key.n + item->text.n);
  if (r < 0) q->counters.refused++;
  else append(q, item);
  return r;
}

/* --- a call --- */

/* Puts together what fits of the items. A joiner that does not keep its word, so that not even the
   first one fits, gets no text sent: the client refuses that, and the item is gone. */
IVS_OWN_FRAME static void build(ivs_metadata_queue *q) {
  struct ivs_metadata_item item;
  struct ivs_out end = {0}, o = ivs_out_to(q->payload, q->options.payload_max);
  q->in_flight = item_at(q, 0, &item);
  q->in.metadata = item.text;
  if (q->options.separate) return;
  join(q, &end, IVS_METADATA_END, NULL);
  join(q, &o, IVS_METADATA_BEGIN, NULL);
  size_t n = o.n, at = 0;
  while (at < q->used) {
    size_t next = item_at(q, at, &item);
    join(q, &o, at == 0 ? IVS_METADATA_FIRST : IVS_METADATA_NEXT, &item);
    if (o.n + end.n > o.cap) break;
    n = o.n;
    at = next;
  }
  o.n = n;
  join(q, &o, IVS_METADATA_END, NULL);
  q->in.metadata = (ivs_str){at > 0 ? q->payload : NULL, o.n};
  if (at > 0) q->in_flight = at;
}

static void forget_payload(ivs_metadata_queue *q) {
  if (!q->options.separate) ivs_wipe(q->payload, q->options.payload_max);
  q->in_flight = 0;
}

static bool at_most_once(const ivs_metadata_queue *q) {
  return q->options.at_most_once || q->options.client->options.cue_once;
}

/* The call must not cost more requests than the pace has room for, and what has to be tried again
   goes out as a payload made anew: so the client makes one attempt, and sends again over a kept
   connection that turns out dead only where there is room. */
static void restrain(const ivs_metadata_queue *q, uint64_t now) {
  ivs_client *client = q->options.client;
  client->attempt = (uint8_t)(client->options.attempts - 1u);
  client->cue_once = at_most_once(q) || !ivs_pacer_room(&q->pacer, now);
}

/* IVS_ERR_STATE: the client is busy. */
static int begin(ivs_metadata_queue *q, uint64_t now) {
  ivs_client *client = q->options.client;
  build(q);
  int r = ivs_start(client, IVS_OP_PUT_METADATA, &q->in, NULL);
  if (r < 0) {
    forget_payload(q);
    return r;
  }
  q->calling = true;
  q->requests = 0;
  q->clock_offset = ivs_clock_offset(client);
  q->call = (uint8_t)ivs_pacer_begin(&q->pacer, now);
  restrain(q, now);
  return 0;
}

/* The call that is alive on the client, or ended there last, is the queue's. */
static bool is_ours(const ivs_metadata_queue *q) {
  return q->options.client->in == &q->in;
}

/* Goes on with it. Its requests are counted here: later they could be another call's. */
static int go_on(ivs_metadata_queue *q, struct ivs_wait *w) {
  ivs_client *client = q->options.client;
  uint32_t before = ivs_client_counters(client)->requests;
  if (!is_ours(q)) return IVS_ERR_CANCELLED;
  int r = ivs_step(client, w);
  q->requests += ivs_client_counters(client)->requests - before;
  return r == IVS_ERR_STATE ? IVS_ERR_CANCELLED : r;
}

/* Returns where the items end that were in the payload. */
static size_t end_call(ivs_metadata_queue *q, uint64_t now, bool answered) {
  size_t end = q->in_flight;
  bool on_its_way = !answered && q->requests > 0;
  ivs_pacer_end(&q->pacer, q->call, on_its_way ? now + LONGEST_WAY : now);
  for (uint32_t sent = q->requests; sent > 1; sent--) ivs_pacer_begin(&q->pacer, now);
  q->calling = false;
  forget_payload(q);
  return end;
}

/* --- what became of it --- */

enum outcome { REFUSED, UNSURE, THROTTLED, OFFLINE, FAILED };

static bool begins(const char *code, const char *word) {
  return strncmp(code, word, strlen(word)) == 0;
}

/* Refusals of who asks or when say nothing about the items: credentials are renewed, clocks put
   right. */
static enum outcome judge_refusal(const ivs_metadata_queue *q) {
  const char *code = q->last.code;
  int status = q->last.status;
  struct ivs_attempt refused = {IVS_ERR_SERVICE, status, code, false, false};
  enum ivs_retry retry = ivs_retry_judge(&refused);
  if (retry == IVS_RETRY_THROTTLED) return THROTTLED;
  if (begins(code, "ChannelNotBroadcasting")) return q->options.refuse_offline ? REFUSED : OFFLINE;
  if (begins(code, "AccessDenied"))
    return q->clock_offset == ivs_clock_offset(q->options.client) ? REFUSED : FAILED;
  if (retry != IVS_RETRY_NEVER || status >= 500) return FAILED;
  return status == 401 || status == 403 || status == 408 ? FAILED : REFUSED;
}

static enum outcome judge_failure(const ivs_metadata_queue *q) {
  int err = q->last.err;
  if (err == IVS_ERR_SERVICE) return judge_refusal(q);
  if (err == IVS_ERR_UNSURE) return UNSURE;
  return err >= IVS_ERR_ARN ? REFUSED : FAILED; /* a request that is not fit to be sent */
}

/* Keeps what is known of it; of a call that was cancelled, the client may know another one's. */
static void note_failure(ivs_metadata_queue *q, int err, bool cancelled) {
  const struct ivs_error *e = ivs_last(q->options.client);
  memset(&q->last, 0, sizeof q->last);
  q->last.err = err;
  if (cancelled) return;
  q->last.status = e->status;
  ivs_str_cut(q->last.code, sizeof q->last.code, ivs_cstr(e->code));
}

static void count_sent(ivs_metadata_queue *q, size_t end) {
  struct ivs_metadata_counters *c = &q->counters;
  uint32_t before = c->sent;
  leave(q, &c->sent, 0, end);
  if (c->sent - before > 1) c->coalesced += c->sent - before;
  c->payloads++;
  c->bytes += q->in.metadata.n;
  ivs_pacer_accepted(&q->pacer);
  q->failures = 0;
}

/* Delays as of a client that tries again by itself; but no call's deadline ends this one. */
static void back_off(ivs_metadata_queue *q, enum ivs_retry retry, uint64_t now) {
  const ivs_client *client = q->options.client;
  struct ivs_port *port = client->options.port;
  uint32_t random;
  if (port->fn->entropy(port, &random, sizeof random) < 0) random = UINT32_MAX;
  uint32_t ms = ivs_retry_delay(retry, q->failures++, random, client->after_ms, client->after_s);
  q->paused_until = now + (ms < IVS_METADATA_PAUSE_MS ? ms : IVS_METADATA_PAUSE_MS);
}

/* The items stay, and are tried again later; at the next turn if the program has cancelled. */
static void keep(ivs_metadata_queue *q, size_t end, enum outcome outcome, uint64_t now) {
  leave_if(q, &q->counters.replaced, SUPERSEDED, 0, end);
  if (outcome == OFFLINE) {
    q->paused_until = now + q->options.offline_ms;
  } else if (outcome == THROTTLED) {
    q->counters.throttled++;
    ivs_pacer_throttled(&q->pacer, now);
    back_off(q, IVS_RETRY_THROTTLED, now);
  } else if (q->last.err != IVS_ERR_CANCELLED) {
    back_off(q, IVS_RETRY_TRANSIENT, now);
  }
}

/* The call has ended with r. */
IVS_OWN_FRAME static void settle(ivs_metadata_queue *q, int r) {
  uint64_t now = ticks(q);
  bool once = at_most_once(q), cancelled = r == IVS_ERR_CANCELLED;
  if (cancelled && once && q->requests > 0) r = IVS_ERR_UNSURE;
  else if (r == IVS_ERR_UNSURE && !once) r = ivs_last(q->options.client)->cause;
  size_t end = end_call(q, now, r == 0 || (!cancelled && ivs_last(q->options.client)->status != 0));
  if (r == 0) {
    count_sent(q, end);
    return;
  }
  note_failure(q, r, cancelled);
  enum outcome outcome = judge_failure(q);
  if (outcome == REFUSED) leave(q, &q->counters.refused, 0, end);
  else if (outcome == UNSURE) leave(q, &q->counters.unsure, 0, end);
  else keep(q, end, outcome, now);
}

/* --- driving --- */

/* With no call under way: 0, or IVS_METADATA_WAITS and until when. */
static int look_ahead(ivs_metadata_queue *q, struct ivs_wait *w) {
  drop_expired(q);
  if (q->count == 0) return 0;
  w->handle = -1;
  w->events = 0;
  w->until = ivs_pacer_ready(&q->pacer);
  if (q->paused_until > w->until) w->until = q->paused_until;
  return IVS_METADATA_WAITS;
}

/* see ivs/metadata_queue.h */
int ivs_metadata_step(ivs_metadata_queue *q, struct ivs_wait *w) {
  int r;
  if (!q->calling) {
    uint64_t now = ticks(q);
    r = look_ahead(q, w);
    if (r == 0 || w->until > now) return r;
    if (begin(q, now) < 0) {
      w->until = now + q->pacer.interval;
      return IVS_METADATA_BUSY;
    }
  }
  r = go_on(q, w);
  if (r == 1) return IVS_METADATA_CALLS;
  if (r == IVS_ERR_SPACE) return r;
  settle(q, r);
  return look_ahead(q, w);
}

/* see ivs/metadata_queue.h */
int ivs_metadata_flush(ivs_metadata_queue *q, uint64_t until, struct ivs_wait *w) {
  int r = ivs_metadata_step(q, w);
  if (r <= 0) return r;
  if (ticks(q) >= until) return IVS_ERR_TIMEOUT;
  if (w->until > until) w->until = until;
  return r;
}

/* see ivs/metadata_queue.h */
int ivs_metadata_finish(ivs_metadata_queue *q, uint32_t ms) {
  struct ivs_port *port = q->options.client->options.port;
  uint64_t until = ticks(q) + ms;
  struct ivs_wait w;
  int r;
  while ((r = ivs_metadata_flush(q, until, &w)) > 0) {
    if (r == IVS_METADATA_BUSY) return IVS_ERR_STATE;
    r = port->fn->wait(port, &w);
    if (r < 0) return r;
  }
  return r;
}

/* see ivs/metadata_queue.h */
const struct ivs_error *ivs_metadata_error(const ivs_metadata_queue *q) {
  const struct ivs_error *e = ivs_last(q->options.client);
  bool same = e->err == q->last.err || e->cause == q->last.err;
  return q->last.err != 0 && is_ours(q) && same ? e : NULL;
}

/* see ivs/metadata_queue.h */
void ivs_metadata_clear(ivs_metadata_queue *q) {
  if (q->calling) {
    bool left = q->requests > 0;
    if (is_ours(q)) ivs_cancel(q->options.client);
    size_t end = end_call(q, ticks(q), false);
    leave(q, left ? &q->counters.unsure : &q->counters.dropped, 0, end);
  }
  leave(q, &q->counters.dropped, 0, SIZE_MAX);
  q->paused_until = q->failures = 0;
}

/* see ivs/metadata_queue.h */
int ivs_metadata_init(ivs_metadata_queue *q, const struct ivs_metadata_options *options,
                      void *buffer, size_t n) {
  memset(q, 0, sizeof *q);
  if (options->client == NULL || options->channel_arn.p == NULL || options->rate > 1000)
    return IVS_ERR_ARGUMENT;
  q->options = *options;
  if (q->options.join == NULL) q->options.join = join_array;
  if (q->options.payload_max == 0) q->options.payload_max = IVS_METADATA_MAX;
  if (q->options.offline_ms == 0) q->options.offline_ms = IVS_METADATA_OFFLINE_MS;
  if (q->options.rate == 0) q->options.rate = IVS_METADATA_RATE;
  ivs_pacer_init(&q->pacer, q->options.rate, options->account);
  q->in.channel_arn = options->channel_arn;
  size_t payload = options->separate ? 0 : q->options.payload_max;
  if (n < payload + IVS_METADATA_ITEM_SIZE + 1) return IVS_ERR_SPACE;
  q->payload = (char *)buffer;
  q->items = q->payload + payload;
  q->size = n - payload;
  return 0;
}
