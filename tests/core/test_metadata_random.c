/*
 * The metadata queue under random schedules, against a service that fails at random: a thousand
 * items of which each is accounted for, and a plain model of the queue that must agree with it on
 * every payload and on every counter.
 */
#include "metadata_setup.h"

static enum reaction any_reaction(void) {
  return check_below(3) == 0 ? (enum reaction)check_below(REACTIONS) : TAKES;
}

/* Reactions after which the items are tried again. */
static enum reaction any_that_keeps(void) {
  enum reaction r;
  do {
    r = any_reaction();
  } while (r == GONE || r == INVALID || r == DENIES);
  return r;
}

/* --- a thousand items --- */

enum { ITEMS = 1000 };

static int taken[ITEMS];     /* how often the service took an item */
static bool answered[ITEMS]; /* and one of these was answered */
static int latest;           /* highest number that was answered */
static uint64_t payload_bytes;
static uint32_t payload_count;

/* "[3,4,5]": rising, and none that was answered before. */
static void take_numbers(ivs_str text) {
  int before = -1;
  CHECK(text.n >= 3 && text.n <= 1024 && text.p[0] == '[');
  for (const char *p = text.p; *p != ']' && *p != 0;) {
    char *end;
    int n = (int)strtol(p + 1, &end, 10);
    if (!CHECK(n >= 0 && n < ITEMS && n > before && n > latest && !answered[n])) return;
    taken[n]++;
    before = n;
    p = end;
  }
  if (service.reaction != TAKES) return;
  for (int i = latest + 1; i <= before; i++) answered[i] = taken[i] > 0;
  latest = before;
  payload_bytes += text.n;
  payload_count++;
}

/* Pushes all items, at random times. One that finds the buffer full is pushed again later. */
static void thousand_items(bool once) {
  struct ivs_wait w;
  memset(taken, 0, sizeof taken);
  memset(answered, 0, sizeof answered);
  latest = -1;
  payload_bytes = payload_count = 0;
  set_up_service();
  service.takes = take_numbers;
  service.react = any_that_keeps;
  service.way = check_below(300);
  service.spread = true;
  fake.recv_piece = check_below(50);
  queue_options.at_most_once = once;
  memset(queue_buffer, 0, sizeof queue_buffer);
  size_t room = 1024 + 100 + check_below(2000), every = 1 + check_below(40);
  CHECK_INT(ivs_metadata_init(&queue, &queue_options, queue_buffer, room), 0);
  uint32_t refused = 0;
  int r = 1;
  for (int i = 0; i < ITEMS || r != 0;) {
    char text[16];
    snprintf(text, sizeof text, "%d", i);
    if (i < ITEMS && check_below(every) == 0) {
      if (push_json(text) == 0) i++;
      else refused++;
    }
    r = step_once(&w);
    if (check_below(2) == 0) fake.now += check_below(50);
    else if (r != 0) fake.port.fn->wait(&fake.port, &w);
  }
  int never = 0;
  for (int i = 0; i < ITEMS; i++) {
    CHECK(taken[i] <= 1 || !once);
    never += taken[i] == 0;
  }
  const struct ivs_metadata_counters *c = &queue.counters;
  CHECK_INT(c->pushed, ITEMS + refused);
  CHECK_INT(c->refused, refused);
  CHECK_INT(c->sent + c->unsure, ITEMS);
  CHECK(once ? (uint32_t)never <= c->unsure : never == 0 && c->unsure == 0);
  CHECK_INT(c->payloads, payload_count);
  CHECK_INT(c->bytes, payload_bytes);
  check_rate(5);
  done();
}

static void a_thousand_items(void) {
  for (int i = 0; i < 10; i++) thousand_items(i % 2 == 1);
}

/* --- the model --- */

struct model_item {
  char text[64];
  char key[4];
  uint64_t expires; /* ticks; UINT64_MAX: never */
  bool json;
  bool superseded;
};

enum { MODEL_MAX = 600 };

static struct model {
  struct model_item items[MODEL_MAX];
  size_t count;
  size_t in_flight;
  size_t room;
  char payload[4096]; /* on its way */
  struct ivs_metadata_counters counters;
} model;

static size_t model_size(const struct model_item *m) {
  return IVS_METADATA_ITEM_SIZE + strlen(m->text) + strlen(m->key);
}

static size_t model_used(size_t from) {
  size_t n = 0;
  for (size_t i = from; i < model.count; i++) n += model_size(&model.items[i]);
  return n;
}

static void model_remove(size_t i, uint32_t *fate) {
  memmove(model.items + i, model.items + i + 1, (model.count - i - 1) * sizeof model.items[0]);
  model.count--;
  ++*fate;
}

static void model_expire(void) {
  for (size_t i = model.count; i-- > model.in_flight;)
    if (model.items[i].expires <= fake.now) model_remove(i, &model.counters.expired);
}

/* An item as an array has it: its text has no character but a quote that needs an escape. */
static void quote(char *to, const struct model_item *m) {
  size_t n = 0;
  if (m->json || queue_options.separate) {
    strcpy(to, m->text);
    return;
  }
  to[n++] = '"';
  for (const char *p = m->text; *p != 0; p++) {
    if (*p == '"') to[n++] = '\\';
    to[n++] = *p;
  }
  to[n++] = '"';
  to[n] = 0;
}

/* What the next payload must be. */
static void model_build(void) {
  char text[140];
  size_t n = 0;
  model.in_flight = 0;
  strcpy(model.payload, queue_options.separate ? "" : "[");
  while (model.in_flight < model.count) {
    quote(text, &model.items[model.in_flight]);
    n = strlen(model.payload);
    if (queue_options.separate && model.in_flight > 0) return;
    if (model.in_flight > 0 && n + 1 + strlen(text) + 1 > queue_options.payload_max) break;
    if (model.in_flight > 0) strcat(model.payload, ",");
    strcat(model.payload, text);
    model.in_flight++;
  }
  if (!queue_options.separate) strcat(model.payload, "]");
}

static int model_push(const struct model_item *m) {
  char text[140];
  size_t old = SIZE_MAX, n = model_size(m), waits;
  model.counters.pushed++;
  quote(text, m);
  if (strlen(text) + (queue_options.separate ? 0 : 2) > queue_options.payload_max) {
    model.counters.refused++;
    return IVS_ERR_LENGTH;
  }
  model_expire();
  for (size_t i = model.in_flight; i < model.count && m->key[0] != 0; i++)
    if (strcmp(model.items[i].key, m->key) == 0) old = i;
  waits = model_used(model.in_flight);
  size_t freed = queue_options.drop_oldest ? waits
                 : old != SIZE_MAX         ? model_size(&model.items[old])
                                           : 0;
  if (model_used(0) - freed + n > model.room) {
    model.counters.refused++;
    return IVS_ERR_SPACE;
  }
  if (old != SIZE_MAX) model_remove(old, &model.counters.replaced);
  for (size_t i = 0; i < model.in_flight && m->key[0] != 0; i++)
    if (strcmp(model.items[i].key, m->key) == 0) model.items[i].superseded = true;
  while (model_used(0) + n > model.room) model_remove(model.in_flight, &model.counters.dropped);
  model.items[model.count++] = *m;
  return 0;
}

/* The service sees a request: the next payload, or the one on its way once more. */
static enum reaction model_sees(void) {
  if (model.in_flight == 0) model_build();
  CHECK_STR(ivs_cstr(service.text), model.payload);
  return any_reaction();
}

/* The payload on its way has come to its end. */
static void model_settle(void) {
  size_t n = model.in_flight;
  uint32_t *fate = NULL;
  struct ivs_metadata_counters *c = &model.counters;
  model.in_flight = 0;
  switch (service.reaction) {
    case TAKES:
      fate = &c->sent;
      c->payloads++;
      c->bytes += strlen(model.payload);
      c->coalesced += n > 1 ? (uint32_t)n : 0;
      break;
    case GONE:
    case INVALID:
    case DENIES: fate = &c->refused; break;
    case OFFLINE: fate = queue_options.refuse_offline ? &c->refused : NULL; break;
    case LOSES:
    case RESETS:
    case SILENT: fate = queue_options.at_most_once ? &c->unsure : NULL; break;
    case THROTTLES:
    case SWAMPED: c->throttled++; break;
    default: break;
  }
  for (size_t i = n; i-- > 0;)
    if (fate != NULL) model_remove(i, fate);
    else if (model.items[i].superseded) model_remove(i, &c->replaced);
}

static void model_clear(void) {
  while (model.in_flight > 0) {
    model_remove(0, &model.counters.unsure);
    model.in_flight--;
  }
  while (model.count > 0) model_remove(0, &model.counters.dropped);
}

static bool agree(void) {
  check_sum(&queue);
  return CHECK_INT(ivs_metadata_pending(&queue), model.count) &&
         CHECK(memcmp(&queue.counters, &model.counters, sizeof model.counters) == 0);
}

static void push_any(void) {
  static const char *const keys[] = {"", "", "", "a", "b", "abc"};
  static const char *const bits[] = {"x", "yz", "\"", "\xc3\xa9", "\xe2\x82\xac", " "};
  struct model_item m = {.expires = UINT64_MAX};
  struct ivs_metadata_item item = {.json = check_below(3) == 0};
  size_t most = check_below(6) == 0 ? 50 : 12;
  if (item.json) snprintf(m.text, sizeof m.text, "{\"n\":%u}", queue.counters.pushed);
  else
    for (size_t n = 1 + check_below(most); strlen(m.text) < n;)
      strcat(m.text, bits[check_below(6)]);
  strcpy(m.key, keys[check_below(6)]);
  item.text = ivs_cstr(m.text);
  item.key = ivs_cstr(m.key);
  if (check_below(3) == 0) item.ttl_ms = (uint32_t)(1 + check_below(3000));
  if (item.ttl_ms > 0) m.expires = fake.now + item.ttl_ms;
  m.json = item.json;
  CHECK_INT(ivs_metadata_push(&queue, &item), model_push(&m));
}

static void step_any(void) {
  struct ivs_wait w;
  if (!queue.calling) model_expire();
  int r = ivs_metadata_step(&queue, &w);
  CHECK_INT(r == IVS_METADATA_CALLS, queue.calling);
  if (!queue.calling && model.in_flight > 0) {
    model_settle();
    model_expire();
  }
  if (r > 0 && check_below(2) == 0) fake.port.fn->wait(&fake.port, &w);
  else if (check_below(4) == 0) fake.now += check_below(200);
}

/* A call of the program's, where the client is free. */
static void call_any(void) {
  static const struct ivs_stop_stream_in stop = {.channel_arn = IVS_STR_INIT(ARN)};
  if (queue.calling) return;
  service.react = NULL;
  service.reaction = (enum reaction)check_below(REACTIONS);
  ivs_stop_stream(&client, &stop, NULL);
  service.arrivals = 0; /* not of the kind that is counted */
  service.react = model_sees;
}

static void one_schedule(void) {
  memset(&model, 0, sizeof model);
  set_up_service();
  service.react = model_sees;
  service.way = check_below(2) == 0 ? 0 : check_below(400);
  service.spread = true;
  queue_options.separate = check_below(4) == 0;
  queue_options.drop_oldest = check_below(2) == 0;
  queue_options.at_most_once = check_below(2) == 0;
  queue_options.refuse_offline = check_below(2) == 0;
  queue_options.payload_max = (uint16_t)(30 + check_below(200));
  size_t payload = queue_options.separate ? 0 : queue_options.payload_max;
  model.room = 30 + check_below(800);
  char *guarded = check_guard(payload + model.room);
  CHECK_INT(ivs_metadata_init(&queue, &queue_options, guarded, payload + model.room), 0);
  size_t busy = 1 + check_below(20);
  for (int i = 0; i < 400; i++) {
    if (check_below(busy) == 0) push_any();
    step_any();
    if (check_below(100) == 0) call_any();
    if (check_below(200) == 0) {
      ivs_metadata_clear(&queue);
      model_clear();
    }
    if (!agree()) break;
    check_rate(5);
    if (service.arrivals > ARRIVALS / 2) service.arrivals = 0;
  }
  ivs_metadata_clear(&queue);
  check_guard_free(guarded, payload + model.room);
  tear_down();
}

static void the_model_agrees(void) {
  for (int i = 0; i < 300; i++) one_schedule();
}

int main(void) {
  check_seed();
  RUN(a_thousand_items);
  RUN(the_model_agrees);
  return check_done();
}
