/*
 * What a function puts, held against the parts that it has to put, in their order. A harness says
 * of each `struct ivs_out` which parts these are.
 */
#ifndef IVS_PROVE_STREAM_H
#define IVS_PROVE_STREAM_H

#include <ivs/crypto.h>
#include <ivs/text.h>

#include "prove.h"

/* LITERAL: these bytes, in one piece or in several. All others: this view, by a function that puts
   it so, or by one of the harness's. */
enum how { LITERAL, TEXT, HEX, PERCENT, PATH, QUERY, HEADERS, NAMES, REQUEST };

struct part {
  enum how how;
  const void *p;
  size_t n;
};

#define LITERALLY(text) \
  { LITERAL, text, sizeof text - 1 }

struct stream {
  const struct part *parts;
  size_t count;
  size_t at;     /* how many were put */
  size_t within; /* bytes of the next that were put, if that is a literal */
};

#define STREAM(parts) ((struct stream){parts, sizeof(parts) / sizeof *(parts), 0, 0})

/* The harness's: the stream that o is about. */
struct stream *stream_of(const struct ivs_out *o);

/* For the digests of HEX any byte, which then holds of all of them. */
static size_t in_digest;

static inline bool is_complete(const struct stream *s) {
  return s->at == s->count;
}

static inline bool is_untouched(const struct stream *s) {
  return s->at == 0 && s->within == 0;
}

static void literal(struct stream *s, const char *p, size_t n) {
  const struct part *part = &s->parts[s->at];
  MUST(n <= part->n - s->within);
  for (size_t i = 0; i < n; i++) MUST(p[i] == ((const char *)part->p)[s->within + i]);
  s->within += n;
  if (s->within < part->n) return;
  s->within = 0;
  s->at++;
}

static void next_part(struct stream *s, enum how how, const void *p, size_t n) {
  MUST(s->at < s->count && s->parts[s->at].how == how);
  const struct part *part = &s->parts[s->at];
  if (how == LITERAL) {
    literal(s, (const char *)p, n);
    return;
  }
  MUST(n == part->n);
  if (how == HEX) MUST(((const uint8_t *)p)[in_digest] == ((const uint8_t *)part->p)[in_digest]);
  else MUST(p == part->p);
  s->at++;
}

/* As ivs_put(): after an error a hash is not asked any more. */
static void put(struct ivs_out *o, enum how how, const void *p, size_t n) {
  READABLE(p, n);
  o->n = any_size();
  next_part(stream_of(o), how, p, n);
  if (o->hash != NULL && o->err == 0) o->err = ivs_sha256_update(o->hash, p, n);
}

static inline ivs_str text_of(const char *s) {
  ivs_str text = {s, 0};
  while (s[text.n] != '\0') text.n++;
  return text;
}

/* What is put up to its NUL is literal, unless a text is due. */
static enum how how_due(const struct stream *s) {
  return s->at < s->count && s->parts[s->at].how == TEXT ? TEXT : LITERAL;
}

void ivs_put(struct ivs_out *o, const void *p, size_t n) {
  put(o, TEXT, p, n);
}

void ivs_put_str(struct ivs_out *o, ivs_str s) {
  put(o, TEXT, s.p, s.n);
}

void ivs_put_char(struct ivs_out *o, char c) {
  put(o, LITERAL, &c, 1);
}

void ivs_put_text(struct ivs_out *o, const char *s) {
  ivs_str text = text_of(s);
  put(o, how_due(stream_of(o)), text.p, text.n);
}

void ivs_put_hex(struct ivs_out *o, const uint8_t *p, size_t n) {
  put(o, HEX, p, n);
}

void ivs_put_percent(struct ivs_out *o, ivs_str s, const char *keep) {
  MUST(keep[0] == '/' && keep[1] == '\0');
  put(o, PERCENT, s.p, s.n);
}

int ivs_out_end(const struct ivs_out *o) {
  return any_bool() ? IVS_OK : IVS_ERR_SPACE;
}

#endif
