/* Uses core and platform as installed, so that both and what they need must be found. */
#include <stdio.h>

#include <ivs/ivs.h>
#include <ivs/posix.h>
#include <ivs/tls.h>

int main(void) {
  struct ivs_posix tcp;
  uint8_t random[8] = {0};
  struct ivs_sha256 hash = {0};
  ivs_posix_init(&tcp);
  if (tcp.port.fn->entropy(&tcp.port, random, sizeof random) != 0) return 1;
  if (ivs_sha256_start(&hash) != 0) return 1;
  ivs_sha256_wipe(&hash);
  puts(ivs_version());
  return strcmp(ivs_version(), IVS_VERSION) != 0;
}
