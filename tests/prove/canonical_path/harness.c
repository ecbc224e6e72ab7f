#include <ivs/sigv4.h>

#include "../prove.h"

enum { SEGMENTS = 4, SLOT = 4 };

void STATIC(sigv4, put_normal_path)(struct ivs_out *o, ivs_str path);

/* Segment i is the first size[i] bytes at i * SLOT, and '/' behind it: any bytes. */
static char *path;
static size_t size[SEGMENTS];

static size_t index_of(const char *p) {
  MUST(__CPROVER_same_object(p, path));
  return __CPROVER_POINTER_OFFSET(p) / SLOT;
}

bool ivs_cut(ivs_str *rest, char at, ivs_str *head) {
  (void)at;
  if (rest->p == NULL) return false;
  *head = (ivs_str){rest->p, size[index_of(rest->p)]};
  *rest = rest->n > SLOT ? (ivs_str){rest->p + SLOT, rest->n - SLOT} : (ivs_str){NULL, 0};
  return true;
}

static bool stays[SEGMENTS];
static size_t put, slashes, last;

void ivs_put_char(struct ivs_out *o, char c) {
  o->n = any_size();
  if (c == '/') slashes++;
}

/* Each behind a slash of its own, in their order. */
void ivs_put_percent(struct ivs_out *o, ivs_str s, const char *keep) {
  size_t i = index_of(s.p);
  o->n = any_size();
  MUST(stays[i] && s.n == size[i] && keep[0] == '\0');
  MUST(put == 0 || i > last);
  MUST(++put == slashes);
  last = i;
}

static bool is_dots(size_t i, size_t n) {
  const char *p = path + i * SLOT;
  return size[i] == n && p[0] == '.' && p[n - 1] == '.';
}

/* As one removes dot segments with a stack: returns how many stay. */
static size_t walk(size_t from) {
  size_t stack[SEGMENTS], n = 0;
  for (size_t i = from; i < SEGMENTS; i++) {
    if (size[i] == 0 || is_dots(i, 1)) continue;
    if (!is_dots(i, 2)) stack[n++] = i;
    else if (n > 0) n--;
  }
  for (size_t i = 0; i < n; i++) stays[stack[i]] = true;
  return n;
}

void harness(void) {
  size_t from = any_size_to(SEGMENTS - 1);
  path = any_bytes(SEGMENTS * SLOT);
  for (size_t i = 0; i < SEGMENTS; i++) size[i] = any_size_to(SLOT - 1);
  size_t n = walk(from);
  struct ivs_out o = ivs_out_to(NULL, 0);
  STATIC(sigv4, put_normal_path)(&o, (ivs_str){path + from * SLOT, (SEGMENTS - from) * SLOT});
  MUST(put == n);
  MUST(slashes == n + (n == 0 || path[SEGMENTS * SLOT - 1] == '/'));
}
