#include "../../../core/src/chars.h"
#include "../prove.h"

enum { BOUND = 64 };

bool STATIC(chars, is_plain_name)(uint32_t word);

/* tchar of RFC 9110, 5.6.2. */
static bool is_tchar(char c) {
  if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return true;
  return c == '!' || c == '#' || c == '$' || c == '%' || c == '&' || c == '\'' || c == '*' ||
         c == '+' || c == '-' || c == '.' || c == '^' || c == '_' || c == '`' || c == '|' ||
         c == '~';
}

/* Four bytes that are taken at once are letters and hyphens. */
static void whole_words(void) {
  uint32_t word = any_uint32();
  GIVEN(STATIC(chars, is_plain_name)(word));
  char c = (char)(word >> 8 * any_size_to(3) & 0x7F);
  MUST((word & 0x80808080) == 0 && (c == '-' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')));
}

void harness(void) {
  ivs_str s = any_last_of(BOUND);
  const char *end = s.p + s.n, *to = ivs_token_run(s.p, end);
  MUST(__CPROVER_same_object(to, end) && to >= s.p && to <= end);
  MUST(to == end || !is_tchar(*to));
  whole_words();
}
