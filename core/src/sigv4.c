/*
 * AWS Signature Version 4. Nothing is collected: what has to be in order is found by repeated
 * selection, what has to be hashed goes into the hash as it is found.
 */
#include <ivs/sigv4.h>

enum { DAY_CHARS = 8, SECRET_MAX = 128 };

/* ---- Path ---- */

/* The segment at or behind *at; empty at the end. Repeated slashes count as one. */
static ivs_str next_segment(ivs_str path, size_t *at) {
  size_t begin = *at;
  while (begin < path.n && path.p[begin] == '/') begin++;
  size_t end = begin;
  while (end < path.n && path.p[end] != '/') end++;
  *at = end;
  return (ivs_str){path.p + begin, end - begin};
}

/* What a segment adds to the depth of its path: 1, 0 for "." and the empty one, -1 for "..". */
static int depth_of(ivs_str segment) {
  if (segment.n == 0 || (segment.n == 1 && segment.p[0] == '.')) return 0;
  return segment.n == 2 && segment.p[0] == '.' && segment.p[1] == '.' ? -1 : 1;
}

/* True if a ".." in what follows takes away the segment that ends here. */
static bool is_taken_back(ivs_str path, size_t at) {
  int depth = 1;
  while (depth > 0 && at < path.n) depth += depth_of(next_segment(path, &at));
  return depth == 0;
}

static void put_normal_path(struct ivs_out *o, ivs_str path) {
  bool any = false;
  for (size_t at = 0; at < path.n;) {
    ivs_str segment = next_segment(path, &at);
    if (depth_of(segment) <= 0 || is_taken_back(path, at)) continue;
    ivs_put_char(o, '/');
    ivs_put_percent(o, segment, "");
    any = true;
  }
  if (!any || path.p[path.n - 1] == '/') ivs_put_char(o, '/');
}

static void put_path(struct ivs_out *o, const struct ivs_sigv4_request *rq) {
  if (rq->path.n > 0 && (rq->flags & IVS_SIGV4_RAW_PATH) != 0) ivs_put_str(o, rq->path);
  else put_normal_path(o, rq->path);
}

/* ---- Query ---- */

/* The member at *at, which moves behind its '&'; false at the end. An empty query has none. */
static bool next_member(ivs_str query, size_t *at, ivs_pair *m) {
  if (query.n == 0 || *at > query.n) return false;
  const char *p = query.p + *at;
  size_t left = query.n - *at, n = 0;
  while (n < left && p[n] != '&') n++;
  size_t name = 0;
  while (name < n && p[name] != '=') name++;
  size_t value = name < n ? name + 1 : n;
  m->name = (ivs_str){p, name};
  m->value = (ivs_str){p + value, n - value};
  *at += n + 1;
  return true;
}

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = ivs_lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that the text at *at stands for, by itself or as %XX. *at moves behind it. */
static unsigned char next_byte(ivs_str s, size_t *at) {
  const char *p = s.p + *at;
  if (*p == '%' && s.n - *at > 2) {
    int high = hex_digit(p[1]), low = hex_digit(p[2]);
    if (high >= 0 && low >= 0) {
      *at += 3;
      return (unsigned char)(high << 4 | low);
    }
  }
  *at += 1;
  return (unsigned char)*p;
}

/* Percent-encodes the bytes that s stands for, so that every way to write them gives the same. */
static void put_encoded(struct ivs_out *o, ivs_str s) {
  char piece[32];
  size_t at = 0;
  while (at < s.n) {
    size_t n = 0;
    while (at < s.n && n < sizeof piece) piece[n++] = (char)next_byte(s, &at);
    ivs_put_percent(o, (ivs_str){piece, n}, "");
  }
}

/* Where a byte stands in the order of encoded text: '%' is less than all that stay as they are. */
static int rank(unsigned char c) {
  char l = ivs_lower((char)c);
  bool stays = (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
               c == '_' || c == '~';
  return stays ? c + 256 : c;
}

/* < 0, 0 or > 0: the order of two texts once they are encoded. */
static int compare_encoded(ivs_str a, ivs_str b) {
  size_t i = 0, j = 0;
  while (i < a.n && j < b.n) {
    int difference = rank(next_byte(a, &i)) - rank(next_byte(b, &j));
    if (difference != 0) return difference;
  }
  return (i < a.n) - (j < b.n);
}

static int compare_members(const ivs_pair *a, const ivs_pair *b) {
  int r = compare_encoded(a->name, b->name);
  return r != 0 ? r : compare_encoded(a->value, b->value);
}

/* Puts *m one further: the least member that follows it, equal ones in the order of the query.
   m->name.p == NULL: the first. False after the last. */
static bool select_member(ivs_str query, ivs_pair *m) {
  ivs_pair best = {{NULL, 0}, {NULL, 0}}, other;
  size_t at = 0;
  while (next_member(query, &at, &other)) {
    if (m->name.p != NULL) {
      int r = compare_members(&other, m);
      if (r < 0 || (r == 0 && other.name.p <= m->name.p)) continue;
    }
    if (best.name.p == NULL || compare_members(&other, &best) < 0) best = other;
  }
  *m = best;
  return best.name.p != NULL;
}

static void put_query(struct ivs_out *o, ivs_str query) {
  ivs_pair m = {{NULL, 0}, {NULL, 0}};
  for (bool first = true; select_member(query, &m); first = false) {
    if (!first) ivs_put_char(o, '&');
    put_encoded(o, m.name);
    ivs_put_char(o, '=');
    put_encoded(o, m.value);
  }
}

/* ---- Headers ---- */

static int compare_names(ivs_str a, ivs_str b) {
  size_t n = a.n < b.n ? a.n : b.n;
  for (size_t i = 0; i < n; i++) {
    if (a.p[i] == b.p[i]) continue;
    int difference = (unsigned char)ivs_lower(a.p[i]) - (unsigned char)ivs_lower(b.p[i]);
    if (difference != 0) return difference;
  }
  return (a.n > n) - (b.n > n);
}

struct headers {
  const ivs_pair *p;
  size_t n;
  bool in_order; /* as they stand, each name once: nothing to select */
};

static struct headers headers_of(const struct ivs_sigv4_request *rq) {
  struct headers list = {rq->headers, rq->header_count, true};
  for (size_t i = 1; i < list.n && list.in_order; i++)
    list.in_order = compare_names(list.p[i - 1].name, list.p[i].name) < 0;
  return list;
}

/* The header with the least name behind that of last, or of all if last is NULL; of several with
   that name the first. NULL after the last. */
static const ivs_pair *select_header(const struct headers *list, const ivs_pair *last) {
  const ivs_pair *best = NULL;
  size_t i = list->in_order && last != NULL ? (size_t)(last - list->p) + 1 : 0;
  for (; i < list->n; i++) {
    const ivs_pair *h = &list->p[i];
    if (list->in_order) return h;
    if (last != NULL && compare_names(h->name, last->name) <= 0) continue;
    if (best == NULL || compare_names(h->name, best->name) < 0) best = h;
  }
  return best;
}

/* In lower case, with the character behind it that follows every name. */
static void put_lower(struct ivs_out *o, ivs_str name, char behind) {
  char piece[32];
  bool whole;
  do {
    whole = name.n < sizeof piece;
    size_t n = whole ? name.n : sizeof piece;
    for (size_t i = 0; i < n; i++) piece[i] = ivs_lower(name.p[i]);
    name.p += n;
    name.n -= n;
    if (whole) piece[n++] = behind;
    ivs_put(o, piece, n);
  } while (!whole);
}

static bool is_space(char c) {
  return (unsigned char)c <= ' ' && (c == ' ' || (c >= '\t' && c <= '\r'));
}

/* How many bytes at p are a word. A machine word at a time while none of its bytes is 32 or less:
   such a byte borrows into its top bit when 33 is taken away. Session tokens are long. */
static size_t word_length(const char *p, size_t n) {
  const size_t ones = SIZE_MAX / 255;
  size_t i = 0, word;
  while (n - i >= sizeof word) {
    memcpy(&word, p + i, sizeof word);
    if (((word - ones * 33) & ~word & ones * 128) != 0) break;
    i += sizeof word;
  }
  while (i < n && !is_space(p[i])) i++;
  return i;
}

/* Trimmed, and each run of white space as one space. */
static void put_folded(struct ivs_out *o, ivs_str value) {
  size_t i = 0;
  for (bool first = true;; first = false) {
    while (i < value.n && is_space(value.p[i])) i++;
    if (i == value.n) return;
    if (!first) ivs_put_char(o, ' ');
    size_t n = word_length(value.p + i, value.n - i);
    ivs_put(o, value.p + i, n);
    i += n;
  }
}

static void put_headers(struct ivs_out *o, const struct headers *list) {
  const ivs_pair *first = NULL;
  while ((first = select_header(list, first)) != NULL) {
    put_lower(o, first->name, ':');
    put_folded(o, first->value);
    for (const ivs_pair *h = first + 1; !list->in_order && h < list->p + list->n; h++) {
      if (!ivs_str_eq_nocase(h->name, first->name)) continue;
      ivs_put_char(o, ',');
      put_folded(o, h->value);
    }
    ivs_put_char(o, '\n');
  }
}

/* The names with ';' between and end behind them. */
static void put_signed_names(struct ivs_out *o, const struct headers *list, char end) {
  const ivs_pair *h = select_header(list, NULL);
  if (h == NULL) ivs_put_char(o, end);
  while (h != NULL) {
    const ivs_pair *next = select_header(list, h);
    put_lower(o, h->name, next != NULL ? ';' : end);
    h = next;
  }
}

/* ---- Canonical request ---- */

static int hash_payload(struct ivs_sha256 *h, const struct ivs_sigv4_request *rq, uint8_t *digest) {
  int r = ivs_sha256_start(h);
  if (r == IVS_OK) r = ivs_sha256_update(h, rq->payload, rq->payload_size);
  if (r == IVS_OK) return ivs_sha256_final(h, digest);
  ivs_sha256_wipe(h);
  return r;
}

static void put_canonical(struct ivs_out *o, const struct ivs_sigv4_request *rq,
                          const struct headers *list, const uint8_t *payload_digest) {
  ivs_put_str(o, rq->method);
  ivs_put_char(o, '\n');
  put_path(o, rq);
  ivs_put_char(o, '\n');
  put_query(o, rq->query);
  ivs_put_char(o, '\n');
  put_headers(o, list);
  ivs_put_char(o, '\n');
  put_signed_names(o, list, '\n');
  ivs_put_hex(o, payload_digest, IVS_SHA256_BYTES);
}

/* digest: of the payload, then of the canonical request. */
static int hash_canonical(struct ivs_sha256 *h, const struct ivs_sigv4_request *rq,
                          const struct headers *list, uint8_t *digest) {
  struct ivs_out o = {.hash = h};
  int r = ivs_sha256_start(h);
  if (r == IVS_OK) {
    put_canonical(&o, rq, list, digest);
    r = ivs_out_end(&o);
  }
  if (r == IVS_OK) return ivs_sha256_final(h, digest);
  ivs_sha256_wipe(h);
  return r;
}

/* see ivs/sigv4.h */
int ivs_sigv4_canonical(const struct ivs_sigv4_request *rq, struct ivs_out *text) {
  struct ivs_sha256 h;
  uint8_t digest[IVS_SHA256_BYTES];
  int r = hash_payload(&h, rq, digest);
  if (r != IVS_OK) return r;
  struct headers list = headers_of(rq);
  put_canonical(text, rq, &list, digest);
  return ivs_out_end(text);
}

/* ---- Key and signature ---- */

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

/* The scope, its last part in behind. */
static void put_scope(struct ivs_out *o, const struct ivs_sigv4_key *key, ivs_str behind) {
  ivs_put(o, key->date, DAY_CHARS);
  ivs_put_char(o, '/');
  ivs_put_str(o, key->region);
  ivs_put_char(o, '/');
  ivs_put_str(o, key->service);
  ivs_put_str(o, behind);
}

/* digest: of the canonical request, then the signature, which is the HMAC of the string to sign. */
static int sign_digest(struct ivs_sha256 *h, const struct ivs_sigv4_key *key, const char *amz_date,
                       uint8_t *digest) {
  struct ivs_out o = {.hash = h};
  int r = ivs_hmac_start(h, &key->hmac);
  if (r == IVS_OK) {
    ivs_put_str(&o, IVS_STR("AWS4-HMAC-SHA256\n"));
    ivs_put_text(&o, amz_date);
    ivs_put_char(&o, '\n');
    put_scope(&o, key, IVS_STR("/aws4_request\n"));
    ivs_put_hex(&o, digest, IVS_SHA256_BYTES);
    r = ivs_out_end(&o);
  }
  if (r == IVS_OK) return ivs_hmac_final(h, &key->hmac, digest);
  ivs_sha256_wipe(h);
  return r;
}

/* see ivs/sigv4.h */
int ivs_sigv4_sign(const struct ivs_sigv4_key *key, ivs_str access_key_id,
                   const struct ivs_sigv4_request *rq, const char *amz_date,
                   struct ivs_out *authorization) {
  if (key->date[0] == '\0' || strncmp(key->date, amz_date, DAY_CHARS) != 0) return IVS_ERR_STATE;
  struct headers list = headers_of(rq);
  struct ivs_sha256 h;
  uint8_t digest[IVS_SHA256_BYTES];
  int r = hash_payload(&h, rq, digest);
  if (r == IVS_OK) r = hash_canonical(&h, rq, &list, digest);
  if (r == IVS_OK) r = sign_digest(&h, key, amz_date, digest);
  if (r != IVS_OK) return r;
  ivs_put_str(authorization, IVS_STR("AWS4-HMAC-SHA256 Credential="));
  ivs_put_str(authorization, access_key_id);
  ivs_put_char(authorization, '/');
  put_scope(authorization, key, IVS_STR("/aws4_request, SignedHeaders="));
  put_signed_names(authorization, &list, ',');
  ivs_put_str(authorization, IVS_STR(" Signature="));
  ivs_put_hex(authorization, digest, sizeof digest);
  return ivs_out_end(authorization);
}
