#include <ivs/claims.h>

#include "../checked_json.h"

enum { BOUND = 64 };

int STATIC(claims, check_params)(ivs_str params, const char **why);

void harness(void) {
  ivs_str params = any_text(BOUND);
  if (any_bool()) params = (ivs_str){NULL, 0};
  const char *why = "";
  int r = STATIC(claims, check_params)(params, &why);
  MUST(r == 0 || r == IVS_ERR_ARGUMENT || r == IVS_ERR_LENGTH);
  READABLE(why, 1);
  MUST((r == 0) == (why[0] == '\0'));
}
