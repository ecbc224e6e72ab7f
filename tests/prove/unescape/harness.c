#include <ivs/json.h>

#include "../prove.h"

enum { BOUND = 65536 };

/*
 * The next backslash. In checked text it begins an escape that is whole, if what stands before it
 * is read as it was checked: from the end of one escape to the next.
 */
void *memchr(const void *s, int c, size_t n) {
  const char *p = (const char *)s;
  READABLE(p, n);
  if (c != '\\' || n == 0 || any_bool()) return NULL;
  const char *slash = p + any_size_to(n - 1);
  GIVEN(n - (size_t)(slash - p) >= 2 && *slash == '\\');
  GIVEN(slash[1] != 'u' || n - (size_t)(slash - p) >= 6);
  return (void *)slash;
}

/* To the left, and so never over what is still to be read. */
void *memmove(void *to, const void *from, size_t n) {
  READABLE(from, n);
  WRITABLE(to, n);
  MUST(__CPROVER_same_object(to, from) && (char *)to <= (const char *)from);
  return to;
}

void harness(void) {
  ivs_str s = any_text(BOUND);
  struct ivs_json_value v = {(char *)s.p, (uint32_t)s.n, IVS_JSON_STRING};
  ivs_str text = ivs_json_text(v);
  MUST(text.p == s.p && text.n <= s.n);
}
