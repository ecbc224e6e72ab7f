/* check_params() of claims.c as proof `claims_params` has it. */
#include "../prove.h"

int STATIC(claims, check_params)(ivs_str params, const char **why) {
  READABLE(params.p, params.n);
  if (any_bool()) return 0;
  *why = "of params";
  return any_bool() ? IVS_ERR_ARGUMENT : IVS_ERR_LENGTH;
}
