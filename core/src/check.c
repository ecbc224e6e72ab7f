/*
 * The limits of the API on one member of a request. Nothing else refers to this file or to the
 * table of limits: a program that does not ask for the check does not link it.
 */
#include <ivs/codec.h>

static int check_count(uint8_t limit, size_t n) {
  if (limit == 0) return 0;
  const struct ivs_limit *l = &ivs_limits[limit];
  return n < (size_t)l->min || n > (size_t)l->max ? IVS_ERR_LENGTH : 0;
}

/* Length counts characters, not bytes. */
static int check_text(uint8_t limit, ivs_str s) {
  size_t n = 0;
  for (size_t i = 0; i < s.n; i++) n += (s.p[i] & 0xC0) != 0x80;
  return check_count(limit, n);
}

/* arn:aws[a-z-]*: is all that is the same for every partition. */
static int check_arn(ivs_str s) {
  ivs_str head = {s.p, 7};
  if (s.n == 0) return 0;
  if (s.n < 8 || !ivs_str_eq(head, IVS_STR("arn:aws"))) return IVS_ERR_ARN;
  size_t i = 7;
  while (i < s.n && ((s.p[i] >= 'a' && s.p[i] <= 'z') || s.p[i] == '-')) i++;
  return i < s.n && s.p[i] == ':' ? 0 : IVS_ERR_ARN;
}

static int check_strs(const struct ivs_field *f, const struct ivs_str_list *list) {
  int r = check_count(f->limit, list->count);
  for (size_t i = 0; r == 0 && i < list->count; i++) {
    r = check_text(f->type, list->items[i]);
    if (r == 0 && (f->flags & IVS_F_ARN) != 0) r = check_arn(list->items[i]);
  }
  return r;
}

static int check_map(const struct ivs_field *f, const struct ivs_tags *map) {
  int r = check_count(f->limit, map->count);
  for (size_t i = 0; r == 0 && i < map->count; i++) {
    r = check_text(f->type, map->items[i].name);
    if (r == 0) r = check_text((uint8_t)(f->type + 1), map->items[i].value);
  }
  return r;
}

/* see ivs/codec.h */
int ivs_check_member(const struct ivs_field *f, const void *member) {
  switch (f->kind) {
    case IVS_K_STR: {
      ivs_str s = *(const ivs_str *)member;
      int r = check_text(f->limit, s);
      return r == 0 && (f->flags & IVS_F_ARN) != 0 ? check_arn(s) : r;
    }
    case IVS_K_INT: {
      int64_t v = ((const ivs_int *)member)->value;
      const struct ivs_limit *l = &ivs_limits[f->limit];
      return f->limit != 0 && (v < l->min || v > l->max) ? IVS_ERR_RANGE : 0;
    }
    case IVS_K_LIST: return check_count(f->limit, ((const struct ivs_any_list *)member)->count);
    case IVS_K_STRS: return check_strs(f, (const struct ivs_str_list *)member);
    case IVS_K_MAP: return check_map(f, (const struct ivs_tags *)member);
    default: return 0;
  }
}
