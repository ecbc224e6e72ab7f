/*
 * Functions of <string.h> that CBMC has none of, as what C says of them.
 */
#include <string.h>

#include "prove.h"

/* The first byte c among n at s: one that is in range, is c, and no other is asked about. */
void *memchr(const void *s, int c, size_t n) {
  const unsigned char *p = (const unsigned char *)s;
  __CPROVER_assert(n == 0 || __CPROVER_r_ok(s, n), "memchr: what is searched is readable");
  if (n == 0 || any_bool()) return NULL;
  size_t at = any_size_to(n - 1);
  __CPROVER_assume(p[at] == (uint8_t)c);
  return (void *)(p + at);
}

/* The byte c in a string whose memory ends with its NUL: there, or nowhere. */
char *strchr(const char *s, int c) {
  size_t room = __CPROVER_OBJECT_SIZE(s) - (size_t)__CPROVER_POINTER_OFFSET(s);
  __CPROVER_assert(__CPROVER_r_ok(s, 1) && s[room - 1] == '\0', "strchr: the string ends");
  if (any_bool()) return NULL;
  size_t at = any_size_to(room - 1);
  __CPROVER_assume(s[at] == (char)c);
  return (char *)s + at;
}

/* A string whose memory ends with its NUL: not longer than that. */
size_t strlen(const char *s) {
  size_t room = __CPROVER_OBJECT_SIZE(s) - (size_t)__CPROVER_POINTER_OFFSET(s);
  __CPROVER_assert(__CPROVER_r_ok(s, 1) && s[room - 1] == '\0', "strlen: the string ends");
  size_t n = any_size_to(room - 1);
  __CPROVER_assume(s[n] == '\0' && (n == 0 || s[0] != '\0'));
  return n;
}
