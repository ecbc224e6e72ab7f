/*
 * The port over lwIP with IPv4 and IPv6, on this machine: lwIP's headers, and in place of lwIP one
 * answer for each kind of address. Prints "ok", or which case failed.
 */
#include "../../platform/lwip/lookup.h"

#include <ivs/lwip.h>

#include <errno.h>
#include <lwip/dns.h>
#include <lwip/sockets.h>
#include <stdio.h>

/* What is known of a kind of address. */
enum address { NONE, LATER, AT_ONCE };

struct kind {
  enum address address;
  int connects; /* 0, or the errno with which it ends */
};

static const struct test {
  const char *name;
  struct kind v4, v6;
  int result;
  const char *text;
} tests[] = {
    {"IPv4", {LATER, 0}, {NONE, 0}, 0, ""},
    {"IPv6", {NONE, 0}, {LATER, 0}, 0, ""},
    {"IPv6 after IPv4", {LATER, ECONNRESET}, {AT_ONCE, 0}, 0, ""},
    {"known", {AT_ONCE, 0}, {NONE, 0}, 0, ""},
    {"refused",
     {LATER, ECONNRESET},
     {NONE, 0},
     IVS_ERR_CONNECT,
     "refused or reset by the other side"},
    {"known, refused", {AT_ONCE, EHOSTUNREACH}, {NONE, 0}, IVS_ERR_CONNECT, "no route to the host"},
    {"both refuse",
     {LATER, ECONNRESET},
     {LATER, EHOSTUNREACH},
     IVS_ERR_CONNECT,
     "no route to the host"},
    {"IPv6 refuses",
     {NONE, 0},
     {LATER, ECONNRESET},
     IVS_ERR_CONNECT,
     "refused or reset by the other side"},
    {"no such name", {NONE, 0}, {NONE, 0}, IVS_ERR_NAME, "no such name, or no answer from DNS"},
};

static const struct test *test;
static const struct kind *asked, *socket_kind;

/* --- in place of lwIP --- */

struct ivs_lwip_lookup {
  char place;
};
static struct ivs_lwip_lookup the_lookup;

static void give(ip_addr_t *to) {
  if (asked == &test->v6) IP_SET_TYPE(to, IPADDR_TYPE_V6);
  else IP_SET_TYPE(to, IPADDR_TYPE_V4);
}

err_t ivs_lwip_lookup_start(struct ivs_lwip_lookup **lookup, const char *host, uint8_t type,
                            ip_addr_t *to) {
  (void)host;
  asked = type == LWIP_DNS_ADDRTYPE_IPV4 ? &test->v4 : &test->v6;
  if (asked->address == AT_ONCE) {
    give(to);
    return ERR_OK;
  }
  *lookup = &the_lookup;
  return ERR_INPROGRESS;
}

err_t ivs_lwip_lookup_done(struct ivs_lwip_lookup *lookup, ip_addr_t *to) {
  (void)lookup;
  if (asked->address == NONE) return ERR_TIMEOUT;
  give(to);
  return ERR_OK;
}

void ivs_lwip_lookup_release(struct ivs_lwip_lookup *lookup) {
  (void)lookup;
}

int ipaddr_aton(const char *text, ip_addr_t *to) {
  (void)text;
  (void)to;
  return 0;
}

u16_t lwip_htons(u16_t x) {
  return (u16_t)(x << 8 | x >> 8);
}

int lwip_socket(int domain, int type, int protocol) {
  (void)type;
  (void)protocol;
  socket_kind = domain == AF_INET6 ? &test->v6 : &test->v4;
  return 1;
}

int lwip_ioctl(int s, long cmd, void *argp) {
  (void)s;
  (void)cmd;
  (void)argp;
  return 0;
}

int lwip_setsockopt(int s, int level, int optname, const void *optval, socklen_t optlen) {
  (void)s;
  (void)level;
  (void)optname;
  (void)optval;
  (void)optlen;
  return 0;
}

int lwip_connect(int s, const struct sockaddr *name, socklen_t namelen) {
  (void)s;
  (void)namelen;
  errno = (name->sa_family == AF_INET6) == (socket_kind == &test->v6) ? EINPROGRESS : EPROTOTYPE;
  return -1;
}

int lwip_select(int maxfdp1, fd_set *readset, fd_set *writeset, fd_set *exceptset,
                struct timeval *timeout) {
  (void)maxfdp1;
  (void)readset;
  (void)writeset;
  (void)exceptset;
  (void)timeout;
  return 1;
}

int lwip_getsockopt(int s, int level, int optname, void *optval, socklen_t *optlen) {
  (void)s;
  (void)level;
  (void)optname;
  (void)optlen;
  *(int *)optval = socket_kind->connects;
  return 0;
}

ssize_t lwip_send(int s, const void *dataptr, size_t size, int flags) {
  (void)s;
  (void)dataptr;
  (void)flags;
  return (ssize_t)size;
}

ssize_t lwip_recv(int s, void *mem, size_t len, int flags) {
  (void)s;
  (void)mem;
  (void)len;
  (void)flags;
  return 0;
}

int lwip_close(int s) {
  (void)s;
  return 0;
}

/* --- the test --- */

static uint64_t ticks(void *context) {
  (void)context;
  return 0;
}

static int connect_to_name(struct ivs_port *port) {
  struct ivs_peer peer = {IVS_STR("desk.lan"), 443, IVS_CLOCK_UNKNOWN};
  int r = port->fn->open(port, &peer);
  if (r != 0) return r;
  for (int i = 0; i < 10 && (r = port->fn->progress(port)) == IVS_AGAIN;) i++;
  return r;
}

static int run(void) {
  static const struct ivs_lwip_hooks hooks = {.ticks = ticks};
  struct ivs_lwip tcp;
  const char *text = "";
  ivs_lwip_init(&tcp, &hooks);
  int r = connect_to_name(&tcp.port);
  int code = tcp.port.fn->detail(&tcp.port, &text);
  bool right = r == test->result && strcmp(text, test->text) == 0;
  if (!right) printf("%s: %d, %d %s\n", test->name, r, code, text);
  tcp.port.fn->close(&tcp.port);
  return right ? 0 : 1;
}

int main(void) {
  int failed = 0;
  for (test = tests; test < tests + sizeof tests / sizeof tests[0]; test++) failed += run();
  if (failed == 0) puts("ok");
  return failed != 0;
}
