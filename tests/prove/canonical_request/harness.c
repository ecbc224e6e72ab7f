#include "../../../core/src/signature.h"
#include "../stream.h"

enum { BOUND = 65536, HEADERS_MAX = 4, IN_ORDER = 1 << 15, PARTS_MAX = 12 };

static struct stream stream;
static struct part parts[PARTS_MAX];

struct stream *stream_of(const struct ivs_out *o) {
  (void)o;
  return &stream;
}

void heard_path(struct ivs_out *o, ivs_str path) {
  put(o, PATH, path.p, path.n);
}

void heard_query(struct ivs_out *o, ivs_str query) {
  put(o, QUERY, query.p, query.n);
}

void heard_headers(struct ivs_out *o, const struct ivs_sigv4_request *rq) {
  put(o, HEADERS, rq->headers, rq->header_count);
}

void heard_names(struct ivs_out *o, const struct ivs_sigv4_request *rq, char end) {
  put(o, NAMES, rq->headers, rq->header_count);
  ivs_put_char(o, end);
}

static void due(enum how how, const void *p, size_t n) {
  parts[stream.count++] = (struct part){how, p, n};
}

static void due_request(const struct ivs_sigv4_request *rq) {
  bool raw = rq->path.n > 0 && (rq->flags & IVS_SIGV4_RAW_PATH) != 0;
  due(TEXT, rq->method.p, rq->method.n);
  due(LITERAL, "\n", 1);
  due(raw ? TEXT : PATH, rq->path.p, rq->path.n);
  due(LITERAL, "\n", 1);
  due(QUERY, rq->query.p, rq->query.n);
  due(LITERAL, "\n", 1);
  due(HEADERS, rq->headers, rq->header_count);
  due(LITERAL, "\n", 1);
}

static void due_names(const struct ivs_sigv4_request *rq, const char *end) {
  due(NAMES, rq->headers, rq->header_count);
  due(LITERAL, end, 1);
}

/* The name of header i is the text at names + i. */
static char names[HEADERS_MAX];
static uint8_t rank[HEADERS_MAX];

int ivs_compare_nocase(ivs_str a, ivs_str b) {
  MUST(__CPROVER_same_object(a.p, names) && __CPROVER_same_object(b.p, names));
  return rank[__CPROVER_POINTER_OFFSET(a.p)] - rank[__CPROVER_POINTER_OFFSET(b.p)];
}

static ivs_pair headers[HEADERS_MAX];
static struct ivs_sigv4_request request;
static struct ivs_sigv4_key key;
static ivs_str id;
static char amz_date[17];
static struct ivs_out o;

static bool is_in_order(void) {
  size_t from = HEADERS_MAX - request.header_count;
  for (size_t i = 1; i < HEADERS_MAX; i++)
    if (i > from && rank[i - 1] >= rank[i]) return false;
  return true;
}

static bool is_text(ivs_str a, ivs_str b) {
  return a.p == b.p && a.n == b.n;
}

/* The request as it came, but that it may be said of the headers
   that they are in order, and what puts the parts of it. */
int heard_sign(const struct ivs_sigv4_key *k, ivs_str access_key_id,
               const struct ivs_sigv4_request *rq, const char *date, struct ivs_out *authorization,
               ivs_put_request_fn *put_request, ivs_put_names_fn *put_names) {
  MUST(k == &key && is_text(access_key_id, id) && date == amz_date && authorization == &o);
  MUST(is_text(rq->method, request.method) && is_text(rq->path, request.path));
  MUST(is_text(rq->query, request.query) && rq->headers == request.headers);
  MUST(rq->header_count == request.header_count && rq->payload == request.payload);
  MUST(rq->payload_size == request.payload_size);
  MUST(rq->flags == (request.flags | (is_in_order() ? IN_ORDER : 0)));
  due_request(rq);
  put_request(authorization, rq);
  MUST(is_complete(&stream));
  const char end = any_char();
  due_names(rq, &end);
  put_names(authorization, rq, end);
  MUST(is_complete(&stream));
  return IVS_OK;
}

static struct { uint8_t bytes[IVS_SHA256_BYTES]; } payload_digest;

/* ivs_hash_payload() as proof `sign` has it. */
int ivs_hash_payload(struct ivs_sha256 *h, const struct ivs_sigv4_request *rq, uint8_t *digest) {
  WRITABLE(h, sizeof *h);
  MUST(rq == &request);
  if (any_bool()) return IVS_ERR_CRYPTO;
  for (size_t i = 0; i < IVS_SHA256_BYTES; i++) digest[i] = payload_digest.bytes[i];
  return IVS_OK;
}

static void show(void) {
  due_request(&request);
  due_names(&request, "\n");
  due(HEX, payload_digest.bytes, IVS_SHA256_BYTES);
  int r = ivs_sigv4_canonical(&request, &o);
  MUST(r == IVS_OK || r == IVS_ERR_SPACE || r == IVS_ERR_CRYPTO);
  if (r == IVS_ERR_CRYPTO) MUST(is_untouched(&stream) && o.n == 0);
  else MUST(is_complete(&stream));
}

void harness(void) {
  for (size_t i = 0; i < HEADERS_MAX; i++) {
    headers[i] = (ivs_pair){{&names[i], 1}, any_text(BOUND)};
    rank[i] = any_byte();
  }
  for (size_t i = 0; i < IVS_SHA256_BYTES; i++) payload_digest.bytes[i] = any_byte();
  in_digest = any_size_to(IVS_SHA256_BYTES - 1);
  size_t n = any_size_to(HEADERS_MAX);
  ivs_str payload = any_text(BOUND);
  request = (struct ivs_sigv4_request){.method = any_text(BOUND),
                                       .path = any_text(BOUND),
                                       .query = any_text(BOUND),
                                       .headers = headers + HEADERS_MAX - n,
                                       .header_count = n,
                                       .payload = payload.p,
                                       .payload_size = payload.n,
                                       .flags = any_bool() ? IVS_SIGV4_RAW_PATH : 0};
  id = any_text(BOUND);
  o = ivs_out_to(NULL, any_size());
  stream.parts = parts;
  if (any_bool()) MUST(ivs_sigv4_sign(&key, id, &request, amz_date, &o) == IVS_OK);
  else show();
}
