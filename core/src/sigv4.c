/*
 * AWS Signature Version 4 of any request: brings it into the canonical form, which signature.c
 * signs. Nothing is collected: what has to be in order is found by repeated selection.
 */
#include "signature.h"

#include "chars.h"

/* ---- Path ---- */

/* What a segment adds to the depth of its path: 1, 0 for "." and the empty one, -1 for "..". */
static int depth_of(ivs_str s) {
  if (s.n == 0) return 0;
  if (s.n > 2 || s.p[0] != '.' || s.p[s.n - 1] != '.') return 1;
  return 1 - (int)s.n;
}

/* True if a ".." in the rest of the path takes away the segment before it. */
static bool is_taken_back(ivs_str rest) {
  ivs_str segment;
  int depth = 1;
  while (depth > 0 && ivs_cut(&rest, '/', &segment)) depth += depth_of(segment);
  return depth == 0;
}

static void put_normal_path(struct ivs_out *o, ivs_str path) {
  ivs_str rest = path, segment;
  bool any = false;
  while (ivs_cut(&rest, '/', &segment)) {
    if (depth_of(segment) <= 0 || is_taken_back(rest)) continue;
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

/* Takes a byte off the text, which stands there by itself or as %XX. */
static uint8_t next_byte(ivs_str *s) {
  const char *p = s->p;
  size_t n = 1;
  uint8_t c = (uint8_t)*p;
  if (c == '%' && s->n > 2) {
    int high = ivs_hex_value(p[1]), low = ivs_hex_value(p[2]);
    if (high >= 0 && low >= 0) {
      c = (uint8_t)(high << 4 | low);
      n = 3;
    }
  }
  s->p += n;
  s->n -= n;
  return c;
}

/* Percent-encodes the bytes that s stands for, so that every way to write them gives the same. */
static void put_encoded(struct ivs_out *o, ivs_str s) {
  char piece[32];
  while (s.n > 0) {
    size_t n = 0;
    while (s.n > 0 && n < sizeof piece) piece[n++] = (char)next_byte(&s);
    ivs_put_percent(o, (ivs_str){piece, n}, "");
  }
}

/* Where the next byte stands in the order of encoded text: '%' is less than all that stay as they
   are, and the end is less than any. */
static int next_rank(ivs_str *s) {
  if (s->n == 0) return -1;
  uint8_t c = next_byte(s);
  return ivs_is_unreserved((char)c) ? c + 256 : c;
}

/* < 0, 0 or > 0: the order of two texts once they are encoded. */
static int compare_encoded(ivs_str a, ivs_str b) {
  int r, of_a;
  do {
    of_a = next_rank(&a);
    r = of_a - next_rank(&b);
  } while (r == 0 && of_a >= 0);
  return r;
}

static int compare_members(const ivs_pair *a, const ivs_pair *b) {
  int r = compare_encoded(a->name, b->name);
  return r != 0 ? r : compare_encoded(a->value, b->value);
}

/* Puts *m one further: the least member that follows it, equal ones in the order of the query.
   m->name.p == NULL: the first. False after the last. */
static bool select_member(ivs_str query, ivs_pair *m) {
  ivs_pair best = {{NULL, 0}, {NULL, 0}}, other;
  while (ivs_cut(&query, '&', &other.value)) {
    ivs_cut(&other.value, '=', &other.name);
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
  if (query.n == 0) return;
  for (bool first = true; select_member(query, &m); first = false) {
    if (!first) ivs_put_char(o, '&');
    put_encoded(o, m.name);
    ivs_put_char(o, '=');
    put_encoded(o, m.value);
  }
}

/* ---- Headers ---- */

/* A flag of our own: the headers stand in order, each name once, so that there is nothing to
   select. */
enum { IN_ORDER = 1 << 15 };

static unsigned order_of(const struct ivs_sigv4_request *rq) {
  for (size_t i = 1; i < rq->header_count; i++)
    if (ivs_compare_nocase(rq->headers[i - 1].name, rq->headers[i].name) >= 0) return 0;
  return IN_ORDER;
}

/* The header with the least name behind that of last, or of all if last is NULL; of several with
   that name the first. NULL after the last. */
static const ivs_pair *select_header(const struct ivs_sigv4_request *rq, const ivs_pair *last) {
  const ivs_pair *best = NULL, *h = rq->headers;
  if (rq->header_count == 0) return NULL;
  const ivs_pair *end = h + rq->header_count;
  if (rq->flags & IN_ORDER) {
    if (last != NULL) h = last + 1;
    return h < end ? h : NULL;
  }
  for (; h < end; h++) {
    if (last != NULL && ivs_compare_nocase(h->name, last->name) <= 0) continue;
    if (best == NULL || ivs_compare_nocase(h->name, best->name) < 0) best = h;
  }
  return best;
}

/* In lower case, with the character behind it that follows every name. */
static void put_lower(struct ivs_out *o, ivs_str name, char behind) {
  char piece[32];
  bool whole;
  do {
    size_t n = 0;
    for (; n < sizeof piece && n < name.n; n++) piece[n] = ivs_lower(name.p[n]);
    name.p += n;
    name.n -= n;
    whole = n < sizeof piece;
    if (whole) piece[n++] = behind;
    ivs_put(o, piece, n);
  } while (!whole);
}

static bool is_space(char c) {
  return c == ' ' || (uint8_t)(c - '\t') < 5;
}

/* Skips bytes that are no white space. A machine word at a time while none of its bytes is 32 or
   less: such a byte borrows into its top bit when 33 is taken away. Session tokens are long. */
static const char *skip_word(const char *p, const char *end) {
  const size_t each = SIZE_MAX / 255;
  for (size_t word; (size_t)(end - p) >= sizeof word; p += sizeof word) {
    memcpy(&word, p, sizeof word);
    if (((word - each * 33) & ~word & each * 128) != 0) break;
  }
  while (p < end && !is_space(*p)) p++;
  return p;
}

/* Trimmed, and each run of white space as one space. */
static void put_folded(struct ivs_out *o, ivs_str value) {
  const char *p = value.p, *word = NULL;
  if (value.n == 0) return;
  for (const char *end = p + value.n;;) {
    while (p < end && is_space(*p)) p++;
    if (p == end) return;
    if (word != NULL) ivs_put_char(o, ' ');
    word = p;
    p = skip_word(p, end);
    ivs_put(o, word, (size_t)(p - word));
  }
}

static void put_headers(struct ivs_out *o, const struct ivs_sigv4_request *rq) {
  const ivs_pair *first = NULL;
  while ((first = select_header(rq, first)) != NULL) {
    put_lower(o, first->name, ':');
    put_folded(o, first->value);
    for (const ivs_pair *h = first + 1; h < rq->headers + rq->header_count; h++) {
      if (!ivs_str_eq_nocase(h->name, first->name)) continue;
      ivs_put_char(o, ',');
      put_folded(o, h->value);
    }
    ivs_put_char(o, '\n');
  }
}

/* The names with ';' between and end behind them. */
static void put_signed_names(struct ivs_out *o, const struct ivs_sigv4_request *rq, char end) {
  const ivs_pair *h = select_header(rq, NULL);
  if (h == NULL) ivs_put_char(o, end);
  while (h != NULL) {
    const ivs_pair *next = select_header(rq, h);
    put_lower(o, h->name, next != NULL ? ';' : end);
    h = next;
  }
}

/* ---- All of it ---- */

/* The canonical request but for the names of the headers and what follows them. */
static void put_request(struct ivs_out *o, const struct ivs_sigv4_request *rq) {
  ivs_put_str(o, rq->method);
  ivs_put_char(o, '\n');
  put_path(o, rq);
  ivs_put_char(o, '\n');
  put_query(o, rq->query);
  ivs_put_char(o, '\n');
  put_headers(o, rq);
  ivs_put_char(o, '\n');
}

/* see ivs/sigv4.h */
int ivs_sigv4_canonical(const struct ivs_sigv4_request *rq, struct ivs_out *text) {
  struct ivs_sha256 h;
  uint8_t digest[IVS_SHA256_BYTES];
  int r = ivs_hash_payload(&h, rq, digest);
  if (r != IVS_OK) return r;
  put_request(text, rq);
  put_signed_names(text, rq, '\n');
  ivs_put_hex(text, digest, sizeof digest);
  return ivs_out_end(text);
}

/* see ivs/sigv4.h */
int ivs_sigv4_sign(const struct ivs_sigv4_key *key, ivs_str access_key_id,
                   const struct ivs_sigv4_request *rq, const char *amz_date,
                   struct ivs_out *authorization) {
  struct ivs_sigv4_request own = *rq;
  own.flags |= order_of(rq);
  return ivs_sign(key, access_key_id, &own, amz_date, authorization, put_request, put_signed_names);
}
