/*
 * What the tests of the POSIX port need of loopback: listeners, a host that does not answer, peers.
 * Included behind check.h.
 */
#ifndef LOOPBACK_H
#define LOOPBACK_H

#include <arpa/inet.h>
#include <sys/socket.h>

#include <ivs/posix.h>

enum { LONG_MS = 20000 };

static inline uint64_t in_ms(struct ivs_port *port, uint64_t ms) {
  return port->fn->ticks(port) + ms;
}

static inline struct ivs_peer peer_of(const char *host, uint16_t port) {
  struct ivs_peer peer = {ivs_cstr(host), port, 0};
  return peer;
}

/* An IPv4 or IPv6 address and a port. Its size for bind() and connect(). */
static inline socklen_t to_address(union ivs_posix_address *to, const char *text, uint16_t port) {
  memset(to, 0, sizeof *to);
  if (strchr(text, ':') != NULL) {
    to->v6.sin6_family = AF_INET6;
    to->v6.sin6_port = htons(port);
    inet_pton(AF_INET6, text, &to->v6.sin6_addr);
    return sizeof to->v6;
  }
  to->v4.sin_family = AF_INET;
  to->v4.sin_port = htons(port);
  inet_pton(AF_INET, text, &to->v4.sin_addr);
  return sizeof to->v4;
}

/* A listening socket on an address; *port 0 takes a free one. */
static inline int listen_on(const char *address, uint16_t *port, int backlog) {
  union ivs_posix_address a;
  socklen_t size = to_address(&a, address, *port);
  int on = 1;
  int fd = socket(a.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(fd, &a.any, size) != 0 || listen(fd, backlog) != 0) {
    perror("listen");
    exit(1);
  }
  getsockname(fd, &a.any, &size);
  *port = ntohs(a.any.sa_family == AF_INET6 ? a.v6.sin6_port : a.v4.sin_port);
  return fd;
}

static inline uint16_t unused_port(void) {
  uint16_t port = 0;
  close(listen_on("127.0.0.1", &port, 1));
  return port;
}

/* A listener whose queue is full drops what else comes: like a host that does not answer. */
struct hole {
  int listener, fill[2];
  uint16_t port;
};

static inline void hole_make(struct hole *h, const char *address, uint16_t port) {
  union ivs_posix_address a;
  h->port = port;
  h->listener = listen_on(address, &h->port, 0);
  socklen_t size = to_address(&a, address, h->port);
  for (int i = 0; i < 2; i++) {
    h->fill[i] = socket(a.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
    (void)!connect(h->fill[i], &a.any, size);
  }
  usleep(20000);
}

static inline void hole_close(struct hole *h) {
  close(h->fill[0]);
  close(h->fill[1]);
  close(h->listener);
}

static inline int failure_code(struct ivs_posix *tcp) {
  const char *text = NULL;
  int code = tcp->port.fn->detail(&tcp->port, &text);
  CHECK(text != NULL && (code == 0) == (text[0] == '\0'));
  return code;
}

#endif
