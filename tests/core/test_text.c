/*
 * Output, conversions, UTF-8, and the texts of the results.
 */
#include "../check.h"

#include <ivs/crypto.h>
#include <ivs/text.h>

#include <inttypes.h>

static void put_sample(struct ivs_out *o) {
  static const uint8_t digest[70] = {0x00, 0x01, 0x9A, 0xFF};
  ivs_put(o, "ab", 2);
  ivs_put_char(o, ' ');
  ivs_put_str(o, IVS_STR("cde"));
  ivs_put_str(o, (ivs_str){NULL, 0});
  ivs_put_text(o, "");
  ivs_put_text(o, "fg");
  ivs_put_int(o, -12);
  ivs_put_hex(o, digest, sizeof digest);
  ivs_put_percent(o, IVS_STR("a b/c"), "");
}

static const char *sample(void) {
  static char text[200];
  int n = snprintf(text, sizeof text, "ab cdefg-1200019aff%0132d%s", 0, "a%20b%2Fc");
  CHECK_INT(n, 8 + 3 + 140 + 9);
  return text;
}

/* With any room: all is counted, what fits is there, the byte behind is not touched. */
static void test_room(void) {
  const char *whole = sample();
  size_t n = strlen(whole);
  for (size_t cap = 0; cap <= n + 2; cap++) {
    char *p = check_guard(cap);
    struct ivs_out o = ivs_out_to(p, cap);
    put_sample(&o);
    CHECK_INT(o.n, n);
    CHECK_INT(ivs_out_end(&o), cap < n ? IVS_ERR_SPACE : 0);
    if (cap >= n) CHECK_MEM(p, n, whole, n);
    check_guard_free(p, cap);
  }
  struct ivs_out counting = {0};
  CHECK_INT(ivs_out_end(&counting), 0);
  put_sample(&counting);
  CHECK_INT(counting.n, n);
}

/* A piece that does not fit leaves no hole for a smaller one behind it. */
static void test_no_hole(void) {
  char to[4] = "....";
  struct ivs_out o = ivs_out_to(to, sizeof to);
  ivs_put_text(&o, "ab");
  ivs_put_text(&o, "cde");
  ivs_put_char(&o, 'f');
  CHECK_MEM(to, sizeof to, "ab..", 4);
  CHECK_INT(o.n, 6);
  CHECK_INT(ivs_out_end(&o), IVS_ERR_SPACE);
}

static void test_hash(void) {
  const char *whole = sample();
  struct ivs_sha256 pieces = {0}, once = {0};
  uint8_t a[IVS_SHA256_BYTES], b[IVS_SHA256_BYTES];
  struct ivs_out o = {.hash = &pieces};
  CHECK_INT(ivs_sha256_start(&pieces), 0);
  put_sample(&o);
  CHECK_INT(ivs_out_end(&o), 0);
  CHECK_INT(o.n, strlen(whole));
  CHECK_INT(ivs_sha256_final(&pieces, a), 0);
  CHECK_INT(ivs_sha256_start(&once), 0);
  CHECK_INT(ivs_sha256_update(&once, whole, strlen(whole)), 0);
  CHECK_INT(ivs_sha256_final(&once, b), 0);
  CHECK_MEM(a, sizeof a, b, sizeof b);

  o = (struct ivs_out){.hash = &pieces, .err = IVS_ERR_CRYPTO}; /* not started: must not be used */
  put_sample(&o);
  CHECK_INT(ivs_out_end(&o), IVS_ERR_CRYPTO);
}

static void check_number(int64_t v) {
  char expected[32], to[32];
  snprintf(expected, sizeof expected, "%" PRId64, v);
  struct ivs_out o = ivs_out_to(to, sizeof to);
  ivs_put_int(&o, v);
  CHECK_MEM(to, o.n, expected, strlen(expected));
  int64_t back = 1;
  int r = ivs_str_to_int((ivs_str){to, o.n}, &back);
  CHECK_INT(r, v < 0 ? IVS_ERR_ARGUMENT : 0);
  CHECK_INT(back, v < 0 ? 1 : v);
}

static void test_numbers(void) {
  static const int64_t edges[] = {0,         9,         10,        99,         100, INT32_MAX,
                                  INT32_MIN, INT64_MAX, INT64_MIN, UINT32_MAX, -1};
  for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) check_number(edges[i]);
  for (int round = 0; round < 10000; round++)
    check_number((int64_t)(check_random() >> check_below(64)) * (check_below(2) ? 1 : -1));
}

static void test_to_int(void) {
  static const struct {
    const char *text;
    int64_t v; /* -1: refused */
  } cases[] = {
      {"0", 0},
      {"007", 7},
      {"9223372036854775807", INT64_MAX},
      {"00000000000000000000000001", 1},
      {"", -1},
      {"-1", -1},
      {"9223372036854775808", -1},
      {"9223372036854775810", -1},
      {"+1", -1},
      {" 1", -1},
      {"18446744073709551616", -1},
      {"18446744073709551617", -1},
      {"1 ", -1},
      {"0x1", -1},
      {"92233720368547758070", -1},
      {"1.0", -1},
      {"/", -1},
      {":", -1},
      {"1\xB2", -1},
      {"99999999999999999999", -1},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    int64_t v = 42;
    int r = ivs_str_to_int(ivs_cstr(cases[i].text), &v);
    CHECK_INT(r, cases[i].v < 0 ? IVS_ERR_ARGUMENT : 0);
    CHECK_INT(v, cases[i].v < 0 ? 42 : cases[i].v);
  }
  int64_t v = 42;
  CHECK_INT(ivs_str_to_int((ivs_str){NULL, 0}, &v), IVS_ERR_ARGUMENT);
  CHECK_INT(ivs_str_to_int((ivs_str){"1\0002", 3}, &v), IVS_ERR_ARGUMENT);
}

/* Every byte alone and between others, against a list of the bytes that stay. */
static void test_percent(void) {
  static const char stay[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  static const char *const keeps[] = {"", "/", "/:%"};
  for (size_t k = 0; k < 3; k++) {
    for (int c = 0; c < 256; c++) {
      char s[5] = {'x', (char)c, 'y', (char)c, (char)c}, coded[4], expected[16], to[16];
      bool same = c != 0 && (strchr(stay, c) != NULL || strchr(keeps[k], c) != NULL);
      snprintf(coded, sizeof coded, same ? "%c" : "%%%02X", (unsigned)c);
      snprintf(expected, sizeof expected, "x%sy%s%s", coded, coded, coded);
      struct ivs_out o = ivs_out_to(to, sizeof to);
      ivs_put_percent(&o, (ivs_str){s, sizeof s}, keeps[k]);
      CHECK_MEM(to, o.n, expected, strlen(expected));
    }
  }
  struct ivs_out o = {0};
  ivs_put_percent(&o, (ivs_str){NULL, 0}, "");
  CHECK_INT(o.n, 0);
}

static void test_nocase(void) {
  for (int a = 0; a < 256; a++) {
    for (int b = 0; b < 256; b++) {
      char pa[2] = {'x', (char)a}, pb[2] = {'X', (char)b};
      bool letters = (a | 32) >= 'a' && (a | 32) <= 'z';
      bool same = a == b || (letters && (a | 32) == (b | 32));
      CHECK(ivs_str_eq_nocase((ivs_str){pa, 2}, (ivs_str){pb, 2}) == same);
    }
  }
  CHECK(!ivs_str_eq_nocase(IVS_STR("close"), IVS_STR("clos")));
  CHECK(ivs_str_eq_nocase(IVS_STR(""), (ivs_str){NULL, 0}));
}

static void test_copy(void) {
  for (size_t n = 0; n <= 5; n++) {
    for (size_t size = 0; size <= 7; size++) {
      char *to = check_guard(size);
      bool fits = n < size;
      CHECK_INT(ivs_str_copy(to, size, (ivs_str){"hello", n}), fits ? 0 : IVS_ERR_SPACE);
      if (size > 0) CHECK_MEM(to, strlen(to), "hello", fits ? n : 0);
      check_guard_free(to, size);
    }
  }
  char to[2] = "x";
  CHECK_INT(ivs_str_copy(to, sizeof to, (ivs_str){NULL, 0}), 0);
  CHECK_INT(to[0], 0);
}

/* The same text in every room: whole, or whole sequences and the mark. */
static void test_cut(void) {
  static const char text[] =
      "a\xC3\xA9"
      "b\xE2\x82\xAC"
      "c\xF0\x9F\x98\x80"
      "d\xF0\x90\x8D\x88\xC3\xA9";
  size_t n = sizeof text - 1;
  for (size_t size = 1; size <= n + 3; size++) {
    char *to = check_guard(size);
    ivs_str_cut(to, size, (ivs_str){text, n});
    size_t got = strlen(to);
    CHECK(got < size);
    CHECK(ivs_utf8_valid((ivs_str){to, got}));
    bool marked = got >= 3 && memcmp(to + got - 3, "\xE2\x80\xA6", 3) == 0;
    size_t kept = marked ? got - 3 : got;
    CHECK(marked == (size <= n && size >= 4));
    CHECK_MEM(to, kept, text, kept);
    if (size > n) CHECK_INT(got, n);
    else CHECK(got + 4 >= size); /* at most three bytes of a sequence are given up */
    check_guard_free(to, size);
  }
}

static void check_cut(const char *text, size_t size, const char *expected) {
  char *to = check_guard(size);
  ivs_str_cut(to, size, ivs_cstr(text));
  CHECK_MEM(to, strlen(to), expected, strlen(expected));
  check_guard_free(to, size);
}

static void test_cut_edges(void) {
  check_cut("", 1, "");
  check_cut("abcdef", 1, "");
  check_cut("abcdef", 3, "ab");
  check_cut("abcdef", 4, "\xE2\x80\xA6");
  check_cut("abcdef", 6, "ab\xE2\x80\xA6");
  check_cut("abcdef", 7, "abcdef");
  check_cut("\xF0\x9F\x98\x80", 4, "\xE2\x80\xA6");
  check_cut("\xF0\x9F\x98\x80", 3, "");
  check_cut("\x80\x80\x80\x80\x80\x80\x80\x80", 8, "\x80\x80\x80\x80\xE2\x80\xA6"); /* no UTF-8 */
  check_cut("a\x80\x80\x80\x80\x80\x80\x80", 8, "a\x80\x80\x80\xE2\x80\xA6");
  check_cut("abc\x80", 4, "\xE2\x80\xA6");
}

/* By decoding: the code point, written again in the shortest form, gives the same bytes. */
static bool decodes(const uint8_t *p, size_t n) {
  for (size_t i = 0, size; i < n; i += size) {
    size = p[i] < 0x80 ? 1 : p[i] >> 5 == 6 ? 2 : p[i] >> 4 == 14 ? 3 : p[i] >> 3 == 30 ? 4 : 0;
    if (size == 0 || size > n - i) return false;
    uint32_t v = size == 1 ? p[i] : p[i] & (0x7Fu >> size);
    for (size_t k = 1; k < size; k++) {
      if (p[i + k] >> 6 != 2) return false;
      v = v << 6 | (p[i + k] & 63);
    }
    size_t shortest = v < 0x80 ? 1 : v < 0x800 ? 2 : v < 0x10000 ? 3 : 4;
    if (size != shortest || v > 0x10FFFF || (v >= 0xD800 && v <= 0xDFFF)) return false;
  }
  return true;
}

/* The bytes stand before one that faults: a sequence that breaks off is not read beyond. */
static void check_utf8(const uint8_t *bytes, size_t n) {
  static char *guard;
  if (guard == NULL) guard = check_guard(8);
  char *p = guard + 8 - n;
  memcpy(p, bytes, n);
  CHECK(ivs_utf8_valid((ivs_str){p, n}) == decodes(bytes, n));
}

static void test_utf8(void) {
  static const uint8_t edges[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0,
                                  0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0,
                                  0xF1, 0xF3, 0xF4, 0xF5, 0xF8, 0xFC, 0xFE, 0xFF};
  enum { EDGES = sizeof edges };
  CHECK(ivs_utf8_valid((ivs_str){NULL, 0}));
  for (unsigned a = 0; a < 256; a++) {
    check_utf8((uint8_t[]){(uint8_t)a}, 1);
    for (unsigned b = 0; b < 256; b++) check_utf8((uint8_t[]){(uint8_t)a, (uint8_t)b}, 2);
  }
  for (size_t a = 0; a < EDGES; a++)
    for (size_t b = 0; b < EDGES; b++)
      for (size_t c = 0; c < EDGES; c++) {
        check_utf8((uint8_t[]){edges[a], edges[b], edges[c]}, 3);
        for (size_t d = 0; d < EDGES; d++)
          check_utf8((uint8_t[]){edges[a], edges[b], edges[c], edges[d]}, 4);
      }
  check_utf8((const uint8_t *)"a\xC3\xA9"
                              "b\xF4\x8F\xBF\xBF",
             8);
  check_utf8((const uint8_t *)"abcdefg\xC3", 8);
}

static void test_utf8_random(void) {
  for (int round = 0; round < 200000; round++) {
    uint8_t bytes[8];
    size_t n = check_below(9);
    for (size_t i = 0; i < n; i++)
      bytes[i] = (uint8_t)(check_random() >> 32 | (check_below(4) ? 0x80 : 0));
    check_utf8(bytes, n);
  }
}

static void test_strerror(void) {
#define CHECK_ERROR(name, number, text) CHECK_STR(ivs_cstr(ivs_strerror(IVS_ERR_##name)), text);
  IVS_ERR_MAP(CHECK_ERROR)
#undef CHECK_ERROR
  CHECK_STR(ivs_cstr(ivs_strerror(0)), "success");
  CHECK_STR(ivs_cstr(ivs_strerror(1)), "success");
  CHECK_STR(ivs_cstr(ivs_strerror(-9999)), "unknown error");
  CHECK_STR(ivs_cstr(ivs_strerror(INT32_MIN)), "unknown error");
}

int main(void) {
  check_seed();
  RUN(test_room);
  RUN(test_no_hole);
  RUN(test_hash);
  RUN(test_numbers);
  RUN(test_to_int);
  RUN(test_percent);
  RUN(test_nocase);
  RUN(test_copy);
  RUN(test_cut);
  RUN(test_cut_edges);
  RUN(test_utf8);
  RUN(test_utf8_random);
  RUN(test_strerror);
  return check_done();
}
