/*
 * A port over a port that takes and gives one byte at a time, and often none. Or, if `plenty`, as
 * much as there is; in either case one send, or one question for entropy, can be made to fail.
 */
#ifndef STARVED_H
#define STARVED_H

#include <ivs/port.h>

struct starved {
  struct ivs_port port;
  struct ivs_port *below;
  uint64_t random;
  bool idle;        /* the last IVS_AGAIN was of our own making */
  bool plenty;      /* passes everything on */
  int fail_send;    /* so many sends from now one fails, as if the network were away; 0: none */
  int fail_entropy; /* the same for questions for entropy */
};

static inline struct starved *starved_self(struct ivs_port *port) {
  return (struct starved *)(void *)port;
}

/* Half of the calls do nothing. */
static inline bool starved_skips(struct starved *s) {
  s->random ^= s->random << 13;
  s->random ^= s->random >> 7;
  s->random ^= s->random << 17;
  s->idle = !s->plenty && s->random >> 40 & 1;
  return s->idle;
}

static inline int starved_open(struct ivs_port *port, const struct ivs_peer *peer) {
  struct starved *s = starved_self(port);
  return s->below->fn->open(s->below, peer);
}

static inline int starved_progress(struct ivs_port *port) {
  struct starved *s = starved_self(port);
  return starved_skips(s) ? IVS_AGAIN : s->below->fn->progress(s->below);
}

static inline int starved_send(struct ivs_port *port, const void *p, size_t n) {
  struct starved *s = starved_self(port);
  if (s->fail_send > 0 && --s->fail_send == 0) return IVS_ERR_NET;
  return starved_skips(s) ? IVS_AGAIN : s->below->fn->send(s->below, p, s->plenty ? n : 1);
}

static inline int starved_recv(struct ivs_port *port, void *p, size_t n) {
  struct starved *s = starved_self(port);
  return starved_skips(s) ? IVS_AGAIN : s->below->fn->recv(s->below, p, s->plenty ? n : 1);
}

static inline void starved_close(struct ivs_port *port) {
  struct starved *s = starved_self(port);
  s->below->fn->close(s->below);
}

static inline void starved_wants(struct ivs_port *port, struct ivs_wait *w) {
  struct starved *s = starved_self(port);
  s->below->fn->wants(s->below, w);
  if (s->idle) w->until = 0;
}

static inline int starved_wait(struct ivs_port *port, const struct ivs_wait *w) {
  struct starved *s = starved_self(port);
  return s->below->fn->wait(s->below, w);
}

static inline uint64_t starved_ticks(struct ivs_port *port) {
  struct starved *s = starved_self(port);
  return s->below->fn->ticks(s->below);
}

static inline int64_t starved_clock(struct ivs_port *port) {
  struct starved *s = starved_self(port);
  return s->below->fn->clock(s->below);
}

static inline int starved_entropy(struct ivs_port *port, void *p, size_t n) {
  struct starved *s = starved_self(port);
  if (s->fail_entropy > 0 && --s->fail_entropy == 0) return IVS_ERR_ENTROPY;
  return s->below->fn->entropy(s->below, p, n);
}

static inline int starved_detail(struct ivs_port *port, const char **text) {
  struct starved *s = starved_self(port);
  return s->below->fn->detail(s->below, text);
}

static inline void starved_init(struct starved *s, struct ivs_port *below, uint64_t seed) {
  static const struct ivs_port_functions functions = {
      starved_open, starved_progress, starved_send,  starved_recv,    starved_close, starved_wants,
      starved_wait, starved_ticks,    starved_clock, starved_entropy, starved_detail};
  s->port.fn = &functions;
  s->below = below;
  s->random = seed * 2 + 1;
  s->idle = s->plenty = false;
  s->fail_send = s->fail_entropy = 0;
}

#endif
