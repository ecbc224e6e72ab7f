/*
 * The port for POSIX systems: TCP on sockets, getaddrinfo, the system's clocks and entropy.
 *
 *   struct ivs_posix tcp;
 *   ivs_posix_init(&tcp);
 *   ... hand &tcp.port to the client, or to ivs_tls_init() for TLS above it
 *   tcp.port.fn->close(&tcp.port);
 *
 * One ivs_posix is one connection, for one thread at a time; any number of them may be used on any
 * threads. It holds no memory outside the struct, with one exception: while a host name is looked
 * up there is a worker thread (stack 256 KB) with a block of under 1 KB from malloc, besides what
 * getaddrinfo takes in that thread. A look-up that is given up, by close, ends in its own time and
 * then frees its block.
 */
#ifndef IVS_POSIX_H
#define IVS_POSIX_H

#include <ivs/port.h>

#include <netinet/in.h>
#include <sys/socket.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Addresses tried for one name, in the order the resolver gives them; further ones are ignored. */
enum { IVS_POSIX_ADDRESSES = 16 };

/* Where to connect to. The family of any of the three tells which it is. */
union ivs_posix_address {
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
};

/*
 * Resolves host, a NUL-ended name. Writes at most max addresses, ports unset, and their count to n.
 * 0, or a getaddrinfo error (EAI_...). Called in a worker thread, and may block; it may still run
 * after the port is closed or its memory reused, so it must touch nothing of the port.
 */
typedef int ivs_posix_resolve(const char *host, union ivs_posix_address *to, size_t max, size_t *n);

struct ivs_posix_lookup;

struct ivs_posix {
  struct ivs_port port;

  /* May be set after ivs_posix_init() and before open. */
  uint32_t connect_ms;        /* for each address, 5000 at first; then the next one is tried */
  ivs_posix_resolve *resolve; /* getaddrinfo at first */

  /* Private from here. */
  int fd; /* the socket, or what a look-up answers through; -1: none */
  uint8_t state;
  uint8_t events; /* what the last IVS_AGAIN waits for */
  uint16_t peer_port;
  uint64_t until; /* ticks at which this address is given up */
  struct ivs_posix_lookup *lookup;
  union ivs_posix_address addresses[IVS_POSIX_ADDRESSES];
  size_t count, next;
  int code; /* for detail(): errno or EAI_... */
  bool code_is_eai;
  char text[64];
};

/* Sets p up, closed, with the defaults above. There is nothing to undo but close. */
void ivs_posix_init(struct ivs_posix *p);

#ifdef __cplusplus
}
#endif

#endif
