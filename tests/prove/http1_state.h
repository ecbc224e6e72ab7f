/*
 * What holds of a response that is being read before and after every call: proofs http_line,
 * http_elements and http_feed begin with any struct of which it does, so that they hold for
 * responses of any length, in any pieces.
 */
#ifndef IVS_PROVE_HTTP1_STATE_H
#define IVS_PROVE_HTTP1_STATE_H

#include <ivs/http1.h>

#include "loops.h"
#include "prove.h"

/* As in http1.c. */
enum state { VALUE, NAME, REST, CR, LF, DATA, FAILED };
enum {
  CONTENT_LENGTH = IVS_HTTP1_ERROR_TYPE + 1,
  CONNECTION = CONTENT_LENGTH + 3,
  OTHER,
  END_OF_HEAD,
  SIZE,
  END_OF_CHUNK
};

static void on_field(void *context, enum ivs_http1_field field, ivs_str value) {
  (void)context;
  MUST(field >= IVS_HTTP1_DATE && field <= IVS_HTTP1_ERROR_TYPE);
  READABLE(value.p, value.n);
  MUST(value.n <= IVS_HTTP_VALUE_MAX);
}

/* Any struct of which it holds. */
static inline struct ivs_http1 any_response(void) {
  struct ivs_http1 h;
  GIVEN(HOLDS(&h));
  h.on_field = any_bool() ? on_field : NULL;
  return h;
}

#endif
