#include "../json_text.h"

enum { BOUND = 64 };

const char *STATIC(json_read, put_escaped)(const char *r, const char *end, char **w);

/* The text that was unescaped so far, the escape, and what is behind it. */
void harness(void) {
  ivs_str s = any_last_of(BOUND);
  const char *end = s.p + s.n;
  size_t at = any_size_to(s.n), to = any_size_to(at);
  size_t size = escape_size(s.p + at, end);
  GIVEN(size == 6 || size == 12);
  char *w = (char *)s.p + to;
  const char *r = STATIC(json_read, put_escaped)(s.p + at + 2, end, &w);
  MUST(r == s.p + at + size);
  MUST(w > s.p + to && w <= s.p + to + (size == 6 ? 3 : 4));
}
