#include <ivs/creds.h>
#include <ivs/crypto.h>
#include <ivs/text.h>

/* What a header can carry unchanged: no control characters, no blank at either end. */
static bool is_header_value(ivs_str s) {
  for (size_t i = 0; i < s.n; i++)
    if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7F) return false;
  return s.n == 0 || (s.p[0] != ' ' && s.p[s.n - 1] != ' ');
}

static bool fits(ivs_str s, size_t longest) {
  return s.n <= longest && is_header_value(s);
}

/* see ivs/creds.h */
int ivs_creds_check(ivs_str access_key_id, ivs_str secret_access_key, ivs_str session_token) {
  bool good =
      access_key_id.n > 0 && secret_access_key.n > 0 && fits(access_key_id, IVS_ACCESS_KEY_MAX) &&
      fits(secret_access_key, IVS_SECRET_KEY_MAX) && fits(session_token, IVS_SESSION_TOKEN_MAX);
  return good ? 0 : IVS_ERR_CREDENTIALS;
}

/* see ivs/creds.h */
int ivs_creds_set(struct ivs_creds *creds, ivs_str access_key_id, ivs_str secret_access_key,
                  ivs_str session_token) {
  ivs_creds_wipe(creds);
  int r = ivs_creds_check(access_key_id, secret_access_key, session_token);
  if (r < 0) return r;
  ivs_str_copy(creds->access_key_id, sizeof creds->access_key_id, access_key_id);
  ivs_str_copy(creds->secret_access_key, sizeof creds->secret_access_key, secret_access_key);
  ivs_str_copy(creds->session_token, sizeof creds->session_token, session_token);
  return 0;
}

/* see ivs/creds.h */
void ivs_creds_wipe(struct ivs_creds *creds) {
  ivs_wipe(creds, sizeof *creds);
}
