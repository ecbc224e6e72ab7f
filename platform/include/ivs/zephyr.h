/*
 * The port for Zephyr 4 through its own socket interface (zsock_...): TCP, DNS, the kernel's clock
 * and its generator of random numbers. The POSIX names are not needed.
 *
 *   struct ivs_zephyr tcp;
 *   ivs_zephyr_init(&tcp);
 *   ... hand &tcp.port to the client, or to ivs_tls_init() for TLS above it
 *   tcp.port.fn->close(&tcp.port);
 *
 * One ivs_zephyr is one connection, for one thread at a time. It needs one socket, for a host name
 * one of CONFIG_DNS_NUM_CONCUR_QUERIES, and no heap.
 */
#ifndef IVS_ZEPHYR_H
#define IVS_ZEPHYR_H

#include <ivs/port.h>

#include <zephyr/kernel.h>
#include <zephyr/net/socket.h>

/* Zephyr 4.4 gave the names of its network a prefix; here they are for those before. */
#ifndef NET_AF_INET
#define IVS_ZEPHYR_OLD_NAMES 1
#define net_sockaddr sockaddr
#define net_sockaddr_in sockaddr_in
#define net_sockaddr_in6 sockaddr_in6
#define net_socklen_t socklen_t
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Addresses of a name that are tried, of each kind. */
enum { IVS_ZEPHYR_ADDRESSES = 3 };

struct ivs_zephyr {
  struct ivs_port port;

  /* May be set after ivs_zephyr_init() and before open. */
  uint32_t connect_ms; /* for each address, 5000 at first; then the next one is tried */
  uint32_t lookup_ms;  /* for each kind of address, 5000 at first */

  /* Milliseconds since 1970-01-01T00:00:00Z as far as the board knows. NULL, as at first: nothing
     keeps the time. The clock then begins with 1970 at start-up, and ivs_clock_learn() corrects
     it. */
  int64_t (*clock)(void);

  /* Private from here. */
  int fd; /* -1: none */
  uint8_t state;
  uint8_t events;   /* what the last IVS_AGAIN waits for; 0: a short while */
  uint8_t families; /* kinds of address still to be looked up */
  uint8_t found;    /* addresses that the look-up gave, */
  uint8_t next;     /* and the next one to try */
  uint16_t peer_port;
  uint16_t query;        /* the look-up's number */
  int lookup_status;     /* how it ended, an enum dns_resolve_status */
  struct k_sem answered; /* given when it has; until then found and addresses are the resolver's */
  uint64_t until;        /* ticks at which this address is given up */
  int refused;           /* the errno of the last address that did not answer; 0: none yet */
  int code;              /* for detail() */
  const char *text;      /* for detail(), a constant */
  char host[256];        /* the peer's, NUL-ended */
  struct net_sockaddr addresses[IVS_ZEPHYR_ADDRESSES];
  net_socklen_t sizes[IVS_ZEPHYR_ADDRESSES];
};

/* Sets p up, closed, with the defaults above. There is nothing to undo but close. */
void ivs_zephyr_init(struct ivs_zephyr *p);

#ifdef __cplusplus
}
#endif

#endif
