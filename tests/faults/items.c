/*
 * Pushes items through the metadata queue, in bursts, and prints what the queue's counters say when
 * it is empty. Item n is {"n":n,"k":its key or -1,"x":"filler"}.
 *
 *   items ARN [NAME=VALUE]...     the names are in set_option(); IVS_SEED decides about the rest
 */
#include "../check.h"
#include "session.h"

#include <ivs/metadata_queue.h>

enum { BUFFER = 32768, BURST = 12, PENDING_MAX = 60, FILLER_MAX = 40, TEXT = 128 };

static struct {
  struct session_options session;
  struct ivs_metadata_options queue;
  unsigned items;
  unsigned keys;   /* 0: no item has one */
  unsigned ttl_ms; /* of every fourth item; 0: none */
  unsigned limit_ms;
} set = {.session = {.call_ms = 300, .space = 4096},
         .queue = {.rate = 1000},
         .items = 1000,
         .limit_ms = 90000};

static void die(const char *what, const char *word) {
  fprintf(stderr, "items: %s %s\n", what, word);
  exit(SESSION_USAGE);
}

static void set_option(const char *word) {
  const char *value = strchr(word, '=');
  if (value == NULL) die("no value:", word);
  ivs_str name = {word, (size_t)(value - word)};
  unsigned number = (unsigned)strtoul(value + 1, NULL, 10);
  if (ivs_str_eq(name, IVS_STR("items"))) set.items = number;
  else if (ivs_str_eq(name, IVS_STR("keys"))) set.keys = number;
  else if (ivs_str_eq(name, IVS_STR("ttl"))) set.ttl_ms = number;
  else if (ivs_str_eq(name, IVS_STR("deadline"))) set.session.call_ms = number;
  else if (ivs_str_eq(name, IVS_STR("payload"))) set.queue.payload_max = (uint16_t)number;
  else if (ivs_str_eq(name, IVS_STR("separate"))) set.queue.separate = number != 0;
  else if (ivs_str_eq(name, IVS_STR("at_most_once"))) set.queue.at_most_once = number != 0;
  else die("no option", word);
}

static void push(ivs_metadata_queue *q, unsigned n) {
  char text[TEXT], key[16];
  int k = set.keys > 0 ? (int)check_below(set.keys) : -1;
  int size = snprintf(text, sizeof text, "{\"n\":%u,\"k\":%d,\"x\":\"%.*s\"}", n, k,
                      (int)check_below(FILLER_MAX), "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopq");
  struct ivs_metadata_item item = {.text = {text, (size_t)size}, .json = true};
  if (k >= 0) item.key = (ivs_str){key, (size_t)snprintf(key, sizeof key, "%d", k)};
  if (n % 4 == 0) item.ttl_ms = set.ttl_ms;
  int r = ivs_metadata_push(q, &item);
  if (r < 0) die("push:", ivs_strerror(r));
}

/* A burst now and then, so that items come together in one payload or not. */
static void push_some(ivs_metadata_queue *q, unsigned *next) {
  if (ivs_metadata_pending(q) >= PENDING_MAX) return;
  for (size_t burst = check_below(BURST); burst > 0 && *next < set.items; burst--)
    push(q, (*next)++);
}

static void run(struct session *s, ivs_metadata_queue *q) {
  struct ivs_port *port = &s->watch.port;
  uint64_t until = port->fn->ticks(port) + set.limit_ms;
  unsigned next = 0;
  for (;;) {
    struct ivs_wait w;
    push_some(q, &next);
    int r = ivs_metadata_flush(q, until, &w);
    if (r == 0 && next == set.items) return;
    if (r < 0) die("flush:", ivs_strerror(r));
    if (r > 0 && (r = port->fn->wait(port, &w)) < 0) die("wait:", ivs_strerror(r));
  }
}

static void print_counters(const ivs_metadata_queue *q, const struct session *s) {
  const struct ivs_metadata_counters *c = &q->counters;
  printf(
      "{\"pushed\":%u,\"sent\":%u,\"replaced\":%u,\"expired\":%u,\"refused\":%u,"
      "\"dropped\":%u,\"unsure\":%u,",
      c->pushed, c->sent, c->replaced, c->expired, c->refused, c->dropped, c->unsure);
  printf(
      "\"payloads\":%u,\"coalesced\":%u,\"throttled\":%u,\"bytes\":%llu,\"pending\":%zu,"
      "\"requests\":%u}\n",
      c->payloads, c->coalesced, c->throttled, (unsigned long long)c->bytes,
      ivs_metadata_pending(q), ivs_client_counters(&s->client)->requests);
}

int main(int argc, char **argv) {
  static struct session session;
  static ivs_metadata_queue queue;
  static char buffer[BUFFER];
  if (argc < 2) die("usage:", "items ARN [NAME=VALUE]...");
  for (int i = 2; i < argc; i++) set_option(argv[i]);
  check_seed();
  session_open(&session, &set.session);
  set.queue.client = &session.client;
  set.queue.channel_arn = ivs_cstr(argv[1]);
  int r = ivs_metadata_init(&queue, &set.queue, buffer, sizeof buffer);
  if (r < 0) die("queue:", ivs_strerror(r));
  run(&session, &queue);
  print_counters(&queue, &session);
  ivs_metadata_clear(&queue);
  session_close(&session);
  return 0;
}
