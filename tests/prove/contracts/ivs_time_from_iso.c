/* ivs_time_from_iso() as proof `date_read` has it: reads its text. */
#include <ivs/time.h>

#include "../prove.h"

int ivs_time_from_iso(ivs_str s, int64_t *seconds) {
  READABLE(s.p, s.n);
  if (any_bool()) return IVS_ERR_ARGUMENT;
  *seconds = any_int64();
  return 0;
}
