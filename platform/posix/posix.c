/*
 * TCP on sockets that never block.
 *
 *   CLOSED -> LOOKUP -> CONNECTING -> OPEN -> CLOSED     a name
 *   CLOSED ->           CONNECTING -> OPEN -> CLOSED     an address, or a name known already
 *
 * CONNECTING goes through the addresses, each for at most connect_ms. The list of them is turned
 * round as they are tried, so that the next connection begins with the one that worked, or with the
 * one whose turn it was when this connection was given up.
 */
#include "system.h"

#include <ivs/crypto.h>
#include <ivs/posix.h>

#include "descriptor.h"
#include "entropy.h"
#include "lookup.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

enum { CONNECT_MS = 5000, DNS_MS = 30000 };
enum { CLOSED, LOOKUP, CONNECTING, OPEN };

static struct ivs_posix *self(struct ivs_port *port) {
  return (struct ivs_posix *)(void *)port;
}

static void remember(struct ivs_posix *p, int code, bool is_eai) {
  p->code = code;
  p->code_is_eai = is_eai;
}

static int fail(struct ivs_posix *p, int result, int code) {
  remember(p, code, false);
  return result;
}

/* --- clocks and entropy --- */

static uint64_t port_ticks(struct ivs_port *port) {
  struct timespec t = {0, 0};
  (void)port;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static int64_t port_clock(struct ivs_port *port) {
  struct timespec t = {0, 0};
  (void)port;
  clock_gettime(CLOCK_REALTIME, &t);
  return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int port_entropy(struct ivs_port *port, void *to, size_t n) {
  int r = ivs_posix_entropy(to, n);
  return r == 0 ? 0 : fail(self(port), IVS_ERR_ENTROPY, r);
}

/* --- addresses --- */

static bool same_address(const union ivs_posix_address *a, const union ivs_posix_address *b) {
  if (a->any.sa_family != b->any.sa_family) return false;
  if (a->any.sa_family == AF_INET) return a->v4.sin_addr.s_addr == b->v4.sin_addr.s_addr;
  return a->v6.sin6_scope_id == b->v6.sin6_scope_id &&
         memcmp(&a->v6.sin6_addr, &b->v6.sin6_addr, sizeof a->v6.sin6_addr) == 0;
}

/* The first n addresses go to the end. */
static void turn(struct ivs_posix *p, size_t n) {
  for (size_t i = 0; i < n; i++) {
    union ivs_posix_address first = p->addresses[0];
    memmove(&p->addresses[0], &p->addresses[1], (p->count - 1) * sizeof first);
    p->addresses[p->count - 1] = first;
  }
}

static void worked_first(struct ivs_posix *p) {
  for (size_t i = 0; i < p->count; i++)
    if (same_address(&p->addresses[i], &p->worked)) {
      turn(p, i);
      return;
    }
}

static bool is_known(struct ivs_posix *p) {
  return p->count > 0 && port_ticks(&p->port) - p->looked_up < p->dns_ms;
}

/* Makes host the name that all is known of. */
static void set_host(struct ivs_posix *p, ivs_str host) {
  if (ivs_str_eq(host, ivs_cstr(p->host))) return;
  memcpy(p->host, host.p, host.n);
  p->host[host.n] = '\0';
  p->count = 0;
  memset(&p->worked, 0, sizeof p->worked);
}

/* --- connecting --- */

static void drop_fd(struct ivs_posix *p) {
  if (p->fd >= 0) close(p->fd); /* not again on EINTR: it is gone all the same */
  p->fd = -1;
}

static void drop_lookup(struct ivs_posix *p) {
  if (p->lookup != NULL) ivs_posix_lookup_release(p->lookup);
  p->lookup = NULL;
}

/* A machine without IPv6 (or without IPv4) gives these for every address of that kind: they say
   less than any other error. */
static bool says_little(int code) {
  return code == 0 || code == ENETUNREACH || code == EHOSTUNREACH || code == EADDRNOTAVAIL ||
         code == EAFNOSUPPORT;
}

/* What worked before works no more. */
static void distrust(struct ivs_posix *p) {
  if (same_address(&p->addresses[p->next - 1], &p->worked)) memset(&p->worked, 0, sizeof p->worked);
}

static void note_attempt(struct ivs_posix *p, int code) {
  drop_fd(p);
  distrust(p);
  if (says_little(p->code)) remember(p, code, false);
}

static int opened(struct ivs_posix *p) {
  turn(p, p->next - 1);
  p->worked = p->addresses[0];
  p->state = OPEN;
  p->events = IVS_WRITABLE;
  remember(p, 0, false);
  return 0;
}

/* A socket for the address, ready to connect. 0 or an errno. */
static int make_socket(struct ivs_posix *p, int family) {
  int type = SOCK_STREAM;
  int on = 1;
#ifdef SOCK_CLOEXEC
  type |= SOCK_CLOEXEC;
#endif
  p->fd = socket(family, type, 0);
  if (p->fd < 0) return errno;
  int r = ivs_posix_prepare(p->fd);
  if (r != 0) return r;
  return setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) < 0 ? errno : 0;
}

/* Begins to connect to one address. 0: connected. EINPROGRESS: not yet. Else an errno. */
static int begin_attempt(struct ivs_posix *p, union ivs_posix_address *address) {
  bool v6 = address->any.sa_family == AF_INET6;
  if (v6) address->v6.sin6_port = htons(p->peer_port);
  else address->v4.sin_port = htons(p->peer_port);
  int r = make_socket(p, address->any.sa_family);
  if (r != 0) return r;
  if (connect(p->fd, &address->any, v6 ? sizeof address->v6 : sizeof address->v4) == 0) return 0;
  return errno == EINTR ? EINPROGRESS : errno; /* interrupted, it goes on all the same */
}

static int next_attempt(struct ivs_posix *p) {
  while (p->next < p->count) {
    int r = begin_attempt(p, &p->addresses[p->next++]);
    if (r == 0) return opened(p);
    if (r == EINPROGRESS) {
      p->state = CONNECTING;
      p->until = port_ticks(&p->port) + p->connect_ms;
      return IVS_AGAIN;
    }
    note_attempt(p, r);
  }
  p->count = 0;
  return IVS_ERR_CONNECT;
}

/* How the attempt stands. 0: connected. EINPROGRESS: not yet. Else an errno. */
static int attempt_state(const struct ivs_posix *p) {
  struct pollfd entry = {.fd = p->fd, .events = POLLOUT, .revents = 0};
  int r = poll(&entry, 1, 0);
  if (r < 0) return errno == EINTR ? EINPROGRESS : errno;
  if (r == 0) return EINPROGRESS;
  int code = 0;
  socklen_t size = sizeof code;
  return getsockopt(p->fd, SOL_SOCKET, SO_ERROR, &code, &size) < 0 ? errno : code;
}

static int progress_connect(struct ivs_posix *p) {
  int r = attempt_state(p);
  if (r == 0) return opened(p);
  if (r == EINPROGRESS) {
    if (port_ticks(&p->port) < p->until) return IVS_AGAIN;
    r = ETIMEDOUT;
  }
  note_attempt(p, r);
  return next_attempt(p);
}

static int progress_lookup(struct ivs_posix *p) {
  int eai = 0;
  int system = 0;
  if (!ivs_posix_lookup_done(p->lookup, &eai, &system, p->addresses, &p->count)) return IVS_AGAIN;
  drop_lookup(p);
  drop_fd(p);
  p->looked_up = port_ticks(&p->port);
  worked_first(p);
  if (eai == 0) return next_attempt(p);
  remember(p, eai == EAI_SYSTEM ? system : eai, eai != EAI_SYSTEM);
  return IVS_ERR_NAME;
}

/* True if host is an address, which `to` then is. */
static bool is_address(ivs_str host, union ivs_posix_address *to) {
  char text[INET6_ADDRSTRLEN] = "";
  if (host.n < sizeof text) memcpy(text, host.p, host.n);
  memset(to, 0, sizeof *to);
  if (inet_pton(AF_INET, text, &to->v4.sin_addr) == 1) to->v4.sin_family = AF_INET;
  else if (inet_pton(AF_INET6, text, &to->v6.sin6_addr) == 1) to->v6.sin6_family = AF_INET6;
  else return false;
  return true;
}

static int port_progress(struct ivs_port *port) {
  struct ivs_posix *p = self(port);
  switch (p->state) {
    case LOOKUP: return progress_lookup(p);
    case CONNECTING: return progress_connect(p);
    case OPEN: return 0;
    default: return IVS_ERR_STATE;
  }
}

/* The next connection goes on where this one ends; after the last address with a new look-up. */
static void give_up(struct ivs_posix *p) {
  distrust(p);
  if (p->next < p->count) turn(p, p->next);
  else p->count = 0;
}

static void port_close(struct ivs_port *port) {
  struct ivs_posix *p = self(port);
  if (p->state == CONNECTING) give_up(p);
  drop_lookup(p);
  drop_fd(p);
  ivs_wipe(p->ahead, sizeof p->ahead);
  p->ahead_n = 0;
  p->asked = false;
  p->state = CLOSED;
}

static int begin(struct ivs_posix *p, const struct ivs_peer *peer) {
  union ivs_posix_address address;
  p->next = 0;
  p->peer_port = peer->port;
  if (is_address(peer->host, &address)) {
    set_host(p, IVS_STR(""));
    p->addresses[0] = address;
    p->count = 1;
    return next_attempt(p);
  }
  set_host(p, peer->host);
  if (is_known(p)) return next_attempt(p);
  p->count = 0;
  p->lookups++;
  int r = ivs_posix_lookup_start(&p->lookup, &p->fd, peer->host, p->resolve, port_ticks(&p->port));
  if (r == 0) {
    p->state = LOOKUP;
    return IVS_AGAIN;
  }
  remember(p, r == EBUSY ? EAI_AGAIN : r, r == EBUSY);
  return IVS_ERR_NAME;
}

static int port_open(struct ivs_port *port, const struct ivs_peer *peer) {
  struct ivs_posix *p = self(port);
  if (p->state != CLOSED) return IVS_ERR_STATE;
  remember(p, 0, false);
  if (peer->host.n == 0 || peer->host.n > 255 || memchr(peer->host.p, 0, peer->host.n) != NULL)
    return IVS_ERR_ARGUMENT;
  int r = begin(p, peer);
  if (r == IVS_AGAIN) return 0;
  if (r != 0) port_close(port);
  return r;
}

/* --- bytes --- */

static int clamp(size_t n) {
  return n > INT_MAX ? INT_MAX : (int)n;
}

static bool would_block(int code) {
  return code == EAGAIN || code == EWOULDBLOCK;
}

static int port_send(struct ivs_port *port, const void *from, size_t n) {
  struct ivs_posix *p = self(port);
  ssize_t r;
  if (p->state != OPEN) return IVS_ERR_STATE;
  do r = send(p->fd, from, (size_t)clamp(n), MSG_NOSIGNAL);
  while (r < 0 && errno == EINTR);
  p->asked = r > 0;
  if (r > 0) {
    p->sent_bytes += (uint64_t)r;
    return (int)r;
  }
  p->events = IVS_WRITABLE;
  if (r == 0 || would_block(errno)) return IVS_AGAIN;
  return fail(p, errno == EPIPE ? IVS_ERR_CLOSED : IVS_ERR_NET, errno);
}

static int read_socket(struct ivs_posix *p, void *to, size_t n) {
  ssize_t r;
  do r = recv(p->fd, to, n, 0);
  while (r < 0 && errno == EINTR);
  if (r > 0) return (int)r;
  if (r == 0) return fail(p, IVS_ERR_CLOSED, 0);
  p->events = IVS_READABLE;
  return would_block(errno) ? IVS_AGAIN : fail(p, IVS_ERR_NET, errno);
}

/* TLS asks for the five bytes of a record's head, then for the rest. */
static int read_ahead(struct ivs_posix *p) {
  int r = read_socket(p, p->ahead, sizeof p->ahead);
  if (r < 0) return r;
  p->ahead_at = 0;
  p->ahead_n = (uint16_t)r;
  return 0;
}

static int take_ahead(struct ivs_posix *p, void *to, size_t n) {
  if (n > p->ahead_n) n = p->ahead_n;
  memcpy(to, p->ahead + p->ahead_at, n);
  p->ahead_at = (uint16_t)(p->ahead_at + n);
  p->ahead_n = (uint16_t)(p->ahead_n - n);
  return (int)n;
}

/* The answer to what was just sent takes longer than it takes to ask for it: the first time nobody
   looks. */
static bool is_too_early(struct ivs_posix *p) {
  bool early = p->asked && p->ahead_n == 0;
  p->asked = false;
  if (early) p->events = IVS_READABLE;
  return early;
}

static int port_recv(struct ivs_port *port, void *to, size_t n) {
  struct ivs_posix *p = self(port);
  int r = 0;
  if (p->state != OPEN) return IVS_ERR_STATE;
  if (is_too_early(p)) return IVS_AGAIN;
  if (p->ahead_n == 0 && n < sizeof p->ahead) r = read_ahead(p);
  if (r == 0) r = p->ahead_n > 0 ? take_ahead(p, to, n) : read_socket(p, to, (size_t)clamp(n));
  if (r > 0) p->received_bytes += (uint64_t)r;
  return r;
}

/* --- waiting --- */

static void port_wants(struct ivs_port *port, struct ivs_wait *w) {
  const struct ivs_posix *p = self(port);
  w->handle = p->fd;
  switch (p->state) {
    case LOOKUP: w->events = IVS_READABLE; break;
    case CONNECTING:
      w->events = IVS_WRITABLE;
      if (p->until < w->until) w->until = p->until;
      break;
    case OPEN: w->events = p->events; break;
    default: w->events = 0;
  }
}

static int milliseconds_until(struct ivs_port *port, uint64_t until) {
  uint64_t now = port_ticks(port);
  if (until <= now) return 0;
  return until - now > INT_MAX ? INT_MAX : (int)(until - now);
}

static int port_wait(struct ivs_port *port, const struct ivs_wait *w) {
  struct pollfd entry = {.fd = (int)w->handle, .events = 0, .revents = 0};
  if (w->events & IVS_READABLE) entry.events |= POLLIN;
  if (w->events & IVS_WRITABLE) entry.events |= POLLOUT;
  /* With no event asked for, a broken connection would still wake poll. */
  nfds_t count = w->handle >= 0 && entry.events != 0 ? 1 : 0;
  int milliseconds = milliseconds_until(port, w->until);
  if (milliseconds == 0) return 0;
  if (poll(&entry, count, milliseconds) < 0)
    return errno == EINTR || errno == EAGAIN ? 0 : fail(self(port), IVS_ERR_NET, errno);
  return (entry.revents & POLLNVAL) != 0 ? fail(self(port), IVS_ERR_NET, EBADF) : 0;
}

/* --- the rest --- */

static int port_detail(struct ivs_port *port, const char **text) {
  struct ivs_posix *p = self(port);
  *text = "";
  if (p->code == 0) return 0;
  if (p->code_is_eai) {
    *text = gai_strerror(p->code);
  } else if (strerror_r(p->code, p->text, sizeof p->text) == 0) {
    *text = p->text;
  }
  return p->code;
}

static const struct ivs_port_functions port_functions = {
    .open = port_open,
    .progress = port_progress,
    .send = port_send,
    .recv = port_recv,
    .close = port_close,
    .wants = port_wants,
    .wait = port_wait,
    .ticks = port_ticks,
    .clock = port_clock,
    .entropy = port_entropy,
    .detail = port_detail,
};

/* see ivs/posix.h */
void ivs_posix_init(struct ivs_posix *p) {
  memset(p, 0, sizeof *p);
  p->port.fn = &port_functions;
  p->connect_ms = CONNECT_MS;
  p->dns_ms = DNS_MS;
  p->resolve = ivs_posix_getaddrinfo;
  p->fd = -1;
}
