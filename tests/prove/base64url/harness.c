#include <ivs/claims.h>

#include "../prove.h"

enum { BOUND = 65536 };

/* Elsewhere, into no more room than there has to be, and in place, as tokens are. */
static void decode(void) {
  ivs_str text = any_text(BOUND);
  char *to = any_bool() ? (char *)text.p : any_bytes(text.n * 3 / 4);
  size_t bytes;
  if (ivs_base64url_decode(text.p, text.n, to, &bytes)) MUST(bytes == text.n * 3 / 4);
}

static void encode(void) {
  struct ivs_out o = ivs_out_to(NULL, any_size());
  ivs_str s = any_text(BOUND);
  ivs_put_base64url(&o, s.p, s.n);
}

void harness(void) {
  if (any_bool()) decode();
  else encode();
}
