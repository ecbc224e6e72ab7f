/*
 * HTTP/1.1: reads a response. The request is written by http1_request.c.
 *
 * A state machine that eats any number of bytes, also one, per call. All but the body is lines; of
 * a line that matters a beginning is kept and read when its end has come.
 *
 *   VALUE -> LF          the status line, the size of a chunk
 *   NAME -> VALUE -> LF  a header that matters
 *   NAME -> REST -> LF   any other
 *   NAME -> LF           the empty line
 *   CR -> LF             behind a chunk
 *   DATA                 the body, or a chunk of it
 *
 * Lines end with CR LF only. After a failure nothing is read any more.
 */
#include <ivs/http1.h>

#include "chars.h"

enum state { VALUE, NAME, REST, CR, LF, DATA, FAILED };

/* What a line is: the headers of enum ivs_http1_field, which are the caller's, or one of these. */
enum line {
  STATUS = 0,
  CONTENT_LENGTH = IVS_HTTP1_ERROR_TYPE + 1,
  TRANSFER_ENCODING,
  CONTENT_ENCODING,
  CONNECTION,
  OTHER, /* a header that says nothing here */
  END_OF_HEAD,
  SIZE,
  END_OF_CHUNK
};

/* The names of the headers that matter in the order of their numbers, each behind its length. The
   longest fits in ivs_http1.name with a byte to spare. Most others are told by their length. */
enum { KNOWN_LENGTHS = 1 << 3 | 1 << 4 | 1 << 10 | 1 << 11 | 1 << 14 | 1 << 16 | 1 << 17 };
static const char known[] =
    "\4date"
    "\3age"
    "\13retry-after"
    "\21x-amz-retry-after"
    "\20x-amzn-requestid"
    "\20x-amzn-errortype"
    "\16content-length"
    "\21transfer-encoding"
    "\20content-encoding"
    "\12connection";

/* Bytes of the longest line of a chunk's size that has no extension, with the CR LF before it: such
   lines do not count as head. */
enum { SIZE_LINE = 20 };

enum flag {
  NO_BODY = 1,
  INTERIM = 2,
  TRAILER = 4,
  HTTP_1_0 = 8,
  CLOSE = 16,
  KEEP = 32,
  CHUNKED = 64,
  CUT = 128 /* the value in hand is longer than its room */
};

/* In the text of a line, whose only control characters are tabs. */
static bool is_space(char c) {
  return (uint8_t)c <= ' ';
}

static bool is_word(ivs_str s, const char *word) {
  return ivs_str_eq_nocase(s, ivs_cstr(word));
}

static ivs_str trimmed(ivs_str s) {
  while (s.n != 0 && is_space(s.p[0])) s.p++, s.n--;
  while (s.n != 0 && is_space(s.p[s.n - 1])) s.n--;
  return s;
}

/* "HTTP/1.1 200 OK"; the reason may be missing. */
static int read_status(struct ivs_http1 *h, ivs_str s) {
  static const char shape[] = "HTTP/0.1 222";
  enum { MAJOR, MINOR, CODE, NUMBERS };
  const size_t size = sizeof shape - 1;
  uint32_t n[NUMBERS] = {0};
  if (s.n < size || !ivs_read_shape(s.p, shape, size, n)) return IVS_ERR_HTTP;
  if (n[MAJOR] != 1 || (s.n > size && s.p[size] != ' ')) return IVS_ERR_HTTP;
  if (n[CODE] < 100 || n[CODE] > 599 || n[CODE] == 101) return IVS_ERR_HTTP;
  if (n[CODE] < 200) h->flags |= INTERIM;
  else h->status = (int)n[CODE];
  if (n[MINOR] == 0) h->flags |= HTTP_1_0;
  return 0;
}

/* One element of a header that decides how the response is read. */
static int read_element(struct ivs_http1 *h, enum line line, ivs_str s) {
  if (line == CONNECTION) {
    if (is_word(s, "close")) h->flags |= CLOSE;
    if (is_word(s, "keep-alive")) h->flags |= KEEP;
    return 0;
  }
  if (line == CONTENT_LENGTH) { /* several lengths are one if all say the same */
    int64_t length;
    if (ivs_str_to_int(s, &length) != 0) return IVS_ERR_HTTP_LENGTH;
    if (h->length >= 0 && h->length != length) return IVS_ERR_HTTP_LENGTH;
    h->length = length;
    return 0;
  }
  if (line == CONTENT_ENCODING) return is_word(s, "identity") ? 0 : IVS_ERR_HTTP_CODING;
  if (!is_word(s, "chunked") || h->flags & (CHUNKED | HTTP_1_0)) return IVS_ERR_HTTP_CODING;
  h->flags |= CHUNKED;
  return 0;
}

/* Such a header: elements between commas. */
static int read_elements(struct ivs_http1 *h, enum line line, ivs_str list, bool cut) {
  ivs_str element;
  int r = 0;
  while (r == 0 && ivs_cut(&list, ',', &element)) r = read_element(h, line, trimmed(element));
  if (r != 0 || !cut) return r;
  if (line != CONNECTION) return IVS_ERR_HTTP_LENGTH;
  h->flags |= CLOSE; /* that may be in what was cut */
  return 0;
}

/* The size of a chunk; spaces behind it, which RFC 9112 has a recipient skip; an extension, of
   which only the beginning is looked at. */
static int read_size(struct ivs_http1 *h, ivs_str s, bool cut) {
  uint64_t size = 0;
  size_t n = 0;
  int digit;
  for (; n < s.n && (digit = ivs_hex_value(s.p[n])) >= 0; n++) {
    if (n == 16) return IVS_ERR_HTTP_LENGTH;
    size = size << 4 | (unsigned)digit;
  }
  ivs_str rest = trimmed((ivs_str){s.p + n, s.n - n});
  if (n == 0 || (rest.n > 0 ? *rest.p != ';' : cut)) return IVS_ERR_HTTP;
  h->left = (int64_t)size;
  if (h->left < 0) return IVS_ERR_HTTP_LENGTH;
  h->head_size -= (uint32_t)n + 2; /* without the extension it is no head */
  if (size == 0) h->flags |= TRAILER;
  else h->state = DATA;
  return 0;
}

/* What comes next: how it begins, and of which line. */
static void expect(struct ivs_http1 *h, enum state state, enum line line) {
  h->state = (uint8_t)state;
  h->line = (uint8_t)line;
}

static int end_head(struct ivs_http1 *h) {
  if (h->flags & TRAILER) {
    h->done = true;
    return 0;
  }
  if (h->flags & INTERIM) {
    h->flags &= NO_BODY;
    expect(h, VALUE, STATUS);
    return 0;
  }
  if (h->flags & CHUNKED && h->length >= 0) return IVS_ERR_HTTP_LENGTH;
  if (h->flags & NO_BODY || h->status == 204 || h->status == 304) {
    h->flags &= (uint8_t)~CHUNKED;
    h->length = 0;
  }
  h->in_body = true;
  h->keep_alive = !(h->flags & CLOSE) && (!(h->flags & HTTP_1_0) || h->flags & KEEP);
  if (h->flags & CHUNKED) {
    expect(h, VALUE, SIZE);
    return 0;
  }
  if (h->length < 0) h->keep_alive = false;
  h->state = DATA;
  h->left = h->length;
  h->done = h->left == 0;
  return 0;
}

static int end_line(struct ivs_http1 *h) {
  ivs_str value = {h->value, h->value_n};
  enum line line = (enum line)h->line;
  bool cut = (h->flags & CUT) != 0;
  expect(h, NAME, END_OF_HEAD);
  h->name_n = 0;
  h->value_n = 0;
  h->flags &= (uint8_t)~CUT;
  if (line == OTHER) return 0;
  if (line == STATUS) return read_status(h, value);
  if (line == END_OF_HEAD) return end_head(h);
  if (line == SIZE) return read_size(h, value, cut);
  if (line == END_OF_CHUNK) {
    h->head_size -= 2;
    expect(h, VALUE, SIZE);
    return 0;
  }
  value = trimmed(value);
  if (line >= CONTENT_LENGTH) return read_elements(h, line, value, cut);
  if (h->on_field != NULL) h->on_field(h->context, (enum ivs_http1_field)line, value);
  return 0;
}

/* What the header is whose name was read. */
static uint8_t header_of(const struct ivs_http1 *h) {
  ivs_str name = {h->name, h->name_n};
  uint8_t line = 1;
  if (h->flags & (INTERIM | TRAILER) || (KNOWN_LENGTHS >> name.n & 1) == 0) return OTHER;
  for (const char *p = known; line != OTHER; p += *p + 1, line++)
    if ((uint8_t)*p == name.n && ivs_str_eq_nocase((ivs_str){p + 1, name.n}, name)) break;
  return line;
}

/* A byte that no run of text takes. */
static int control_byte(struct ivs_http1 *h, char c) {
  if (h->state == LF && c == '\n') return end_line(h);
  bool in_name = h->state == NAME && h->name_n != 0;
  if (h->state != LF && c == '\r' && !in_name) {
    h->state = LF;
    return 0;
  }
  if (in_name && c == ':') {
    h->line = header_of(h);
    h->state = h->line == OTHER ? REST : VALUE;
    return 0;
  }
  return h->line == END_OF_CHUNK ? IVS_ERR_HTTP_LENGTH : IVS_ERR_HTTP;
}

/* Keeps size more bytes behind n, as many as room holds; returns how many there are now. */
static uint8_t keep(char *to, size_t room, size_t n, const char *p, size_t size) {
  if (size > room - n) size = room - n;
  memcpy(to + n, p, size);
  return (uint8_t)(n + size);
}

static const char *take_name(struct ivs_http1 *h, const char *p, const char *end) {
  const char *stop = ivs_token_run(p, end);
  h->name_n = keep(h->name, sizeof h->name, h->name_n, p, (size_t)(stop - p));
  return stop;
}

static const char *take_value(struct ivs_http1 *h, const char *p, const char *end) {
  const char *stop = ivs_text_run(p, end);
  bool header = h->name_n != 0;
  while (header && h->value_n == 0 && p < stop && is_space(*p)) p++;
  size_t before = h->value_n;
  h->value_n = keep(h->value, sizeof h->value, before, p, (size_t)(stop - p));
  for (p += h->value_n - before; p < stop; p++) {
    if (!is_space(*p)) h->flags |= CUT;
  }
  return stop;
}

/* Reads lines until the bytes end or what comes is body; returns 0 or an error. */
static int read_lines(struct ivs_http1 *h, const char **at, const char *end) {
  size_t room = (size_t)IVS_HTTP_HEAD_MAX + (h->in_body ? SIZE_LINE : 0) - h->head_size;
  const char *p = *at;
  int r = 0;
  if (room == 0) return IVS_ERR_HTTP_HEAD;
  if ((size_t)(end - p) > room) end = p + room;
  do {
    if (h->state == NAME) p = take_name(h, p, end);
    else if (h->state == VALUE) p = take_value(h, p, end);
    else if (h->state == REST) p = ivs_text_run(p, end);
    if (p == end) break;
    r = control_byte(h, *p++);
  } while (r == 0 && h->state != DATA && !h->done);
  h->head_size += (uint32_t)(p - *at);
  *at = p;
  return r;
}

/* Moves what there is of the body, or of the chunk, from in to out; returns its size. */
static size_t take_data(struct ivs_http1 *h, char *out, const char *in, size_t n) {
  if ((uint64_t)h->left < n) n = (size_t)h->left;
  if (out != in) memmove(out, in, n);
  h->left -= (int64_t)n;
  if (h->left == 0) {
    if (h->flags & CHUNKED) expect(h, CR, END_OF_CHUNK);
    else h->done = true;
  }
  return n;
}

/* After it left holds the error. */
static int fail(struct ivs_http1 *h, int error) {
  h->state = FAILED;
  h->left = error;
  h->keep_alive = false;
  return error;
}

/* see ivs/http1.h */
void ivs_http1_start(struct ivs_http1 *h, bool no_body, ivs_http1_field_fn *on_field,
                     void *context) {
  memset(h, 0, sizeof *h);
  h->length = -1;
  h->on_field = on_field;
  h->context = context;
  h->flags = no_body ? NO_BODY : 0;
}

/* see ivs/http1.h */
int ivs_http1_feed(struct ivs_http1 *h, char *p, size_t n, size_t *used, size_t *body) {
  const char *in = p, *end = p + n;
  char *out = p;
  int r = h->state == FAILED ? (int)h->left : 0;
  while (in < end && r == 0 && !h->done) {
    if (h->state != DATA) {
      r = read_lines(h, &in, end);
      continue;
    }
    size_t moved = take_data(h, out, in, (size_t)(end - in));
    in += moved;
    out += moved;
  }
  *used = (size_t)(in - p);
  *body = (size_t)(out - p);
  return r != 0 ? fail(h, r) : h->done;
}

/* see ivs/http1.h */
int ivs_http1_close(struct ivs_http1 *h) {
  if (h->state == DATA && h->length < 0 && !(h->flags & CHUNKED)) h->done = true;
  if (h->done) return 1;
  return fail(h, h->state == FAILED ? (int)h->left : IVS_ERR_CLOSED);
}
