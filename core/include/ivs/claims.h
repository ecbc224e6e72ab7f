/*
 * What a viewer token says: the claims that Amazon IVS takes in the token for a private channel,
 * their limits, and the text of a token but for its signature. <ivs/token.h> of the platform signs
 * and verifies; nothing here needs crypto.
 *
 * Source of the claims and limits: "Generate and Sign IVS Playback Tokens" and "Server-Side Ad
 * Insertion" in the service's user guide. Optional: linked only where it is used.
 */
#ifndef IVS_CLAIMS_H
#define IVS_CLAIMS_H

#include <ivs/text.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  IVS_TOKEN_MAX = 2048,     /* characters of a token */
  IVS_TOKEN_SIZE = 2049,    /* with a NUL */
  IVS_TOKEN_SIGNATURE = 96, /* bytes: r and s of ES384, 48 each */
  IVS_TOKEN_SIGNATURE_TEXT = 128,
  IVS_VIEWER_ID_MAX = 40,   /* characters */
  IVS_VIEWER_SECONDS = 600, /* how far ahead a token may end that names a viewer or serves once */
  IVS_STRICT_ORIGINS_MAX = 5,
  IVS_ADS_PLAYER_PARAMS_MAX = 1000 /* bytes of all names and values */
};

/* Zeroed but for the first two is a token for everybody. Texts are UTF-8. */
struct ivs_claims {
  ivs_str channel_arn; /* aws:channel-arn. Required */
  ivs_int expires;     /* exp: seconds since 1970. Required; judged when playback begins only */

  /* aws:access-control-allow-origin: "https://a.example,https://b.example"; a host may begin with
     an asterisk; absent: any. Browsers obey it; with aws:strict-origin-enforcement it holds for
     every request of every player, with IVS_STRICT_ORIGINS_MAX origins at the most. */
  ivs_str allow_origin;
  ivs_bool strict_origin;

  ivs_str single_use_uuid; /* aws:single-use-uuid: the token serves once */
  ivs_str viewer_id; /* aws:viewer-id: up to IVS_VIEWER_ID_MAX characters, nothing personal; what
                        StartViewerSessionRevocation names */
  ivs_int viewer_session_version; /* aws:viewer-session-version: what it revokes up to; absent: 0 */

  ivs_str maximum_resolution; /* aws:maximum-resolution: "SD", "HD" or "FULL_HD" */

  ivs_bool ads_opt_out;             /* aws:ads-opt-out: no ads for this viewer */
  ivs_str ads_reporting_mode;       /* aws:ads-reporting-mode: "CLIENT" or "SERVER" */
  ivs_str ads_playback_config_name; /* aws:ads-playback-config-name: of the ad configuration */
  ivs_str ads_player_params;        /* aws:ads-player-params: a JSON object of texts */
};

/*
 * Judges claims at the time `now`, in seconds since 1970 by a clock that is right: a client's, see
 * ivs_clock_now(). 0, or the first of these, with *why a sentence about it, static:
 * IVS_ERR_REQUIRED, IVS_ERR_ARN, IVS_ERR_UTF8; IVS_ERR_LENGTH: too long, or too many;
 * IVS_ERR_RANGE: `expires` is over, too far ahead, or no seconds; IVS_ERR_ARGUMENT: a value that
 * the service does not know, or claims that do not go together.
 */
int ivs_claims_check(const struct ivs_claims *claims, int64_t now, const char **why);

/*
 * Writes a token up to its signature: header, dot, payload, in base64url. *n of size bytes are
 * used then. 0; IVS_ERR_SPACE: IVS_TOKEN_MAX bytes are always enough; IVS_ERR_LENGTH: with its
 * signature the token would be longer than that. Does not judge.
 */
int ivs_claims_encode(const struct ivs_claims *claims, char *to, size_t size, size_t *n);

/*
 * Reads a whole token, in place: text is n bytes, and used up. The claims are views into it. Those
 * that are not listed above are skipped, and none is judged. signature gets what the token ends
 * with, signed_n how many bytes of the token were signed: both before anything is changed, and the
 * caller verifies in `verify`, which is called with `context` between the two and whose error is
 * returned.
 * 0, or IVS_ERR_ARGUMENT with *why: not a token, or not one of ES384.
 */
typedef int ivs_claims_verify(void *context, const char *text, size_t n,
                              const uint8_t signature[IVS_TOKEN_SIGNATURE]);
int ivs_claims_decode(char *text, size_t n, ivs_claims_verify *verify, void *context,
                      struct ivs_claims *claims, const char **why);

/* Base64 with - and _ and no padding (RFC 4648, 5). */
void ivs_put_base64url(struct ivs_out *o, const void *p, size_t n);

/* Decodes n characters at `text` into `to`, which may be the same place and has room for n / 4 * 3
   + 2 bytes. False if a character is none of base64url, if the length cannot be, or if bits are
   left that are not zero: every text of bytes has one form only. */
bool ivs_base64url_decode(const char *text, size_t n, void *to, size_t *bytes);

#ifdef __cplusplus
}
#endif

#endif
