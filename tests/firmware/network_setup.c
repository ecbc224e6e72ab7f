#include "firmware.h"

#include "board.h"
#include "network.h"

#include <ivs/lwip.h>

static uint64_t ticks(void *context) {
  (void)context;
  return board_ticks();
}

static int64_t clock_ms(void *context) {
  (void)context;
  return board_clock();
}

static int entropy(void *context, void *p, size_t n) {
  (void)context;
  return board_entropy(p, n);
}

/* see firmware.h */
const struct ivs_lwip_hooks firmware_hooks = {ticks, clock_ms, entropy, NULL};

/* see firmware.h */
void start_network(void) {
  struct network_address own;
  ip4addr_aton("10.0.2.15", &own.address);
  ip4addr_aton("255.255.255.0", &own.mask);
  ip4addr_aton("10.0.2.2", &own.gateway);
  own.dns = own.address;
  network_start(&own);
  name_server_start(word("name"), word("address"));
}
