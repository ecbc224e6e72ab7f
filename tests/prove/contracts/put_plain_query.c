/* put_plain_query() of signature.c as proof `plain_query` has it, of which the harness hears. */
#include "../prove.h"

void heard_query(struct ivs_out *o, ivs_str query);

void STATIC(signature, put_plain_query)(struct ivs_out *o, ivs_str query) {
  READABLE(query.p, query.n);
  heard_query(o, query);
}
