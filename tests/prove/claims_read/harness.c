#include <ivs/claims.h>

#include "../checked_json.h"

enum { BOUND = IVS_TOKEN_MAX + 64 };

static ivs_str token;
static int verdict;

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
