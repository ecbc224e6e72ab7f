#include "../../../core/src/signature.h"
#include "../stream.h"

enum { BOUND = 65536, HEADERS_MAX = 4, PARTS_MAX = 7 + 4 * HEADERS_MAX };

static struct stream stream;
static struct part parts[PARTS_MAX];

struct stream *stream_of(const struct ivs_out *o) {
  (void)o;
  return &stream;
}

void heard_query(struct ivs_out *o, ivs_str query) {
  put(o, QUERY, query.p, query.n);
}

static void due(enum how how, const void *p, size_t n) {
  parts[stream.count++] = (struct part){how, p, n};
}

static void due_request(const struct ivs_sigv4_request *rq) {
  due(TEXT, rq->method.p, rq->method.n);
  due(LITERAL, "\n", 1);
  due(PERCENT, rq->path.p, rq->path.n);
  due(LITERAL, "\n", 1);
  due(QUERY, rq->query.p, rq->query.n);
  due(LITERAL, "\n", 1);
  for (size_t i = 0; i < rq->header_count; i++) {
    due(TEXT, rq->headers[i].name.p, rq->headers[i].name.n);
    due(LITERAL, ":", 1);
    due(TEXT, rq->headers[i].value.p, rq->headers[i].value.n);
    due(LITERAL, "\n", 1);
  }
  due(LITERAL, "\n", 1);
}

static void due_names(const struct ivs_sigv4_request *rq, const char *end) {
  for (size_t i = 0; i < rq->header_count; i++) {
    if (i > 0) due(LITERAL, ";", 1);
    due(TEXT, rq->headers[i].name.p, rq->headers[i].name.n);
  }
  due(LITERAL, end, 1);
}

static struct ivs_sigv4_key key;
static ivs_str id;
static const struct ivs_sigv4_request *request;
static const char *amz_date;
static struct ivs_out authorization;

/* What it is given puts the parts of a request. */
int heard_sign(const struct ivs_sigv4_key *k, ivs_str access_key_id,
               const struct ivs_sigv4_request *rq, const char *date, struct ivs_out *o,
               ivs_put_request_fn *put_request, ivs_put_names_fn *put_names) {
  MUST(k == &key && access_key_id.p == id.p && access_key_id.n == id.n && date == amz_date);
  MUST(rq == request && o == &authorization);
  put_request(o, rq);
  MUST(is_complete(&stream));
  const char end = any_char();
  stream = (struct stream){parts, 0, 0, 0};
  due_names(rq, &end);
  put_names(o, rq, end);
  MUST(is_complete(&stream));
  return IVS_OK;
}

void harness(void) {
  ivs_pair headers[HEADERS_MAX];
  size_t n = any_size_to(HEADERS_MAX);
  for (size_t i = 0; i < HEADERS_MAX; i++)
    headers[i] = (ivs_pair){any_text(BOUND), any_text(BOUND)};
  struct ivs_sigv4_request rq = {.method = any_text(BOUND),
                                 .path = any_text(BOUND),
                                 .query = any_text(BOUND),
                                 .headers = headers + HEADERS_MAX - n,
                                 .header_count = n};
  request = &rq;
  id = any_text(BOUND);
  stream = (struct stream){parts, 0, 0, 0};
  due_request(&rq);
  MUST(ivs_sign_plain(&key, id, &rq, amz_date, &authorization) == IVS_OK);
  MUST(is_complete(&stream));
}
