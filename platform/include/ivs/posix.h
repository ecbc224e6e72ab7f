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
 * then frees its block; for 5 s from its beginning, and while no other may be started, the next port
 * that asks for the same name takes it up instead of starting another. While IVS_POSIX_GIVEN_UP_MAX
 * of them are not finished, open() of a name that is not among them fails with IVS_ERR_NAME, and
 * detail() has EAI_AGAIN.
 *
 * Such a thread outlives the port and runs code of this library: a plugin that holds it, and that
 * dlclose() could take away meanwhile, has to be linked with -z nodelete.
 *
 * A process that was forked has none of these threads: it has to close a port that was looking a
 * name up, and may then open it again.
 *
 * The addresses of the last name are remembered for a while, for the next connection to it; not
 * after none of them could be connected to. The one that worked last is tried first, also when the
 * name has been looked up anew and still has it; one that did not answer is tried last.
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

/* Look-ups of a process that were given up and are not finished, from which on no other is started:
   nothing answers there. Those that a port waits for do not count. */
enum { IVS_POSIX_GIVEN_UP_MAX = 16 };

/* Bytes that are read at once where fewer were asked for. */
enum { IVS_POSIX_AHEAD = 1024 };

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
  uint32_t dns_ms;            /* how long a look-up is remembered, 30000 at first; 0: not at all */
  ivs_posix_resolve *resolve; /* getaddrinfo at first */

  /* To be read: names looked up, and bytes that went over the wire since ivs_posix_init(). */
  uint32_t lookups;
  uint64_t sent_bytes, received_bytes;

  /* Private from here. */
  int fd; /* the socket, or what a look-up answers through; -1: none */
  uint8_t state;
  uint8_t events; /* what the last IVS_AGAIN waits for */
  uint16_t peer_port;
  uint64_t until; /* ticks at which this address is given up */
  struct ivs_posix_lookup *lookup;
  char host[256]; /* the last name, NUL-ended; "" for an address. What follows is known of it */
  union ivs_posix_address addresses[IVS_POSIX_ADDRESSES]; /* in the order to be tried */
  size_t count, next;                                     /* count 0: not known (any more) */
  uint64_t looked_up;                                     /* ticks */
  union ivs_posix_address worked; /* the one that was connected to last; family 0: none */
  int code;                       /* for detail(): errno or EAI_... */
  bool code_is_eai;
  bool asked; /* something was sent, and no answer looked for yet */
  char text[64];
  unsigned char ahead[IVS_POSIX_AHEAD]; /* read, and not asked for yet */
  uint16_t ahead_at, ahead_n;           /* what is left of it */
};

/* Sets p up, closed, with the defaults above. There is nothing to undo but close. */
void ivs_posix_init(struct ivs_posix *p);

#ifdef __cplusplus
}
#endif

#endif
