/*
 * HTTP/1.1: the responses of tests/vectors/http1 (its README.md has the format), each whole, in two
 * pieces cut at every place, byte by byte, in random pieces, and broken off after every byte; the
 * same with bytes changed at random. Arguments: the folder of the vectors.
 */
#include "../check.h"

#include <ivs/http1.h>

_Static_assert(IVS_HTTP_HEAD_MAX == 8192 && IVS_HTTP_VALUE_MAX == 80,
               "the vectors are for the default limits");

enum { WIRE_MAX = 16384, TITLE_MAX = 80, LOG_MAX = 1024, COMPLETE = 1 };

struct bytes {
  char p[WIRE_MAX];
  size_t n;
};

/* What is expected of a response, and what was seen. */
struct outcome {
  int result; /* of the feed that ended it, else of the close */
  bool by_close;
  int status;
  int64_t length;
  bool keep_alive;
  bool in_body;
  size_t used;
  struct bytes body;
  char log[LOG_MAX]; /* the fields, a line each */
};

struct vector {
  char name[TITLE_MAX];
  bool no_body;
  struct bytes wire;
  size_t extra; /* how many of the wire's last bytes are behind the response */
  struct outcome expected;
};

static const struct {
  const char *name;
  int number;
} errors[] = {
#define ERROR(name, number, text) {#name, number},
    IVS_ERR_MAP(ERROR)
#undef ERROR
};

static const char *const field_names[] = {
    [IVS_HTTP1_DATE] = "date",
    [IVS_HTTP1_AGE] = "age",
    [IVS_HTTP1_RETRY_AFTER] = "retry-after",
    [IVS_HTTP1_AMZ_RETRY_AFTER] = "x-amz-retry-after",
    [IVS_HTTP1_REQUEST_ID] = "x-amzn-requestid",
    [IVS_HTTP1_ERROR_TYPE] = "x-amzn-errortype",
};

/* --- the vectors --- */

static void give_up(const char *what, const char *where) {
  fprintf(stderr, "test_http1: %s: %s\n", what, where);
  exit(1);
}

static void put_byte(struct bytes *b, int c) {
  if (b->n == sizeof b->p) give_up("too long", "a vector");
  b->p[b->n++] = (char)c;
}

static void put_escaped(struct bytes *b, const char *s) {
  static const char letters[] = "rnt0\\", meant[] = "\r\n\t\0\\";
  for (; *s != 0; s++) {
    const char *letter = *s == '\\' && s[1] != 0 ? strchr(letters, s[1]) : NULL;
    unsigned hex;
    if (*s != '\\') {
      put_byte(b, *s);
    } else if (letter != NULL) {
      put_byte(b, meant[letter - letters]);
      s++;
    } else if (s[1] == 'x' && sscanf(s + 2, "%2x", &hex) == 1) {
      put_byte(b, (int)hex);
      s += 3;
    } else {
      give_up("not an escape", s);
    }
  }
}

static void put_repeated(struct bytes *b, const char *count_and_text) {
  char *text;
  long count = strtol(count_and_text, &text, 10);
  if (count < 1 || *text != ' ') give_up("not a count and a text", count_and_text);
  while (count-- > 0) put_escaped(b, text + 1);
}

static int result_number(const char *name) {
  for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
    if (strcmp(errors[i].name, name) == 0) return errors[i].number;
  give_up("no such result", name);
  return 0;
}

static void add_field(struct outcome *o, const char *name_and_value) {
  struct bytes text = {.n = 0};
  put_escaped(&text, name_and_value);
  if (strchr(name_and_value, ' ') == NULL) put_byte(&text, ' '); /* an empty value */
  put_byte(&text, '\n');
  put_byte(&text, 0);
  size_t at = strlen(o->log);
  if (at + text.n > sizeof o->log) give_up("too many fields", name_and_value);
  memcpy(o->log + at, text.p, text.n);
}

/* One line of a case: the word before the first space, and what follows it. */
static void read_line(struct vector *v, const char *word, const char *rest) {
  struct outcome *e = &v->expected;
  if (strcmp(word, ">") == 0) put_escaped(&v->wire, rest);
  else if (strcmp(word, "*") == 0) put_repeated(&v->wire, rest);
  else if (strcmp(word, "body") == 0) put_escaped(&e->body, rest);
  else if (strcmp(word, "body*") == 0) put_repeated(&e->body, rest);
  else if (strcmp(word, "field") == 0) add_field(e, rest);
  else if (strcmp(word, "status") == 0) e->status = atoi(rest);
  else if (strcmp(word, "length") == 0) e->length = strtoll(rest, NULL, 10);
  else if (strcmp(word, "keep") == 0) e->keep_alive = strcmp(rest, "yes") == 0;
  else if (strcmp(word, "request") == 0) v->no_body = strcmp(rest, "HEAD") == 0;
  else if (strcmp(word, "+") == 0) {
    size_t before = v->wire.n;
    put_escaped(&v->wire, rest);
    v->extra += v->wire.n - before;
  } else if (strcmp(word, "result") == 0) {
    e->by_close = strcmp(rest, "close") == 0;
    e->result = e->by_close || strcmp(rest, "complete") == 0 ? COMPLETE : result_number(rest);
  } else {
    give_up("not a line of a vector", word);
  }
}

static void start_vector(struct vector *v, const char *name) {
  memset(v, 0, sizeof *v);
  v->expected.length = -1;
  snprintf(v->name, sizeof v->name, "%s", name);
}

/* Calls test for every case of a file. */
static int each_vector(const char *folder, const char *file, void (*test)(const struct vector *)) {
  static struct vector v;
  char path[512], line[1024];
  int cases = 0;
  snprintf(path, sizeof path, "%s/%s", folder, file);
  FILE *f = fopen(path, "r");
  if (f == NULL) give_up("cannot read the vectors", path);
  while (fgets(line, sizeof line, f) != NULL) {
    line[strcspn(line, "\n")] = 0;
    if (line[0] == 0 || line[0] == '#') continue;
    char *rest = strchr(line, ' ');
    if (rest != NULL) *rest++ = 0;
    if (strcmp(line, "case") == 0) {
      if (cases++ > 0) test(&v);
      start_vector(&v, rest);
    } else {
      read_line(&v, line, rest != NULL ? rest : "");
    }
  }
  fclose(f);
  if (cases > 0) test(&v);
  return cases;
}

/* --- running a response --- */

enum cut { WHOLE, TWO, SINGLE, RANDOM };

static char *guard; /* the last WIRE_MAX bytes before one that faults */

static size_t piece_size(enum cut cut, size_t at, size_t done, size_t left) {
  size_t n = left;
  if (cut == TWO && done < at) n = at;
  if (cut == SINGLE) n = 1;
  if (cut == RANDOM) n = check_below(3) == 0 ? 1 : check_below(40) + 1;
  return n < left ? n : left;
}

static void log_field(void *context, enum ivs_http1_field field, ivs_str value) {
  struct outcome *o = context;
  size_t at = strlen(o->log), n = strlen(field_names[field]);
  CHECK(value.p != NULL && value.n <= IVS_HTTP_VALUE_MAX);
  if (!CHECK(at + n + value.n + 3 <= sizeof o->log)) return;
  memcpy(o->log + at, field_names[field], n);
  o->log[at + n] = ' ';
  memcpy(o->log + at + n + 1, value.p, value.n);
  memcpy(o->log + at + n + 1 + value.n, "\n", 2);
}

/* What has ended stays so, whatever comes. */
static void check_final(struct ivs_http1 *h, int result) {
  size_t used = 99, body = 99;
  char more[] = "HTTP/1.1 200 OK\r\n\r\n";
  CHECK_INT(ivs_http1_feed(h, more, sizeof more - 1, &used, &body), result);
  CHECK_INT(used, 0);
  CHECK_INT(body, 0);
  CHECK_INT(ivs_http1_close(h), result);
  CHECK_INT(h->done, result == COMPLETE);
  CHECK(result == COMPLETE || !h->keep_alive);
}

static void run_response(const struct bytes *wire, bool no_body, enum cut cut, size_t at,
                         struct outcome *o) {
  struct ivs_http1 h;
  size_t n = 0, used = 0, body = 0;
  int r = 0;
  memset(&h, 0xA5, sizeof h);
  memset(o, 0, offsetof(struct outcome, body));
  o->body.n = 0;
  o->log[0] = 0;
  ivs_http1_start(&h, no_body, log_field, o);
  for (size_t done = 0; done < wire->n && r == 0; done += n) {
    n = piece_size(cut, at, done, wire->n - done);
    char *p = guard + WIRE_MAX - n;
    memcpy(p, wire->p + done, n);
    r = ivs_http1_feed(&h, p, n, &used, &body);
    if (!CHECK(body <= used && used <= n && (r != 0 || used == n))) break;
    memcpy(o->body.p + o->body.n, p, body);
    o->body.n += body;
    o->used += used;
    CHECK(body == 0 || h.in_body);
    CHECK_INT(h.done, r == COMPLETE);
  }
  o->by_close = r == 0;
  if (r == 0) r = ivs_http1_close(&h);
  o->result = r;
  o->status = h.status;
  o->length = h.length;
  o->keep_alive = h.keep_alive;
  o->in_body = h.in_body;
  check_final(&h, r);
}

static bool same(const struct outcome *a, const struct outcome *b) {
  return a->result == b->result && a->by_close == b->by_close && a->status == b->status &&
         a->length == b->length && a->keep_alive == b->keep_alive && a->in_body == b->in_body &&
         a->used == b->used && a->body.n == b->body.n &&
         memcmp(a->body.p, b->body.p, a->body.n) == 0 && strcmp(a->log, b->log) == 0;
}

/* --- the tests --- */

static void check_expected(const struct vector *v, const struct outcome *o) {
  const struct outcome *e = &v->expected;
  CHECK_INT(o->result, e->result);
  CHECK_MEM(o->body.p, o->body.n, e->body.p, e->body.n);
  if (e->result == COMPLETE || e->status != 0) CHECK_INT(o->status, e->status);
  if (e->result != COMPLETE) return;
  CHECK_INT(o->by_close, e->by_close);
  CHECK_INT(o->length, e->length);
  CHECK_INT(o->keep_alive, e->keep_alive);
  CHECK_INT(o->used, v->wire.n - v->extra);
  CHECK(o->in_body);
  CHECK_MEM(o->log, strlen(o->log), e->log, strlen(e->log));
}

/* The first n bytes and no more: too early, or as far as the whole is told. */
static void check_prefix(const struct vector *v, size_t n, const struct outcome *o) {
  const struct outcome *e = &v->expected;
  size_t response = v->wire.n - v->extra;
  CHECK(o->body.n <= e->body.n && memcmp(o->body.p, e->body.p, o->body.n) == 0);
  if (e->result != COMPLETE) CHECK(o->result == IVS_ERR_CLOSED || o->result == e->result);
  else if (!e->by_close) CHECK_INT(o->result, n < response ? IVS_ERR_CLOSED : COMPLETE);
  else CHECK_INT(o->result, n < response - e->body.n ? IVS_ERR_CLOSED : COMPLETE);
}

static void test_vector(const struct vector *v) {
  static struct outcome whole, cut;
  static struct bytes prefix;
  check_where = v->name;
  run_response(&v->wire, v->no_body, WHOLE, 0, &whole);
  check_expected(v, &whole);
  run_response(&v->wire, v->no_body, SINGLE, 0, &cut);
  CHECK(same(&whole, &cut));
  for (size_t at = 1; at < v->wire.n; at++) {
    run_response(&v->wire, v->no_body, TWO, at, &cut);
    CHECK(same(&whole, &cut));
  }
  for (int round = 0; round < 50; round++) {
    run_response(&v->wire, v->no_body, RANDOM, 0, &cut);
    CHECK(same(&whole, &cut));
  }
  for (size_t n = 0; n < v->wire.n; n++) {
    memcpy(prefix.p, v->wire.p, n);
    prefix.n = n;
    run_response(&prefix, v->no_body, WHOLE, 0, &cut);
    check_prefix(v, n, &cut);
  }
}

static void change(struct bytes *b) {
  static const char telling[] = "\r\n\r\n:,; \t05fF\0\x7F\x80";
  size_t at = check_below(b->n), other = check_below(b->n);
  char c = check_below(2) ? telling[check_below(sizeof telling)] : (char)check_random();
  switch (check_below(4)) {
    case 0: b->p[at] = c; break;
    case 1: b->p[at] = b->p[other]; break;
    case 2: memmove(b->p + at, b->p + at + 1, --b->n - at); break;
    default: memmove(b->p + at + 1, b->p + at, b->n++ - at); b->p[at] = c;
  }
}

/* Whatever the bytes are, the pieces do not matter. */
static void test_changed(const struct vector *v) {
  static struct outcome whole, cut;
  static struct bytes wire;
  check_where = v->name;
  if (v->wire.n < 2 || v->wire.n > 1000) return;
  for (int round = 0; round < 500; round++) {
    wire = (struct bytes){.n = v->wire.n};
    memcpy(wire.p, v->wire.p, wire.n);
    for (size_t changes = check_below(4) + 1; changes > 0 && wire.n > 1; changes--) change(&wire);
    run_response(&wire, v->no_body, WHOLE, 0, &whole);
    run_response(&wire, v->no_body, SINGLE, 0, &cut);
    CHECK(same(&whole, &cut));
    run_response(&wire, v->no_body, RANDOM, 0, &cut);
    CHECK(same(&whole, &cut));
    CHECK(whole.result < 0 || (whole.status >= 200 && whole.status <= 599));
    CHECK(whole.result < 0 || whole.length < 0 || (size_t)whole.length == whole.body.n);
  }
}

static void test_no_callback(void) {
  struct ivs_http1 h;
  size_t used, body;
  char text[] = "HTTP/1.1 200 OK\r\nDate: x\r\nContent-Length: 1\r\n\r\ny";
  ivs_http1_start(&h, false, NULL, NULL);
  CHECK_INT(h.status, 0);
  CHECK_INT(ivs_http1_feed(&h, text, sizeof text - 1, &used, &body), 1);
  CHECK_INT(used, sizeof text - 1);
  CHECK_MEM(text, body, "y", 1);
}

/* A body far larger than any buffer, by its length alone. */
static void test_long_body(void) {
  struct ivs_http1 h;
  size_t used, body;
  uint64_t total = 0;
  char head[] = "HTTP/1.1 200 OK\r\nContent-Length: 4294967297\r\n\r\n";
  static char piece[1 << 20];
  int r;
  ivs_http1_start(&h, false, NULL, NULL);
  CHECK_INT(ivs_http1_feed(&h, head, sizeof head - 1, &used, &body), 0);
  CHECK_INT(h.length, 4294967297);
  do {
    r = ivs_http1_feed(&h, piece, sizeof piece, &used, &body);
    total += body;
  } while (r == 0);
  CHECK_INT(r, 1);
  CHECK_INT(total, 4294967297);
  CHECK_INT(used, 1);
}

static const ivs_pair request_headers[] = {
    {IVS_STR_INIT("Host"), IVS_STR_INIT("ivs.eu-west-1.amazonaws.com")},
    {IVS_STR_INIT("X-Empty"), IVS_STR_INIT("")},
};

static void check_head(ivs_str query, int64_t length, const char *expected) {
  size_t n = strlen(expected);
  for (size_t cap = 0; cap <= n + 1; cap++) {
    char *p = check_guard(cap);
    struct ivs_out o = ivs_out_to(p, cap);
    ivs_http1_put_head(&o, IVS_STR("POST"), IVS_STR("/GetChannel"), query, request_headers, 2,
                       length);
    CHECK_INT(o.n, n);
    CHECK_INT(ivs_out_end(&o), cap < n ? IVS_ERR_SPACE : 0);
    if (cap >= n) CHECK_MEM(p, n, expected, n);
    check_guard_free(p, cap);
  }
}

static void test_request(void) {
#define HEAD_REST "Host: ivs.eu-west-1.amazonaws.com\r\nX-Empty: \r\n"
  check_head((ivs_str){NULL, 0}, 12,
             "POST /GetChannel HTTP/1.1\r\n" HEAD_REST "Content-Length: 12\r\n");
  check_head(IVS_STR(""), 0, "POST /GetChannel HTTP/1.1\r\n" HEAD_REST "Content-Length: 0\r\n");
  check_head(IVS_STR("tagKeys=a&tagKeys=b"), -1,
             "POST /GetChannel?tagKeys=a&tagKeys=b HTTP/1.1\r\n" HEAD_REST);
}

/* Nothing of the caller's can end a line. */
static void test_request_injection(void) {
  for (int place = 0; place < 5; place++) {
    for (int c = 0; c < 256; c++) {
      char bad[3] = {'a', (char)c, 'b'};
      ivs_str text[5] = {IVS_STR("GET"), IVS_STR("/"), IVS_STR("q"), IVS_STR("name"), IVS_STR("v")};
      text[place] = (ivs_str){bad, sizeof bad};
      ivs_pair header = {text[3], text[4]};
      struct ivs_out o = ivs_out_to(NULL, 0);
      ivs_http1_put_head(&o, text[0], text[1], text[2], &header, 1, -1);
      bool control = (c < 32 && c != '\t') || c == 127;
      CHECK_INT(ivs_out_end(&o), control ? IVS_ERR_ARGUMENT : IVS_ERR_SPACE);
    }
  }
}

int main(int argc, char **argv) {
  const char *folder = argc > 1 ? argv[1] : "tests/vectors/http1";
  check_seed();
  guard = check_guard(WIRE_MAX);
  CHECK(each_vector(folder, "accepted.txt", test_vector) > 30);
  CHECK(each_vector(folder, "refused.txt", test_vector) > 60);
  each_vector(folder, "accepted.txt", test_changed);
  each_vector(folder, "refused.txt", test_changed);
  RUN(test_no_callback);
  RUN(test_long_body);
  RUN(test_request);
  RUN(test_request_injection);
  check_guard_free(guard, WIRE_MAX);
  return check_done();
}
