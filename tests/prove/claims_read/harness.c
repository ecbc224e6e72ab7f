#include <ivs/claims.h>

#include "../../../core/src/decode.h"
#include "../prove.h"

enum { BOUND = IVS_TOKEN_MAX + 64 };

static ivs_str token;
static int verdict;

int ivs_json_check(const char *p, size_t n, size_t *tokens) {
  READABLE(p, n);
  *tokens = any_size();
  return any_bool() ? 0 : any_bool() ? IVS_ERR_JSON : IVS_ERR_JSON_DEPTH;
}

/* Of checked text, in which an object has both of its brackets. */
char *ivs_json_value_at(char *p, const char *end, struct ivs_json_value *v) {
  char *next = ivs_decode_take(p, (char *)end, v);
  GIVEN(v->type != IVS_JSON_OBJECT || v->n >= 2);
  return next;
}

/* What is verified begins where the token does, ends before a dot, and is not changed yet. */
static int verify(void *context, const char *text, size_t n, const uint8_t *signature) {
  MUST(context == &token && text == token.p && n < token.n);
  MUST(token.n - n == 1 + IVS_TOKEN_SIGNATURE_TEXT && token.n <= IVS_TOKEN_MAX);
  READABLE(signature, IVS_TOKEN_SIGNATURE);
  verdict = any_int();
  return verdict;
}

void harness(void) {
  struct ivs_claims claims;
  const char *why;
  token = any_text(BOUND);
  int r = ivs_claims_decode((char *)token.p, token.n, verify, &token, &claims, &why);
  MUST(r == 0 || r == IVS_ERR_ARGUMENT || r == verdict);
  READABLE(why, 1);
  MUST(r != 0 || why[0] == '\0');
  MUST(r == 0 || why[0] != '\0' || r == verdict);
  MUST(r != 0 || verdict >= 0);
}
