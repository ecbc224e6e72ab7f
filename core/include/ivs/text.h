/*
 * Writing text into a buffer of fixed size, and the small conversions that requests need.
 */
#ifndef IVS_TEXT_H
#define IVS_TEXT_H

#include <ivs/base.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ivs_sha256;

/*
 * Where text goes. n counts every byte put, also those that found no room in
 * cap: after a run with cap 0, n is the room needed. What does not fit is not
 * written. If hash is set the bytes go into it instead and p is not used.
 * Zeroed, it counts.
 */
struct ivs_out {
  char *p;
  size_t cap;
  size_t n;
  struct ivs_sha256 *hash;
  int err; /* first error of hash, or of a function that refuses what it is given; 0 */
};

static inline struct ivs_out ivs_out_to(void *p, size_t cap) {
  struct ivs_out o = {(char *)p, cap, 0, NULL, 0};
  return o;
}

/* 0, or err, or IVS_ERR_SPACE if something did not fit. */
int ivs_out_end(const struct ivs_out *o);

void ivs_put(struct ivs_out *o, const void *p, size_t n);
void ivs_put_char(struct ivs_out *o, char c);
void ivs_put_str(struct ivs_out *o, ivs_str s);
void ivs_put_text(struct ivs_out *o, const char *s);             /* up to its NUL */
void ivs_put_int(struct ivs_out *o, int64_t v);                  /* decimal */
void ivs_put_hex(struct ivs_out *o, const uint8_t *p, size_t n); /* two lower-case digits a byte */

/* Every byte but A-Z a-z 0-9 - . _ ~ as %XX (upper case); bytes of keep stay too. keep is
   NUL-ended, "" for none. */
void ivs_put_percent(struct ivs_out *o, ivs_str s, const char *keep);

/* Lower case of an ASCII letter; any other byte stays. */
static inline char ivs_lower(char c) {
  return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* Equal but for the case of ASCII letters. */
bool ivs_str_eq_nocase(ivs_str a, ivs_str b);

/* Copies s with a NUL behind it; what does not fit is cut before a UTF-8 sequence, and "…" tells
   of it, if size allows. size > 0. */
void ivs_str_cut(char *to, size_t size, ivs_str s);

/* Copies s and a NUL. IVS_ERR_SPACE if size is under s.n + 1; then to is the empty string. */
int ivs_str_copy(char *to, size_t size, ivs_str s);

/* The digits of s, nothing else, as a number. IVS_ERR_ARGUMENT if empty, not all digits, or over
   INT64_MAX. */
int ivs_str_to_int(ivs_str s, int64_t *v);

/* True if s is well-formed UTF-8 (RFC 3629: no surrogates, nothing over U+10FFFF, shortest forms
   only). */
bool ivs_utf8_valid(ivs_str s);

#ifdef __cplusplus
}
#endif

#endif
