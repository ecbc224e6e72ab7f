/* ivs_sign() as proof `sign` has it, of which the harness hears. */
#include "../../../core/src/signature.h"

int heard_sign(const struct ivs_sigv4_key *key, ivs_str access_key_id,
               const struct ivs_sigv4_request *rq, const char *amz_date,
               struct ivs_out *authorization, ivs_put_request_fn *put_request,
               ivs_put_names_fn *put_names);

int ivs_sign(const struct ivs_sigv4_key *key, ivs_str access_key_id,
             const struct ivs_sigv4_request *rq, const char *amz_date,
             struct ivs_out *authorization, ivs_put_request_fn *put_request,
             ivs_put_names_fn *put_names) {
  return heard_sign(key, access_key_id, rq, amz_date, authorization, put_request, put_names);
}
