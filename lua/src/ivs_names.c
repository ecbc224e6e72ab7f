/*
 * Names: of the API as Lua and the command line write them, and the one that a misspelt name was
 * meant to be.
 */
#include "ivs_binding.h"

#include <ivs/text.h>

enum { SHOWN_MAX = 60 }; /* bytes of a script's own text in a message */

static bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

/* A word begins at a capital that follows, or precedes, a small letter or digit. */
static bool word_begins(ivs_str name, size_t i) {
  if (i == 0 || !is_upper(name.p[i])) return false;
  return !is_upper(name.p[i - 1]) || (i + 1 < name.n && !is_upper(name.p[i + 1]));
}

/* see ivs_binding.h */
void ivs_name_split(char to[IVS_NAME_MAX], ivs_str name, char separator) {
  size_t n = 0;
  for (size_t i = 0; i < name.n && n + 2 < IVS_NAME_MAX; i++) {
    if (word_begins(name, i)) to[n++] = separator;
    to[n++] = ivs_lower(name.p[i]);
  }
  to[n] = '\0';
}

/* see ivs_binding.h */
void ivs_name_singular(char *name) {
  size_t n = strlen(name);
  if (n > 3 && strcmp(name + n - 3, "ies") == 0) memcpy(name + n - 3, "y", 2);
  else if (n > 1 && name[n - 1] == 's') name[n - 1] = '\0';
}

/* see ivs_binding.h */
int ivs_name_operation(ivs_str name) {
  char split[IVS_NAME_MAX];
  for (int op = 0; op < IVS_OP_COUNT; op++) {
    ivs_str wire = ivs_op_name(&ivs_ops[op]);
    if (name.n == 0 || ivs_lower(name.p[0]) != ivs_lower(wire.p[0])) continue;
    if (ivs_str_eq(name, wire)) return op;
    ivs_name_split(split, wire, '_');
    if (ivs_str_eq(name, ivs_cstr(split))) return op;
    ivs_name_split(split, wire, '-');
    if (ivs_str_eq(name, ivs_cstr(split))) return op;
  }
  return -1;
}

/* Lower case, without separators: what is left differs only by real mistakes. 0 if it is too long
   to be a name. */
static size_t squeeze(char to[IVS_NAME_MAX], ivs_str s) {
  size_t n = 0;
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] == '_' || s.p[i] == '-') continue;
    if (n == IVS_NAME_MAX) return 0;
    to[n++] = ivs_lower(s.p[i]);
  }
  return n;
}

static unsigned least(unsigned a, unsigned b) {
  return a < b ? a : b;
}

/* Letters to insert, delete, replace or swap with their neighbour, to make b of a. Three rows of
   the usual table. */
static unsigned distance(const char *a, size_t an, const char *b, size_t bn) {
  uint8_t rows[3][IVS_NAME_MAX + 1];
  for (size_t j = 0; j <= bn; j++) rows[0][j] = (uint8_t)j;
  for (size_t i = 1; i <= an; i++) {
    uint8_t *row = rows[i % 3];
    const uint8_t *above = rows[(i + 2) % 3], *above2 = rows[(i + 1) % 3];
    row[0] = (uint8_t)i;
    for (size_t j = 1; j <= bn; j++) {
      unsigned d =
          least(least(above[j], row[j - 1]) + 1u, above[j - 1] + (a[i - 1] != b[j - 1] ? 1u : 0u));
      bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      row[j] = (uint8_t)(swapped ? least(d, above2[j - 2] + 1u) : d);
    }
  }
  return rows[an % 3][bn];
}

/* One begins as the other, which is a common way to misremember a name. */
static bool begins_alike(const char *a, size_t an, const char *b, size_t bn) {
  size_t n = an < bn ? an : bn;
  return n >= 4 && memcmp(a, b, n) == 0;
}

/* see ivs_binding.h */
void ivs_nearest_try(struct ivs_nearest *n, ivs_str candidate) {
  char a[IVS_NAME_MAX], b[IVS_NAME_MAX];
  size_t an = squeeze(a, n->wrong), bn = squeeze(b, candidate);
  if (an == 0 || bn == 0) return;
  unsigned d = distance(a, an, b, bn);
  if (d > (an > bn ? an : bn) / 3 && !begins_alike(a, an, b, bn)) return;
  if (n->best[0] != '\0' && d >= n->distance) return;
  if (ivs_str_copy(n->best, sizeof n->best, candidate) < 0) return;
  n->distance = d;
}

/* see ivs_binding.h */
void ivs_add_quoted(luaL_Buffer *b, ivs_str s, char quote) {
  bool text = ivs_utf8_valid(s);
  size_t n = s.n <= SHOWN_MAX ? s.n : SHOWN_MAX;
  while (n < s.n && n > 0 && text && ((unsigned char)s.p[n] & 0xC0) == 0x80) n--;
  luaL_addchar(b, quote);
  for (size_t i = 0; i < n; i++) {
    unsigned char c = (unsigned char)s.p[i];
    luaL_addchar(b, c < 0x20 || c == 0x7F || (c >= 0x80 && !text) ? '?' : s.p[i]);
  }
  if (n < s.n) luaL_addstring(b, "...");
  luaL_addchar(b, quote);
}

/* see ivs_binding.h */
void ivs_add_nearest(luaL_Buffer *b, const struct ivs_nearest *n) {
  if (n->best[0] == '\0') return;
  luaL_addstring(b, "; did you mean '");
  luaL_addstring(b, n->best);
  luaL_addstring(b, "'?");
}

/* see ivs_binding.h */
int ivs_raise_unknown(lua_State *L, const char *what, const struct ivs_nearest *n) {
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  luaL_where(L, 1);
  luaL_addvalue(&b);
  luaL_addstring(&b, what);
  ivs_add_quoted(&b, n->wrong, '\'');
  ivs_add_nearest(&b, n);
  luaL_pushresult(&b);
  return lua_error(L);
}
