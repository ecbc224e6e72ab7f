/*
 * A port that is the adversary: whatever <ivs/port.h> allows a port to return, it may return at any
 * time; and it holds whoever calls it to the same header. Behind it plays what a service has made
 * of the requests. What happens is said by struct world, where "one in n" with n == 0 is never.
 */
#ifndef RANDOM_PORT_H
#define RANDOM_PORT_H

#include "../check.h"

#include <stdarg.h>

#include <ivs/port.h>
#include <ivs/text.h>

/* --- chance --- */

/* One in n. */
static inline bool chance(size_t n) {
  return n > 0 && check_below(n) == 0;
}

/* 0 to n. */
static inline size_t up_to(uint64_t n) {
  return (size_t)(check_below((size_t)n + 1));
}

#define ANY_OF(array) ((array)[check_below(sizeof(array) / sizeof *(array))])

/* --- the world --- */

static struct world {
  uint64_t now;        /* ticks of all ports */
  int64_t epoch_ms;    /* the true time at tick 0 */
  size_t drifts;       /* one in so many questions for the time takes time itself, */
  size_t drift;        /* up to so many ticks */
  size_t hesitates;    /* one in so many I/O functions says IVS_AGAIN */
  size_t breaks;       /* one in so many fails */
  size_t mindless;     /* one in so many questions for random bytes fails */
  size_t way;          /* ticks from one side to the other, at most */
  size_t faulty;       /* one in so many answers is no good one */
  size_t mute;         /* one in so many never comes */
  size_t sleepless;    /* one in so many waits ends at once */
  int64_t service_off; /* of the service's clock from the true time, in seconds */
  unsigned long io;    /* port functions called */
  unsigned long waits;
  unsigned clock_set; /* how often a port's clock was changed */
  size_t clock_jumps; /* one in so many questions for the date finds that it was */
} world;

static inline int64_t true_ms(void) {
  return world.epoch_ms + (int64_t)world.now;
}

/* --- a connection --- */

enum { REQUEST_MAX = 1 << 17, ANSWER_MAX = 1 << 16 };

enum net_state { NET_CLOSED, NET_OPENING, NET_OPEN, NET_FAILED };

/* What comes for ever behind an answer. */
enum endless { NO_MORE, INTERIM_HEADS, HEADERS, CHUNKS, BYTES, ENDLESS };

struct net {
  struct ivs_port port;
  void *owner;
  ivs_str host; /* whom it is to be opened to */
  uint16_t port_number;
  bool proxied;      /* what comes first is for a proxy */
  int64_t clock_off; /* of this port's clock from the true time */

  /* Called with any function that begins or uses a connection; when a request is there, or a part
     to which no more comes, for which this says an answer; when it is known when it arrived; before
     a wait. */
  void (*touched)(struct net *n);
  void (*serve)(struct net *n);
  void (*arrived)(struct net *n, uint64_t at);
  void (*slept)(struct net *n, const struct ivs_wait *w);
  void (*asked)(struct net *n); /* after a question for the ticks */

  enum net_state state;
  uint64_t ticked;  /* what was last said of the ticks */
  int last;         /* what the last I/O function returned */
  bool send_failed; /* only recv is allowed */
  bool tunnel;      /* the proxy has passed us on */
  char detail[300];

  char *offered; /* what was not taken by send: it has to come again */
  size_t offered_n;
  char *request;
  size_t request_n;
  size_t head_n; /* of the request, behind its blank line; 0: not there yet */
  size_t whole_n;
  bool whole;
  bool tainted; /* what is read as the answer to this request may be an older one */
  bool arriving;
  uint64_t arrives;

  char *answer;
  size_t answer_n, played;
  int after; /* what recv gives behind it */
  enum endless endless;
  uint64_t answers; /* ticks from which it is here */
  int64_t date;     /* seconds since 1970 that it last said, */
  uint64_t dated;   /* and when; 0: never */
  bool dead;        /* the other side has closed */

  /* What the counters of a client have to say. */
  uint32_t opened, requests;
  uint64_t sent, given, single;
  uint64_t ends; /* how often it has failed or ended */
};

static inline struct net *net_of(struct ivs_port *port) {
  return (struct net *)(void *)port;
}

static inline void net_forget(struct net *n) {
  n->send_failed = n->tunnel = n->whole = n->tainted = n->arriving = n->dead = false;
  n->offered_n = n->request_n = n->head_n = n->whole_n = n->answer_n = n->played = 0;
  n->after = IVS_AGAIN;
  n->endless = NO_MORE;
  n->answers = 0;
}

/* --- the other side's words --- */

static inline void say(struct net *n, const void *p, size_t size) {
  if (size > ANSWER_MAX - n->answer_n) size = ANSWER_MAX - n->answer_n;
  memcpy(n->answer + n->answer_n, p, size);
  n->answer_n += size;
}

static inline __attribute__((format(printf, 2, 3))) void sayf(struct net *n, const char *format,
                                                              ...) {
  char text[1024];
  va_list args;
  va_start(args, format);
  int size = vsnprintf(text, sizeof text, format, args);
  va_end(args);
  say(n, text, (size_t)size < sizeof text ? (size_t)size : sizeof text - 1);
}

/* More of what never ends. */
static inline void go_on_for_ever(struct net *n) {
  n->answer_n = n->played = 0;
  switch (n->endless) {
    case INTERIM_HEADS:
      sayf(n, "HTTP/1.1 1%02u Wait\r\nX: y\r\n\r\n", 2 + (unsigned)up_to(90));
      break;
    case HEADERS: sayf(n, "X-%u: y\r\n", (unsigned)up_to(1000)); break;
    case CHUNKS: sayf(n, "1\r\n%c\r\n", chance(2) ? ' ' : '['); break;
    default: sayf(n, "          ");
  }
}

/* The request has arrived when the first sign of it comes back; or a while after the connection was
   given up, or never. */
static inline void settle_arrival(struct net *n, bool given_up) {
  enum { LONGEST_WAY = 1000 };
  if (!n->arriving) return;
  n->arriving = false;
  if (given_up && n->arrives > world.now) {
    if (chance(3)) return;
    if (n->arrives > world.now + LONGEST_WAY) n->arrives = world.now + LONGEST_WAY;
  }
  n->arrived(n, n->arrives);
}

/* --- what comes in --- */

static inline size_t find_blank_line(const char *p, size_t n) {
  for (size_t i = 4; i <= n; i++)
    if (memcmp(p + i - 4, "\r\n\r\n", 4) == 0) return i;
  return 0;
}

static inline size_t announced(const char *head, size_t n) {
  static const char name[] = "\r\ncontent-length: ";
  for (size_t i = 0; i + sizeof name <= n; i++) {
    size_t k = 0;
    while (k + 1 < sizeof name && ivs_lower(head[i + k]) == name[k]) k++;
    if (k + 1 == sizeof name) return strtoul(head + i + k, NULL, 10);
  }
  return 0;
}

static inline void take_request(struct net *n, const char *p, size_t size) {
  if (!CHECK(size <= REQUEST_MAX - n->request_n)) size = 0;
  memcpy(n->request + n->request_n, p, size);
  n->request_n += size;
  if (n->head_n == 0) {
    n->head_n = find_blank_line(n->request, n->request_n);
    if (n->head_n == 0) return;
    n->whole_n = n->head_n + announced(n->request, n->head_n);
  }
  CHECK(n->request_n <= n->whole_n); /* one request at a time */
  n->whole = n->request_n >= n->whole_n;
}

/* The proxy's answer; what it refuses, it refuses for good. */
static inline void serve_connect(struct net *n) {
  CHECK(n->request_n > 8 && memcmp(n->request, "CONNECT ", 8) == 0);
  n->request_n = n->head_n = 0;
  n->whole = false;
  n->answers = world.now + up_to(world.way);
  if (chance(3)) sayf(n, "HTTP/1.1 100 Go on\r\n\r\n");
  if (!chance(world.faulty)) {
    sayf(n, "HTTP/1.%u 200 Connected\r\nX: y\r\n\r\n", (unsigned)up_to(1));
    n->tunnel = true;
    return;
  }
  switch (up_to(4)) {
    case 0: sayf(n, "HTTP/1.1 407 Who\r\nContent-Length: 5\r\n\r\nabc"); break;
    case 1: sayf(n, "HTTP/1.1 403 No\r\n\r\nno"); break;
    case 2: sayf(n, "HTTP/1.1 502 Down\r\n\r\n"); break;
    case 3: sayf(n, "SSH-2.0-OpenSSH\n"); break;
    default: sayf(n, "HTTP/1.1 2"); break;
  }
  n->after = chance(2) ? IVS_ERR_CLOSED : IVS_ERR_NET;
  n->dead = true;
}

static inline void serve_request(struct net *n) {
  n->requests++;
  n->arriving = true;
  n->arrives = world.now + up_to(world.way);
  n->answers = n->arrives + up_to(world.way);
  if (n->dead) { /* nobody is there */
    n->arriving = false;
    n->serve(n);
    return;
  }
  if (n->played > 0) {
    memmove(n->answer, n->answer + n->played, n->answer_n - n->played);
    n->answer_n -= n->played;
    n->played = 0;
  }
  n->tainted = n->answer_n > 0;
  n->after = IVS_AGAIN;
  n->endless = NO_MORE;
  n->serve(n);
}

/* A request begins: behind one that was answered, or what still comes of that. */
static inline void begin_request(struct net *n) {
  settle_arrival(n, false);
  n->whole = false;
  n->request_n = n->head_n = 0;
  if (n->after != IVS_AGAIN) n->dead = true;
  n->answers = 0;
}

/* --- the functions of a port --- */

static inline int result(struct net *n, int r) {
  n->last = r;
  return r;
}

static inline int any_of_connect_errors(void) {
  static const int errors[] = {
      IVS_ERR_NAME,      IVS_ERR_CONNECT,  IVS_ERR_NET,      IVS_ERR_CLOSED,    IVS_ERR_TLS,
      IVS_ERR_TLS_TRUST, IVS_ERR_TLS_NAME, IVS_ERR_TLS_DATE, IVS_ERR_TLS_ROOTS, IVS_ERR_TLS_MEMORY};
  return ANY_OF(errors);
}

static inline int any_of_send_errors(void) {
  static const int errors[] = {IVS_ERR_CLOSED, IVS_ERR_NET, IVS_ERR_TLS};
  return ANY_OF(errors);
}

static inline int with_detail(struct net *n, int err) {
  size_t size = chance(4) ? sizeof n->detail - 1 : up_to(30);
  memset(n->detail, 'd', size);
  n->detail[size] = '\0';
  return err;
}

/* After this the connection has to be closed. */
static inline int fail_with(struct net *n, int err) {
  n->state = NET_FAILED;
  n->ends++;
  return result(n, with_detail(n, err));
}

static inline int net_open(struct ivs_port *port, const struct ivs_peer *peer) {
  struct net *n = net_of(port);
  world.io++;
  n->touched(n);
  CHECK_INT(n->state, NET_CLOSED);
  CHECK(ivs_str_eq(peer->host, n->host));
  CHECK_INT(peer->port, n->port_number);
  net_forget(n);
  if (chance(world.breaks)) {
    int r = fail_with(n, any_of_connect_errors());
    n->state = NET_CLOSED;
    return r;
  }
  n->state = NET_OPENING;
  return result(n, 0);
}

static inline int net_progress(struct ivs_port *port) {
  struct net *n = net_of(port);
  world.io++;
  n->touched(n);
  CHECK_INT(n->state, NET_OPENING);
  if (chance(world.hesitates) || chance(world.mute)) return result(n, IVS_AGAIN);
  if (chance(world.breaks)) return fail_with(n, any_of_connect_errors());
  n->state = NET_OPEN;
  if (!n->proxied) n->opened++;
  return result(n, 0);
}

/* Whoever heard IVS_AGAIN, or was relieved of a part, comes back with the rest. */
static inline void check_offered(struct net *n, const char *p, size_t size) {
  CHECK(size >= n->offered_n && memcmp(p, n->offered, n->offered_n) == 0);
}

static inline void remember_offered(struct net *n, const char *p, size_t size) {
  if (!CHECK(size <= REQUEST_MAX)) size = 0;
  memcpy(n->offered, p, size);
  n->offered_n = size;
}

static inline int net_send(struct ivs_port *port, const void *p, size_t size) {
  struct net *n = net_of(port);
  const char *from = (const char *)p;
  world.io++;
  n->touched(n);
  if (!CHECK(n->state == NET_OPEN && !n->send_failed && size > 0)) return IVS_ERR_NET;
  check_offered(n, from, size);
  if (n->whole) begin_request(n);
  remember_offered(n, from, size);
  if (chance(world.hesitates)) return result(n, IVS_AGAIN);
  if (chance(world.breaks) || (n->dead && chance(2))) {
    n->send_failed = true;
    if (n->request_n > 0 && !n->dead && (n->tunnel || !n->proxied) && chance(2)) {
      n->serve(n); /* refused before all of it was there */
    } else if (!n->dead) {
      n->after = IVS_ERR_NET;
    }
    return result(n, any_of_send_errors());
  }
  if (chance(2)) size = 1 + up_to(size - 1);
  remember_offered(n, from + size, n->offered_n - size);
  if (n->tunnel || !n->proxied) n->sent += size;
  take_request(n, from, size);
  if (n->whole && n->proxied && !n->tunnel) serve_connect(n);
  else if (n->whole) serve_request(n);
  return result(n, (int)size);
}

/* Nothing is left of the answer. */
static inline int recv_after(struct net *n) {
  if (n->whole || n->after != IVS_AGAIN) {
    if (n->after == IVS_AGAIN && !n->send_failed && chance(200)) {
      n->dead = true; /* an idle connection ends */
      n->after = chance(2) ? IVS_ERR_CLOSED : IVS_ERR_NET;
    }
    settle_arrival(n, false);
    return n->after == IVS_AGAIN ? result(n, IVS_AGAIN) : fail_with(n, n->after);
  }
  return n->send_failed && chance(2) ? fail_with(n, IVS_ERR_NET) : result(n, IVS_AGAIN);
}

static inline int net_recv(struct ivs_port *port, void *p, size_t size) {
  struct net *n = net_of(port);
  world.io++;
  n->touched(n);
  if (!CHECK(n->state == NET_OPEN && size > 0)) return IVS_ERR_NET;
  if (chance(world.hesitates) || world.now < n->answers) return result(n, IVS_AGAIN);
  if (chance(world.breaks)) {
    settle_arrival(n, false);
    return fail_with(n, chance(2) ? IVS_ERR_CLOSED : IVS_ERR_NET);
  }
  if (n->played == n->answer_n && n->endless != NO_MORE) go_on_for_ever(n);
  size_t left = n->answer_n - n->played;
  if (left == 0) return recv_after(n);
  settle_arrival(n, false);
  bool single = size == 1;
  if (size > left) size = left;
  if (chance(2)) size = 1 + up_to(size - 1);
  memcpy(p, n->answer + n->played, size);
  n->played += size;
  n->given += size;
  if (single) n->single += size;
  return result(n, (int)size);
}

static inline void net_close(struct ivs_port *port) {
  struct net *n = net_of(port);
  world.io++;
  settle_arrival(n, true);
  net_forget(n);
  n->state = NET_CLOSED;
}

static inline void net_wants(struct ivs_port *port, struct ivs_wait *w) {
  struct net *n = net_of(port);
  world.io++;
  CHECK_INT(n->last, IVS_AGAIN);
  CHECK(n->state == NET_OPENING || n->state == NET_OPEN);
  w->handle = (intptr_t)up_to(100) - 1;
  w->events = (unsigned)up_to(3);
  if (n->answers > world.now && n->answers < w->until) w->until = n->answers;
  if (chance(8) && world.now + 5 < w->until) w->until = world.now + up_to(5);
}

/* Too early, in time, or too late. */
static inline int net_wait(struct ivs_port *port, const struct ivs_wait *w) {
  struct net *n = net_of(port);
  world.io++;
  world.waits++;
  n->slept(n, w);
  if (chance(world.breaks)) return with_detail(n, IVS_ERR_NET);
  uint64_t left = w->until > world.now ? w->until - world.now : 0;
  if (chance(world.sleepless)) left = up_to(left < 3 ? left : 3);
  else if (w->events != 0 && chance(2)) left = up_to(left);
  else if (chance(10)) left += up_to(50);
  world.now += left;
  if (chance(4)) world.now++;
  return 0;
}

static inline void drift(void) {
  world.io++;
  if (chance(world.drifts)) world.now += 1 + up_to(world.drift);
}

static inline uint64_t net_ticks(struct ivs_port *port) {
  struct net *n = net_of(port);
  drift();
  n->asked(n);
  return n->ticked = world.now;
}

static inline void set_machine_clock(struct net *n) {
  static const int64_t offs[] = {0, 0, 0, 1000, -60000, 300000, -3600000, 86400000};
  world.clock_set++;
  n->clock_off = ANY_OF(offs);
  if (chance(10)) n->clock_off = -world.epoch_ms; /* never set */
  if (chance(40)) n->clock_off = 300000000000000; /* year 11476 */
}

static inline int64_t net_clock(struct ivs_port *port) {
  drift();
  if (chance(world.clock_jumps)) set_machine_clock(net_of(port));
  return true_ms() + net_of(port)->clock_off;
}

static inline int net_entropy(struct ivs_port *port, void *p, size_t size) {
  unsigned char *to = (unsigned char *)p;
  (void)port;
  world.io++;
  for (size_t i = 0; i < size; i++) to[i] = (unsigned char)check_below(256);
  return chance(world.mindless) ? IVS_ERR_ENTROPY : 0;
}

static inline int net_detail(struct ivs_port *port, const char **text) {
  struct net *n = net_of(port);
  world.io++;
  *text = n->detail;
  return (int)up_to(100);
}

static const struct ivs_port_functions net_functions = {
    .open = net_open,
    .progress = net_progress,
    .send = net_send,
    .recv = net_recv,
    .close = net_close,
    .wants = net_wants,
    .wait = net_wait,
    .ticks = net_ticks,
    .clock = net_clock,
    .entropy = net_entropy,
    .detail = net_detail,
};

static inline void net_start(struct net *n, void *owner) {
  memset(n, 0, sizeof *n);
  n->port.fn = &net_functions;
  n->owner = owner;
  n->offered = (char *)malloc(REQUEST_MAX);
  n->request = (char *)malloc(REQUEST_MAX);
  n->answer = (char *)malloc(ANSWER_MAX);
  net_forget(n);
}

static inline void net_end(struct net *n) {
  CHECK_INT(n->state, NET_CLOSED);
  free(n->offered);
  free(n->request);
  free(n->answer);
}

#endif
