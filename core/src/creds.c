#include <ivs/creds.h>
#include <ivs/crypto.h>
#include <ivs/text.h>

/* What a header can carry unchanged: no control characters, no blank at either end. */
static bool is_header_value(ivs_str s) {
  for (size_t i = 0; i < s.n; i++)
    if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7F) return false;
  return s.n == 0 || (s.p[0] != ' ' && s.p[s.n - 1] != ' ');
}

/* see ivs/creds.h */
int ivs_creds_set(struct ivs_creds *creds, ivs_str access_key_id, ivs_str secret_access_key,
                  ivs_str session_token) {
  ivs_creds_wipe(creds);
  if (access_key_id.n == 0 || secret_access_key.n == 0) return IVS_ERR_CREDENTIALS;
  if (is_header_value(access_key_id) && is_header_value(secret_access_key) &&
      is_header_value(session_token) &&
      ivs_str_copy(creds->access_key_id, sizeof creds->access_key_id, access_key_id) == 0 &&
      ivs_str_copy(creds->secret_access_key, sizeof creds->secret_access_key, secret_access_key) ==
          0 &&
      ivs_str_copy(creds->session_token, sizeof creds->session_token, session_token) == 0)
    return 0;
  ivs_creds_wipe(creds);
  return IVS_ERR_CREDENTIALS;
}

/* see ivs/creds.h */
void ivs_creds_wipe(struct ivs_creds *creds) {
  ivs_wipe(creds, sizeof *creds);
}
