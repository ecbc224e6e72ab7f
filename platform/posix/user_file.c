/*
 * Names of files as the AWS tools read them from the environment: variables first, then "~".
 */
#include "system.h"

#include "user_file.h"

#include <ivs/text.h>

#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

static bool in_name(char c) {
  return c == '_' || (c >= '0' && c <= '9') || (ivs_lower(c) >= 'a' && ivs_lower(c) <= 'z');
}

/* The value of the variable that p begins with, behind the "$"; *n: bytes of its name, with braces.
   NULL if there is no such variable. */
static const char *variable_at(const char *p, size_t *n) {
  char name[128];
  bool braces = *p == '{';
  const char *from = braces ? p + 1 : p, *end = from;
  while (braces ? *end != '\0' && *end != '}' : in_name(*end)) end++;
  if (braces && *end == '\0') return NULL;
  *n = (size_t)(end - p) + (braces ? 1 : 0);
  if (ivs_str_copy(name, sizeof name, (ivs_str){from, (size_t)(end - from)}) < 0) return NULL;
  return getenv(name);
}

static void put_expanded(struct ivs_out *o, const char *p) {
  while (*p != '\0') {
    size_t n = 0;
    const char *value = *p == '$' ? variable_at(p + 1, &n) : NULL;
    if (value == NULL) {
      ivs_put_char(o, *p++);
      continue;
    }
    ivs_put_text(o, value);
    p += 1 + n;
  }
}

/* The home of the user without a slash at its end: HOME, or what the system knows. */
static void put_home(struct ivs_out *o) {
  struct passwd entry, *found = NULL;
  char space[2048];
  const char *home = getenv("HOME");
  if (home == NULL && getpwuid_r(getuid(), &entry, space, sizeof space, &found) == 0 &&
      found != NULL)
    home = found->pw_dir;
  ivs_str text = ivs_cstr(home != NULL ? home : "~");
  while (text.n > 0 && text.p[text.n - 1] == '/') text.n--;
  ivs_put_str(o, text);
}

/* see user_file.h */
int ivs_user_file(const char *variable, const char *otherwise, char to[IVS_USER_FILE_MAX + 1]) {
  char expanded[IVS_USER_FILE_MAX + 1];
  const char *name = getenv(variable);
  struct ivs_out first = ivs_out_to(expanded, IVS_USER_FILE_MAX);
  struct ivs_out o = ivs_out_to(to, IVS_USER_FILE_MAX);
  put_expanded(&first, name != NULL && name[0] != '\0' ? name : otherwise);
  to[0] = '\0';
  if (ivs_out_end(&first) < 0) return IVS_ERR_SPACE;
  expanded[first.n] = '\0';
  bool at_home = expanded[0] == '~' && (expanded[1] == '\0' || expanded[1] == '/');
  if (at_home) put_home(&o);
  ivs_put_text(&o, expanded + (at_home ? 1 : 0));
  if (ivs_out_end(&o) < 0) return IVS_ERR_SPACE;
  to[o.n] = '\0';
  return 0;
}
