/*
 * Characters, numbers of digits, runs and pieces of text.
 */
#include "chars.h"

/* see chars.h */
int ivs_hex_value(char c) {
  unsigned digit = (uint8_t)(c - '0');
  if (digit < 10) return (int)digit;
  digit = (uint8_t)((c | 0x20) - 'a');
  return digit < 6 ? (int)digit + 10 : -1;
}

/* see chars.h */
bool ivs_digits(ivs_str s, int64_t *negative) {
  int64_t sum = 0;
  for (size_t i = 0; i < s.n; i++) {
    unsigned digit = (unsigned)(uint8_t)s.p[i] - '0';
    if (digit > 9 || sum < INT64_MIN / 10) return false;
    sum = (int64_t)((uint64_t)sum * 10 - digit);
    if (sum > 0) return false;
  }
  *negative = sum;
  return s.n > 0;
}

/* see chars.h */
bool ivs_read_shape(const char *text, const char *shape, size_t size, uint32_t *n) {
  for (size_t i = 0; i < size; i++) {
    char c = text[i];
    if (ivs_is_digit(shape[i])) {
      uint32_t *number = n + (shape[i] - '0');
      if (!ivs_is_digit(c)) return false;
      *number = *number * 10 + (uint32_t)(c - '0');
    } else if (shape[i] == 'a' ? !ivs_is_letter(c) : c != shape[i]) {
      return false;
    }
  }
  return true;
}

/* see chars.h */
bool ivs_cut(ivs_str *rest, char at, ivs_str *head) {
  if (rest->p == NULL) return false;
  size_t all = rest->n;
  *head = *rest;
  rest->p = (const char *)memchr(head->p, at, head->n);
  rest->n = 0;
  if (rest->p == NULL) return true;
  head->n = (size_t)(rest->p - head->p);
  rest->n = all - head->n - 1;
  rest->p++;
  return true;
}

/* see chars.h */
int ivs_compare_nocase(ivs_str a, ivs_str b) {
  for (size_t i = 0; i < a.n && i < b.n; i++) {
    if (a.p[i] == b.p[i]) continue;
    int difference = (uint8_t)ivs_lower(a.p[i]) - (uint8_t)ivs_lower(b.p[i]);
    if (difference != 0) return difference;
  }
  return (a.n > b.n) - (a.n < b.n);
}

/* see chars.h */
bool ivs_is_unreserved(char c) {
  if (ivs_is_letter(c) || ivs_is_digit(c)) return true;
  return c == '-' || c == '.' || c == '_' || c == '~';
}

/* see chars.h. Where no byte has its top bit, a difference has that of the bytes that were too
   small, and of those that lent to one behind them. */
const char *ivs_plain_run(const char *p, const char *end) {
  const size_t each = SIZE_MAX / 255; /* times a byte: that byte everywhere */
  for (size_t word; (size_t)(end - p) >= sizeof word; p += sizeof word) {
    memcpy(&word, p, sizeof word);
    size_t control = word - each * ' ';
    size_t quote = (word ^ each * '"') - each;
    size_t backslash = (word ^ each * '\\') - each;
    size_t del = word + each;
    if (((word | control | quote | backslash | del) & each * 0x80) != 0) break;
  }
  return p;
}

/* see chars.h. Words as in ivs_plain_run(), until there is a byte that is not ASCII or a control
   character. */
const char *ivs_text_run(const char *p, const char *end) {
  const size_t each = SIZE_MAX / 255;
  for (size_t word; (size_t)(end - p) >= sizeof word; p += sizeof word) {
    memcpy(&word, p, sizeof word);
    if (((word | (word - each * ' ') | (word + each)) & each * 0x80) != 0) break;
  }
  for (; p < end; p++) {
    uint8_t c = (uint8_t)*p;
    if (c < ' ' ? c != '\t' : c == 0x7F) break;
  }
  return p;
}

/* True if a word is letters and hyphens, as most of a name. Where no byte has its top bit, a sum
   has that of the bytes that are large enough. */
static bool is_plain_name(uint32_t word) {
  const uint32_t each = 0x01010101;
  uint32_t lower = word | each * 0x20;
  uint32_t from_a = lower + each * (0x80 - 'a'), behind_z = lower + each * (0x7F - 'z');
  uint32_t no_hyphen = (word ^ each * '-') + each * 0x7F;
  return ((((~from_a | behind_z) & no_hyphen) | word) & each * 0x80) == 0;
}

/* see chars.h */
const char *ivs_token_run(const char *p, const char *end) {
  static const uint32_t set[4] = {0, 0x03FF6CFA, 0xC7FFFFFE, 0x57FFFFFF};
  for (uint32_t word; (size_t)(end - p) >= sizeof word; p += sizeof word) {
    memcpy(&word, p, sizeof word);
    if (!is_plain_name(word)) break;
  }
  for (; p < end; p++) {
    uint8_t c = (uint8_t)*p;
    if (c >= 128 || (set[c >> 5] >> (c & 31) & 1) == 0) break;
  }
  return p;
}
