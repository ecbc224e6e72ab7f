/*
 * The bytes of a request, in the workspace.
 *
 * Path, query and body are written and moved to the end of the workspace, where the signature reads
 * them; the head is written at its start; then the body moves up behind the head, so that the
 * request leaves in one piece:
 *
 *   | path | query | body |                          |
 *   | head ...                 | path | query | body |
 *   | head | body | free ...                         |
 */
#include "call.h"
#include "signature.h"

#include <ivs/ivs.h>

static int derive_key(ivs_client *c, const char *date) {
  ivs_str secret = ivs_cstr(c->options.creds->secret_access_key);
  if (secret.n == 0) return IVS_ERR_CREDENTIALS;
  if (memcmp(c->key.date, date, 8) == 0) return 0;
  return ivs_sigv4_key_derive(&c->key, secret, date, c->options.region, IVS_STR("ivs"));
}

/* Appends the Authorization header. Without room for path, query and body it only counts: its
   length is the same for any. */
static int put_authorization(ivs_client *c, struct ivs_out *head,
                             const struct ivs_sigv4_request *rq, const char *date) {
  int r = derive_key(c, date);
  if (r < 0) return r;
  ivs_put_text(head, "authorization: ");
  r = ivs_sign_plain(&c->key, ivs_cstr(c->options.creds->access_key_id), rq, date, head);
  ivs_put_text(head, "\r\n");
  return r == IVS_ERR_SPACE ? 0 : r;
}

/* Writes the head to o, signed if there are credentials. */
static int put_head(ivs_client *c, struct ivs_out *o, struct ivs_sigv4_request *rq, size_t body_n) {
  const struct ivs_creds *creds = c->options.creds;
  unsigned method = ivs_ops[c->op].method;
  char date[IVS_TIME_AMZ_SIZE];
  if (ivs_time_to_amz(ivs_clock_now(c), date) < 0) return IVS_ERR_CLOCK;

  /* the names in their order, which the signer reads fastest; but the last is not signed */
  const char *name = "content-type\0host\0x-amz-date\0x-amz-security-token\0user-agent";
  const char *values[] = {
      method == IVS_POST ? "application/json" : NULL,
      c->options.endpoint->authority,
      creds != NULL ? date : NULL,
      creds != NULL && creds->session_token[0] != '\0' ? creds->session_token : NULL,
      "ivs/" IVS_VERSION,
  };
  ivs_pair headers[sizeof values / sizeof *values];
  size_t n = 0;
  for (size_t i = 0; i < sizeof values / sizeof *values; i++, name += strlen(name) + 1) {
    if (values[i] == NULL) continue;
    headers[n].name = ivs_cstr(name);
    headers[n++].value = ivs_cstr(values[i]);
  }
  ivs_http1_put_head(o, rq->method, rq->path, rq->query, headers, n,
                     method == IVS_GET ? -1 : (int64_t)body_n);
  rq->headers = headers;
  rq->header_count = n - 1;
  int r = creds != NULL ? put_authorization(c, o, rq, date) : 0;
  rq->headers = NULL; /* they end here */
  ivs_put_text(o, "\r\n");
  return r < 0 ? r : o->err;
}

/* Writes the request, which was judged good; on an error parts of it may be left. */
static int write_request(ivs_client *c) {
  static const char methods[][7] = {
      [IVS_GET] = "GET", [IVS_POST] = "POST", [IVS_DELETE] = "DELETE"};
  const struct ivs_op *op = &ivs_ops[c->op];
  struct ivs_exchange *x = &c->exchange;
  struct ivs_sigv4_request rq = {.method = ivs_cstr(methods[op->method])};
  struct ivs_out o = ivs_out_to(x->space, x->space_n);
  ivs_put_text(&o, c->options.endpoint->path);
  ivs_encode_path(op, c->in, &o);
  size_t path_n = o.n;
  ivs_encode_query(op, c->in, &o);
  size_t target_n = o.n;
  ivs_encode_body(op, c->in, &o);

  size_t body_n = o.n - target_n, need = o.n;
  if (o.n <= x->space_n) {
    o.cap = x->space_n - o.n;
    char *p = (char *)memmove(o.p + o.cap, o.p, o.n);
    rq.path = (ivs_str){p, path_n};
    rq.query = (ivs_str){p + path_n, target_n - path_n};
    rq.payload = p + target_n;
    rq.payload_size = body_n;
  } else {
    o.cap = 0;
    need += target_n + 1; /* path and query, with '?', are in the head too */
  }
  o.n = 0;
  int r = put_head(c, &o, &rq, body_n);
  if (r < 0) return r;
  need += o.n;
  if (need < IVS_LEAST_ANSWER) need = IVS_LEAST_ANSWER;
  if (need > x->space_n) return ivs_want_space(c, need);
  if (body_n > 0) memmove(o.p + o.n, rq.payload, body_n);
  x->have = o.n + body_n;
  ivs_note_space(c, need);
  return 0;
}

/* see call.h */
int ivs_request_build(ivs_client *c) {
  struct ivs_region space = {c->exchange.space, c->exchange.space_n};
  ivs_str culprit;
  int r = ivs_encode_judge(&ivs_ops[c->op], c->in, space, &culprit);
  if (r == 0 && c->options.check != NULL)
    r = ivs_encode_check(&ivs_ops[c->op], c->in, c->options.check, &culprit);
  if (r < 0) {
    ivs_str_cut(c->error.message, sizeof c->error.message, culprit);
    return r;
  }
  r = write_request(c);
  size_t keep = r == 0 ? c->exchange.have : 0;
  if (keep < c->exchange.space_n) ivs_wipe(c->exchange.space + keep, c->exchange.space_n - keep);
  return r;
}
