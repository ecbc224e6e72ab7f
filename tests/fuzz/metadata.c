/*
 * The metadata queue: the input pushes, steps, waits, cancels and clears, over a network that it
 * plays too. After every function all items are accounted for and the buffer holds no more than
 * them; on a good network all that is left is sent, in payloads that are JSON and not too long, in
 * the order of the pushes; nothing of it stays in the buffer.
 *
 * Input: five bytes of settings, then for each action a byte, what it needs, and what the network
 * does.
 */
#include "net.h"

#include <ivs/ivs.h>
#include <ivs/metadata_queue.h>

#define ARN "arn:aws:ivs:eu-west-1:123456789012:channel/AbCdEf123456"

enum { CALL_MS = 5000, SPACE = 16384, ACTIONS = 200, BUFFER = 8192, TURNS = 100000, TOKENS = 4096 };

static struct net service;
static struct net_time now;
static struct ivs_endpoint endpoint;
static struct ivs_creds creds;
static ivs_client client;
static ivs_metadata_queue queue;
static struct ivs_metadata_options options;
static char *buffer;
static size_t buffer_n;
static unsigned pushed; /* numbers the texts of the input's items */
static long last_taken; /* number of the item that was sent last */

/* --- the good service --- */

/* Items are numbered by what they begin with, so that their order shows. */
static void take_item(struct ivs_json_value v) {
  ivs_str text = v.type == IVS_JSON_STRING ? ivs_json_text(v) : (ivs_str){v.p, v.n};
  char copy[32];
  ivs_str_cut(copy, sizeof copy, text);
  char *end;
  long number = strtol(copy, &end, 10);
  HOLDS(end > copy && number > last_taken);
  last_taken = number;
}

static void take_payload(ivs_str text) {
  struct ivs_json_value v;
  size_t tokens;
  char *p = fuzz_copy(2, text.p, text.n);
  HOLDS(text.n > 0 && text.n <= (options.payload_max > 0 ? options.payload_max : IVS_METADATA_MAX));
  if (options.separate) {
    take_item((struct ivs_json_value){p, (uint32_t)text.n, IVS_JSON_NUMBER});
    return;
  }
  HOLDS(ivs_json_check(p, text.n, &tokens) == 0);
  ivs_json_value_at(p, p + text.n, &v);
  HOLDS(v.type == IVS_JSON_ARRAY);
  char *end = v.p + v.n - 1;
  p = ivs_json_blanks(v.p + 1, end);
  HOLDS(p < end);
  while (p < end) {
    struct ivs_json_value element;
    p = ivs_json_blanks(ivs_json_value_at(p, end, &element), end);
    take_item(element);
    if (p < end) p++;
  }
}

static const char *serve(struct net *net, const char *request, size_t n) {
  static uint64_t room[TOKENS * IVS_JSON_TOKEN_SIZE / sizeof(uint64_t)];
  const char *head = strstr(request, "\r\n\r\n") + 4;
  size_t body_n = n - (size_t)(head - request), tokens;
  char *body = fuzz_copy(1, head, body_n);
  struct ivs_json_object o;
  struct ivs_json_value v;
  ivs_str name;
  bool seen = false;
  (void)net;
  HOLDS(ivs_json_check(body, body_n, &tokens) == 0 && tokens <= TOKENS);
  ivs_json_value_at(body, body + body_n, &v);
  HOLDS(ivs_json_open(&o, v, room, TOKENS) == 0);
  while (ivs_json_member(&o, &name, &v) == 1) {
    if (!ivs_str_eq(name, IVS_STR("metadata"))) continue;
    take_payload(ivs_json_text(v));
    seen = true;
  }
  HOLDS(seen);
  return "HTTP/1.1 204 No Content\r\n\r\n";
}

/* --- what always holds --- */

static void check_sum(void) {
  const struct ivs_metadata_counters *c = &queue.counters;
  HOLDS(c->pushed == c->sent + c->replaced + c->expired + c->refused + c->dropped + c->unsure +
                         ivs_metadata_pending(&queue));
  HOLDS(c->coalesced <= c->sent && c->payloads <= c->sent);
  HOLDS(queue.used <= queue.size && queue.in_flight <= queue.used);
  HOLDS((queue.count == 0) == (queue.used == 0));
  HOLDS(strnlen(queue.last.code, sizeof queue.last.code) < sizeof queue.last.code);
  for (size_t i = queue.used; i < queue.size; i++) HOLDS(queue.items[i] == 0);
}

/* --- actions --- */

static void push(struct fuzz *f) {
  static char text[2048];
  char key[IVS_METADATA_KEY_MAX + 2];
  uint8_t how = fuzz_byte(f);
  ivs_str given = fuzz_take(f, how & 8 ? (size_t)fuzz_byte(f) * 5 : how & 7);
  size_t key_n = how & 16 ? 1u + fuzz_byte(f) % 3u : how & 32 ? fuzz_byte(f) + 1u : 0u;
  memset(key, how & 16 ? 'k' : 'x', key_n);
  int n = snprintf(text, sizeof text, "%u ", ++pushed);
  if (given.n > 0) memcpy(text + n, given.p, given.n);
  struct ivs_metadata_item item = {.text = {text, (size_t)n + given.n},
                                   .key = {key, key_n},
                                   .ttl_ms = how & 64 ? fuzz_byte(f) * 50u : 0,
                                   .json = (how & 128) != 0};
  uint32_t refused = queue.counters.refused, expired = queue.counters.expired;
  size_t pending = ivs_metadata_pending(&queue);
  int r = ivs_metadata_push(&queue, &item);
  HOLDS(r == 0 || r == IVS_ERR_LENGTH || r == IVS_ERR_JSON || r == IVS_ERR_JSON_DEPTH ||
        r == IVS_ERR_UTF8 || r == IVS_ERR_ARGUMENT || r == IVS_ERR_SPACE);
  HOLDS((r < 0) == (queue.counters.refused == refused + 1));
  /* What was too old may have left; nothing else for an item that is refused. */
  expired = queue.counters.expired - expired;
  HOLDS(r == 0 || ivs_metadata_pending(&queue) + expired == pending);
}

static void step(bool wait) {
  struct ivs_wait w = {-1, 0, 0};
  int r = ivs_metadata_step(&queue, &w);
  HOLDS((r >= 0 && r <= 3) || r == IVS_ERR_SPACE);
  HOLDS((r == 0) == (ivs_metadata_pending(&queue) == 0));
  if (r > 0 && wait) (void)service.port.fn->wait(&service.port, &w);
}

static void call(void) {
  static const struct ivs_get_channel_in in = {.arn = IVS_STR_INIT(ARN)};
  struct ivs_get_channel_out out;
  bool taken = client.state != 0;
  int r = ivs_get_channel(&client, &in, &out);
  HOLDS((r == IVS_ERR_STATE) == taken && (queue.calling || !taken));
  if (r == IVS_ERR_SPACE) ivs_cancel(&client);
}

static void act(struct fuzz *f) {
  switch (fuzz_byte(f) % 16) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
    case 5: push(f); break;
    case 6: ivs_cancel(&client); break;
    case 7:
      if (fuzz_byte(f) == 7) ivs_metadata_clear(&queue);
      break;
    case 8: call(); break;
    case 9: now.ticks += (uint64_t)fuzz_byte(f) * 100; break;
    case 10: {
      struct ivs_wait w;
      int r = ivs_metadata_flush(&queue, now.ticks + fuzz_byte(f), &w);
      HOLDS((r >= 0 && r <= 3) || r == IVS_ERR_SPACE || r == IVS_ERR_TIMEOUT);
      break;
    }
    case 11: step(false); break;
    default: step(true);
  }
  check_sum();
}

/* All that is left gets there. */
static void finish(void) {
  struct ivs_wait w;
  int r, turns = 0;
  service.clean = true;
  now.skew_ms = 0;
  if (queue.calling) ivs_cancel(&client); /* what is under way began on the bad network */
  last_taken = 0;
  ivs_exchange_close(&client.exchange);
  while ((r = ivs_metadata_step(&queue, &w)) > 0) {
    check_sum();
    HOLDS(++turns < TURNS && r != IVS_METADATA_BUSY);
    HOLDS(service.port.fn->wait(&service.port, &w) == 0);
  }
  HOLDS(r == 0 && ivs_metadata_pending(&queue) == 0);
}

static void set_up(struct fuzz *f) {
  uint8_t how = fuzz_byte(f);
  memset(&now, 0, sizeof now);
  now.ticks = 1000;
  pushed = 0;
  net_start(&service, f, &now, serve);
  HOLDS(ivs_endpoint_for_region(&endpoint, IVS_STR("eu-west-1")) == 0);
  HOLDS(ivs_creds_set(&creds, IVS_STR("AKID"), IVS_STR("secret"), IVS_STR("token")) == 0);
  struct ivs_options of_client = {.port = &service.port,
                                  .endpoint = &endpoint,
                                  .region = IVS_STR("eu-west-1"),
                                  .creds = &creds,
                                  .call_ms = CALL_MS,
                                  .cue_once = (how & 32) != 0};
  HOLDS(ivs_init(&client, &of_client) == 0);
  HOLDS(ivs_workspace(&client, fuzz_room(0, SPACE), SPACE) == 0);
  memset(&options, 0, sizeof options);
  options.client = &client;
  options.channel_arn = IVS_STR(ARN);
  options.separate = (how & 1) != 0;
  options.drop_oldest = (how & 2) != 0;
  options.refuse_offline = (how & 4) != 0;
  options.at_most_once = (how & 8) != 0;
  options.payload_max = how & 16 ? (uint16_t)(16 + fuzz_byte(f) * 4) : 0;
  options.rate = (uint16_t)(fuzz_byte(f) % 9);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
  struct fuzz f = {data, n};
  if (n > 16384) return -1;
  set_up(&f);
  buffer_n = IVS_METADATA_ITEM_SIZE + (size_t)fuzz_byte(&f) * 32;
  buffer = fuzz_room(3, buffer_n);
  memset(buffer, 0, buffer_n);
  int r = ivs_metadata_init(&queue, &options, buffer, buffer_n);
  HOLDS(r == 0 || r == IVS_ERR_SPACE);
  if (r != 0) {
    ivs_close(&client);
    return -1;
  }
  for (int i = 0; i < ACTIONS && f.n > 0; i++) act(&f);
  finish();
  ivs_metadata_clear(&queue);
  check_sum();
  for (size_t i = 0; i < buffer_n; i++) HOLDS(buffer[i] == 0);
  ivs_close(&client);
  HOLDS(service.opened == service.closed);
  return 0;
}
