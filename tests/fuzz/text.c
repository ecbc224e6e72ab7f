/*
 * The small conversions: what is percent-encoded or in base64url comes back; UTF-8 is judged as a
 * decoder does; a number is what the C library reads; a text that is cut ends between characters;
 * whatever the room, not a byte is written behind it, and the count is the same.
 *
 * Input: a byte for the room, the text.
 */
#include "fuzz.h"

#include <ivs/claims.h>
#include <ivs/text.h>

static int hex(char c) {
  HOLDS((c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'));
  return c <= '9' ? c - '0' : c - 'A' + 10;
}

/* Written with all the room that it takes, and with less. */
static ivs_str written(void (*put)(struct ivs_out *, ivs_str), ivs_str s, size_t less) {
  struct ivs_out count = {0};
  put(&count, s);
  struct ivs_out o = ivs_out_to(fuzz_room(1, count.n), count.n);
  put(&o, s);
  HOLDS(ivs_out_end(&o) == 0 && o.n == count.n);
  size_t cap = less < count.n ? less : count.n;
  struct ivs_out cut = ivs_out_to(fuzz_room(2, cap), cap);
  put(&cut, s);
  HOLDS(cut.n == count.n && ivs_out_end(&cut) == (cap < count.n ? IVS_ERR_SPACE : 0));
  return (ivs_str){o.p, o.n};
}

static void put_percent(struct ivs_out *o, ivs_str s) {
  ivs_put_percent(o, s, "/");
}

static void put_base64url(struct ivs_out *o, ivs_str s) {
  ivs_put_base64url(o, s.p, s.n);
}

static void put_hex(struct ivs_out *o, ivs_str s) {
  ivs_put_hex(o, (const uint8_t *)s.p, s.n);
}

static void percent(ivs_str s, size_t less) {
  ivs_str coded = written(put_percent, s, less);
  size_t at = 0;
  for (size_t i = 0; i < coded.n; at++) {
    char c = coded.p[i];
    HOLDS(at < s.n);
    if (c == '%') {
      HOLDS(i + 2 < coded.n);
      c = (char)(hex(coded.p[i + 1]) << 4 | hex(coded.p[i + 2]));
      i += 2;
    } else {
      HOLDS(c > ' ' && c < 0x7F);
    }
    i++;
    HOLDS(c == s.p[at]);
  }
  HOLDS(at == s.n);
}

static void base64url(ivs_str s, size_t less) {
  char back[FUZZ_MOST];
  size_t n = 0;
  ivs_str coded = written(put_base64url, s, less);
  HOLDS(ivs_base64url_decode(coded.p, coded.n, back, &n));
  HOLDS(fuzz_same(back, n, s.p, s.n));
  /* The other way: a text of base64url has one form. */
  if (!ivs_base64url_decode(s.p, s.n, back, &n)) return;
  HOLDS(n <= s.n / 4 * 3 + 2);
  ivs_str again = written(put_base64url, (ivs_str){back, n}, less);
  HOLDS(fuzz_same(again.p, again.n, s.p, s.n));
}

static bool is_utf8(ivs_str s) {
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  for (size_t i = 0; i < s.n;) {
    uint8_t c = (uint8_t)s.p[i++];
    int size = c < 0x80 ? 1 : c >> 5 == 6 ? 2 : c >> 4 == 14 ? 3 : c >> 3 == 30 ? 4 : 0;
    uint32_t v = size == 1 ? c : c & (0x7Fu >> size);
    if (size == 0) return false;
    for (int k = 1; k < size; k++, i++) {
      if (i == s.n || ((uint8_t)s.p[i] & 0xC0) != 0x80) return false;
      v = v << 6 | ((uint8_t)s.p[i] & 0x3F);
    }
    if (v < least[size] || v > 0x10FFFF || (v >= 0xD800 && v < 0xE000)) return false;
  }
  return true;
}

static void cut(ivs_str s, size_t size) {
  char *to = fuzz_room(1, size);
  ivs_str_cut(to, size, s);
  size_t n = strnlen(to, size);
  HOLDS(n < size);
  if (s.n < size) HOLDS(memcmp(to, s.p, s.n) == 0 && to[s.n] == 0);
  else if (memchr(s.p, 0, s.n) == NULL && is_utf8(s)) HOLDS(is_utf8((ivs_str){to, n}));
  int r = ivs_str_copy(to, size, s);
  HOLDS(r == (s.n < size ? 0 : IVS_ERR_SPACE));
  HOLDS(r == 0 ? fuzz_same(to, s.n, s.p, s.n) : to[0] == 0);
}

static void integer(ivs_str s) {
  int64_t v = 0, back = 0;
  int r = ivs_str_to_int(s, &v);
  HOLDS(r == 0 || r == IVS_ERR_ARGUMENT);
  if (r != 0) return;
  char text[24];
  struct ivs_out o = ivs_out_to(text, sizeof text);
  ivs_put_int(&o, v);
  while (s.n > 1 && s.p[0] == '0') s.p++, s.n--;
  HOLDS(v >= 0 && fuzz_same(o.p, o.n, s.p, s.n));
  HOLDS(ivs_str_to_int((ivs_str){o.p, o.n}, &back) == 0 && back == v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
  struct fuzz f = {data, n};
  size_t room = fuzz_byte(&f);
  if (n > FUZZ_MOST / 4) return -1;
  ivs_str s = {fuzz_copy(0, f.p, f.n), f.n};
  HOLDS(ivs_utf8_valid(s) == is_utf8(s));
  percent(s, room);
  base64url(s, room);
  HOLDS(written(put_hex, s, room).n == 2 * s.n);
  cut(s, room + 1);
  integer(s);
  HOLDS(ivs_str_eq_nocase(s, s));
  return 0;
}
