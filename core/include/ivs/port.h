/*
 * What the core asks of the machine it runs on: one connection at a time, two clocks, entropy.
 * Implement this for a new system; platform/ has it for POSIX, lwIP and Zephyr, and for TLS over
 * any other port.
 *
 * None of these functions blocks, except wait. None raises a signal.
 */
#ifndef IVS_PORT_H
#define IVS_PORT_H

#include <ivs/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What to wait for. */
enum { IVS_READABLE = 1, IVS_WRITABLE = 2 };
struct ivs_wait {
  intptr_t handle; /* for poll(): the port's file descriptor, or -1 */
  unsigned events; /* IVS_READABLE, IVS_WRITABLE; 0: only the time */
  /* Ticks at which to go on even if nothing happened; one that has passed: go on now. */
  uint64_t until;
};

/* Whom to connect to. Valid during open alone: a port copies what it needs later. What host views
   stays until the connection is open or closed. */
struct ivs_peer {
  ivs_str host; /* a name or an address; an IPv6 address without brackets */
  uint16_t port;
  int64_t now; /* seconds since 1970 as corrected by the client: certificates are judged by it; or
                  IVS_CLOCK_UNKNOWN: all but their dates */
};

/* For `now` of a peer while the client is still to learn the time from it. What is known by then is
   judged by its dates later: the client connects a second time, with the time it has learned. */
#define IVS_CLOCK_UNKNOWN INT64_MIN

struct ivs_port;

struct ivs_port_functions {
  /* Begins to resolve and to connect (and to shake hands). The port is closed when this is called.
     0 or an error. */
  int (*open)(struct ivs_port *port, const struct ivs_peer *peer);

  /* Goes on with that. 0: open. IVS_AGAIN: not yet. Else an error; the caller then closes. */
  int (*progress)(struct ivs_port *port);

  /* Takes up to n bytes, n > 0. > 0: bytes taken. IVS_AGAIN: none now; the caller comes back with
     the same bytes or more. IVS_ERR_CLOSED, IVS_ERR_NET, IVS_ERR_TLS. Never 0. After an error recv
     may still give what has come. */
  int (*send)(struct ivs_port *port, const void *p, size_t n);

  /* Gives up to n bytes, n > 0. > 0: bytes given. IVS_AGAIN: none now. IVS_ERR_CLOSED: the other
     side ended in order. IVS_ERR_NET: it did not (a TLS connection that ends without notice is
     one). Never 0. */
  int (*recv)(struct ivs_port *port, void *p, size_t n);

  /* Gives the connection up, also a half-open one, at once. Closing a closed port does nothing. */
  void (*close)(struct ivs_port *port);

  /* After IVS_AGAIN: what that waits for, in handle and events; until is lowered if the port has to
     act sooner by itself. */
  void (*wants)(struct ivs_port *port, struct ivs_wait *w);

  /* Sleeps until w is met or interrupted. May return early. 0 or an error. What w asks for may be
     another port's, while this one is closed: a client waits with its own port for its source of
     credentials, which has one too. So go by w alone; or, with no handle to tell them apart, wake
     for anything that happens. */
  int (*wait)(struct ivs_port *port, const struct ivs_wait *w);

  /* Milliseconds of a clock that never steps and never goes back. */
  uint64_t (*ticks)(struct ivs_port *port);

  /* Milliseconds since 1970-01-01T00:00:00Z as far as the machine knows. */
  int64_t (*clock)(struct ivs_port *port);

  /* Fills p with n random bytes fit for keys. 0 or IVS_ERR_ENTROPY. */
  int (*entropy)(struct ivs_port *port, void *p, size_t n);

  /* The system's or TLS library's own number for the last error, with a text of a few words to go
     with it ("" if none; static or in the port). Both stay until the next open, also after close.
   */
  int (*detail)(struct ivs_port *port, const char **text);
};

/* The first member of every implementation's own struct. */
struct ivs_port {
  const struct ivs_port_functions *fn;
};

#ifdef __cplusplus
}
#endif

#endif
