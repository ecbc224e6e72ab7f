#include <ivs/time.h>

#include "../prove.h"

enum { BOUND = 64 };

/* 0001-01-01T00:00:00Z and the second after 9999-12-31T23:59:59Z, by another way of counting:
   `date -u -d ... +%s`. */
static const int64_t FIRST = -62135596800, END = 253402300800;

void harness(void) {
  int64_t seconds;
  ivs_str text = any_text(BOUND);
  int r = any_bool() ? ivs_time_from_iso(text, &seconds) : ivs_time_from_http(text, &seconds);
  if (r == 0) MUST(seconds >= FIRST && seconds < END);
  else MUST(r == IVS_ERR_ARGUMENT);
}
