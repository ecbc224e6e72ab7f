/*
 * A response, head and body: whatever the pieces in which it comes, the outcome is the same; and no
 * more is used than there is.
 *
 * Input: a byte of flags (1: to HEAD), the pieces, the response.
 */
#include "fuzz.h"

#include <ivs/http1.h>

enum { LOG = 4096 };

struct outcome {
  int result, closed;
  struct ivs_http1 http;
  size_t used, body_n, log_n;
  char body[FUZZ_MOST];
  char log[LOG];
};

static void note(void *context, enum ivs_http1_field field, ivs_str value) {
  struct outcome *o = (struct outcome *)context;
  HOLDS(value.n <= IVS_HTTP_VALUE_MAX);
  HOLDS(o->http.status == 0 || (o->http.status >= 200 && o->http.status <= 599));
  if (o->log_n + value.n + 2 > LOG) return;
  o->log[o->log_n++] = (char)field;
  if (value.n > 0) memcpy(o->log + o->log_n, value.p, value.n);
  o->log_n += value.n;
  o->log[o->log_n++] = '\n';
}

static void read_all(struct outcome *o, ivs_str wire, bool no_body, struct fuzz_pieces pieces) {
  memset(o, 0, offsetof(struct outcome, body));
  ivs_http1_start(&o->http, no_body, note, o);
  while (o->used < wire.n && o->result == 0) {
    size_t n = fuzz_piece(&pieces, wire.n - o->used), used, body;
    char *p = fuzz_copy(0, wire.p + o->used, n);
    o->result = ivs_http1_feed(&o->http, p, n, &used, &body);
    HOLDS(body <= used && used <= n);
    HOLDS(o->result != 0 || used == n);
    HOLDS(body == 0 || o->http.in_body || o->http.done || o->result < 0);
    memcpy(o->body + o->body_n, p, body);
    o->body_n += body;
    o->used += used;
  }
}

/* What is said of a response once it has ended, or cannot go on. */
static void end(struct outcome *o) {
  size_t used, body;
  char *none = fuzz_copy(0, "x", 1);
  if (o->result != 0) {
    HOLDS(ivs_http1_feed(&o->http, none, 1, &used, &body) == o->result && used == 0 && body == 0);
    HOLDS(o->http.done == (o->result == 1));
  }
  if (o->http.in_body || o->http.done) {
    HOLDS(o->http.status >= 200 && o->http.status <= 599);
    HOLDS(o->http.length < 0 || o->body_n <= (size_t)o->http.length);
  }
  o->closed = ivs_http1_close(&o->http);
  HOLDS(o->closed == 1 || o->closed < 0);
  HOLDS(o->result == 0 || o->closed == o->result);
  if (o->closed == 1 && o->http.length >= 0) HOLDS(o->body_n == (size_t)o->http.length);
  HOLDS(o->closed == 1 || !o->http.keep_alive);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
  static struct outcome whole, split;
  struct fuzz f = {data, n};
  bool no_body = fuzz_byte(&f) & 1;
  struct fuzz_pieces pieces = fuzz_pieces(&f), one = {{NULL, 0}, 0};
  ivs_str wire = {(const char *)f.p, f.n};
  if (n > FUZZ_MOST) return -1;
  read_all(&whole, wire, no_body, one);
  read_all(&split, wire, no_body, pieces);
  end(&whole);
  end(&split);
  HOLDS(whole.result == split.result && whole.closed == split.closed);
  HOLDS(whole.http.status == split.http.status && whole.http.length == split.http.length);
  HOLDS(whole.http.done == split.http.done && whole.http.in_body == split.http.in_body);
  HOLDS(whole.http.keep_alive == split.http.keep_alive && whole.used == split.used);
  HOLDS(fuzz_same(whole.body, whole.body_n, split.body, split.body_n));
  HOLDS(fuzz_same(whole.log, whole.log_n, split.log, split.log_n));
  return 0;
}
