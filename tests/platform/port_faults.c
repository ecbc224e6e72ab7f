/*
 * Every fault is one function or two in place of those that pass everything on.
 */
#include "port_faults.h"

#include <string.h>

enum { FEW = 5, CLOCK_STEP = 5, MANY = 1000, EARLY = 500, STALL_MS = 1400 };

static struct faulty *self(struct ivs_port *port) {
  return (struct faulty *)(void *)port;
}

static struct ivs_port *below(struct ivs_port *port) {
  return self(port)->below;
}

/* --- without a fault --- */

static int good_open(struct ivs_port *port, const struct ivs_peer *peer) {
  struct faulty *f = self(port);
  f->peer = peer;
  f->host = peer->host;
  f->received = 0;
  f->ended = false;
  f->open = true;
  return f->below->fn->open(f->below, peer);
}

static int good_progress(struct ivs_port *port) {
  return below(port)->fn->progress(below(port));
}

static int good_send(struct ivs_port *port, const void *p, size_t n) {
  return below(port)->fn->send(below(port), p, n);
}

static int good_recv(struct ivs_port *port, void *p, size_t n) {
  struct faulty *f = self(port);
  int r = f->below->fn->recv(f->below, p, n);
  if (r > 0) f->received += (uint32_t)r;
  else if (r != IVS_AGAIN) f->ended = true;
  return r;
}

static void good_close(struct ivs_port *port) {
  self(port)->open = false;
  below(port)->fn->close(below(port));
}

static void good_wants(struct ivs_port *port, struct ivs_wait *w) {
  below(port)->fn->wants(below(port), w);
}

static int good_wait(struct ivs_port *port, const struct ivs_wait *w) {
  return below(port)->fn->wait(below(port), w);
}

static uint64_t good_ticks(struct ivs_port *port) {
  return below(port)->fn->ticks(below(port));
}

static int64_t good_clock(struct ivs_port *port) {
  return below(port)->fn->clock(below(port));
}

static int good_entropy(struct ivs_port *port, void *p, size_t n) {
  return below(port)->fn->entropy(below(port), p, n);
}

static int good_detail(struct ivs_port *port, const char **text) {
  return below(port)->fn->detail(below(port), text);
}

/* --- clocks and entropy --- */

static uint64_t ticks_back(struct ivs_port *port) {
  return good_ticks(port) - (++self(port)->calls % MANY == 0 ? CLOCK_STEP : 0);
}

static uint64_t ticks_micro(struct ivs_port *port) {
  return good_ticks(port) * MANY;
}

static uint64_t ticks_seconds(struct ivs_port *port) {
  return good_ticks(port) / MANY;
}

static int64_t clock_still(struct ivs_port *port) {
  (void)port;
  return 1795421555000;
}

static int64_t clock_slow(struct ivs_port *port) {
  return good_clock(port) / 10;
}

static int entropy_same(struct ivs_port *port, void *p, size_t n) {
  (void)port;
  for (size_t i = 0; i < n; i++) ((unsigned char *)p)[i] = (unsigned char)(i * 31);
  return 0;
}

static int entropy_zero(struct ivs_port *port, void *p, size_t n) {
  (void)port;
  memset(p, 0, n);
  return 0;
}

static int entropy_short(struct ivs_port *port, void *p, size_t n) {
  return n > 4 ? good_entropy(port, p, n - 1) : good_entropy(port, p, n);
}

/* In words, as some generators give them. */
static int entropy_long(struct ivs_port *port, void *p, size_t n) {
  return good_entropy(port, p, (n + 3) / 4 * 4);
}

static int entropy_fails(struct ivs_port *port, void *p, size_t n) {
  (void)port, (void)p, (void)n;
  return IVS_ERR_ENTROPY;
}

/* --- open and close --- */

static int send_by_peer(struct ivs_port *port, const void *p, size_t n) {
  return self(port)->host.p[0] == '?' ? IVS_ERR_NET : good_send(port, p, n);
}

/* Not the text is kept, which stays, but the struct. */
static int progress_by_peer(struct ivs_port *port) {
  struct faulty *f = self(port);
  return ivs_str_eq(f->peer->host, f->host) ? good_progress(port) : IVS_ERR_NAME;
}

static int open_addresses(struct ivs_port *port, const struct ivs_peer *peer) {
  char c = peer->host.p[0];
  return c >= '0' && c <= '9' ? good_open(port, peer) : IVS_ERR_NAME;
}

static int open_positive(struct ivs_port *port, const struct ivs_peer *peer) {
  int r = good_open(port, peer);
  return r == 0 ? 1 : r;
}

static int progress_other(struct ivs_port *port, int error, int instead) {
  int r = good_progress(port);
  return r == error ? instead : r;
}

static int progress_net(struct ivs_port *port) {
  return progress_other(port, IVS_ERR_CONNECT, IVS_ERR_NET);
}

static int progress_refused(struct ivs_port *port) {
  return progress_other(port, IVS_ERR_NAME, IVS_ERR_CONNECT);
}

static int progress_any(struct ivs_port *port) {
  return progress_other(port, IVS_ERR_CONNECT, 0);
}

static int progress_blocks(struct ivs_port *port) {
  int r;
  while ((r = good_progress(port)) == IVS_AGAIN) continue;
  return r;
}

static int detail_null(struct ivs_port *port, const char **text) {
  int code = good_detail(port, text);
  *text = NULL;
  return code;
}

static int detail_forgets(struct ivs_port *port, const char **text) {
  int code = good_detail(port, text);
  if (self(port)->open) return code;
  *text = "";
  return 0;
}

static int detail_silent(struct ivs_port *port, const char **text) {
  (void)port;
  *text = "";
  return 0;
}

/* One that is closed already leaves it unusable. */
static void close_once(struct ivs_port *port) {
  if (!self(port)->open) self(port)->calls++;
  good_close(port);
}

static int open_if_closed_once(struct ivs_port *port, const struct ivs_peer *peer) {
  return self(port)->calls > 0 ? IVS_ERR_STATE : good_open(port, peer);
}

/* Half-way in open there is nothing to close, it thinks. */
static void close_opened(struct ivs_port *port) {
  if (self(port)->calls > 0) good_close(port);
  self(port)->calls = 0;
}

static int progress_opened(struct ivs_port *port) {
  int r = good_progress(port);
  if (r != IVS_AGAIN) self(port)->calls = 1;
  return r;
}

static int open_few(struct ivs_port *port, const struct ivs_peer *peer) {
  return ++self(port)->calls > FEW ? IVS_ERR_CONNECT : good_open(port, peer);
}

/* --- bytes --- */

static int send_zero(struct ivs_port *port, const void *p, size_t n) {
  return ++self(port)->calls == 2 ? 0 : good_send(port, p, n);
}

static int send_more(struct ivs_port *port, const void *p, size_t n) {
  int r = good_send(port, p, n);
  return r > 0 ? r + 1 : r;
}

static int send_less(struct ivs_port *port, const void *p, size_t n) {
  int r = good_send(port, p, n);
  return r > 1 ? r / 2 : r;
}

static int recv_changes(struct ivs_port *port, void *p, size_t n) {
  int r = good_recv(port, p, n);
  if (r > 0 && self(port)->received > MANY) *(char *)p ^= 1;
  return r;
}

static int recv_beyond(struct ivs_port *port, void *p, size_t n) {
  int r = good_recv(port, p, n);
  if (r > 0) ((char *)p)[n] = '\0';
  return r;
}

static int recv_zero(struct ivs_port *port, void *p, size_t n) {
  int r = good_recv(port, p, n);
  return r == IVS_AGAIN ? 0 : r;
}

static int recv_blocks(struct ivs_port *port, void *p, size_t n) {
  int r;
  while ((r = good_recv(port, p, n)) == IVS_AGAIN) continue;
  return r;
}

/* --- a machine that stalls --- */

/* Once, when the peer has been told to answer late: its byte is there before the next call. */
static int send_stalls(struct ivs_port *port, const void *p, size_t n) {
  struct ivs_wait w = {-1, 0, 0};
  int r = good_send(port, p, n);
  if (n != 1 || *(const char *)p != 'l' || ++self(port)->calls > 1) return r;
  w.until = good_ticks(port) + STALL_MS;
  while (good_ticks(port) < w.until) good_wait(port, &w);
  return r;
}

/* --- waiting --- */

static void wants_nothing(struct ivs_port *port, struct ivs_wait *w) {
  (void)port, (void)w;
}

static void wants_later(struct ivs_port *port, struct ivs_wait *w) {
  good_wants(port, w);
  w->until = UINT64_MAX;
}

static void wants_more(struct ivs_port *port, struct ivs_wait *w) {
  good_wants(port, w);
  w->events |= 4;
}

static int wait_long(struct ivs_port *port, const struct ivs_wait *w) {
  struct ivs_wait all = *w;
  if (w->events != 0) all.until = UINT64_MAX;
  return good_wait(port, &all);
}

/* A time that has passed is taken for none. */
static int wait_past(struct ivs_port *port, const struct ivs_wait *w) {
  return w->until < good_ticks(port) ? wait_long(port, w) : good_wait(port, w);
}

static int wait_without(struct ivs_port *port, const struct ivs_wait *w, unsigned events) {
  struct ivs_wait rest = *w;
  rest.events &= ~events;
  return good_wait(port, &rest);
}

static int wait_deaf(struct ivs_port *port, const struct ivs_wait *w) {
  return wait_without(port, w, IVS_READABLE);
}

static int wait_full(struct ivs_port *port, const struct ivs_wait *w) {
  return wait_without(port, w, IVS_WRITABLE);
}

static int wait_spins(struct ivs_port *port, const struct ivs_wait *w) {
  (void)port, (void)w;
  return 0;
}

static int wait_fails(struct ivs_port *port, const struct ivs_wait *w) {
  (void)port, (void)w;
  return IVS_ERR_NET;
}

/* A modem that has no descriptors: it waits for what its own connection wants. */
static int wait_own(struct ivs_port *port, const struct ivs_wait *w) {
  struct ivs_wait own = {-1, 0, w->until};
  if (self(port)->open) good_wants(port, &own);
  return good_wait(port, &own);
}

/* --- the end --- */

static int recv_other(struct ivs_port *port, void *p, size_t n, int error, int instead) {
  int r = good_recv(port, p, n);
  return r == error ? instead : r;
}

static int recv_end_net(struct ivs_port *port, void *p, size_t n) {
  return recv_other(port, p, n, IVS_ERR_CLOSED, IVS_ERR_NET);
}

static int recv_end_zero(struct ivs_port *port, void *p, size_t n) {
  return recv_other(port, p, n, IVS_ERR_CLOSED, 0);
}

static int recv_reset_end(struct ivs_port *port, void *p, size_t n) {
  return recv_other(port, p, n, IVS_ERR_NET, IVS_ERR_CLOSED);
}

static int recv_ends_early(struct ivs_port *port, void *p, size_t n) {
  return self(port)->received > EARLY ? IVS_ERR_CLOSED : good_recv(port, p, n);
}

static int send_end_zero(struct ivs_port *port, const void *p, size_t n) {
  return self(port)->ended ? 0 : good_send(port, p, n);
}

/* --- two --- */

/* As with a connection in a variable of the file. */
static int open_single(struct ivs_port *port, const struct ivs_peer *peer) {
  static struct ivs_port *single;
  if (single == NULL) single = below(port);
  self(port)->below = single;
  return good_open(port, peer);
}

/* --- the table --- */

static const struct fault {
  const char *name;
  struct ivs_port_functions instead; /* NULL: without a fault */
} faults[] = {
    {"none", {.open = NULL}},
    {"missing", {.open = NULL}}, /* see faulty_init() */
    {"ticks-back", {.ticks = ticks_back}},
    {"ticks-micro", {.ticks = ticks_micro}},
    {"ticks-seconds", {.ticks = ticks_seconds}},
    {"clock-still", {.clock = clock_still}},
    {"clock-slow", {.clock = clock_slow}},
    {"entropy-same", {.entropy = entropy_same}},
    {"entropy-zero", {.entropy = entropy_zero}},
    {"entropy-short", {.entropy = entropy_short}},
    {"entropy-long", {.entropy = entropy_long}},
    {"entropy-fails", {.entropy = entropy_fails}},
    {"send-by-peer", {.send = send_by_peer}},
    {"progress-by-peer", {.progress = progress_by_peer}},
    {"open-positive", {.open = open_positive}},
    {"open-addresses", {.open = open_addresses}},
    {"progress-net", {.progress = progress_net}},
    {"progress-any", {.progress = progress_any}},
    {"progress-refused", {.progress = progress_refused}},
    {"progress-blocks", {.progress = progress_blocks}},
    {"detail-null", {.detail = detail_null}},
    {"detail-silent", {.detail = detail_silent}},
    {"detail-forgets", {.detail = detail_forgets}},
    {"close-once", {.open = open_if_closed_once, .close = close_once}},
    {"close-opened", {.progress = progress_opened, .close = close_opened}},
    {"open-few", {.open = open_few}},
    {"send-zero", {.send = send_zero}},
    {"send-more", {.send = send_more}},
    {"send-less", {.send = send_less}},
    {"recv-changes", {.recv = recv_changes}},
    {"recv-beyond", {.recv = recv_beyond}},
    {"recv-zero", {.recv = recv_zero}},
    {"recv-blocks", {.recv = recv_blocks}},
    {"send-stalls", {.send = send_stalls}},
    {"wants-nothing", {.wants = wants_nothing}},
    {"wants-later", {.wants = wants_later}},
    {"wants-more", {.wants = wants_more}},
    {"wait-long", {.wait = wait_long}},
    {"wait-past", {.wait = wait_past}},
    {"wait-deaf", {.wait = wait_deaf}},
    {"wait-full", {.wait = wait_full}},
    {"wait-spins", {.wait = wait_spins}},
    {"wait-fails", {.wait = wait_fails}},
    {"wait-own", {.wait = wait_own}},
    {"recv-end-net", {.recv = recv_end_net}},
    {"recv-end-zero", {.recv = recv_end_zero}},
    {"recv-ends-early", {.recv = recv_ends_early}},
    {"send-end-zero", {.send = send_end_zero}},
    {"recv-reset-end", {.recv = recv_reset_end}},
    {"open-single", {.open = open_single}},
};

static const struct ivs_port_functions good = {good_open,  good_progress, good_send,  good_recv,
                                               good_close, good_wants,    good_wait,  good_ticks,
                                               good_clock, good_entropy,  good_detail};

static struct ivs_port_functions merge(const struct ivs_port_functions *instead) {
  struct ivs_port_functions fn = good;
  if (instead->open != NULL) fn.open = instead->open;
  if (instead->progress != NULL) fn.progress = instead->progress;
  if (instead->send != NULL) fn.send = instead->send;
  if (instead->recv != NULL) fn.recv = instead->recv;
  if (instead->close != NULL) fn.close = instead->close;
  if (instead->wants != NULL) fn.wants = instead->wants;
  if (instead->wait != NULL) fn.wait = instead->wait;
  if (instead->ticks != NULL) fn.ticks = instead->ticks;
  if (instead->clock != NULL) fn.clock = instead->clock;
  if (instead->entropy != NULL) fn.entropy = instead->entropy;
  if (instead->detail != NULL) fn.detail = instead->detail;
  return fn;
}

/* see port_faults.h */
bool faulty_init(struct faulty *f, struct ivs_port *below_it, const char *name) {
  memset(f, 0, sizeof *f);
  for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
    if (strcmp(faults[i].name, name) != 0) continue;
    f->fn = merge(&faults[i].instead);
    if (strcmp(name, "missing") == 0) f->fn.detail = NULL;
    f->port.fn = &f->fn;
    f->below = below_it;
    return true;
  }
  return false;
}
