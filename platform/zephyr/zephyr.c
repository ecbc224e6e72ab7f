/*
 * TCP on Zephyr's sockets, which never block here.
 *
 *   CLOSED -> LOOKUP -> CONNECTING -> OPEN -> CLOSED     a name
 *   CLOSED ->           CONNECTING -> OPEN -> CLOSED     an address
 *
 * The resolver answers in a thread of Zephyr's, once for each address and once at the end. IPv4 is
 * asked for first; CONNECTING goes back to LOOKUP for IPv6 when no address of the first kind
 * answered.
 */
#include <ivs/zephyr.h>

#include <errno.h>
#include <limits.h>
#include <zephyr/net/dns_resolve.h>
#include <zephyr/random/random.h>

/* Zephyr 4.4 gave the names of its network a prefix; here they are for those before. */
#ifdef IVS_ZEPHYR_OLD_NAMES
#define NET_AF_INET AF_INET
#define NET_AF_INET6 AF_INET6
#define NET_SOCK_STREAM SOCK_STREAM
#define NET_IPPROTO_TCP IPPROTO_TCP
#define ZSOCK_TCP_NODELAY TCP_NODELAY
#define ZSOCK_SOL_SOCKET SOL_SOCKET
#define ZSOCK_SO_ERROR SO_ERROR
#define net_htons(x) htons(x)
#endif

enum { CONNECT_MS = 5000, LOOKUP_MS = 5000 };
enum { CLOSED, LOOKUP, CONNECTING, OPEN };
enum { FAMILY_4 = 1, FAMILY_6 = 2 };

/* Milliseconds after which is asked again what no poll of a socket tells: a look-up, by a program
   that waits by itself; buffers of the network. */
enum { SHORT_WHILE_MS = 20 };

static struct ivs_zephyr *self(struct ivs_port *port) {
  return (struct ivs_zephyr *)(void *)port;
}

/* --- errors --- */

static const char *words(int code) {
  switch (code) {
    case 0: return "";
    case ETIMEDOUT: return "no answer";
    case ECONNREFUSED: return "refused by the other side";
    case ECONNRESET: return "reset by the other side";
    case ENETUNREACH:
    case EHOSTUNREACH: return "no route to the host: is the interface up?";
    case ENETDOWN: return "the network interface is down";
    case ENFILE:
    case EMFILE: return "no socket left: see CONFIG_ZVFS_OPEN_MAX and CONFIG_NET_MAX_CONTEXTS";
    case ENOBUFS:
    case ENOMEM: return "no network buffer or context left: see CONFIG_NET_MAX_CONN";
    case ENOTCONN: return "not connected";
    default: return "see Zephyr's errno";
  }
}

static int fail(struct ivs_zephyr *p, int result, int code) {
  p->code = code;
  p->text = words(code);
  return result;
}

static int fail_connect(struct ivs_zephyr *p, int code) {
  p->refused = code;
  return fail(p, IVS_ERR_CONNECT, code);
}

static int fail_name(struct ivs_zephyr *p, int code, const char *text) {
  p->code = code;
  p->text = text;
  return IVS_ERR_NAME;
}

/* For a look-up that did not begin. */
static int fail_query(struct ivs_zephyr *p, int code) {
  switch (code) {
    case -ENOENT: return fail_name(p, code, "no DNS server is set");
    case -EAGAIN:
      return fail_name(p, code, "too many look-ups at once: see CONFIG_DNS_NUM_CONCUR_QUERIES");
    default: return fail_name(p, code, "Zephyr's resolver failed: is the network up?");
  }
}

/* For one that ended without an address. */
static int fail_answer(struct ivs_zephyr *p, int status) {
  switch (status) {
    case DNS_EAI_CANCELED: return fail_name(p, status, "no answer from DNS");
    case DNS_EAI_NONAME:
    case DNS_EAI_NODATA:
    case DNS_EAI_FAIL:
    case DNS_EAI_ALLDONE: return fail_name(p, status, "no such name");
    default: return fail_name(p, status, "see Zephyr's enum dns_resolve_status");
  }
}

/* --- clocks and entropy --- */

static uint64_t port_ticks(struct ivs_port *port) {
  (void)port;
  return (uint64_t)k_uptime_get();
}

static int64_t port_clock(struct ivs_port *port) {
  struct ivs_zephyr *p = self(port);
  return p->clock != NULL ? p->clock() : k_uptime_get();
}

static int port_entropy(struct ivs_port *port, void *to, size_t n) {
  struct ivs_zephyr *p = self(port);
  int r = sys_csrand_get(to, n);
  if (r == 0) return 0;
  p->code = -r;
  p->text = "no random bytes: is CONFIG_ENTROPY_GENERATOR set?";
  return IVS_ERR_ENTROPY;
}

/* --- looking up --- */

/* Called by the resolver, never again after a status that ends the look-up or its cancellation. */
static void answered(enum dns_resolve_status status, struct dns_addrinfo *info, void *argument) {
  struct ivs_zephyr *p = argument;
  if (status == DNS_EAI_INPROGRESS) {
    if (info == NULL || p->found == IVS_ZEPHYR_ADDRESSES) return;
    p->addresses[p->found] = info->ai_addr;
    p->sizes[p->found] = info->ai_addrlen;
    p->found++;
    return;
  }
  p->lookup_status = (int)status;
  k_sem_give(&p->answered);
}

/* Zephyr aligns addresses in a row for their first member only. */
static void set_port_4(struct net_sockaddr *address, uint16_t number) {
  struct net_sockaddr_in v4;
  memcpy(&v4, address, sizeof v4);
  v4.sin_port = net_htons(number);
  memcpy(address, &v4, sizeof v4);
}

#if defined(CONFIG_NET_IPV6)
static void set_port_6(struct net_sockaddr *address, uint16_t number) {
  struct net_sockaddr_in6 v6;
  memcpy(&v6, address, sizeof v6);
  v6.sin6_port = net_htons(number);
  memcpy(address, &v6, sizeof v6);
}
#endif

static void set_port(struct ivs_zephyr *p) {
  for (int i = 0; i < p->found; i++) {
#if defined(CONFIG_NET_IPV6)
    if (p->addresses[i].sa_family == NET_AF_INET6) {
      set_port_6(&p->addresses[i], p->peer_port);
      continue;
    }
#endif
    set_port_4(&p->addresses[i], p->peer_port);
  }
}

static int start_lookup(struct ivs_zephyr *p) {
  bool v4 = p->families & FAMILY_4;
  p->families &= (uint8_t) ~(v4 ? FAMILY_4 : FAMILY_6);
  p->found = p->next = 0;
  k_sem_reset(&p->answered);
  int r = dns_get_addr_info(p->host, v4 ? DNS_QUERY_TYPE_A : DNS_QUERY_TYPE_AAAA, &p->query,
                            answered, p, (int32_t)p->lookup_ms);
  if (r < 0) return fail_query(p, r);
  p->state = LOOKUP;
  return IVS_AGAIN;
}

/* A look-up that is cancelled calls answered() before this returns, and not afterwards. */
static void drop_lookup(struct ivs_zephyr *p) {
  if (p->state == LOOKUP && k_sem_count_get(&p->answered) == 0) dns_cancel_addr_info(p->query);
}

/* --- connecting --- */

static void drop_fd(struct ivs_zephyr *p) {
  if (p->fd >= 0) zsock_close(p->fd);
  p->fd = -1;
}

static int opened(struct ivs_zephyr *p) {
  p->state = OPEN;
  p->events = IVS_WRITABLE;
  return fail(p, 0, 0);
}

/* A socket of the family, ready to connect. 0 or an errno. TCP_NODELAY is a wish: not every
   network device that does TCP by itself knows it. */
static int make_socket(struct ivs_zephyr *p, int family) {
  int on = 1;
  p->fd = zsock_socket(family, NET_SOCK_STREAM, NET_IPPROTO_TCP);
  if (p->fd < 0) return errno;
  if (zsock_fcntl(p->fd, ZVFS_F_SETFL, ZVFS_O_NONBLOCK) < 0) return errno;
  zsock_setsockopt(p->fd, NET_IPPROTO_TCP, ZSOCK_TCP_NODELAY, &on, sizeof on);
  return 0;
}

static int begin_attempt(struct ivs_zephyr *p, int i) {
  int r = make_socket(p, p->addresses[i].sa_family);
  if (r != 0) return r;
  return zsock_connect(p->fd, &p->addresses[i], p->sizes[i]) == 0 ? 0 : errno;
}

/* Goes on to the next address. */
static int attempt(struct ivs_zephyr *p) {
  int r = IVS_ERR_CONNECT;
  while (p->next < p->found) {
    int code = begin_attempt(p, p->next++);
    if (code == 0) return opened(p);
    if (code == EINPROGRESS) {
      p->state = CONNECTING;
      p->until = port_ticks(&p->port) + p->connect_ms;
      return IVS_AGAIN;
    }
    drop_fd(p);
    r = fail_connect(p, code);
  }
  return r;
}

/* An address that did not answer says more than a kind of which there is none. */
static int or_next_family(struct ivs_zephyr *p, int r) {
  while (r != 0 && r != IVS_AGAIN && p->families != 0) r = start_lookup(p);
  return r == IVS_ERR_NAME && p->refused != 0 ? fail_connect(p, p->refused) : r;
}

static int progress_lookup(struct ivs_zephyr *p) {
  if (k_sem_count_get(&p->answered) == 0) return IVS_AGAIN;
  p->state = CLOSED;
  if (p->found == 0) return or_next_family(p, fail_answer(p, p->lookup_status));
  set_port(p);
  return or_next_family(p, attempt(p));
}

/* How the attempt stands. 0: connected. EINPROGRESS: not yet. Else an errno. */
static int attempt_state(const struct ivs_zephyr *p) {
  struct zsock_pollfd poll = {.fd = p->fd, .events = ZSOCK_POLLOUT};
  int r = zsock_poll(&poll, 1, 0);
  if (r < 0) return errno;
  if (r == 0) return EINPROGRESS;
  int code = 0;
  net_socklen_t size = sizeof code;
  if (zsock_getsockopt(p->fd, ZSOCK_SOL_SOCKET, ZSOCK_SO_ERROR, &code, &size) < 0) return errno;
  if (code == 0 && (poll.revents & ZSOCK_POLLOUT) == 0) return ECONNREFUSED;
  return code;
}

static int progress_connect(struct ivs_zephyr *p) {
  int r = attempt_state(p);
  if (r == 0) return opened(p);
  if (r == EINPROGRESS) {
    if (port_ticks(&p->port) < p->until) return IVS_AGAIN;
    r = ETIMEDOUT;
  }
  drop_fd(p);
  int failed = fail_connect(p, r);
  return or_next_family(p, p->next < p->found ? attempt(p) : failed);
}

static int port_progress(struct ivs_port *port) {
  struct ivs_zephyr *p = self(port);
  switch (p->state) {
    case LOOKUP: return progress_lookup(p);
    case CONNECTING: return progress_connect(p);
    case OPEN: return 0;
    default: return IVS_ERR_STATE;
  }
}

static void port_close(struct ivs_port *port) {
  struct ivs_zephyr *p = self(port);
  drop_lookup(p);
  drop_fd(p);
  p->state = CLOSED;
}

/* True if host is an address, which is then the only one. */
static bool take_address(struct ivs_zephyr *p) {
  struct net_sockaddr_in *v4 = (void *)&p->addresses[0];
  p->found = p->next = 0;
  memset(&p->addresses[0], 0, sizeof p->addresses[0]);
  if (zsock_inet_pton(NET_AF_INET, p->host, &v4->sin_addr) == 1) {
    v4->sin_family = NET_AF_INET;
    p->sizes[0] = sizeof *v4;
    p->found = 1;
  }
#if defined(CONFIG_NET_IPV6)
  struct net_sockaddr_in6 *v6 = (void *)&p->addresses[0];
  if (p->found == 0 && zsock_inet_pton(NET_AF_INET6, p->host, &v6->sin6_addr) == 1) {
    v6->sin6_family = NET_AF_INET6;
    p->sizes[0] = sizeof *v6;
    p->found = 1;
  }
#endif
  set_port(p);
  return p->found == 1;
}

static int begin(struct ivs_zephyr *p) {
  p->families = 0;
  p->refused = 0;
  if (take_address(p)) return attempt(p);
  if (IS_ENABLED(CONFIG_NET_IPV4)) p->families |= FAMILY_4;
  if (IS_ENABLED(CONFIG_NET_IPV6)) p->families |= FAMILY_6;
  return or_next_family(p, start_lookup(p));
}

static int port_open(struct ivs_port *port, const struct ivs_peer *peer) {
  struct ivs_zephyr *p = self(port);
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

/* Buffers are of all connections: those in flight come back, and no poll tells when. */
static bool lacks_buffers(int code) {
  return code == ENOBUFS || code == ENOMEM;
}

static int port_send(struct ivs_port *port, const void *from, size_t n) {
  struct ivs_zephyr *p = self(port);
  if (p->state != OPEN) return IVS_ERR_STATE;
  ssize_t r = zsock_send(p->fd, from, clamp(n), 0);
  if (r > 0) return (int)r;
  p->events = r < 0 && lacks_buffers(errno) ? 0 : IVS_WRITABLE;
  if (r == 0 || would_block(errno) || lacks_buffers(errno)) return IVS_AGAIN;
  return fail(p, IVS_ERR_NET, errno);
}

static int port_recv(struct ivs_port *port, void *to, size_t n) {
  struct ivs_zephyr *p = self(port);
  if (p->state != OPEN) return IVS_ERR_STATE;
  ssize_t r = zsock_recv(p->fd, to, clamp(n), 0);
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
  const struct ivs_zephyr *p = self(port);
  w->handle = p->fd;
  w->events = p->state == CONNECTING ? IVS_WRITABLE : p->state == OPEN ? p->events : 0;
  if (p->state == CONNECTING) lower(&w->until, p->until);
  if (p->state == LOOKUP || (p->state == OPEN && p->events == 0))
    lower(&w->until, port_ticks(port) + SHORT_WHILE_MS);
}

static int ms_until(struct ivs_port *port, uint64_t until) {
  uint64_t now = port_ticks(port);
  uint64_t ms = until > now ? until - now : 0;
  return ms > INT_MAX ? INT_MAX : (int)ms;
}

/* The answer to a look-up wakes it; it is put back for progress(). */
static void wait_for_lookup(struct ivs_zephyr *p, int ms) {
  if (k_sem_take(&p->answered, K_MSEC(ms)) == 0) k_sem_give(&p->answered);
}

static int port_wait(struct ivs_port *port, const struct ivs_wait *w) {
  struct ivs_zephyr *p = self(port);
  struct zsock_pollfd poll = {.fd = (int)w->handle};
  int ms = ms_until(port, w->until);
  if (w->events & IVS_READABLE) poll.events |= ZSOCK_POLLIN;
  if (w->events & IVS_WRITABLE) poll.events |= ZSOCK_POLLOUT;
  if (p->state == LOOKUP) wait_for_lookup(p, ms);
  else if (poll.events == 0) k_msleep(ms);
  else if (zsock_poll(&poll, 1, ms) < 0 && errno != EINTR) return fail(p, IVS_ERR_NET, errno);
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

/* see ivs/zephyr.h */
void ivs_zephyr_init(struct ivs_zephyr *p) {
  memset(p, 0, sizeof *p);
  p->port.fn = &port_functions;
  p->connect_ms = CONNECT_MS;
  p->lookup_ms = LOOKUP_MS;
  p->fd = -1;
  p->text = "";
  k_sem_init(&p->answered, 0, 1);
}
