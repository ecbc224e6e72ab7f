#include <ivs/time.h>

#include "../prove.h"

void harness(void) {
  int64_t seconds = any_int64();
  bool iso = any_bool();
  size_t size = iso ? IVS_TIME_ISO_SIZE : IVS_TIME_AMZ_SIZE;
  char *text = any_bytes(size);
  int r = iso ? ivs_time_to_iso(seconds, text) : ivs_time_to_amz(seconds, text);
  if (r == 0) MUST(text[size - 1] == '\0' && text[0] >= '0' && text[0] <= '9');
  else MUST(r == IVS_ERR_CLOCK);
}
