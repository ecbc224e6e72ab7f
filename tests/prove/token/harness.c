#include <ivs/token.h>

#include "../prove.h"

enum { HALF = IVS_TOKEN_SIGNATURE / 2, DER_MAX = 2 + 2 * (2 + 1 + HALF), BOUND = 128 };

bool __CPROVER_file_local_token_c_raw_from_der(const uint8_t *der, size_t n, uint8_t *raw);
size_t __CPROVER_file_local_token_c_der_from_raw(const uint8_t *raw, uint8_t *der);

/* What a crypto library gives as a signature, and any signature that came in a token. */
void harness(void) {
  if (any_bool()) {
    ivs_str der = any_last_of(BOUND);
    __CPROVER_file_local_token_c_raw_from_der((const uint8_t *)der.p, der.n,
                                              (uint8_t *)any_bytes(IVS_TOKEN_SIGNATURE));
  } else {
    uint8_t *der = (uint8_t *)any_bytes(DER_MAX);
    size_t n = __CPROVER_file_local_token_c_der_from_raw(
        (const uint8_t *)any_bytes(IVS_TOKEN_SIGNATURE), der);
    MUST(n >= 8 && n <= DER_MAX && der[0] == 0x30 && der[1] == n - 2);
  }
}
