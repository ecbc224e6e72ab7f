/*
 * Reading INI line by line. What is a line's part follows from its indent, as in Python's
 * configparser, which the AWS tools are built on.
 */
#include "system.h"

#include "ini.h"

#include <ivs/text.h>

static bool is_blank(char c) {
  return (c >= '\t' && c <= '\r') || (c >= 0x1c && c <= ' ');
}

/* see ini.h */
ivs_str ivs_ini_trim(ivs_str s) {
  while (s.n > 0 && is_blank(s.p[0])) s.p++, s.n--;
  while (s.n > 0 && is_blank(s.p[s.n - 1])) s.n--;
  return s;
}

static int fail(struct ivs_ini *ini, const char *problem) {
  ini->problem = problem;
  return IVS_ERR_ARGUMENT;
}

/* "[name]"; what follows the last bracket does not count. */
static bool as_section(ivs_str line, ivs_str *name) {
  if (line.p[0] != '[') return false;
  size_t end = line.n;
  while (end > 0 && line.p[end - 1] != ']') end--;
  if (end < 3) return false;
  name->p = line.p + 1;
  name->n = end - 2;
  return true;
}

/* "key = value", in place. False if there is no key. */
static bool as_key(char *p, size_t n, ivs_str *name, ivs_str *value) {
  size_t at = 0;
  while (at < n && p[at] != '=' && p[at] != ':') at++;
  if (at == n) return false;
  for (size_t i = 0; i < at; i++) p[i] = ivs_lower(p[i]);
  *name = ivs_ini_trim((ivs_str){p, at});
  *value = ivs_ini_trim((ivs_str){p + at + 1, n - at - 1});
  return name->n > 0;
}

static int take_more(struct ivs_ini *ini, ivs_str line) {
  if (ini->nested && memchr(line.p, '=', line.n) == NULL)
    return fail(ini, "an indented line below a key without a value must be: name = value");
  return ini->visit(ini->context, IVS_INI_MORE, (ivs_str){NULL, 0}, line);
}

/* A line that is neither empty nor a comment; it lies in ini->text. */
static int take(struct ivs_ini *ini, ivs_str line, size_t indent) {
  ivs_str name, value = {NULL, 0};
  if (memchr(line.p, '\0', line.n) != NULL) return fail(ini, "the line holds a NUL");
  if (ini->has_key && indent > ini->indent) return take_more(ini, line);
  ini->indent = indent;
  if (as_section(line, &name)) {
    ini->in_section = true;
    ini->has_key = false;
    return ini->visit(ini->context, IVS_INI_SECTION, name, value);
  }
  if (!ini->in_section) return fail(ini, "a [section] must come first");
  if (!as_key(ini->text + (line.p - ini->text), line.n, &name, &value))
    return fail(ini, "neither a [section] nor key = value");
  ini->has_key = true;
  ini->nested = value.n == 0;
  return ini->visit(ini->context, IVS_INI_KEY, name, value);
}

static int end_line(struct ivs_ini *ini) {
  static const char mark[] = "\xEF\xBB\xBF"; /* of editors that begin UTF-8 with it */
  size_t n = ini->n, skip = 0;
  bool too_long = ini->too_long;
  if (ini->line == 1 && n >= 3 && memcmp(ini->text, mark, 3) == 0) skip = 3;
  ivs_str all = {ini->text + skip, n - skip}, line = ivs_ini_trim(all);
  ini->n = 0;
  ini->too_long = false;
  if (line.n == 0 && !too_long) return 0;
  if (line.n > 0 && (line.p[0] == '#' || line.p[0] == ';')) return 0;
  if (too_long) return fail(ini, "the line is too long");
  return take(ini, line, (size_t)(line.p - all.p));
}

static int feed_byte(struct ivs_ini *ini, char c) {
  bool after_cr = ini->after_cr;
  ini->after_cr = c == '\r';
  if (c == '\n' && after_cr) return 0;
  if (ini->line == 0) ini->line = 1;
  if (c == '\n' || c == '\r') {
    int r = end_line(ini);
    if (r == 0) ini->line++;
    return r;
  }
  if (ini->n == IVS_INI_LINE_MAX) ini->too_long = true;
  else ini->text[ini->n++] = c;
  return 0;
}

/* see ini.h */
int ivs_ini_feed(struct ivs_ini *ini, const char *p, size_t n) {
  int r = 0;
  for (size_t i = 0; i < n && r == 0; i++) r = feed_byte(ini, p[i]);
  return r;
}

/* see ini.h */
int ivs_ini_end(struct ivs_ini *ini) {
  return ini->n > 0 || ini->too_long ? end_line(ini) : 0;
}
