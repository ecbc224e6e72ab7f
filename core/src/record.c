#include "record.h"

static const struct ivs_row *find(const struct ivs_record *record, ivs_str name) {
  for (size_t i = 0; i < record->count; i++)
    if (ivs_str_eq(name, ivs_cstr(record->rows[i].name))) return &record->rows[i];
  return NULL;
}

/* Has a text with escapes unescaped elsewhere than where it stands. */
static int move_escaped(struct ivs_json_value *v, struct ivs_out *spare) {
  if (spare == NULL || v->type != IVS_JSON_STRING || v->n == 0) return 0;
  if (memchr(v->p, '\\', v->n) == NULL) return 0;
  if (v->n > spare->cap - spare->n) return IVS_ERR_SPACE;
  char *copy = spare->p + spare->n;
  ivs_put(spare, v->p, v->n);
  v->p = copy;
  return 0;
}

static int store(const struct ivs_row *row, const struct ivs_json_value *v, void *to) {
  static const uint8_t sizes[] = {
      /* ORDER KIND */
      sizeof(ivs_str), sizeof(ivs_bool), sizeof(ivs_int), sizeof(ivs_time), sizeof(ivs_str)};
  struct ivs_field f = {0};
  ivs_str text = {v->p, v->n};
  int r = 0;
  f.kind = row->kind & 7u;
  memset(to, 0, sizes[row->kind]); /* there may have been a value before this one */
  if (v->type == IVS_JSON_NULL) return 0;
  if (row->kind != IVS_K_STRUCT) r = ivs_decode_member(&f, v, to);
  else if (v->type > IVS_JSON_STRING) *(ivs_str *)to = text;
  else r = IVS_ERR_TYPE;
  if (r < 0) memset(to, 0, sizes[row->kind]);
  return r;
}

/* see record.h */
int ivs_record_read(const struct ivs_record *record, struct ivs_json_value v, struct ivs_out *spare,
                    void *base, ivs_str *culprit) {
  memset(culprit, 0, sizeof *culprit);
  if (v.type != IVS_JSON_OBJECT) return IVS_ERR_TYPE;
  char *end = v.p + v.n - 1;
  char *p = ivs_json_blanks(v.p + 1, end);
  int result = 0;
  while (p < end) {
    struct ivs_json_value name;
    p = ivs_decode_take(p, end, &name);
    p = ivs_decode_take(p, end, &v);
    int r = move_escaped(&name, spare);
    if (r < 0) return r;
    const struct ivs_row *row = find(record, ivs_json_text(name));
    if (row == NULL) continue;
    r = move_escaped(&v, spare);
    if (r < 0) return r;
    r = store(row, &v, (char *)base + row->offset);
    if (r < 0 && result == 0) *culprit = ivs_cstr(row->name);
    if (r < 0) result = r;
  }
  return result;
}

static bool is_there(const struct ivs_row *row, const void *member) {
  if (row->kind == IVS_K_BOOL) return *(const ivs_bool *)member != IVS_ABSENT;
  if (row->kind == IVS_K_INT) return ((const ivs_int *)member)->set;
  return ((const ivs_str *)member)->p != NULL;
}

static void write_value(const struct ivs_row *row, const void *member, struct ivs_out *o) {
  switch (row->kind) {
    case IVS_K_BOOL:
      ivs_put_text(o, *(const ivs_bool *)member == IVS_TRUE ? "true" : "false");
      return;
    case IVS_K_INT: ivs_put_int(o, ((const ivs_int *)member)->value); return;
    case IVS_K_STRUCT: ivs_put_str(o, *(const ivs_str *)member); return;
    default: ivs_json_put_str(o, *(const ivs_str *)member); return;
  }
}

/* see record.h */
void ivs_record_write(const struct ivs_record *record, const void *base, struct ivs_out *o) {
  char before = '{';
  for (size_t i = 0; i < record->count; i++) {
    const struct ivs_row *row = &record->rows[i];
    const char *member = (const char *)base + row->offset;
    if (!is_there(row, member)) continue;
    ivs_put_char(o, before);
    ivs_json_put_str(o, ivs_cstr(row->name));
    ivs_put_char(o, ':');
    write_value(row, member, o);
    before = ',';
  }
  if (before == '{') ivs_put_char(o, before);
  ivs_put_char(o, '}');
}
