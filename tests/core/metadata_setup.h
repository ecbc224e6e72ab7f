/*
 * A metadata queue over a client over a port made of memory, with a service behind it that takes
 * time, reads what is sent, and reacts as it is told.
 */
#ifndef METADATA_SETUP_H
#define METADATA_SETUP_H

#include "client_setup.h"

#include <ivs/json.h>
#include <ivs/metadata_queue.h>

/* What the service does with a request. */
enum reaction {
  TAKES,     /* 204 */
  THROTTLES, /* 429 */
  OFFLINE,   /* 404 ChannelNotBroadcasting */
  GONE,      /* 404 ResourceNotFoundException */
  INVALID,   /* 400 ValidationException */
  DENIES,    /* 403 AccessDeniedException */
  EXPIRED,   /* 403 ExpiredTokenException */
  UNSIGNED,  /* 403 InvalidSignatureException */
  BREAKS,    /* 500 */
  SWAMPED,   /* 503 with a throttling code */
  LOSES,     /* takes it, and the connection breaks before the answer */
  RESETS,    /* does not take it, and the connection breaks */
  SILENT,    /* takes it and never answers */
  REACTIONS, /* so many that are chosen from at random */
  LATER,     /* 503, Retry-After: 7 */
  TOMORROW,  /* 503, Retry-After: 86400 */
  SKEWED,    /* 403 AccessDeniedException of a service whose clock is an hour ahead */
  UNKNOWN,   /* 403 UnrecognizedClientException */
  STALE,     /* 400 ExpiredTokenException */
  SLOW,      /* 408 without a code */
  NOBODY,    /* 401 without a code */
  ABSENT,    /* 501 without a code */
  ALL_REACTIONS
};

static const char *const answers[ALL_REACTIONS] = {
    [TAKES] = "HTTP/1.1 204 No Content\r\n\r\n",
    [THROTTLES] =
        "HTTP/1.1 429 Too Many\r\nx-amzn-ErrorType: ThrottlingException\r\n"
        "Content-Length: 2\r\n\r\n{}",
    [OFFLINE] =
        "HTTP/1.1 404 Not Found\r\nx-amzn-ErrorType: ChannelNotBroadcasting\r\n"
        "Content-Length: 2\r\n\r\n{}",
    [GONE] =
        "HTTP/1.1 404 Not Found\r\nx-amzn-ErrorType: ResourceNotFoundException\r\n"
        "Content-Length: 2\r\n\r\n{}",
    [INVALID] =
        "HTTP/1.1 400 Bad\r\nx-amzn-ErrorType: ValidationException\r\n"
        "Content-Length: 2\r\n\r\n{}",
    [DENIES] =
        "HTTP/1.1 403 No\r\nx-amzn-ErrorType: AccessDeniedException\r\n"
        "Content-Length: 2\r\n\r\n{}",
    [EXPIRED] =
        "HTTP/1.1 403 No\r\nx-amzn-ErrorType: ExpiredTokenException\r\n"
        "Content-Length: 2\r\n\r\n{}",
    [UNSIGNED] =
        "HTTP/1.1 403 No\r\nx-amzn-ErrorType: InvalidSignatureException\r\n"
        "Content-Length: 2\r\n\r\n{}",
    [BREAKS] =
        "HTTP/1.1 500 Oh\r\nx-amzn-ErrorType: InternalServerException\r\n"
        "Content-Length: 2\r\n\r\n{}",
    [SWAMPED] =
        "HTTP/1.1 503 Oh\r\nx-amzn-ErrorType: ThrottlingException\r\n"
        "Content-Length: 2\r\n\r\n{}",
    [LATER] =
        "HTTP/1.1 503 Busy\r\nx-amzn-ErrorType: ServiceUnavailable\r\nRetry-After: 7\r\n"
        "Content-Length: 2\r\n\r\n{}",
    [TOMORROW] = "HTTP/1.1 503 Busy\r\nRetry-After: 86400\r\nContent-Length: 0\r\n\r\n",
    [SKEWED] =
        "HTTP/1.1 403 No\r\nx-amzn-ErrorType: AccessDeniedException\r\n"
        "Date: Sun, 22 Nov 2026 10:30:00 GMT\r\nContent-Length: 2\r\n\r\n{}",
    [UNKNOWN] =
        "HTTP/1.1 403 No\r\nx-amzn-ErrorType: UnrecognizedClientException\r\n"
        "Content-Length: 2\r\n\r\n{}",
    [STALE] =
        "HTTP/1.1 400 Bad\r\nx-amzn-ErrorType: ExpiredTokenException\r\n"
        "Content-Length: 2\r\n\r\n{}",
    [SLOW] = "HTTP/1.1 408 Slow\r\nContent-Length: 0\r\n\r\n",
    [NOBODY] = "HTTP/1.1 401 Who\r\nContent-Length: 0\r\n\r\n",
    [ABSENT] = "HTTP/1.1 501 What\r\nContent-Length: 0\r\n\r\n",
};

enum { ARRIVALS = 20000, CALL_MS = 5000 };

static struct service {
  enum reaction reaction;          /* to the next request */
  enum reaction (*react)(void);    /* decides instead, if set */
  void (*takes)(ivs_str metadata); /* told of what is taken, if set */
  uint64_t way;                    /* ticks there, and back; at random up to this if spread */
  bool spread;
  uint32_t chance; /* what entropy says: 0 to UINT32_MAX for 0 to 1 */

  struct ivs_port_functions fn;
  const struct ivs_port_functions *below;
  size_t begun; /* where in fake.sent the request under way begins */
  uint64_t answer_at;
  size_t arrivals;
  uint64_t arrived[ARRIVALS];
  char text[4096]; /* the metadata of the last request, with a NUL */
  size_t text_n;
} service;

static ivs_metadata_queue queue;
static struct ivs_metadata_options queue_options;
static char queue_buffer[16384];

static inline uint64_t way(void) {
  return service.spread ? check_below((size_t)service.way + 1) : service.way;
}

/* The member metadata of a request's body, unescaped. */
static inline void read_request(char *body, size_t n) {
  struct ivs_json_value v;
  struct ivs_json_object o;
  ivs_str name;
  size_t count;
  static uint64_t tokens[32];
  CHECK_INT(ivs_json_check(body, n, &count), 0);
  ivs_json_value_at(body, body + n, &v);
  CHECK_INT(ivs_json_open(&o, v, tokens, sizeof tokens / IVS_JSON_TOKEN_SIZE), 0);
  service.text_n = 0;
  while (ivs_json_member(&o, &name, &v) == 1) {
    if (!ivs_str_eq(name, IVS_STR("metadata"))) continue;
    ivs_str text = ivs_json_text(v);
    CHECK(text.n < sizeof service.text);
    memcpy(service.text, text.p, service.text_n = text.n);
  }
  service.text[service.text_n] = 0;
}

static inline void arrive(char *body, size_t n) {
  uint64_t at = fake.now + way();
  read_request(body, n);
  if (service.react != NULL) service.reaction = service.react();
  CHECK(service.arrivals < ARRIVALS);
  service.arrived[service.arrivals++ % ARRIVALS] = at;
  service.answer_at = service.reaction == SILENT ? UINT64_MAX : at + way();
  bool taken = service.reaction == TAKES || service.reaction == LOSES || service.reaction == SILENT;
  if (taken && service.takes != NULL) service.takes((ivs_str){service.text, service.text_n});
  for (int i = 0; i < FAKE_CONNECTIONS; i++) {
    fake.connections[i].answer = answers[service.reaction];
    fake.connections[i].after = answers[service.reaction] != NULL ? 0 : IVS_ERR_NET;
  }
}

/* Once a request is there as a whole, the service acts. */
static inline int service_send(struct ivs_port *port, const void *p, size_t n) {
  int r = service.below->send(port, p, n);
  char *from = fake.sent + service.begun, *end = fake.sent + fake.sent_n;
  if (r <= 0) return r;
  for (char *at = from; at + 4 <= end; at++) {
    if (memcmp(at, "\r\n\r\n", 4) != 0) continue;
    char *length = from;
    while (memcmp(length, "ontent-", 7) != 0 || (length[7] | 0x20) != 'l') length++;
    size_t body = (size_t)atoi(strchr(length, ':') + 1);
    if ((size_t)(end - at) - 4 < body) break;
    arrive(at + 4, body);
    fake.sent_n = service.begun = 0; /* room for any number of requests */
    break;
  }
  return r;
}

static inline int service_open(struct ivs_port *port, const struct ivs_peer *peer) {
  fake.sent_n = service.begun = 0; /* what was left of a request */
  service.answer_at = 0;
  return service.below->open(port, peer);
}

static inline int service_recv(struct ivs_port *port, void *p, size_t n) {
  return fake.now < service.answer_at ? IVS_AGAIN : service.below->recv(port, p, n);
}

static inline void service_wants(struct ivs_port *port, struct ivs_wait *w) {
  service.below->wants(port, w);
  if (fake.now < service.answer_at && service.answer_at < w->until) w->until = service.answer_at;
}

static inline int service_entropy(struct ivs_port *port, void *p, size_t n) {
  if (service.below->entropy(port, p, n) < 0) return IVS_ERR_ENTROPY;
  CHECK_INT(n, sizeof service.chance);
  memcpy(p, &service.chance, sizeof service.chance);
  return 0;
}

/* Client and service; queue_options are ready to be changed. */
static inline void set_up_service(void) {
  set_up();
  client.options.call_ms = CALL_MS;
  client.options.attempts = IVS_ATTEMPTS;
  memset(&service, 0, sizeof service);
  service.below = fake.port.fn;
  service.fn = *fake.port.fn;
  service.fn.open = service_open;
  service.fn.send = service_send;
  service.fn.recv = service_recv;
  service.fn.wants = service_wants;
  service.fn.entropy = service_entropy;
  fake.port.fn = &service.fn;
  fake_answer(&fake, answers[TAKES]);
  memset(&queue_options, 0, sizeof queue_options);
  queue_options.client = &client;
  queue_options.channel_arn = IVS_STR(ARN);
}

static inline void set_up_queue(void) {
  memset(queue_buffer, 0, sizeof queue_buffer);
  CHECK_INT(ivs_metadata_init(&queue, &queue_options, queue_buffer, sizeof queue_buffer), 0);
}

/* Every item is accounted for. */
static inline void check_sum(const ivs_metadata_queue *q) {
  const struct ivs_metadata_counters *c = &q->counters;
  CHECK_INT(c->pushed, c->sent + c->replaced + c->expired + c->refused + c->dropped + c->unsure +
                           ivs_metadata_pending(q));
  CHECK(c->coalesced <= c->sent && c->payloads <= c->sent);
}

static inline int push(const char *text, const char *key, uint32_t ttl) {
  struct ivs_metadata_item item = {.text = ivs_cstr(text), .key = ivs_cstr(key), .ttl_ms = ttl};
  int r = ivs_metadata_push(&queue, &item);
  check_sum(&queue);
  return r;
}

static inline int push_json(const char *text) {
  struct ivs_metadata_item item = {.text = ivs_cstr(text), .json = true};
  int r = ivs_metadata_push(&queue, &item);
  check_sum(&queue);
  return r;
}

static inline int step_once(struct ivs_wait *w) {
  int r = ivs_metadata_step(&queue, w);
  check_sum(&queue);
  return r;
}

/* Steps and waits until a payload has been dealt with, or nothing happens until a time. */
static inline int run_until(uint64_t until) {
  struct ivs_wait w;
  int r;
  while ((r = step_once(&w)) > 0 && fake.now < until) {
    if (w.until > until) w.until = until;
    fake.port.fn->wait(&fake.port, &w);
  }
  return r;
}

static inline void done(void) {
  ivs_metadata_clear(&queue);
  check_sum(&queue);
  for (size_t i = 0; i < sizeof queue_buffer; i++)
    if (queue_buffer[i] != 0) {
      CHECK_INT(i, -1); /* a byte of the buffer that was not wiped */
      break;
    }
  tear_down();
}

/* Not over 5 requests in any second. */
static inline void check_rate(size_t rate) {
  for (size_t i = rate; i < service.arrivals; i++)
    if (!CHECK(service.arrived[i] - service.arrived[i - rate] >= 1000)) break;
}

#endif
