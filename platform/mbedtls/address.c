/*
 * Addresses as text, without an operating system: a certificate for an address names it in binary.
 */
#include "internal.h"

/* A number of up to `digits` digits in the base, no more than max. -1 if there is none; *s moves
   behind it. */
static int32_t number(const char **s, int base, int digits, int32_t max) {
  int32_t v = 0;
  int n = 0;
  for (; n < digits; n++, (*s)++) {
    char c = **s;
    int32_t d = -1;
    if (c >= '0' && c <= '9') d = c - '0';
    else if (base == 16 && c >= 'a' && c <= 'f') d = c - 'a' + 10;
    else if (base == 16 && c >= 'A' && c <= 'F') d = c - 'A' + 10;
    if (d < 0) break;
    v = v * base + d;
  }
  return n == 0 || v > max ? -1 : v;
}

/* Four decimal numbers; leading zeros, which some read as octal, make it a name. True if that is
   all of s up to end. */
static bool parse_v4(const char *s, char end, uint8_t to[4]) {
  for (int i = 0; i < 4; i++) {
    if (i > 0 && *s++ != '.') return false;
    if (s[0] == '0' && s[1] >= '0' && s[1] <= '9') return false;
    int32_t v = number(&s, 10, 3, 255);
    if (v < 0) return false;
    to[i] = (uint8_t)v;
  }
  return *s == '\0' || *s == end;
}

/* Moves what stands behind "::" to the end, zeros between. */
static bool fill_gap(uint8_t to[16], size_t n, size_t gap) {
  if (n == 16) return false; /* "::" stands for at least one group */
  memmove(to + 16 - (n - gap), to + gap, n - gap);
  memset(to + gap, 0, 16 - n);
  return true;
}

static bool parse_v6(const char *s, uint8_t to[16]) {
  size_t n = 0;
  size_t gap = SIZE_MAX;
  if (s[0] == ':' && s[1] != ':') return false;
  while (*s != '\0' && *s != '%') {
    if (s[0] == ':' && s[1] == ':') {
      if (gap != SIZE_MAX) return false;
      gap = n;
      s += 2;
      continue;
    }
    if (n > 0 && gap != n && *s++ != ':') return false;
    if (n <= 12 && parse_v4(s, '%', to + n)) {
      n += 4;
      break;
    }
    int32_t v = n < 16 ? number(&s, 16, 4, 0xffff) : -1;
    if (v < 0) return false;
    to[n++] = (uint8_t)(v >> 8);
    to[n++] = (uint8_t)v;
  }
  return gap == SIZE_MAX ? n == 16 : fill_gap(to, n, gap);
}

/* see internal.h */
uint8_t ivs_tls_address(const char *host, uint8_t address[16]) {
  if (parse_v4(host, '\0', address)) return 4;
  return parse_v6(host, address) ? 16 : 0;
}
