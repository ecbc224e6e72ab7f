/* put_query() of sigv4.c as proof `canonical_query` has it, of which the harness hears. */
#include "../prove.h"

void heard_query(struct ivs_out *o, ivs_str query);

void STATIC(sigv4, put_query)(struct ivs_out *o, ivs_str query) {
  READABLE(query.p, query.n);
  heard_query(o, query);
}
