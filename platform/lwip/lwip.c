/*
 * TCP on lwIP's sockets, which never block here.
 *
 *   CLOSED -> LOOKUP -> CONNECTING -> OPEN -> CLOSED     a name
 *   CLOSED ->           CONNECTING -> OPEN -> CLOSED     an address, or a name known to lwIP
 *
 * lwIP gives one address of a name for each kind, IPv4 and IPv6. CONNECTING goes back to LOOKUP for
 * the second kind when the first did not answer.
 */
#include <ivs/lwip.h>

#include "lookup.h"
#include "options.h"

#include <errno.h>
#include <limits.h>
#include <lwip/dns.h>
#include <lwip/sockets.h>

enum { CONNECT_MS = 5000 };
enum { CLOSED, LOOKUP, CONNECTING, OPEN };
enum { FAMILY_4 = 1, FAMILY_6 = 2 };

/* Milliseconds after which a look-up is asked again: lwIP cannot wake a program that has no socket
   yet. */
enum { LOOKUP_MS = 20 };

static struct ivs_lwip *self(struct ivs_port *port) {
  return (struct ivs_lwip *)(void *)port;
}

/* --- errors --- */

/* Words for what lwIP's sockets and this port say. */
static const char *words(int code) {
  switch (code) {
    case 0: return "";
    case ETIMEDOUT: return "no answer";
    case ECONNRESET: return "refused or reset by the other side";
    case ECONNABORTED: return "given up by TCP";
    case EHOSTUNREACH: return "no route to the host";
    case ENFILE:
    case ENOBUFS: return "lwIP has no socket left: see MEMP_NUM_NETCONN and MEMP_NUM_TCP_PCB";
    case ENOMEM: return "lwIP is out of memory: see MEM_SIZE";
    case ENOTCONN: return "not connected";
    default: return "see lwIP's errno";
  }
}

static int fail(struct ivs_lwip *p, int result, int code) {
  p->code = code;
  p->text = words(code);
  return result;
}

static int fail_connect(struct ivs_lwip *p, int code) {
  p->refused = code;
  return fail(p, IVS_ERR_CONNECT, code);
}

static int fail_name(struct ivs_lwip *p, err_t code) {
  p->code = code;
  switch (code) {
    case ERR_TIMEOUT: p->text = "no such name, or no answer from DNS"; break;
    case ERR_VAL: p->text = "no DNS server is set"; break;
    case ERR_MEM: p->text = "too many look-ups at once: see DNS_TABLE_SIZE"; break;
    default: p->text = "lwIP cannot look this name up: is the network up?"; break;
  }
  return IVS_ERR_NAME;
}

/* --- clocks and entropy --- */

static uint64_t port_ticks(struct ivs_port *port) {
  const struct ivs_lwip_hooks *hooks = self(port)->hooks;
  return hooks->ticks(hooks->context);
}

static int64_t port_clock(struct ivs_port *port) {
  const struct ivs_lwip_hooks *hooks = self(port)->hooks;
  return hooks->clock(hooks->context);
}

static int port_entropy(struct ivs_port *port, void *to, size_t n) {
  struct ivs_lwip *p = self(port);
  int r = p->hooks->entropy(p->hooks->context, to, n);
  if (r == 0) return 0;
  p->code = r;
  p->text = "the board gave no random bytes";
  return IVS_ERR_ENTROPY;
}

/* --- connecting --- */

static void drop_fd(struct ivs_lwip *p) {
  if (p->fd >= 0) lwip_close(p->fd);
  p->fd = -1;
}

static void drop_lookup(struct ivs_lwip *p) {
  if (p->lookup != NULL) ivs_lwip_lookup_release(p->lookup);
  p->lookup = NULL;
}

static int opened(struct ivs_lwip *p) {
  p->state = OPEN;
  p->events = IVS_WRITABLE;
  return fail(p, 0, 0);
}

/* A socket for the address, ready to connect. 0 or an errno. */
static int make_socket(struct ivs_lwip *p) {
  int on = 1;
  p->fd = lwip_socket(IP_IS_V6(&p->address) ? AF_INET6 : AF_INET, SOCK_STREAM, 0);
  if (p->fd < 0) return errno;
  if (lwip_ioctl(p->fd, (long)FIONBIO, &on) < 0) return errno;
  return lwip_setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) < 0 ? errno : 0;
}

#if LWIP_IPV4
static int connect_4(struct ivs_lwip *p) {
  struct sockaddr_in to;
  memset(&to, 0, sizeof to);
  to.sin_len = sizeof to;
  to.sin_family = AF_INET;
  to.sin_port = lwip_htons(p->peer_port);
  inet_addr_from_ip4addr(&to.sin_addr, ip_2_ip4(&p->address));
  return lwip_connect(p->fd, (const struct sockaddr *)&to, sizeof to);
}
#endif

#if LWIP_IPV6
static int connect_6(struct ivs_lwip *p) {
  struct sockaddr_in6 to;
  memset(&to, 0, sizeof to);
  to.sin6_len = sizeof to;
  to.sin6_family = AF_INET6;
  to.sin6_port = lwip_htons(p->peer_port);
  inet6_addr_from_ip6addr(&to.sin6_addr, ip_2_ip6(&p->address));
  to.sin6_scope_id = ip6_addr_zone(ip_2_ip6(&p->address));
  return lwip_connect(p->fd, (const struct sockaddr *)&to, sizeof to);
}
#endif

static int connect_to_address(struct ivs_lwip *p) {
#if LWIP_IPV4 && LWIP_IPV6
  return IP_IS_V6(&p->address) ? connect_6(p) : connect_4(p);
#elif LWIP_IPV6
  return connect_6(p);
#else
  return connect_4(p);
#endif
}

/* Begins to connect to p->address. 0: connected. EINPROGRESS: not yet. Else an errno. */
static int begin_attempt(struct ivs_lwip *p) {
  int r = make_socket(p);
  if (r != 0) return r;
  return connect_to_address(p) == 0 ? 0 : errno;
}

static int attempt(struct ivs_lwip *p) {
  int r = begin_attempt(p);
  if (r == 0) return opened(p);
  if (r != EINPROGRESS) {
    drop_fd(p);
    return fail_connect(p, r);
  }
  p->state = CONNECTING;
  p->until = port_ticks(&p->port) + p->connect_ms;
  return IVS_AGAIN;
}

/* Looks the next kind of address up; and goes on with it, if lwIP knows one already. */
static int next_family(struct ivs_lwip *p) {
  bool v4 = p->families & FAMILY_4;
  p->families &= (uint8_t) ~(v4 ? FAMILY_4 : FAMILY_6);
  err_t r = ivs_lwip_lookup_start(
      &p->lookup, p->host, v4 ? LWIP_DNS_ADDRTYPE_IPV4 : LWIP_DNS_ADDRTYPE_IPV6, &p->address);
  if (r == ERR_OK) return attempt(p);
  if (r != ERR_INPROGRESS) return fail_name(p, r);
  p->state = LOOKUP;
  return IVS_AGAIN;
}

/* Kinds of address are tried until one leads somewhere. An address that did not answer says more
   than a kind of which there is none. */
static int or_next_family(struct ivs_lwip *p, int r) {
  while (r != 0 && r != IVS_AGAIN && p->families != 0) r = next_family(p);
  return r == IVS_ERR_NAME && p->refused != 0 ? fail_connect(p, p->refused) : r;
}

static void add(fd_set *set, int fd) {
  FD_SET((unsigned)fd, set);
}

/* How the attempt stands. 0: connected. EINPROGRESS: not yet. Else an errno. */
static int attempt_state(const struct ivs_lwip *p) {
  struct timeval at_once = {0, 0};
  fd_set writable;
  FD_ZERO(&writable);
  add(&writable, p->fd);
  int r = lwip_select(p->fd + 1, NULL, &writable, NULL, &at_once);
  if (r < 0) return errno;
  if (r == 0) return EINPROGRESS;
  int code = 0;
  socklen_t size = sizeof code;
  return lwip_getsockopt(p->fd, SOL_SOCKET, SO_ERROR, &code, &size) < 0 ? errno : code;
}

static int progress_connect(struct ivs_lwip *p) {
  int r = attempt_state(p);
  if (r == 0) return opened(p);
  if (r == EINPROGRESS) {
    if (port_ticks(&p->port) < p->until) return IVS_AGAIN;
    r = ETIMEDOUT;
  }
  drop_fd(p);
  return or_next_family(p, fail_connect(p, r));
}

static int progress_lookup(struct ivs_lwip *p) {
  err_t r = ivs_lwip_lookup_done(p->lookup, &p->address);
  if (r == ERR_INPROGRESS) return IVS_AGAIN;
  drop_lookup(p);
  return or_next_family(p, r == ERR_OK ? attempt(p) : fail_name(p, r));
}

static int port_progress(struct ivs_port *port) {
  struct ivs_lwip *p = self(port);
  switch (p->state) {
    case LOOKUP: return progress_lookup(p);
    case CONNECTING: return progress_connect(p);
    case OPEN: return 0;
    default: return IVS_ERR_STATE;
  }
}

static void port_close(struct ivs_port *port) {
  struct ivs_lwip *p = self(port);
  drop_lookup(p);
  drop_fd(p);
  p->state = CLOSED;
}

static int begin(struct ivs_lwip *p) {
  p->families = 0;
  p->refused = 0;
  if (ipaddr_aton(p->host, &p->address)) return attempt(p);
  if (LWIP_IPV4) p->families |= FAMILY_4;
  if (LWIP_IPV6) p->families |= FAMILY_6;
  return or_next_family(p, next_family(p));
}

static int port_open(struct ivs_port *port, const struct ivs_peer *peer) {
  struct ivs_lwip *p = self(port);
  ivs_str host = peer->host;
  if (p->state != CLOSED) return IVS_ERR_STATE;
  fail(p, 0, 0);
  if (host.n == 0 || host.n >= sizeof p->host || memchr(host.p, 0, host.n) != NULL)
    return IVS_ERR_ARGUMENT;
  memcpy(p->host, host.p, host.n);
  p->host[host.n] = '\0';
  p->peer_port = peer->port;
  int r = begin(p);
  if (r == IVS_AGAIN) return 0;
  if (r != 0) port_close(port);
  return r;
}

/* --- bytes --- */

static size_t clamp(size_t n) {
  return n > INT_MAX ? INT_MAX : n;
}

static bool would_block(int code) {
  return code == EAGAIN || code == EWOULDBLOCK;
}

static int port_send(struct ivs_port *port, const void *from, size_t n) {
  struct ivs_lwip *p = self(port);
  if (p->state != OPEN) return IVS_ERR_STATE;
  ssize_t r = lwip_send(p->fd, from, clamp(n), 0);
  if (r > 0) return (int)r;
  p->events = IVS_WRITABLE;
  /* lwIP says ENOMEM when it has no segment free now; those in flight come back. */
  if (r == 0 || would_block(errno) || errno == ENOMEM) return IVS_AGAIN;
  return fail(p, IVS_ERR_NET, errno);
}

static int port_recv(struct ivs_port *port, void *to, size_t n) {
  struct ivs_lwip *p = self(port);
  if (p->state != OPEN) return IVS_ERR_STATE;
  ssize_t r = lwip_recv(p->fd, to, clamp(n), 0);
  if (r > 0) return (int)r;
  if (r == 0) return fail(p, IVS_ERR_CLOSED, 0);
  p->events = IVS_READABLE;
  return would_block(errno) ? IVS_AGAIN : fail(p, IVS_ERR_NET, errno);
}

/* --- waiting --- */

static void lower(uint64_t *until, uint64_t to) {
  if (to < *until) *until = to;
}

static void port_wants(struct ivs_port *port, struct ivs_wait *w) {
  const struct ivs_lwip *p = self(port);
  w->handle = p->fd;
  w->events = 0;
  switch (p->state) {
    case LOOKUP: lower(&w->until, port_ticks(port) + LOOKUP_MS); break;
    case CONNECTING:
      w->events = IVS_WRITABLE;
      lower(&w->until, p->until);
      break;
    case OPEN: w->events = p->events; break;
    default: break;
  }
}

static struct timeval time_until(struct ivs_port *port, uint64_t until) {
  uint64_t now = port_ticks(port);
  uint64_t ms = until > now ? until - now : 0;
  struct timeval t;
  if (ms > INT_MAX) ms = INT_MAX; /* what lwIP counts with */
  t.tv_sec = (int32_t)(ms / 1000);
  t.tv_usec = (int32_t)(ms % 1000 * 1000);
  return t;
}

static int port_wait(struct ivs_port *port, const struct ivs_wait *w) {
  int fd = w->events != 0 ? (int)w->handle : -1;
  struct timeval t = time_until(port, w->until);
  fd_set readable, writable;
  FD_ZERO(&readable);
  FD_ZERO(&writable);
  if (fd >= 0 && (w->events & IVS_READABLE)) add(&readable, fd);
  if (fd >= 0 && (w->events & IVS_WRITABLE)) add(&writable, fd);
  if (lwip_select(fd + 1, &readable, &writable, NULL, &t) < 0)
    return fail(self(port), IVS_ERR_NET, errno);
  return 0;
}

/* --- the rest --- */

static int port_detail(struct ivs_port *port, const char **text) {
  *text = self(port)->text;
  return self(port)->code;
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

/* see ivs/lwip.h */
void ivs_lwip_init(struct ivs_lwip *p, const struct ivs_lwip_hooks *hooks) {
  memset(p, 0, sizeof *p);
  p->port.fn = &port_functions;
  p->hooks = hooks;
  p->connect_ms = CONNECT_MS;
  p->fd = -1;
  p->text = "";
}
