/* ivs_record_read() as proof `record_read` has it, with a table whose rows are as they have to be:
   any two of them are looked at. */
#include "../records.h"

int ivs_record_read(const struct ivs_record *record, struct ivs_json_value v, struct ivs_out *spare,
                    void *base, ivs_str *culprit) {
  size_t size = __CPROVER_OBJECT_SIZE(base);
  MUST(record->count > 0 && __CPROVER_POINTER_OFFSET(base) == 0);
  READABLE(record->rows, record->count * sizeof *record->rows);
  const struct ivs_row *row = &record->rows[any_size_to(record->count - 1)];
  const struct ivs_row *other = &record->rows[any_size_to(record->count - 1)];
  MUST(row_holds(row, size));
  MUST(row->offset > other->offset || row == other || row->offset + row_size(row) <= other->offset);
  MUST(v.type != IVS_JSON_OBJECT || v.n >= 2);
  READABLE(v.p, v.n);
  WRITABLE(base, size);
  if (spare == NULL) WRITABLE(v.p, v.n);
  else MUST(spare_holds(spare));
  *culprit = (ivs_str){record->rows->name, 1};
  if (spare != NULL) spare->n += any_size_to(spare->cap - spare->n);
  return any_bool() ? 0 : spare == NULL || any_bool() ? IVS_ERR_TYPE : IVS_ERR_SPACE;
}
