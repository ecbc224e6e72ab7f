#include "../prove.h"

enum { BOUND = 65536 };

size_t STATIC(text, utf8_sequence)(const char *p, size_t n);

/* A sequence that is taken is that of a code point which needs as many bytes and is allowed. */
static void sequence(void) {
  ivs_str s = any_text(BOUND);
  GIVEN(s.n > 0);
  size_t n = STATIC(text, utf8_sequence)(s.p, s.n);
  MUST(n <= 4 && n <= s.n);
  if (n == 0) return;
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  uint32_t code = n == 1 ? (uint8_t)s.p[0] : (uint8_t)s.p[0] & 0xFFu >> (n + 1);
  for (size_t i = 1; i < n; i++) code = code << 6 | ((uint8_t)s.p[i] & 0x3Fu);
  MUST(code >= least[n] && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF));
}

/* Any text, into room of any size. */
static void cut(void) {
  size_t size = 1 + any_size_to(BOUND);
  ivs_str_cut(any_bytes(size), size, any_text(BOUND));
}

void harness(void) {
  if (any_bool()) sequence();
  else cut();
}
