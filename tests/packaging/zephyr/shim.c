/*
 * Zephyr's functions over POSIX, so that what was built for the stand-in runs here. The resolver
 * answers in a thread of its own, after STAND_IN_DNS_MS milliseconds of the environment; it knows
 * the names of a table and nothing else. An IPv6 address is translated to the IPv4 one in its last
 * four bytes, so that the machine needs no IPv6.
 */
#define _GNU_SOURCE
#include <zephyr/kernel.h>
#include <zephyr/net/dns_resolve.h>
#include <zephyr/random/random.h>
#include <zephyr/sys/printk.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* --- kernel --- */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t given = PTHREAD_COND_INITIALIZER;

int64_t k_uptime_get(void) {
  static int64_t boot;
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  int64_t now = (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
  if (boot == 0) boot = now;
  return now - boot;
}

int32_t k_msleep(int32_t ms) {
  usleep((useconds_t)ms * 1000);
  return 0;
}

int k_sem_init(struct k_sem *sem, unsigned int initial_count, unsigned int limit) {
  *sem = (struct k_sem){initial_count, limit};
  return 0;
}

int k_sem_take(struct k_sem *sem, k_timeout_t timeout) {
  struct timespec end;
  clock_gettime(CLOCK_REALTIME, &end);
  int64_t ns = end.tv_nsec + timeout.ms % 1000 * 1000000;
  end.tv_sec += timeout.ms / 1000 + ns / 1000000000;
  end.tv_nsec = ns % 1000000000;
  pthread_mutex_lock(&lock);
  int r = 0;
  while (sem->count == 0 && r == 0) r = pthread_cond_timedwait(&given, &lock, &end);
  if (sem->count > 0) sem->count--;
  pthread_mutex_unlock(&lock);
  return r == 0 ? 0 : -EAGAIN;
}

void k_sem_give(struct k_sem *sem) {
  pthread_mutex_lock(&lock);
  if (sem->count < sem->limit) sem->count++;
  pthread_cond_broadcast(&given);
  pthread_mutex_unlock(&lock);
}

void k_sem_reset(struct k_sem *sem) {
  pthread_mutex_lock(&lock);
  sem->count = 0;
  pthread_mutex_unlock(&lock);
}

unsigned int k_sem_count_get(struct k_sem *sem) {
  pthread_mutex_lock(&lock);
  unsigned int count = sem->count;
  pthread_mutex_unlock(&lock);
  return count;
}

void printk(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vprintf(format, arguments);
  va_end(arguments);
}

int sys_csrand_get(void *dst, size_t len) {
  return getrandom(dst, len, 0) == (ssize_t)len ? 0 : -EIO;
}

/* --- sockets --- */

static bool is_v6(const struct net_sockaddr *address) {
  return IS_ENABLED(CONFIG_NET_IPV6) && address->sa_family == NET_AF_INET6;
}

static void to_posix(const struct net_sockaddr *from, struct sockaddr_in *to) {
  memset(to, 0, sizeof *to);
  to->sin_family = AF_INET;
  if (is_v6(from)) {
    struct net_sockaddr_in6 v6;
    memcpy(&v6, from, sizeof v6);
    to->sin_port = v6.sin6_port;
    memcpy(&to->sin_addr, (const char *)&v6.sin6_addr + 12, 4);
    return;
  }
  struct net_sockaddr_in v4;
  memcpy(&v4, from, sizeof v4);
  to->sin_port = v4.sin_port;
  to->sin_addr.s_addr = v4.sin_addr.s_addr;
}

int zsock_socket(int family, int type, int proto) {
  if (family != NET_AF_INET && !(IS_ENABLED(CONFIG_NET_IPV6) && family == NET_AF_INET6)) abort();
  if (type != NET_SOCK_STREAM || proto != NET_IPPROTO_TCP) abort();
  return socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
}

int zsock_close(int sock) {
  return close(sock);
}

int zsock_connect(int sock, const struct net_sockaddr *addr, net_socklen_t addrlen) {
  struct sockaddr_in to;
  if (!is_v6(addr) && addr->sa_family != NET_AF_INET) abort();
  if (addrlen < (is_v6(addr) ? sizeof(struct net_sockaddr_in6) : sizeof(struct net_sockaddr_in)))
    abort();
  to_posix(addr, &to);
  return connect(sock, (struct sockaddr *)&to, sizeof to);
}

ssize_t zsock_send(int sock, const void *buf, size_t len, int flags) {
  return send(sock, buf, len, flags | MSG_NOSIGNAL);
}

ssize_t zsock_recv(int sock, void *buf, size_t max_len, int flags) {
  return recv(sock, buf, max_len, flags);
}

int zsock_fcntl(int sock, int cmd, ...) {
  va_list arguments;
  va_start(arguments, cmd);
  int flags = va_arg(arguments, int);
  va_end(arguments);
  if (cmd != ZVFS_F_SETFL || flags != ZVFS_O_NONBLOCK) abort();
  return fcntl(sock, F_SETFL, O_NONBLOCK);
}

int zsock_poll(struct zsock_pollfd *fds, int nfds, int timeout) {
  if (nfds != 1) abort();
  struct pollfd one = {.fd = fds->fd, .events = fds->events};
  int r = poll(&one, 1, timeout);
  fds->revents = one.revents;
  return r;
}

int zsock_getsockopt(int sock, int level, int optname, void *optval, net_socklen_t *optlen) {
  if (level != ZSOCK_SOL_SOCKET || optname != ZSOCK_SO_ERROR) abort();
  socklen_t size = *optlen;
  return getsockopt(sock, SOL_SOCKET, SO_ERROR, optval, &size);
}

int zsock_setsockopt(int sock, int level, int optname, const void *optval, net_socklen_t optlen) {
  if (level != NET_IPPROTO_TCP || optname != ZSOCK_TCP_NODELAY) abort();
  return setsockopt(sock, IPPROTO_TCP, TCP_NODELAY, optval, optlen);
}

int zsock_inet_pton(net_sa_family_t family, const char *src, void *dst) {
  return inet_pton(family == NET_AF_INET6 ? AF_INET6 : AF_INET, src, dst);
}

/* --- resolver: one query at a time --- */

/* The addresses of a kind, in their order; NULL: there is none. */
static const struct {
  const char *name, *v4[2], *v6;
} names[] = {
    {"localhost", {"127.0.0.1"}, NULL},
    {"one-dead", {"127.0.0.2", "127.0.0.1"}, NULL},
    {"six-only", {NULL}, "64:ff9b::127.0.0.1"},
    {"four-dead", {"127.0.0.2"}, "64:ff9b::127.0.0.1"},
};

static pthread_mutex_t resolver = PTHREAD_MUTEX_INITIALIZER;
static struct {
  char name[64];
  enum dns_query_type type;
  dns_resolve_cb_t cb; /* NULL: ended */
  void *user_data;
  uint16_t id;
} query;

static void tell_v4(const char *address) {
  struct dns_addrinfo info = {.ai_addrlen = sizeof(struct net_sockaddr_in),
                              .ai_family = NET_AF_INET};
  struct net_sockaddr_in v4 = {.sin_family = NET_AF_INET};
  v4.sin_addr.s_addr = inet_addr(address);
  memcpy(&info.ai_addr, &v4, sizeof v4);
  query.cb(DNS_EAI_INPROGRESS, &info, query.user_data);
}

static void tell_v6(const char *address) {
#ifdef CONFIG_NET_IPV6
  struct dns_addrinfo info = {.ai_addrlen = sizeof(struct net_sockaddr_in6),
                              .ai_family = NET_AF_INET6};
  struct net_sockaddr_in6 v6 = {.sin6_family = NET_AF_INET6};
  if (inet_pton(AF_INET6, address, &v6.sin6_addr) != 1) abort();
  memcpy(&info.ai_addr, &v6, sizeof v6);
  query.cb(DNS_EAI_INPROGRESS, &info, query.user_data);
#else
  (void)address;
  abort();
#endif
}

/* Tells the addresses that were asked for. False: there is none. */
static bool tell(void) {
  size_t i = 0;
  while (i < sizeof names / sizeof names[0] && strcmp(names[i].name, query.name) != 0) i++;
  if (i == sizeof names / sizeof names[0]) return false;
  if (query.type == DNS_QUERY_TYPE_AAAA) {
    if (names[i].v6 != NULL) tell_v6(names[i].v6);
    return names[i].v6 != NULL;
  }
  for (size_t k = 0; k < 2 && names[i].v4[k] != NULL; k++) tell_v4(names[i].v4[k]);
  return names[i].v4[0] != NULL;
}

static void finish(enum dns_resolve_status status) {
  dns_resolve_cb_t cb = query.cb;
  query.cb = NULL;
  cb(status, NULL, query.user_data);
}

static void *answer(void *id) {
  const char *ms = getenv("STAND_IN_DNS_MS");
  k_msleep(ms != NULL ? atoi(ms) : 1);
  pthread_mutex_lock(&resolver);
  if (query.cb != NULL && query.id == (uint16_t)(uintptr_t)id)
    finish(tell() ? DNS_EAI_ALLDONE : DNS_EAI_NODATA);
  pthread_mutex_unlock(&resolver);
  return NULL;
}

int dns_get_addr_info(const char *name, enum dns_query_type type, uint16_t *dns_id,
                      dns_resolve_cb_t cb, void *user_data, int32_t timeout) {
  static uint16_t last;
  pthread_t thread;
  if (type != DNS_QUERY_TYPE_A && !(IS_ENABLED(CONFIG_NET_IPV6) && type == DNS_QUERY_TYPE_AAAA))
    return -EINVAL;
  if (timeout <= 0 || strlen(name) >= sizeof query.name) return -EINVAL;
  pthread_mutex_lock(&resolver);
  bool busy = query.cb != NULL;
  if (!busy) {
    strcpy(query.name, name);
    query.type = type;
    query.cb = cb;
    query.user_data = user_data;
    query.id = *dns_id = ++last;
  }
  pthread_mutex_unlock(&resolver);
  if (busy) return -EAGAIN;
  if (pthread_create(&thread, NULL, answer, (void *)(uintptr_t)*dns_id) != 0) abort();
  pthread_detach(thread);
  return 0;
}

int dns_cancel_addr_info(uint16_t dns_id) {
  pthread_mutex_lock(&resolver);
  bool there = query.cb != NULL && query.id == dns_id;
  if (there) finish(DNS_EAI_CANCELED);
  pthread_mutex_unlock(&resolver);
  return there ? 0 : -ENOENT;
}
