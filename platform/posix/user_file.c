/*
 * Names of files as the AWS tools read them: "~", and in some places variables before that.
 */
#include "system.h"

#include "user_file.h"

#include <ivs/text.h>

#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

/* --- variables --- */

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

/* --- home --- */

/* What the system knows of the user of that name; NULL: of the one who runs this. NULL if there is
   no such user. */
static const char *known_home(const char *name, char *space, size_t size, struct passwd *entry) {
  struct passwd *found = NULL;
  int r = name != NULL ? getpwnam_r(name, entry, space, size, &found)
                       : getpwuid_r(getuid(), entry, space, size, &found);
  return r == 0 && found != NULL ? found->pw_dir : NULL;
}

/* Puts the home that the n bytes of "~" or "~name" stand for, without a slash at its end; what
   stands for none as it is. */
static void put_home(struct ivs_out *o, const char *tilde, size_t n) {
  struct passwd entry;
  char space[2048], name[256];
  const char *home = n == 1 ? getenv("HOME") : NULL;
  ivs_str text = {tilde, n};
  if (n > 1 && ivs_str_copy(name, sizeof name, (ivs_str){tilde + 1, n - 1}) == 0)
    home = known_home(name, space, sizeof space, &entry);
  if (n == 1 && home == NULL) home = known_home(NULL, space, sizeof space, &entry);
  if (home != NULL) text = ivs_cstr(home);
  while (home != NULL && text.n > 0 && text.p[text.n - 1] == '/') text.n--;
  ivs_put_str(o, text);
}

/* see user_file.h */
int ivs_user_home(const char *file, char to[IVS_USER_FILE_MAX + 1]) {
  struct ivs_out o = ivs_out_to(to, IVS_USER_FILE_MAX);
  size_t n = file[0] == '~' ? strcspn(file, "/") : 0;
  if (n > 0) put_home(&o, file, n);
  ivs_put_text(&o, file + n);
  bool fits = ivs_out_end(&o) == 0;
  to[fits ? o.n : 0] = '\0';
  return fits ? 0 : IVS_ERR_SPACE;
}

/* see user_file.h */
int ivs_user_file(const char *variable, const char *otherwise, char to[IVS_USER_FILE_MAX + 1]) {
  char expanded[IVS_USER_FILE_MAX + 1];
  const char *name = getenv(variable);
  struct ivs_out o = ivs_out_to(expanded, IVS_USER_FILE_MAX);
  put_expanded(&o, name != NULL && name[0] != '\0' ? name : otherwise);
  to[0] = '\0';
  if (ivs_out_end(&o) < 0) return IVS_ERR_SPACE;
  expanded[o.n] = '\0';
  return ivs_user_home(expanded, to);
}
