/*
 * A rule is a function that uses the port as a client does. Every call goes through one of the
 * functions under "calls", which see to what holds always: no 0 from send and recv, nothing that
 * blocks, no byte beside those asked for.
 */
#include <ivs/port_check.h>

#include <string.h>

enum {
  OPEN_MS = 15000,
  BYTES_MS = 10000,
  PAUSE_MS = 100,
  AGAIN_TIMES = 10,
  ECHOED = 20000,
  PIECE = 200,
  STALL_MOST = 16 << 20, /* bytes that the systems between may hold */
  WAKES_MOST = 1000,     /* in IVS_PORT_CHECK_LATE_MS */
  TICKS_READ = 10000,
  ATTEMPTS = 3, /* of what a machine that stalls, an emulator for one, may fail */
  DRAWS = 16,
  DRAWN = 32,
  GUARD = 8,
  GUARD_BYTE = 0x5a
};

struct run {
  const struct ivs_port_check *check;
  struct ivs_port *port; /* under check at the moment */
  const char *why;       /* the first thing that was wrong; NULL: nothing yet */
  bool left_out;
  struct ivs_peer peer;
  char host[256];
  unsigned char space[PIECE + GUARD];
};

/* --- what is wrong --- */

/* Notes what is wrong if something is. True if nothing has been so far. */
static bool must(struct run *t, bool holds, const char *otherwise) {
  if (!holds && t->why == NULL) t->why = otherwise;
  return t->why == NULL;
}

static void leave_out(struct run *t, const char *why) {
  if (t->why != NULL) return;
  t->why = why;
  t->left_out = true;
}

/* --- calls --- */

static uint64_t ticks(struct run *t) {
  return t->port->fn->ticks(t->port);
}

static void must_not_block(struct run *t, uint64_t began, const char *otherwise) {
  uint32_t slack = t->check->slack_ms;
  must(t, ticks(t) - began <= (slack != 0 ? slack : IVS_PORT_CHECK_SLACK_MS), otherwise);
}

static int call_open(struct run *t, const char *host, uint16_t number) {
  uint64_t began = ticks(t);
  size_t n = strlen(host);
  memcpy(t->host, host, n);
  t->peer = (struct ivs_peer){{t->host, n}, number, IVS_CLOCK_UNKNOWN};
  int r = t->port->fn->open(t->port, &t->peer);
  t->peer = (struct ivs_peer){{"?", 1}, 0, 0}; /* only its text stays, says the contract */
  must_not_block(t, began, "open blocks");
  must(t, r <= 0 && r != IVS_AGAIN, "open returned neither 0 nor an error");
  return r;
}

static int call_progress(struct run *t) {
  uint64_t began = ticks(t);
  int r = t->port->fn->progress(t->port);
  must_not_block(t, began, "progress blocks");
  must(t, r <= 0, "progress returned more than 0");
  return r;
}

static int call_send(struct run *t, const void *p, size_t n) {
  uint64_t began = ticks(t);
  int r = t->port->fn->send(t->port, p, n);
  must_not_block(t, began, "send blocks");
  must(t, r != 0, "send returned 0");
  must(t, r <= (int)n, "send took more than it was given");
  return r;
}

/* Into t->space; n is at most PIECE. */
static int call_recv(struct run *t, size_t n) {
  uint64_t began = ticks(t);
  memset(t->space, GUARD_BYTE, sizeof t->space);
  int r = t->port->fn->recv(t->port, t->space, n);
  must_not_block(t, began, "recv blocks");
  must(t, r != 0, "recv returned 0");
  must(t, r <= (int)n, "recv gave more than there was room for");
  for (size_t i = n; i < n + GUARD; i++)
    must(t, t->space[i] == GUARD_BYTE, "recv wrote behind the room it was given");
  return r;
}

static void call_close(struct run *t) {
  uint64_t began = ticks(t);
  t->port->fn->close(t->port);
  must_not_block(t, began, "close blocks");
}

/* What the port waits for now. */
static struct ivs_wait call_wants(struct run *t, uint64_t until) {
  struct ivs_wait w = {-1, 0, until};
  t->port->fn->wants(t->port, &w);
  must(t, w.until <= until, "wants raised until");
  must(t, (w.events & ~(unsigned)(IVS_READABLE | IVS_WRITABLE)) == 0,
       "wants asks for events that there are not");
  must(t, w.events != 0 || w.until < until, "wants names nothing to wait for");
  return w;
}

/* Waits as a client does after IVS_AGAIN. False when the deadline has passed, or with an error. */
static bool wait_for_it(struct run *t, uint64_t deadline) {
  struct ivs_wait w = call_wants(t, deadline);
  if (ticks(t) >= deadline || t->why != NULL) return false;
  return must(t, t->port->fn->wait(t->port, &w) == 0, "wait failed");
}

static bool pause_for(struct run *t, uint64_t ms) {
  struct ivs_wait w = {-1, 0, ticks(t) + ms};
  while (ticks(t) < w.until && t->why == NULL)
    must(t, t->port->fn->wait(t->port, &w) == 0, "wait failed");
  return t->why == NULL;
}

/* --- connections --- */

/* 0: open. Else what open or progress returned, or IVS_ERR_TIMEOUT; not closed yet. */
static int open_in_time(struct run *t, const char *host, uint16_t number) {
  uint64_t deadline = ticks(t) + OPEN_MS;
  int r = call_open(t, host, number);
  if (r != 0) return r;
  while ((r = call_progress(t)) == IVS_AGAIN)
    if (!wait_for_it(t, deadline)) return IVS_ERR_TIMEOUT;
  memset(t->host, '?', sizeof t->host); /* not needed any more, says the contract */
  return r;
}

static bool send_all(struct run *t, const void *bytes, size_t n) {
  const unsigned char *p = (const unsigned char *)bytes;
  uint64_t deadline = ticks(t) + BYTES_MS;
  while (n > 0) {
    int r = call_send(t, p, n);
    if (r == IVS_AGAIN) {
      if (!wait_for_it(t, deadline)) return must(t, false, "send says IVS_AGAIN for too long");
      continue;
    }
    if (!must(t, r > 0, "send failed")) return false;
    p += r;
    n -= (size_t)r;
  }
  return t->why == NULL;
}

/* Bytes, or an error; IVS_ERR_TIMEOUT. */
static int recv_in_time(struct run *t, size_t n) {
  uint64_t deadline = ticks(t) + BYTES_MS;
  int r;
  while ((r = call_recv(t, n)) == IVS_AGAIN)
    if (!wait_for_it(t, deadline)) return IVS_ERR_TIMEOUT;
  return r;
}

/* Opens a connection to the peer and tells it what to do. */
static bool ask(struct run *t, char what) {
  int r = open_in_time(t, t->check->address, t->check->peer_port);
  return must(t, r == 0, "the peer cannot be connected to") && send_all(t, &what, 1);
}

static unsigned char pattern(size_t i) {
  return (unsigned char)(i * 7 + 3);
}

/* --- rules: machine --- */

/* Whether a second of the peer's is one here too. What else goes wrong may go wrong for want of
   ticks. */
static bool measures_late(struct run *t) {
  bool asked = ask(t, 'l');
  uint64_t began = ticks(t);
  bool came = asked && recv_in_time(t, 1) == 1;
  uint64_t passed = ticks(t) - began;
  call_close(t);
  t->why = NULL;
  return came && passed >= IVS_PORT_CHECK_LATE_MS / 5 && passed <= IVS_PORT_CHECK_LATE_MS * 5;
}

static void rule_ticks(struct run *t) {
  uint64_t before = ticks(t);
  for (int i = 0; i < TICKS_READ; i++) {
    uint64_t now = ticks(t);
    if (!must(t, now >= before, "ticks went back")) return;
    before = now;
  }
  bool measures = false;
  for (int i = 0; i < ATTEMPTS && !measures; i++) measures = measures_late(t);
  must(t, measures, "ticks do not count milliseconds, or the peer does not answer");
}

static void rule_clock(struct run *t) {
  int64_t clock = t->port->fn->clock(t->port);
  uint64_t began = ticks(t);
  if (!pause_for(t, IVS_PORT_CHECK_LATE_MS / 2)) return;
  int64_t passed = t->port->fn->clock(t->port) - clock;
  int64_t by_ticks = (int64_t)(ticks(t) - began);
  must(t, passed > 0, "clock stands still");
  must(t, passed >= by_ticks / 2 && passed <= by_ticks * 2, "clock does not count milliseconds");
}

/* In n bytes at t->space, with guards behind. */
static bool draw(struct run *t, size_t n) {
  memset(t->space, GUARD_BYTE, sizeof t->space);
  must(t, t->port->fn->entropy(t->port, t->space, n) == 0, "entropy failed");
  for (size_t i = n; i < n + GUARD; i++)
    must(t, t->space[i] == GUARD_BYTE, "entropy wrote behind the room it was given");
  return t->why == NULL;
}

static bool all_same(const unsigned char *p, size_t n) {
  for (size_t i = 1; i < n; i++)
    if (p[i] != p[0]) return false;
  return true;
}

/* A byte that is never written holds the guard's value in every draw; one that is random does so in
   16 draws once in 2^128. */
static void rule_entropy(struct run *t) {
  unsigned char last[DRAWN] = {0};
  bool changed[DRAWN] = {false};
  for (int i = 0; i < DRAWS; i++) {
    if (!draw(t, DRAWN)) return;
    must(t, !all_same(t->space, DRAWN), "entropy gives one byte again and again");
    must(t, memcmp(t->space, last, DRAWN) != 0, "entropy gives the same bytes again");
    memcpy(last, t->space, DRAWN);
    for (size_t k = 0; k < DRAWN; k++) changed[k] = changed[k] || t->space[k] != GUARD_BYTE;
  }
  for (size_t k = 0; k < DRAWN; k++) must(t, changed[k], "entropy does not fill all bytes");
  draw(t, 1);
}

/* --- rules: open and close --- */

static void rule_open(struct run *t, const char *host) {
  int r = open_in_time(t, host, t->check->peer_port);
  if (!must(t, r == 0, "cannot be connected to") || !send_all(t, "eX", 2)) return;
  must(t, recv_in_time(t, 1) == 1 && t->space[0] == 'X', "the peer does not answer");
}

static void rule_open_address(struct run *t) {
  rule_open(t, t->check->address);
}

static void rule_open_name(struct run *t) {
  rule_open(t, t->check->name);
}

static int open_refused(struct run *t) {
  uint16_t number = t->check->refusing_port;
  return open_in_time(t, t->check->address, number != 0 ? number : 1);
}

static void rule_refused(struct run *t) {
  int r = open_refused(t);
  must(t, r != 0, "a connection where nobody listens");
  must(t, r == IVS_ERR_CONNECT || r == IVS_ERR_PROXY, "the error is not IVS_ERR_CONNECT");
}

static void rule_unknown_name(struct run *t) {
  const char *name = t->check->unknown;
  int r = open_in_time(t, name != NULL ? name : "no-such-host.invalid", t->check->peer_port);
  must(t, r != 0, "a name that DNS does not have has an address");
  must(t, r == IVS_ERR_NAME || r == IVS_ERR_PROXY, "the error is not IVS_ERR_NAME");
}

static void rule_detail(struct run *t) {
  const char *text = NULL, *later = NULL;
  must(t, open_refused(t) != 0, "a connection where nobody listens");
  int code = t->port->fn->detail(t->port, &text);
  must(t, text != NULL, "detail has no text, not even \"\"");
  must(t, code != 0 || (text != NULL && text[0] != '\0'), "detail tells nothing of a failure");
  call_close(t);
  must(t, t->port->fn->detail(t->port, &later) == code && later != NULL,
       "after close detail tells something else");
}

static void rule_silent(struct run *t) {
  if (t->check->silent == NULL) {
    leave_out(t, "no address that does not answer was given");
    return;
  }
  uint64_t deadline = ticks(t) + PAUSE_MS;
  int r = call_open(t, t->check->silent, t->check->silent_port);
  while (r == 0 && (r = call_progress(t)) == IVS_AGAIN && wait_for_it(t, deadline)) r = 0;
  must(t, r != 0, "an address that does not answer was connected to");
}

static void rule_close(struct run *t) {
  const char *const hosts[] = {t->check->address, t->check->name};
  call_close(t);
  for (int i = 0; i < 4 && t->why == NULL; i++) {
    must(t, call_open(t, hosts[i % 2], t->check->peer_port) == 0, "open failed after a close");
    if (i >= 2) call_progress(t);
    call_close(t);
    call_close(t);
  }
  pause_for(t, PAUSE_MS);
  rule_open_address(t);
}

static void rule_again(struct run *t) {
  for (int i = 0; i < AGAIN_TIMES && t->why == NULL; i++) {
    rule_open_address(t);
    call_close(t);
    pause_for(t, PAUSE_MS); /* for what lies below, to see the other side's end */
  }
}

/* --- rules: bytes --- */

/* n bytes to the echo, from byte `at` of the pattern, and back. */
static bool echo(struct run *t, size_t at, size_t n) {
  unsigned char bytes[PIECE];
  for (size_t i = 0; i < n; i++) bytes[i] = pattern(at + i);
  if (!send_all(t, bytes, n)) return false;
  for (size_t got = 0; got < n;) {
    size_t want = n - got < 1 + got % 64 ? n - got : 1 + got % 64;
    int r = recv_in_time(t, want);
    if (!must(t, r > 0, "bytes did not come back")) return false;
    must(t, memcmp(t->space, bytes + got, (size_t)r) == 0, "other bytes came back");
    got += (size_t)r;
  }
  return t->why == NULL;
}

static void rule_bytes(struct run *t) {
  if (!ask(t, 'e')) return;
  for (size_t at = 0, n = 1; at < ECHOED && echo(t, at, n); n = 1 + at % PIECE) at += n;
}

/* Asks for the late byte and makes an attempt at a rule before it comes, by this machine's time. */
static void in_attempts(struct run *t, void (*attempt)(struct run *t)) {
  for (int left = ATTEMPTS; left > 0; left--) {
    if (ask(t, 'l')) attempt(t);
    if (t->why == NULL || left == 1) return;
    call_close(t);
    t->why = NULL;
  }
}

static void nothing_yet(struct run *t) {
  must(t, call_recv(t, 1) == IVS_AGAIN, "recv does not say IVS_AGAIN when nothing has come");
  call_wants(t, ticks(t) + BYTES_MS);
}

static void rule_nothing_yet(struct run *t) {
  in_attempts(t, nothing_yet);
}

/* --- rules: wait --- */

static void wait_until(struct run *t) {
  must(t, call_recv(t, 1) == IVS_AGAIN, "recv does not say IVS_AGAIN when nothing has come");
  uint64_t deadline = ticks(t) + PAUSE_MS;
  while (wait_for_it(t, deadline)) continue;
  must(t, call_recv(t, 1) == IVS_AGAIN, "wait sleeps longer than it is told");
}

static void rule_wait_until(struct run *t) {
  in_attempts(t, wait_until);
}

static void wait_past(struct run *t) {
  must(t, call_recv(t, 1) == IVS_AGAIN, "recv does not say IVS_AGAIN when nothing has come");
  struct ivs_wait w = call_wants(t, ticks(t) + BYTES_MS);
  w.until = 0;
  must(t, t->port->fn->wait(t->port, &w) == 0, "wait failed");
  must(t, call_recv(t, 1) == IVS_AGAIN, "wait sleeps though its time has passed");
}

static void rule_wait_past(struct run *t) {
  in_attempts(t, wait_past);
}

/* Until the late byte is there. How often wait returned. */
static int wakes_until_late(struct run *t) {
  uint64_t deadline = ticks(t) + IVS_PORT_CHECK_LATE_MS * 5;
  int wakes = 0, r = 0;
  if (!ask(t, 'l')) return 0;
  while ((r = call_recv(t, 1)) == IVS_AGAIN && wait_for_it(t, deadline)) wakes++;
  must(t, ticks(t) < deadline, "wait does not end when there is something to read");
  must(t, r == 1, "recv failed");
  return wakes;
}

static void rule_wait_readable(struct run *t) {
  wakes_until_late(t);
}

static void rule_wait_sleeps(struct run *t) {
  must(t, wakes_until_late(t) <= WAKES_MOST, "wait does not sleep");
}

static void rule_wait_writable(struct run *t) {
  static const char bytes[PIECE] = "x";
  size_t sent = 0;
  int r = 0;
  if (!ask(t, 's')) return;
  uint64_t deadline = ticks(t) + IVS_PORT_CHECK_LATE_MS * 5;
  while (sent < STALL_MOST && (r = call_send(t, bytes, sizeof bytes)) > 0) sent += (size_t)r;
  if (sent >= STALL_MOST) leave_out(t, "the way to the peer takes any number of bytes");
  while (r == IVS_AGAIN && wait_for_it(t, deadline)) r = call_send(t, bytes, sizeof bytes);
  must(t, r > 0 && ticks(t) < deadline, "wait does not end when there is room to send");
}

/* --- rules: the end --- */

/* All that the peer says before its end, and the end. */
static bool until_end(struct run *t) {
  size_t got = 0;
  int r;
  if (!ask(t, 'b')) return false;
  while ((r = recv_in_time(t, PIECE)) > 0) {
    for (size_t i = 0; i < (size_t)r; i++)
      must(t, t->space[i] == pattern(got + i), "other bytes than the peer sent");
    got += (size_t)r;
  }
  must(t, got == IVS_PORT_CHECK_BYE, "not all bytes that came before the end");
  return must(t, r == IVS_ERR_CLOSED, "an end in order is not IVS_ERR_CLOSED");
}

static void rule_end(struct run *t) {
  until_end(t);
}

static void rule_send_after_end(struct run *t) {
  if (!until_end(t)) return;
  for (int i = 0; i < AGAIN_TIMES && t->why == NULL; i++) {
    call_send(t, "x", 1);
    pause_for(t, PAUSE_MS / 10);
  }
}

static void rule_reset(struct run *t) {
  if (t->check->no_resets) {
    leave_out(t, "resets do not come through");
    return;
  }
  if (!ask(t, 'r')) return;
  int r = recv_in_time(t, 1);
  must(t, r != IVS_ERR_CLOSED, "a reset is taken for an end in order");
  must(t, r == IVS_ERR_NET, "a reset is not IVS_ERR_NET");
}

/* The late byte of the port under check, with the wait of another: as a client does, its port
   closed, while its source of credentials asks by one of its own. */
static void late_for_other(struct run *t, struct ivs_port *waiting) {
  uint64_t deadline = ticks(t) + IVS_PORT_CHECK_LATE_MS * 5;
  int r = IVS_AGAIN;
  if (!ask(t, 'l')) return;
  while (t->why == NULL && ticks(t) < deadline && (r = call_recv(t, 1)) == IVS_AGAIN) {
    struct ivs_wait w = call_wants(t, deadline);
    must(t, waiting->fn->wait(waiting, &w) == 0, "wait failed");
  }
  must(t, r == 1, "wait does not end for what another port wants");
}

static void rule_two(struct run *t) {
  struct ivs_port *first = t->port, *second = t->check->second;
  if (second == NULL) {
    leave_out(t, "no second port was given");
    return;
  }
  bool asked = ask(t, 'e');
  t->port = second;
  asked = asked && ask(t, 'e');
  for (size_t i = 0; asked && i < AGAIN_TIMES && t->why == NULL; i++) {
    t->port = i % 2 == 0 ? first : second;
    echo(t, i * PIECE, PIECE);
  }
  t->port = second;
  call_close(t);
  t->port = first;
  if (t->why == NULL) echo(t, 0, PIECE);
  call_close(t);
  if (t->why != NULL) return;
  t->port = second;
  late_for_other(t, first);
  call_close(t);
  t->port = first;
}

/* --- all of them --- */

static const struct rule {
  const char *name;
  void (*check)(struct run *t);
} rules[] = {
    {"ticks", rule_ticks},
    {"clock", rule_clock},
    {"entropy", rule_entropy},
    {"open-address", rule_open_address},
    {"open-name", rule_open_name},
    {"refused", rule_refused},
    {"unknown-name", rule_unknown_name},
    {"detail", rule_detail},
    {"silent", rule_silent},
    {"close", rule_close},
    {"again", rule_again},
    {"bytes", rule_bytes},
    {"nothing-yet", rule_nothing_yet},
    {"wait-until", rule_wait_until},
    {"wait-past", rule_wait_past},
    {"wait-readable", rule_wait_readable},
    {"wait-writable", rule_wait_writable},
    {"wait-sleeps", rule_wait_sleeps},
    {"end", rule_end},
    {"send-after-end", rule_send_after_end},
    {"reset", rule_reset},
    {"two", rule_two},
};

static bool has_functions(const struct ivs_port *port) {
  const struct ivs_port_functions *fn = port->fn;
  return fn != NULL && fn->open != NULL && fn->progress != NULL && fn->send != NULL &&
         fn->recv != NULL && fn->close != NULL && fn->wants != NULL && fn->wait != NULL &&
         fn->ticks != NULL && fn->clock != NULL && fn->entropy != NULL && fn->detail != NULL;
}

static bool is_asked(const struct ivs_port_check *check, const char *name) {
  return check->only == NULL || strcmp(check->only, name) == 0;
}

/* Reports; 1 if it is broken. */
static int tell(const struct ivs_port_check *check, const char *name, int verdict,
                const char *why) {
  check->report(check->context, name, verdict, why);
  return verdict == IVS_PORT_CHECK_BROKEN ? 1 : 0;
}

static int check_rule(const struct ivs_port_check *check, const struct rule *rule) {
  struct run t = {.check = check, .port = check->port};
  rule->check(&t);
  call_close(&t);
  if (t.why == NULL) return tell(check, rule->name, IVS_PORT_CHECK_KEPT, "");
  return tell(check, rule->name, t.left_out ? IVS_PORT_CHECK_LEFT_OUT : IVS_PORT_CHECK_BROKEN,
              t.why);
}

static bool is_text(const char *text) {
  return text != NULL && text[0] != '\0' && strlen(text) <= 255;
}

static bool are_texts(const struct ivs_port_check *check) {
  return is_text(check->address) && is_text(check->name) &&
         (check->unknown == NULL || is_text(check->unknown)) &&
         (check->silent == NULL || is_text(check->silent));
}

/* see ivs/port_check.h */
int ivs_port_check(const struct ivs_port_check *check) {
  int broken = 0;
  if (check->port == NULL || check->report == NULL || !are_texts(check)) return IVS_ERR_ARGUMENT;
  if (!has_functions(check->port))
    return tell(check, "functions", IVS_PORT_CHECK_BROKEN, "a function is missing");
  if (is_asked(check, "functions")) tell(check, "functions", IVS_PORT_CHECK_KEPT, "");
  for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
    if (is_asked(check, rules[i].name)) broken += check_rule(check, &rules[i]);
    if (broken > 0 && rules[i].check == rule_ticks) break; /* all others count with them */
  }
  return broken;
}
