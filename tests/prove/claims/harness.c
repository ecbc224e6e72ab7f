#include <ivs/claims.h>

#include "../prove.h"

/* Bytes of the claims as JSON: any, up to 64 KB. */
static uint16_t size;

size_t record_size(void) {
  return size;
}

void harness(void) {
  struct ivs_claims c;
  uint16_t bits;
  size_t room = bits & 0xFFF, n;
  uint16_t any;
  size = any;
  int r = ivs_claims_encode(&c, any_bytes(room), room, &n);
  MUST(r == 0 || r == IVS_ERR_LENGTH || r == IVS_ERR_SPACE);
  MUST((r == IVS_ERR_LENGTH) == (n + 1 + IVS_TOKEN_SIGNATURE_TEXT > IVS_TOKEN_MAX));
  MUST(r == IVS_ERR_LENGTH || (r == 0) == (n <= room));
}
