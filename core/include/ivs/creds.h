/*
 * Credentials: an access key, its secret and, for temporary ones, a session token.
 */
#ifndef IVS_CREDS_H
#define IVS_CREDS_H

#include <ivs/base.h>
#include <ivs/config.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { IVS_ACCESS_KEY_MAX = 128, IVS_SECRET_KEY_MAX = 128 };

/* NUL-ended copies, made by ivs_creds_set(). session_token is "" when there is none, and has at
   most IVS_SESSION_TOKEN_MAX bytes (<ivs/config.h>). Secret: wipe it. */
struct ivs_creds {
  char access_key_id[IVS_ACCESS_KEY_MAX + 1];
  char secret_access_key[IVS_SECRET_KEY_MAX + 1];
  char session_token[IVS_SESSION_TOKEN_MAX + 1];
};

/*
 * 0, or IVS_ERR_CREDENTIALS: a part is missing, too long, or has a character that no header may
 * carry (controls, and blanks at either end). session_token may be absent or empty.
 */
int ivs_creds_check(ivs_str access_key_id, ivs_str secret_access_key, ivs_str session_token);

/* Fills creds. IVS_ERR_CREDENTIALS as ivs_creds_check(); creds is then wiped. */
int ivs_creds_set(struct ivs_creds *creds, ivs_str access_key_id, ivs_str secret_access_key,
                  ivs_str session_token);

void ivs_creds_wipe(struct ivs_creds *creds);

#ifdef __cplusplus
}
#endif

#endif
