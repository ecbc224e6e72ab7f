/* put_signed_names() of sigv4.c as proof `canonical_headers` has it, of which the harness hears. */
#include <ivs/sigv4.h>

#include "../prove.h"

void heard_names(struct ivs_out *o, const struct ivs_sigv4_request *rq, char end);

void STATIC(sigv4, put_signed_names)(struct ivs_out *o, const struct ivs_sigv4_request *rq,
                                     char end) {
  READABLE(rq->headers, rq->header_count * sizeof *rq->headers);
  heard_names(o, rq, end);
}
