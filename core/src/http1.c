/*
 * HTTP/1.1: reads a response. The request is written by http1_request.c.
 *
 * A state machine that eats any number of bytes, also one, per call.
 *
 *   head      VERSION -> CODE -> CODE_END -> REST -> LINE_LF -> NAME
 *             NAME -> VALUE or REST -> LINE_LF -> NAME           a header that matters, or not
 *             NAME -> HEAD_LF                                    the empty line; if the head
 *                  -> VERSION                                      was interim
 *                  -> DATA                                         announces bytes, or nothing
 *                  -> SIZE                                         is of a chunked body
 *                  -> DONE                                         has no body, or ends trailers
 *   body      DATA -> DONE
 *   chunks    SIZE -> SIZE_LF -> DATA -> DATA_CR -> DATA_LF -> SIZE
 *             SIZE -> SIZE_SPACE -> EXTENSION -> SIZE_LF
 *             SIZE_LF -> NAME                                    after the last chunk: trailers
 *
 * From anywhere to FAILED. DONE and FAILED are final. Lines end with CR LF only.
 */
#include <ivs/http1.h>

enum state {
  /* of a head or beside the body: bytes counted */
  VERSION,
  CODE,
  CODE_END,
  NAME,
  VALUE,
  REST, /* of a line, that says nothing here */
  LINE_LF,
  HEAD_LF,
  SIZE_SPACE,
  EXTENSION,
  /* of a body */
  SIZE,
  SIZE_LF,
  DATA,
  DATA_CR,
  DATA_LF,
  /* final */
  DONE,
  FAILED
};

/* The headers that decide how the response is read; the others are the caller's. */
enum { CONTENT_LENGTH = IVS_HTTP1_ERROR_TYPE + 1, TRANSFER_ENCODING, CONTENT_ENCODING, CONNECTION };

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

/* By length, the least first. The longest fits in ivs_http1.name with a byte to spare. */
#define HEADER(name, field) \
  { sizeof(name) - 1, field, name }
static const struct header {
  uint8_t n;
  uint8_t field;
  char name[18];
} known[] = {
    HEADER("age", IVS_HTTP1_AGE),
    HEADER("date", IVS_HTTP1_DATE),
    HEADER("connection", CONNECTION),
    HEADER("retry-after", IVS_HTTP1_RETRY_AFTER),
    HEADER("content-length", CONTENT_LENGTH),
    HEADER("content-encoding", CONTENT_ENCODING),
    HEADER("x-amzn-requestid", IVS_HTTP1_REQUEST_ID),
    HEADER("x-amzn-errortype", IVS_HTTP1_ERROR_TYPE),
    HEADER("transfer-encoding", TRANSFER_ENCODING),
    HEADER("x-amz-retry-after", IVS_HTTP1_AMZ_RETRY_AFTER),
};
enum { KNOWN = sizeof known / sizeof known[0] };

static bool is_space(char c) {
  return c == ' ' || c == '\t';
}

/* What the text of a line may hold: all but control characters. */
static bool is_text(char c) {
  return ((uint8_t)c >= ' ' && c != 0x7F) || c == '\t';
}

/* What a name may hold: RFC 9110, tchar. */
static bool is_token(char c) {
  static const uint32_t set[4] = {0, 0x03FF6CFA, 0xC7FFFFFE, 0x57FFFFFF};
  uint8_t b = (uint8_t)c;
  if ((uint8_t)((b | 0x20) - 'a') < 26) return true; /* most are letters */
  return b < 128 && (set[b >> 5] >> (b & 31) & 1) != 0;
}

/* True if no byte of the word is a control character, tabs being among these. A borrow can only
   come from a byte that is one, so that the answer for the word is exact. */
static bool is_text_word(size_t word) {
  size_t each = (size_t)-1 / 0xFF; /* times a byte: that byte everywhere */
  size_t del = word ^ each * 0x7F;
  size_t low = (word - each * ' ') & ~word;
  return ((low | ((del - each) & ~del)) & each * 0x80) == 0;
}

static const char *skip_text(const char *p, const char *end) {
  size_t word;
  while ((size_t)(end - p) >= sizeof word) {
    memcpy(&word, p, sizeof word);
    if (!is_text_word(word)) break;
    p += sizeof word;
  }
  while (p < end && is_text(*p)) p++;
  return p;
}

static bool is_word(ivs_str s, const char *word) {
  return ivs_str_eq_nocase(s, ivs_cstr(word));
}

static ivs_str trimmed(ivs_str s) {
  while (s.n != 0 && is_space(s.p[0])) s.p++, s.n--;
  while (s.n != 0 && is_space(s.p[s.n - 1])) s.n--;
  return s;
}

/* Takes the next element off a list between commas. False after the last. */
static bool next_element(ivs_str *list, ivs_str *element) {
  size_t n = 0;
  if (list->p == NULL) return false;
  while (n < list->n && list->p[n] != ',') n++;
  *element = trimmed((ivs_str){list->p, n});
  if (n == list->n) *list = (ivs_str){NULL, 0};
  else *list = (ivs_str){list->p + n + 1, list->n - n - 1};
  return true;
}

/* Several lengths are one if all say the same. */
static int read_length(struct ivs_http1 *h, ivs_str list) {
  ivs_str element;
  while (next_element(&list, &element)) {
    int64_t length;
    if (ivs_str_to_int(element, &length) != 0) return IVS_ERR_HTTP_LENGTH;
    if (h->length >= 0 && h->length != length) return IVS_ERR_HTTP_LENGTH;
    h->length = length;
  }
  return h->flags & CUT ? IVS_ERR_HTTP_LENGTH : 0;
}

static void read_connection(struct ivs_http1 *h, ivs_str list) {
  ivs_str element;
  while (next_element(&list, &element)) {
    if (is_word(element, "close")) h->flags |= CLOSE;
    if (is_word(element, "keep-alive")) h->flags |= KEEP;
  }
  if (h->flags & CUT) h->flags |= CLOSE; /* "close" may be in what was cut */
}

/* The line of a header that matters is complete. */
static int end_field(struct ivs_http1 *h) {
  ivs_str value = trimmed((ivs_str){h->value, h->value_n});
  switch (h->field) {
    case CONTENT_LENGTH: return read_length(h, value);
    case TRANSFER_ENCODING:
      if (!is_word(value, "chunked")) return IVS_ERR_HTTP_CODING;
      if (h->flags & (CHUNKED | HTTP_1_0)) return IVS_ERR_HTTP_CODING;
      h->flags |= CHUNKED;
      return 0;
    case CONTENT_ENCODING: return is_word(value, "identity") ? 0 : IVS_ERR_HTTP_CODING;
    case CONNECTION: read_connection(h, value); return 0;
    default:
      if (h->on_field != NULL) h->on_field(h->context, (enum ivs_http1_field)h->field, value);
      return 0;
  }
}

static uint8_t find_field(const struct ivs_http1 *h) {
  if (h->flags & (INTERIM | TRAILER)) return 0;
  ivs_str name = {h->name, h->name_n};
  for (size_t i = 0; i < KNOWN && known[i].n <= name.n; i++) {
    if (known[i].n != name.n) continue;
    if (ivs_str_eq_nocase(name, (ivs_str){known[i].name, name.n})) return known[i].field;
  }
  return 0;
}

static int end_head(struct ivs_http1 *h) {
  if (h->flags & TRAILER) {
    h->state = DONE;
    return 0;
  }
  if (h->flags & INTERIM) {
    h->flags &= NO_BODY;
    h->state = VERSION;
    return 0;
  }
  if (h->flags & CHUNKED && h->length >= 0) return IVS_ERR_HTTP_LENGTH;
  if (h->flags & NO_BODY || h->status == 204 || h->status == 304) {
    h->flags &= (uint8_t)~CHUNKED;
    h->length = 0;
  }
  h->in_body = true;
  h->keep_alive = !(h->flags & CLOSE) && (!(h->flags & HTTP_1_0) || h->flags & KEEP);
  h->state = DATA;
  h->left = h->length;
  if (h->flags & CHUNKED) {
    h->state = SIZE;
    h->left = 0;
  } else if (h->length < 0) {
    h->left = INT64_MAX;
    h->keep_alive = false;
  } else if (h->length == 0) {
    h->state = DONE;
  }
  return 0;
}

/* The digits so far are in left. */
static int code_byte(struct ivs_http1 *h, char c) {
  if (c < '0' || c > '9') return IVS_ERR_HTTP;
  int status = (int)h->left * 10 + (c - '0');
  h->left = status;
  if (++h->name_n < 3) return 0;
  if (status < 100 || status > 599 || status == 101) return IVS_ERR_HTTP;
  if (status < 200) h->flags |= INTERIM;
  else h->status = status;
  h->state = CODE_END;
  return 0;
}

static int version_byte(struct ivs_http1 *h, char c) {
  static const char version[] = "HTTP/1.1 ";
  bool minor = h->name_n == 7;
  if (minor ? c < '0' || c > '9' : c != version[h->name_n]) return IVS_ERR_HTTP;
  if (minor && c == '0') h->flags |= HTTP_1_0;
  if (++h->name_n < sizeof version - 1) return 0;
  h->name_n = 0;
  h->left = 0;
  h->state = CODE;
  return 0;
}

/* After a name: the colon, or the CR of an empty line. */
static int name_end_byte(struct ivs_http1 *h, char c) {
  if (c == '\r' && h->name_n == 0) {
    h->state = HEAD_LF;
    return 0;
  }
  if (c != ':' || h->name_n == 0) return IVS_ERR_HTTP;
  h->field = find_field(h);
  h->state = h->field != 0 ? VALUE : REST;
  h->value_n = 0;
  h->flags &= (uint8_t)~CUT;
  return 0;
}

static int end_line(struct ivs_http1 *h) {
  int r = h->field != 0 ? end_field(h) : 0;
  h->field = 0;
  h->name_n = 0;
  h->state = NAME;
  return r;
}

/* After the digits of a chunk's size: spaces, which RFC 9112 has a recipient skip, or its end. */
static int size_end_byte(struct ivs_http1 *h, char c) {
  if (is_space(c)) h->state = SIZE_SPACE;
  else if (c == ';') h->state = EXTENSION;
  else if (c == '\r') h->state = SIZE_LF;
  else return IVS_ERR_HTTP;
  return 0;
}

/* What ends the text of a line, or the space before it. */
static int line_end_byte(struct ivs_http1 *h, char c) {
  if (c == ' ' && h->state == CODE_END) h->state = REST;
  else if (c == '\r') h->state = h->state == EXTENSION ? SIZE_LF : LINE_LF;
  else return IVS_ERR_HTTP;
  return 0;
}

/* A byte that no run of text takes. */
static int head_byte(struct ivs_http1 *h, char c) {
  switch (h->state) {
    case VERSION: return version_byte(h, c);
    case CODE: return code_byte(h, c);
    case NAME: return name_end_byte(h, c);
    case LINE_LF: return c == '\n' ? end_line(h) : IVS_ERR_HTTP;
    case HEAD_LF: return c == '\n' ? end_head(h) : IVS_ERR_HTTP;
    case SIZE_SPACE: return size_end_byte(h, c);
    default: return line_end_byte(h, c);
  }
}

/* Keeps size more bytes behind n, as many as room holds; returns how many there are now. */
static uint8_t keep(char *to, size_t room, size_t n, const char *p, size_t size) {
  if (size > room - n) size = room - n;
  memcpy(to + n, p, size);
  return (uint8_t)(n + size);
}

static const char *take_name(struct ivs_http1 *h, const char *p, const char *end) {
  const char *from = p;
  while (p < end && is_token(*p)) p++;
  h->name_n = keep(h->name, sizeof h->name, h->name_n, from, (size_t)(p - from));
  return p;
}

static const char *take_value(struct ivs_http1 *h, const char *p, const char *end) {
  const char *stop = skip_text(p, end);
  while (h->value_n == 0 && p < stop && is_space(*p)) p++;
  size_t before = h->value_n;
  h->value_n = keep(h->value, sizeof h->value, before, p, (size_t)(stop - p));
  for (p += h->value_n - before; p < stop; p++) {
    if (!is_space(*p)) h->flags |= CUT;
  }
  return stop;
}

/* Reads on until the head ends or the bytes do; returns 0 or an error. */
static int read_head(struct ivs_http1 *h, const char **at, const char *end) {
  size_t room = IVS_HTTP_HEAD_MAX - h->head_size;
  if (room == 0) return IVS_ERR_HTTP_HEAD;
  if ((size_t)(end - *at) > room) end = *at + room;

  const char *p = *at;
  int r = 0;
  while (p < end && r == 0 && h->state <= EXTENSION) {
    if (h->state == NAME) p = take_name(h, p, end);
    else if (h->state == VALUE) p = take_value(h, p, end);
    else if (h->state == REST || h->state == EXTENSION) p = skip_text(p, end);
    if (p == end) break;
    r = head_byte(h, *p++);
  }
  h->head_size += (uint32_t)(p - *at);
  *at = p;
  return r;
}

/* The digits so far are in left, their number in name_n. */
static int size_byte(struct ivs_http1 *h, char c) {
  unsigned digit = (uint8_t)(c - '0');
  if (digit > 9) {
    digit = (uint8_t)(ivs_lower(c) - 'a');
    if (digit > 5) return h->name_n != 0 ? size_end_byte(h, c) : IVS_ERR_HTTP;
    digit += 10;
  }
  if (h->name_n++ == 16) return IVS_ERR_HTTP_LENGTH;
  h->left = (int64_t)((uint64_t)h->left << 4 | digit);
  return h->left < 0 ? IVS_ERR_HTTP_LENGTH : 0;
}

static int chunk_byte(struct ivs_http1 *h, char c) {
  switch (h->state) {
    case SIZE: return size_byte(h, c);
    case SIZE_LF:
      if (c != '\n') return IVS_ERR_HTTP;
      h->name_n = 0;
      if (h->left == 0) h->flags |= TRAILER;
      h->state = h->left == 0 ? NAME : DATA;
      return 0;
    case DATA_CR:
      if (c != '\r') return IVS_ERR_HTTP_LENGTH;
      h->state = DATA_LF;
      return 0;
    default: /* DATA_LF */
      if (c != '\n') return IVS_ERR_HTTP_LENGTH;
      h->state = SIZE;
      return 0;
  }
}

/* Moves what there is of the body, or of the chunk, from in to out; returns its size. */
static size_t take_data(struct ivs_http1 *h, char *out, const char *in, size_t n) {
  if ((uint64_t)h->left < n) n = (size_t)h->left;
  if (out != in) memmove(out, in, n);
  h->left -= (int64_t)n;
  if (h->left == 0) h->state = h->flags & CHUNKED ? DATA_CR : DONE;
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
  int r = 0;
  while (in < end && h->state < DONE && r == 0) {
    if (h->state == DATA) {
      size_t moved = take_data(h, out, in, (size_t)(end - in));
      in += moved;
      out += moved;
    } else if (h->state <= EXTENSION) {
      r = read_head(h, &in, end);
    } else {
      r = chunk_byte(h, *in++);
    }
  }
  *used = (size_t)(in - p);
  *body = (size_t)(out - p);
  if (r != 0) return fail(h, r);
  if (h->state == FAILED) return (int)h->left;
  h->done = h->state == DONE;
  return h->done;
}

/* see ivs/http1.h */
int ivs_http1_close(struct ivs_http1 *h) {
  bool until_close = h->state == DATA && h->length < 0 && !(h->flags & CHUNKED);
  if (until_close) h->state = DONE;
  h->done = h->state == DONE;
  if (h->done) return 1;
  return h->state == FAILED ? (int)h->left : fail(h, IVS_ERR_CLOSED);
}
