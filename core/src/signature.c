/*
 * The key of AWS Signature Version 4, and the signature. The canonical request goes into the hash
 * as it is written.
 */
#include "signature.h"

#include "chars.h"

enum { DAY_CHARS = 8, SECRET_MAX = 128 };

/* see ivs/sigv4.h */
int ivs_sigv4_key_derive(struct ivs_sigv4_key *key, ivs_str secret, const char *date,
                         ivs_str region, ivs_str service) {
  ivs_sigv4_key_wipe(key);
  if (secret.n > SECRET_MAX) return IVS_ERR_LENGTH;
  const ivs_str scope[] = {{date, DAY_CHARS}, region, service, IVS_STR_INIT("aws4_request")};
  uint8_t mac[IVS_SHA256_BYTES];
  int r = ivs_hmac_key_start_parts(&key->hmac, IVS_STR("AWS4"), secret);
  for (size_t i = 0; r == IVS_OK && i < sizeof scope / sizeof *scope; i++) {
    r = ivs_hmac(&key->hmac, scope[i].p, scope[i].n, mac);
    ivs_hmac_key_wipe(&key->hmac);
    if (r == IVS_OK) r = ivs_hmac_key_start(&key->hmac, mac, sizeof mac);
  }
  ivs_wipe(mac, sizeof mac);
  if (r != IVS_OK) return r;
  memcpy(key->date, date, DAY_CHARS);
  key->date[DAY_CHARS] = '\0';
  key->region = region;
  key->service = service;
  return IVS_OK;
}

/* see ivs/sigv4.h */
void ivs_sigv4_key_wipe(struct ivs_sigv4_key *key) {
  ivs_hmac_key_wipe(&key->hmac);
  ivs_wipe(key, sizeof *key);
}

/* The digest of what was put into a hash, unless something failed. */
static int end_hash(struct ivs_out *o, uint8_t *digest) {
  if (o->err == 0) return ivs_sha256_final(o->hash, digest);
  ivs_sha256_wipe(o->hash);
  return o->err;
}

/* see signature.h */
int ivs_hash_payload(struct ivs_sha256 *h, const struct ivs_sigv4_request *rq, uint8_t *digest) {
  struct ivs_out o = {.hash = h, .err = ivs_sha256_start(h)};
  ivs_put(&o, rq->payload, rq->payload_size);
  return end_hash(&o, digest);
}

/* The scope, its last part in behind. */
static void put_scope(struct ivs_out *o, const struct ivs_sigv4_key *key, const char *behind) {
  ivs_put(o, key->date, DAY_CHARS);
  ivs_put_char(o, '/');
  ivs_put_str(o, key->region);
  ivs_put_char(o, '/');
  ivs_put_str(o, key->service);
  ivs_put_text(o, behind);
}

/* digest: of the canonical request, then the signature, which is the HMAC of the string to sign.
   o: to a hash that has ended. */
static int sign_digest(struct ivs_out *o, const struct ivs_sigv4_key *key, const char *amz_date,
                       uint8_t *digest) {
  o->err = ivs_hmac_start(o->hash, &key->hmac);
  ivs_put_text(o, "AWS4-HMAC-SHA256\n");
  ivs_put_text(o, amz_date);
  ivs_put_char(o, '\n');
  put_scope(o, key, "/aws4_request\n");
  ivs_put_hex(o, digest, IVS_SHA256_BYTES);
  if (o->err == 0) return ivs_hmac_final(o->hash, &key->hmac, digest);
  ivs_sha256_wipe(o->hash);
  return o->err;
}

/* see signature.h */
int ivs_sign(const struct ivs_sigv4_key *key, ivs_str access_key_id,
             const struct ivs_sigv4_request *rq, const char *amz_date,
             struct ivs_out *authorization, ivs_put_request_fn *put_request,
             ivs_put_names_fn *put_names) {
  if (key->date[0] == '\0' || strncmp(key->date, amz_date, DAY_CHARS) != 0) return IVS_ERR_STATE;
  struct ivs_sha256 h;
  uint8_t digest[IVS_SHA256_BYTES];
  int r = ivs_hash_payload(&h, rq, digest);
  if (r != IVS_OK) return r;
  struct ivs_out o = {.hash = &h, .err = ivs_sha256_start(&h)};
  put_request(&o, rq);
  put_names(&o, rq, '\n');
  ivs_put_hex(&o, digest, sizeof digest);
  r = end_hash(&o, digest);
  if (r == IVS_OK) r = sign_digest(&o, key, amz_date, digest);
  if (r != IVS_OK) return r;
  ivs_put_text(authorization, "AWS4-HMAC-SHA256 Credential=");
  ivs_put_str(authorization, access_key_id);
  ivs_put_char(authorization, '/');
  put_scope(authorization, key, "/aws4_request, SignedHeaders=");
  put_names(authorization, rq, ',');
  ivs_put_text(authorization, " Signature=");
  ivs_put_hex(authorization, digest, sizeof digest);
  return ivs_out_end(authorization);
}

/* ---- Plain requests ---- */

/* True if a member of the query comes before another in the canonical one; where they are equal, as
   they stand. */
static bool comes_before(const ivs_str *a, const ivs_str *b) {
  int r = memcmp(a->p, b->p, a->n < b->n ? a->n : b->n);
  if (r != 0) return r < 0;
  return a->n != b->n ? a->n < b->n : a->p < b->p;
}

/* Puts *member one further: to the least that follows it. member->p == NULL: to the first. False
   after the last. */
static bool select_member(ivs_str query, ivs_str *member) {
  ivs_str best = {NULL, 0}, other;
  while (ivs_cut(&query, '&', &other)) {
    if (member->p != NULL && !comes_before(member, &other)) continue;
    if (best.p == NULL || comes_before(&other, &best)) best = other;
  }
  *member = best;
  return best.p != NULL;
}

static void put_plain_query(struct ivs_out *o, ivs_str query) {
  ivs_str member = {NULL, 0};
  for (bool first = true; select_member(query, &member); first = false) {
    if (!first) ivs_put_char(o, '&');
    ivs_put_str(o, member);
  }
}

static void put_plain_request(struct ivs_out *o, const struct ivs_sigv4_request *rq) {
  ivs_put_str(o, rq->method);
  ivs_put_char(o, '\n');
  ivs_put_percent(o, rq->path, "/");
  ivs_put_char(o, '\n');
  put_plain_query(o, rq->query);
  ivs_put_char(o, '\n');
  for (size_t i = 0; i < rq->header_count; i++) {
    ivs_put_str(o, rq->headers[i].name);
    ivs_put_char(o, ':');
    ivs_put_str(o, rq->headers[i].value);
    ivs_put_char(o, '\n');
  }
  ivs_put_char(o, '\n');
}

static void put_plain_names(struct ivs_out *o, const struct ivs_sigv4_request *rq, char end) {
  for (size_t i = 0; i < rq->header_count; i++) {
    if (i > 0) ivs_put_char(o, ';');
    ivs_put_str(o, rq->headers[i].name);
  }
  ivs_put_char(o, end);
}

/* see signature.h */
int ivs_sign_plain(const struct ivs_sigv4_key *key, ivs_str access_key_id,
                   const struct ivs_sigv4_request *rq, const char *amz_date,
                   struct ivs_out *authorization) {
  return ivs_sign(key, access_key_id, rq, amz_date, authorization, put_plain_request,
                  put_plain_names);
}
