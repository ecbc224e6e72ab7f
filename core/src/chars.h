/*
 * Characters, numbers of digits, runs and pieces of text. Private to the core.
 */
#ifndef IVS_CHARS_H
#define IVS_CHARS_H

#include <ivs/text.h>

static inline bool ivs_is_digit(char c) {
  return (uint8_t)(c - '0') < 10;
}

static inline bool ivs_is_letter(char c) {
  return (uint8_t)((c | 0x20) - 'a') < 26;
}

/* The value of a hexadecimal digit; -1 if c is none. */
int ivs_hex_value(char c);

/* The digits of s, nothing else, as a number taken negative, of which there is one more. False if
   empty, not all digits, or under INT64_MIN. */
bool ivs_digits(ivs_str s, int64_t *negative);

/*
 * Reads size bytes of text that must look like as many of shape. There a digit 0 stands for a digit
 * of the first number of n, 1 for one of the second, and so on; a for any ASCII letter; everything
 * else for itself. n is zeroed before.
 */
bool ivs_read_shape(const char *text, const char *shape, size_t size, uint32_t *n);

/*
 * Takes what stands before the first `at` off a text, whose rest is then what stands behind it. If
 * there is none that is all of it, and the rest is absent. False if it was absent already.
 */
bool ivs_cut(ivs_str *rest, char at, ivs_str *head);

/* < 0, 0 or > 0: the order of two texts but for the case of ASCII letters; a beginning comes first.
 */
int ivs_compare_nocase(ivs_str a, ivs_str b);

/* A letter, a digit or one of - . _ ~, which are never percent-encoded (RFC 3986). */
bool ivs_is_unreserved(char c);

/*
 * Skips bytes that are plain: ASCII, no control character, no quote, no backslash. Looks at whole
 * machine words only, so that bytes where it stops may be plain too.
 */
const char *ivs_plain_run(const char *p, const char *end);

/* Skips what a line of HTTP may hold: all but control characters, of which it may hold tabs. */
const char *ivs_text_run(const char *p, const char *end);

/* Skips what the name of a header may hold: RFC 9110, tchar. */
const char *ivs_token_run(const char *p, const char *end);

#endif
