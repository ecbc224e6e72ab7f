/*
 * A walk from tag to tag. What an element holds is known at its end tag: text and nothing else if
 * no other tag came since its start tag.
 */
#include "sts_answer.h"

#include "chars.h"

enum { DEPTH = 8 };

struct walk {
  char *p;
  char *end;
  ivs_str open[DEPTH]; /* names of the elements around p */
  unsigned depth;
  char *text; /* where the text of the innermost one began; NULL: it holds more than that */
  bool done;  /* the outermost element has ended */
};

static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_blanks(struct walk *w) {
  while (w->p < w->end && is_blank(*w->p)) w->p++;
}

static bool skip(struct walk *w, char c) {
  if (w->p == w->end || *w->p != c) return false;
  w->p++;
  return true;
}

/* Goes behind the next occurrence of mark. */
static bool skip_to(struct walk *w, const char *mark) {
  size_t n = strlen(mark);
  for (; (size_t)(w->end - w->p) >= n; w->p++) {
    if (memcmp(w->p, mark, n) != 0) continue;
    w->p += n;
    return true;
  }
  return false;
}

static bool is_name_char(char c) {
  char l = ivs_lower(c);
  return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' ||
         c == ':';
}

static bool take_name(struct walk *w, ivs_str *name) {
  name->p = w->p;
  while (w->p < w->end && is_name_char(*w->p)) w->p++;
  name->n = (size_t)(w->p - name->p);
  return name->n > 0;
}

/* The attributes of a start tag, up to its '>' or '/'. */
static bool skip_attributes(struct walk *w) {
  ivs_str name;
  for (;;) {
    bool apart = w->p < w->end && is_blank(*w->p);
    skip_blanks(w);
    if (w->p == w->end) return false;
    if (*w->p == '>' || *w->p == '/') return true;
    if (!apart || !take_name(w, &name)) return false;
    skip_blanks(w);
    if (!skip(w, '=')) return false;
    skip_blanks(w);
    if (skip(w, '"') ? !skip_to(w, "\"") : !skip(w, '\'') || !skip_to(w, "'")) return false;
  }
}

static bool take_start(struct walk *w) {
  ivs_str name;
  if (w->done || w->depth == DEPTH || !take_name(w, &name) || !skip_attributes(w)) return false;
  bool empty = skip(w, '/');
  if (!skip(w, '>')) return false;
  w->text = empty ? NULL : w->p;
  if (!empty) w->open[w->depth++] = name;
  else w->done = w->depth == 0;
  return true;
}

static bool take_end(struct walk *w) {
  ivs_str name;
  if (w->depth == 0 || !take_name(w, &name)) return false;
  skip_blanks(w);
  if (!skip(w, '>') || !ivs_str_eq(name, w->open[w->depth - 1])) return false;
  w->done = --w->depth == 0;
  return true;
}

/* A comment, or <?...?>. */
static bool skip_aside(struct walk *w, char kind) {
  w->text = NULL;
  if (kind == '?') return skip_to(w, "?>");
  if (!skip(w, '-')) return false;
  return skip(w, '-') && skip_to(w, "-->");
}

/* Outside the outermost element there are blanks only. */
static bool skip_text(struct walk *w) {
  if (w->depth == 0) skip_blanks(w);
  else
    while (w->p < w->end && *w->p != '<') w->p++;
  return w->p == w->end || *w->p == '<';
}

/* The next end of an element that holds text only; its name is open[depth]. 1, 0: no more, or
   IVS_ERR_TYPE. */
static int next_text(struct walk *w, ivs_str *text) {
  for (;;) {
    if (!skip_text(w)) return IVS_ERR_TYPE;
    char *stop = w->p;
    if (!skip(w, '<')) return w->done ? 0 : IVS_ERR_TYPE;
    if (skip(w, '/')) {
      text->p = w->text;
      text->n = w->text != NULL ? (size_t)(stop - w->text) : 0;
      w->text = NULL;
      if (!take_end(w)) return IVS_ERR_TYPE;
      if (text->p != NULL) return 1;
    } else if (skip(w, '?')) {
      if (!skip_aside(w, '?')) return IVS_ERR_TYPE;
    } else if (skip(w, '!') ? !skip_aside(w, '!') : !take_start(w)) {
      return IVS_ERR_TYPE;
    }
  }
}

/* --- entities --- */

/* "#38" or "#x26" as a character; 0 if it is none. */
static char referred(ivs_str s) {
  uint32_t v = 0;
  bool hex = s.n > 1 && s.p[1] == 'x';
  int base = hex ? 16 : 10;
  size_t i = hex ? 2 : 1;
  if (i == s.n) return 0;
  for (; i < s.n; i++) {
    int digit = ivs_hex_value(s.p[i]);
    if (digit < 0 || digit >= base || v > 0x10FFFF) return 0;
    v = v * (uint32_t)base + (uint32_t)digit;
  }
  return v < 0x80 ? (char)v : v <= 0x10FFFF ? '?' : 0;
}

/* What stands between '&' and ';'; 0 if that is no entity. */
static char entity(ivs_str s) {
  static const char known[] = "&amp\0<lt\0>gt\0\"quot\0'apos\0";
  if (s.n > 0 && s.p[0] == '#') return referred(s);
  for (const char *k = known; *k != '\0'; k += strlen(k) + 1)
    if (ivs_str_eq(s, ivs_cstr(k + 1))) return *k;
  return 0;
}

/* Decodes in place. */
static bool decode(char *p, ivs_str *text) {
  const char *r = p, *end = p + text->n;
  char *w = p;
  while (r < end) {
    if (*r != '&') {
      *w++ = *r++;
      continue;
    }
    const char *stop = (const char *)memchr(r, ';', (size_t)(end - r));
    if (stop == NULL) return false;
    ivs_str name = {r + 1, (size_t)(stop - r - 1)};
    *w = entity(name);
    if (*w++ == '\0') return false;
    r = stop + 1;
  }
  text->n = (size_t)(w - p);
  return true;
}

static bool is_at(const struct walk *w, const ivs_str *path, size_t n) {
  if (w->depth != n) return false;
  for (size_t i = 0; i < n; i++)
    if (!ivs_str_eq(w->open[i], path[i])) return false;
  return true;
}

/* see sts_answer.h */
int ivs_sts_read(char *xml, size_t size, const ivs_str *path, size_t path_n,
                 const char *const *names, ivs_str *texts, size_t n) {
  struct walk w;
  ivs_str text;
  int r;
  memset(&w, 0, sizeof w);
  memset(texts, 0, n * sizeof *texts);
  w.p = xml;
  w.end = xml + size;
  while ((r = next_text(&w, &text)) == 1) {
    for (size_t i = 0; i < n && is_at(&w, path, path_n); i++) {
      if (!ivs_str_eq(w.open[w.depth], ivs_cstr(names[i]))) continue;
      if (texts[i].p != NULL || !decode(xml + (text.p - xml), &text)) return IVS_ERR_TYPE;
      texts[i] = text;
    }
  }
  return r;
}
