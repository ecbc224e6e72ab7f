#include "fake_port.h"

#include <stdio.h>
#include <string.h>

static struct fake *self(struct ivs_port *port) {
  return (struct fake *)(void *)port;
}

static int fail(struct fake *f, int err) {
  f->sent_before = f->sent_here;
  f->played_before = f->played;
  f->is_lost = f->lost;
  return err;
}

/* Counts an I/O function; negative: what it is to return at once. */
static int io(struct fake *f) {
  f->io++;
  if (f->io == f->fail_at) return fail(f, f->fail_with);
  if (f->mute || (f->silent_from > 0 && f->io >= f->silent_from)) return IVS_AGAIN;
  f->turn = !f->turn;
  return f->hesitant && f->turn ? IVS_AGAIN : 0;
}

static int fake_open(struct ivs_port *port, const struct ivs_peer *peer) {
  struct fake *f = self(port);
  f->opened++;
  f->is_open = true;
  f->is_lost = false;
  if (f->connection + 1 < FAKE_CONNECTIONS) f->connection++;
  f->judged_by[f->connection] = peer->now;
  f->peer = *peer;
  f->played = f->sent_here = 0;
  f->requests = 0;
  f->io++;
  return f->io == f->fail_at ? fail(f, f->fail_with) : 0;
}

static int fake_progress(struct ivs_port *port) {
  return io(self(port));
}

static int fake_send(struct ivs_port *port, const void *p, size_t n) {
  struct fake *f = self(port);
  struct fake_connection *c = &f->connections[f->connection];
  int r = io(f);
  if (r < 0) return r;
  if (c->dead == DEAD_AT_SEND && f->requests > 0) return IVS_ERR_NET;
  if (f->send_fails_after > 0 && f->sent_here >= f->send_fails_after) return IVS_ERR_NET;
  if (f->send_piece > 0 && n > f->send_piece) n = f->send_piece;
  if (n > FAKE_SENT_MAX - f->sent_n) n = FAKE_SENT_MAX - f->sent_n;
  memcpy(f->sent + f->sent_n, p, n);
  f->sent_n += n;
  f->sent_here += n;
  return n > 0 ? (int)n : IVS_ERR_NET;
}

static int fake_recv(struct ivs_port *port, void *p, size_t n) {
  struct fake *f = self(port);
  struct fake_connection *c = &f->connections[f->connection];
  int r = io(f);
  if (r < 0) return r;
  if (f->is_lost) return IVS_AGAIN;
  size_t total = c->answer == NULL ? 0 : c->answer_n > 0 ? c->answer_n : strlen(c->answer);
  if (f->sent_here == 0 && f->played == 0)
    return f->requests > 0 && c->after != 0 ? c->after : IVS_AGAIN;
  if (c->dead == DEAD_AT_RECV && f->requests > 0) return IVS_ERR_CLOSED;
  if (f->played == total) return c->after != 0 ? c->after : IVS_AGAIN;
  if (n > total - f->played) n = total - f->played;
  if (f->recv_piece > 0 && n > f->recv_piece) n = f->recv_piece;
  memcpy(p, c->answer + f->played, n);
  f->played += n;
  if (f->played == total && (c->after == 0 || c->after == IVS_AGAIN)) {
    f->played = f->sent_here = 0; /* ready for the next request */
    f->requests++;
  }
  return (int)n;
}

static void fake_close(struct ivs_port *port) {
  struct fake *f = self(port);
  if (f->is_open) f->closed++;
  f->is_open = false;
}

static void fake_wants(struct ivs_port *port, struct ivs_wait *w) {
  (void)port;
  w->events = IVS_READABLE | IVS_WRITABLE;
}

static int fake_wait(struct ivs_port *port, const struct ivs_wait *w) {
  struct fake *f = self(port);
  if (++f->waits == f->wait_fails_at || f->wait_fails) return fail(f, IVS_ERR_NET);
  if (f->hesitant && !f->mute) f->now++;
  else if (w->until > f->now) f->now = w->until;
  return 0;
}

/* Counts a question for the time; the one that is told to finds that both clocks were set back. */
static struct fake *asked_for_time(struct ivs_port *port) {
  struct fake *f = self(port);
  if (++f->times != f->back_at) return f;
  f->now -= f->ticks_back < f->now ? f->ticks_back : f->now;
  f->clock_ms -= f->clock_back;
  return f;
}

static uint64_t fake_ticks(struct ivs_port *port) {
  return asked_for_time(port)->now;
}

static int64_t fake_clock(struct ivs_port *port) {
  return asked_for_time(port)->clock_ms;
}

static int fake_entropy(struct ivs_port *port, void *p, size_t n) {
  struct fake *f = self(port);
  if (++f->randoms == f->entropy_fails_at || f->no_entropy) return IVS_ERR_ENTROPY;
  memset(p, 42, n);
  return 0;
}

static int fake_detail(struct ivs_port *port, const char **text) {
  (void)port;
  *text = "said the fake";
  return 7;
}

static const struct ivs_port_functions fake_functions = {
    fake_open, fake_progress, fake_send,  fake_recv,    fake_close,  fake_wants,
    fake_wait, fake_ticks,    fake_clock, fake_entropy, fake_detail,
};

void fake_start(struct fake *f) {
  memset(f, 0, sizeof *f);
  f->port.fn = &fake_functions;
  f->clock_ms = 1795339800000; /* 2026-11-22T09:30:00Z */
  f->connection = -1;
  f->now = 1000;
}

void fake_answer(struct fake *f, const char *answer) {
  for (int i = 0; i < FAKE_CONNECTIONS; i++) {
    if (f->connections[i].answer != NULL) continue;
    f->connections[i].answer = answer;
    return;
  }
}

void fake_body(struct fake *f, const char *head, const char *body) {
  char *text = f->text + f->text_n;
  int n = snprintf(text, sizeof f->text - f->text_n, "%s\r\nContent-Length: %zu\r\n\r\n%s", head,
                   strlen(body), body);
  f->text_n += (size_t)n + 1;
  fake_answer(f, text);
}
