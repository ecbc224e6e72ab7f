#include <ivs/claims.h>

#include "../../../core/src/decode.h"
#include "../prove.h"

enum { BOUND = 64 };

int STATIC(claims, check_params)(ivs_str params, const char **why);

int ivs_json_check(const char *p, size_t n, size_t *tokens) {
  READABLE(p, n);
  *tokens = any_size();
  return any_bool() ? 0 : any_bool() ? IVS_ERR_JSON : IVS_ERR_JSON_DEPTH;
}

/* Of checked text, in which an object has both of its brackets. */
char *ivs_json_value_at(char *p, const char *end, struct ivs_json_value *v) {
  struct ivs_json_value taken;
  char *next = ivs_decode_take(p, (char *)end, &taken);
  GIVEN(taken.type != IVS_JSON_OBJECT || taken.n >= 2);
  *v = taken;
  return next;
}

void harness(void) {
  ivs_str params = any_text(BOUND);
  if (any_bool()) params = (ivs_str){NULL, 0};
  const char *why = "";
  int r = STATIC(claims, check_params)(params, &why);
  MUST(r == 0 || r == IVS_ERR_ARGUMENT || r == IVS_ERR_LENGTH);
  READABLE(why, 1);
  MUST((r == 0) == (why[0] == '\0'));
}
