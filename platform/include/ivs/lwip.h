/*
 * The port for lwIP 2.1 or 2.2 through its socket interface: TCP and DNS of lwIP, clocks and
 * entropy of the board.
 *
 *   static const struct ivs_lwip_hooks hooks = {board_ticks, board_clock, board_entropy};
 *   struct ivs_lwip tcp;
 *   ivs_lwip_init(&tcp, &hooks);
 *   ... hand &tcp.port to the client, or to ivs_tls_init() for TLS above it
 *   tcp.port.fn->close(&tcp.port);
 *
 * One ivs_lwip is one connection, for one thread at a time, none of them lwIP's own. It needs one
 * socket of lwIP and no heap. platform/lwip/README.md names the options that lwIP must be built
 * with; what is missing the compiler says.
 */
#ifndef IVS_LWIP_H
#define IVS_LWIP_H

#include <ivs/port.h>

#include <lwip/ip_addr.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What lwIP does not know: the board's. All are required, and never block. */
struct ivs_lwip_hooks {
  /* Milliseconds of a clock that never steps and never goes back, all 64 bits of them. */
  uint64_t (*ticks)(void *context);

  /* Milliseconds since 1970-01-01T00:00:00Z as far as the board knows; where nothing keeps the
     time, any number that goes on from the start, and ivs_clock_learn(). */
  int64_t (*clock)(void *context);

  /* Fills p with n bytes of a random number generator fit for keys. 0, or the board's own error
     number, not 0. */
  int (*entropy)(void *context, void *p, size_t n);

  void *context; /* for the three above */
};

struct ivs_lwip_lookup;

struct ivs_lwip {
  struct ivs_port port;

  /* May be set after ivs_lwip_init() and before open. */
  uint32_t connect_ms; /* for each address, 5000 at first; then the next one is tried */

  /* Private from here. */
  const struct ivs_lwip_hooks *hooks;
  int fd; /* -1: none */
  uint8_t state;
  uint8_t events;   /* what the last IVS_AGAIN waits for */
  uint8_t families; /* kinds of address still to be looked up */
  uint16_t peer_port;
  uint64_t until; /* ticks at which this address is given up */
  struct ivs_lwip_lookup *lookup;
  ip_addr_t address;
  int refused;      /* the errno of the last address that did not answer; 0: none yet */
  int code;         /* for detail() */
  const char *text; /* for detail(), a constant */
  char host[256];   /* the peer's, NUL-ended */
};

/* Sets p up, closed, with the defaults above; hooks must outlive it. There is nothing to undo but
   close. */
void ivs_lwip_init(struct ivs_lwip *p, const struct ivs_lwip_hooks *hooks);

#ifdef __cplusplus
}
#endif

#endif
