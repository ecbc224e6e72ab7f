/*
 * One HTTP request and its response over a port, without blocking. The connection is kept for the
 * next one where that is possible. What calls of the service and sources of credentials stand on.
 *
 * The owner writes the request to space and its size to have, begins, and steps until the body of
 * the response lies in its place:
 *
 *   CONNECT -> SEND -> RECEIVE -> done
 *   (skipped when the connection is there already)
 */
#ifndef IVS_EXCHANGE_H
#define IVS_EXCHANGE_H

#include <ivs/http1.h>
#include <ivs/port.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What went over the connections of an owner since it was set up. */
struct ivs_counters {
  uint32_t calls;       /* started */
  uint32_t retries;     /* attempts beyond the first, of all calls */
  uint32_t refreshes;   /* credentials were replaced by new ones before or in a call */
  uint32_t requests;    /* sent whole, repetitions included */
  uint32_t connections; /* opened */
  uint32_t reused;      /* requests over a connection that was open already */
  uint64_t sent;        /* bytes of requests and responses, without what TLS adds */
  uint64_t received;
};

/* Zeroed, with port set, it is ready. What is small comes before what is large: near the beginning
   of a struct, Thumb reaches it with short instructions. */
struct ivs_exchange {
  struct ivs_port *port; /* used by this exchange alone */
  char *space;           /* the request; then the body of the response */
  size_t space_n;
  size_t have;  /* bytes of either */
  size_t extra; /* bytes that must be free behind a body that was announced */
  size_t need;  /* after IVS_ERR_SPACE: bytes of space that would do */

  /* To be read, as left_at and http, once the exchange has ended in success or failure. */
  bool reused;   /* the request went over a connection that was there before */
  bool left;     /* the whole request has left: the other side may act on it */
  bool answered; /* a byte of the response has come */
  bool cut;      /* the body of a refusal did not fit or did not come whole: it is dropped */

  /* Private. */
  uint8_t state;
  bool open;      /* the port has a connection, or is getting one */
  int send_error; /* why the request did not leave whole; 0: it did, or is still leaving */
  size_t sent;
  uint64_t idle_since;

  uint64_t left_at;             /* ticks when the whole request had left */
  struct ivs_http1 http;        /* status */
  struct ivs_counters counters; /* the owner's to count further in */
};

/*
 * Begins with the request in space[0..have). A kept connection is used if it has been idle for less
 * than idle_ms and is still good; else one is opened to *peer. on_field gets the headers of the
 * response. 0, or the port's error; the exchange has then ended.
 */
int ivs_exchange_begin(struct ivs_exchange *x, const struct ivs_peer *peer, uint32_t idle_ms,
                       ivs_http1_field_fn *on_field, void *context);

/*
 * One move. 1: there may be another. IVS_AGAIN: not before the port is ready. 0: done, the body is
 * in space[0..have). IVS_ERR_SPACE: still alive; give more by ivs_exchange_space() and go on. Any
 * other error ends it, with the connection closed and what was left of the request wiped.
 */
int ivs_exchange_move(struct ivs_exchange *x);

/* Gives it other space; what is under way is moved there. IVS_ERR_STATE while the request is on its
   way; IVS_ERR_SPACE if a response has begun and there is less than before. */
int ivs_exchange_space(struct ivs_exchange *x, void *space, size_t n);

/* Ends what is under way, closes the connection, wipes a request that has not left. */
void ivs_exchange_drop(struct ivs_exchange *x);

/* Closes the connection, if there is one. Between exchanges; a body in space stays. */
void ivs_exchange_close(struct ivs_exchange *x);

#ifdef __cplusplus
}
#endif

#endif
