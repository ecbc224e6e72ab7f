/* ivs_record_write() as proof `claims_write` has it: puts as many bytes each time, for the same
   struct; how many the harness says. */
#include "../../../core/src/record.h"
#include "../prove.h"

size_t record_size(void);

void ivs_record_write(const struct ivs_record *record, const void *base, struct ivs_out *o) {
  READABLE(record->rows, record->count * sizeof *record->rows);
  READABLE(base, 1);
  WRITABLE(o->p, o->cap);
  MUST(o->n == 0 && (o->cap == 0 || o->cap == record_size()));
  o->n = record_size();
}
