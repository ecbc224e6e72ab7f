/* put_headers() of sigv4.c as proof `canonical_headers` has it, of which the harness hears. */
#include <ivs/sigv4.h>

#include "../prove.h"

void heard_headers(struct ivs_out *o, const struct ivs_sigv4_request *rq);

void STATIC(sigv4, put_headers)(struct ivs_out *o, const struct ivs_sigv4_request *rq) {
  READABLE(rq->headers, rq->header_count * sizeof *rq->headers);
  heard_headers(o, rq);
}
