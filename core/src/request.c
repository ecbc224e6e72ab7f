/*
 * The bytes of a request, in the workspace.
 *
 * Path, query and body are written at the end of the workspace, where the signature
 * reads them; the head at its start; then the body moves up behind the head, so that the request
 * leaves in one piece:
 *
 *   | head ...                 | path | query | body |
 *   | head | body | free ...                         |
 */
#include "call.h"

#include <ivs/ivs.h>

static ivs_str method_text(uint8_t method) {
  switch (method) {
    case IVS_GET: return IVS_STR("GET");
    case IVS_DELETE: return IVS_STR("DELETE");
    default: return IVS_STR("POST");
  }
}

/* What the workspace holds of the request beside its head. */
struct parts {
  ivs_str path;
  ivs_str query;
  ivs_str body;
  size_t n; /* of all of them */
};

static void put_path(const ivs_client *c, struct ivs_out *o) {
  ivs_put_text(o, c->options.endpoint->path);
  ivs_encode_path(&ivs_ops[c->op], c->in, o);
}

/* Writes the parts at the end of the workspace; without room for them their texts are absent. */
static void put_parts(ivs_client *c, struct parts *parts) {
  const struct ivs_op *op = &ivs_ops[c->op];
  struct ivs_out path = {0}, query = {0}, body = {0};
  put_path(c, &path);
  ivs_encode_query(op, c->in, &query);
  ivs_encode_body(op, c->in, &body);
  memset(parts, 0, sizeof *parts);
  parts->body.n = body.n;
  parts->n = path.n + query.n + body.n;
  if (parts->n > c->exchange.space_n) return;
  struct ivs_out o = ivs_out_to(c->exchange.space + c->exchange.space_n - parts->n, parts->n);
  parts->path = (ivs_str){o.p, path.n};
  parts->query = (ivs_str){o.p + path.n, query.n};
  parts->body.p = o.p + path.n + query.n;
  put_path(c, &o);
  ivs_encode_query(op, c->in, &o);
  ivs_encode_body(op, c->in, &o);
}

static int derive_key(ivs_client *c, const char *date) {
  if (memcmp(c->key.date, date, 8) == 0) return 0;
  ivs_str secret = ivs_cstr(c->options.creds->secret_access_key);
  return ivs_sigv4_key_derive(&c->key, secret, date, c->options.region, IVS_STR("ivs"));
}

/* Appends the Authorization header. Without room for the parts it only counts: the length is the
 * same for any path. */
static int put_authorization(ivs_client *c, struct ivs_out *head, const struct parts *parts,
                             const ivs_pair *headers, size_t count, const char *date) {
  struct ivs_sigv4_request rq = {
      .method = method_text(ivs_ops[c->op].method), .headers = headers, .header_count = count};
  int r = derive_key(c, date);
  if (r < 0) return r;
  if (parts->path.p != NULL) {
    rq.path = parts->path;
    rq.query = parts->query;
    rq.payload = parts->body.p;
    rq.payload_size = parts->body.n;
  }
  ivs_put_text(head, "authorization: ");
  r = ivs_sigv4_sign(&c->key, ivs_cstr(c->options.creds->access_key_id), &rq, date, head);
  ivs_put_text(head, "\r\n");
  return r == IVS_ERR_SPACE ? 0 : r;
}

static void add(ivs_pair *headers, size_t *n, ivs_str name, ivs_str value) {
  headers[*n].name = name;
  headers[(*n)++].value = value;
}

/* Writes the head to o, signed if there are credentials. */
static int put_head(ivs_client *c, struct ivs_out *o, const struct parts *parts) {
  const struct ivs_creds *creds = c->options.creds;
  uint8_t method = ivs_ops[c->op].method;
  ivs_pair headers[5];
  size_t n = 0;
  char date[IVS_TIME_AMZ_SIZE];
  if (ivs_time_to_amz(ivs_clock_now(c), date) < 0) return IVS_ERR_CLOCK;
  /* in the order of names, which the signer reads fastest */
  if (method == IVS_POST) add(headers, &n, IVS_STR("content-type"), IVS_STR("application/json"));
  add(headers, &n, IVS_STR("host"), ivs_cstr(c->options.endpoint->authority));
  if (creds != NULL) add(headers, &n, IVS_STR("x-amz-date"), ivs_cstr(date));
  if (creds != NULL && creds->session_token[0] != '\0')
    add(headers, &n, IVS_STR("x-amz-security-token"), ivs_cstr(creds->session_token));
  size_t signed_count = n;
  add(headers, &n, IVS_STR("user-agent"), IVS_STR("ivs/" IVS_VERSION));
  ivs_http1_put_head(o, method_text(method), parts->path, parts->query, headers, n,
                     method == IVS_GET ? -1 : (int64_t)parts->body.n);
  int r = creds != NULL ? put_authorization(c, o, parts, headers, signed_count, date) : 0;
  ivs_put_text(o, "\r\n");
  return r < 0 ? r : o->err;
}

/* Writes the request, which was judged good; on an error parts of it may be left. */
static int write_request(ivs_client *c) {
  struct parts parts;
  put_parts(c, &parts);
  bool fits = parts.path.p != NULL;
  struct ivs_out head = ivs_out_to(c->exchange.space, fits ? c->exchange.space_n - parts.n : 0);
  int r = put_head(c, &head, &parts);
  if (r < 0) return r;
  size_t need = head.n + parts.n;
  if (!fits) need += parts.n - parts.body.n + 1; /* path and query, with '?', are in the head too */
  if (need < IVS_LEAST_ANSWER) need = IVS_LEAST_ANSWER;
  if (need > c->exchange.space_n) return ivs_want_space(c, need);
  if (parts.body.n > 0) memmove(c->exchange.space + head.n, parts.body.p, parts.body.n);
  c->exchange.have = head.n + parts.body.n;
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
