/*
 * Bounded text output, conversions, and the check for UTF-8.
 */
#include <ivs/text.h>

#include <ivs/crypto.h>

#include "chars.h"

/* see ivs/text.h */
int ivs_out_end(const struct ivs_out *o) {
  if (o->err != 0) return o->err;
  return o->hash == NULL && o->n > o->cap ? IVS_ERR_SPACE : 0;
}

/* see ivs/text.h */
void ivs_put(struct ivs_out *o, const void *p, size_t n) {
  if (o->hash != NULL) {
    if (o->err == 0) o->err = ivs_sha256_update(o->hash, p, n);
  } else if (o->n <= o->cap && n - 1 < o->cap - o->n) { /* not nothing, for which p may be NULL */
    memcpy(o->p + o->n, p, n);
  }
  o->n += n;
}

/* see ivs/text.h */
void ivs_put_char(struct ivs_out *o, char c) {
  ivs_put(o, &c, 1);
}

/* see ivs/text.h */
void ivs_put_str(struct ivs_out *o, ivs_str s) {
  ivs_put(o, s.p, s.n);
}

/* see ivs/text.h */
void ivs_put_text(struct ivs_out *o, const char *s) {
  ivs_put_str(o, ivs_cstr(s));
}

/* see ivs/text.h */
void ivs_put_int(struct ivs_out *o, int64_t v) {
  char digits[20]; /* -9223372036854775808 */
  size_t at = sizeof digits;
  uint64_t left = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
  do {
    digits[--at] = (char)('0' + left % 10);
    left /= 10;
  } while (left != 0);
  if (v < 0) digits[--at] = '-';
  ivs_put(o, digits + at, sizeof digits - at);
}

/* see ivs/text.h */
void ivs_put_hex(struct ivs_out *o, const uint8_t *p, size_t n) {
  static const char digit[] = "0123456789abcdef";
  char text[64]; /* a digest at once: a call for every byte would cost a hash more than its work */
  while (n > 0) {
    size_t piece = n < sizeof text / 2 ? n : sizeof text / 2;
    for (size_t i = 0; i < piece; i++) {
      text[2 * i] = digit[p[i] >> 4];
      text[2 * i + 1] = digit[p[i] & 15];
    }
    ivs_put(o, text, 2 * piece);
    p += piece;
    n -= piece;
  }
}

/* see ivs/text.h */
void ivs_put_percent(struct ivs_out *o, ivs_str s, const char *keep) {
  static const char digit[] = "0123456789ABCDEF";
  size_t from = 0;
  for (size_t i = 0; i < s.n; i++) {
    char c = s.p[i];
    if (ivs_is_unreserved(c) || (c != 0 && strchr(keep, c) != NULL)) continue;
    char coded[3] = {'%', digit[(uint8_t)c >> 4], digit[(uint8_t)c & 15]};
    ivs_put(o, s.p + from, i - from);
    ivs_put(o, coded, sizeof coded);
    from = i + 1;
  }
  if (s.n > from) ivs_put(o, s.p + from, s.n - from);
}

/* see ivs/text.h */
bool ivs_str_eq_nocase(ivs_str a, ivs_str b) {
  return a.n == b.n && ivs_compare_nocase(a, b) == 0;
}

static bool is_continuation(char c) {
  return ((uint8_t)c & 0xC0) == 0x80;
}

/* The longest part of s, at most n bytes and shorter than s, that ends where a UTF-8 sequence
   does. Where the bytes around n are no UTF-8, n itself. */
static size_t cut_before_sequence(ivs_str s, size_t n) {
  size_t at = n;
  while (at > 0 && n - at < 3 && is_continuation(s.p[at])) at--;
  return is_continuation(s.p[at]) ? n : at;
}

/* see ivs/text.h */
void ivs_str_cut(char *to, size_t size, ivs_str s) {
  static const char ellipsis[] = "\xE2\x80\xA6";
  if (ivs_str_copy(to, size, s) == 0) return;
  size_t mark = size >= sizeof ellipsis ? sizeof ellipsis - 1 : 0;
  size_t n = cut_before_sequence(s, size - 1 - mark);
  memcpy(to, s.p, n);
  memcpy(to + n, ellipsis, mark);
  to[n + mark] = 0;
}

/* see ivs/text.h */
int ivs_str_copy(char *to, size_t size, ivs_str s) {
  bool fits = s.n < size;
  size_t n = fits ? s.n : 0;
  if (n != 0) memcpy(to, s.p, n);
  if (size != 0) to[n] = 0;
  return fits ? 0 : IVS_ERR_SPACE;
}

/* see ivs/text.h */
int ivs_str_to_int(ivs_str s, int64_t *v) {
  int64_t negative;
  if (!ivs_digits(s, &negative) || negative == INT64_MIN) return IVS_ERR_ARGUMENT;
  *v = -negative;
  return 0;
}

/* Bytes of the well-formed UTF-8 sequence that n > 0 bytes at p begin with; 0 if there is none. */
static size_t utf8_sequence(const char *p, size_t n) {
  uint8_t first = (uint8_t)p[0];
  uint8_t least = 0x80, most = 0xBF; /* what the second byte may be */
  size_t size;
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4) return 0;
  if (first < 0xE0) {
    size = 2;
  } else if (first < 0xF0) {
    size = 3;
    if (first == 0xE0) least = 0xA0; /* shorter forms exist below */
    if (first == 0xED) most = 0x9F;  /* surrogates above */
  } else {
    size = 4;
    if (first == 0xF0) least = 0x90; /* shorter forms exist below */
    if (first == 0xF4) most = 0x8F;  /* over U+10FFFF above */
  }
  if (size > n || (uint8_t)p[1] < least || (uint8_t)p[1] > most) return 0;
  for (size_t i = 2; i < size; i++) {
    if (!is_continuation(p[i])) return 0;
  }
  return size;
}

/* see ivs/text.h */
bool ivs_utf8_valid(ivs_str s) {
  for (size_t i = 0; i < s.n;) {
    size_t size = utf8_sequence(s.p + i, s.n - i);
    if (size == 0) return false;
    i += size;
  }
  return true;
}
