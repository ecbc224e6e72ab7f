#include <ivs/claims.h>

#include "../prove.h"

enum { BOUND = 64 };

/* Well-formed or not. */
bool ivs_utf8_valid(ivs_str s) {
  READABLE(s.p, s.n);
  return any_bool();
}

/* Absent, or up to BOUND bytes. */
static ivs_str text(void) {
  return any_bool() ? (ivs_str){NULL, 0} : any_text(BOUND);
}

void harness(void) {
  struct ivs_claims c;
  c.channel_arn = text();
  c.allow_origin = text();
  c.single_use_uuid = text();
  c.viewer_id = text();
  c.maximum_resolution = text();
  c.ads_reporting_mode = text();
  c.ads_playback_config_name = text();
  c.ads_player_params = text();
  c.expires.set = any_bool();
  int64_t now = any_int64(), expires = c.expires.value;
  const char *why;
  int r = ivs_claims_check(&c, now, &why);
  MUST(r == 0 || r == IVS_ERR_REQUIRED || r == IVS_ERR_ARN || r == IVS_ERR_UTF8 ||
       r == IVS_ERR_LENGTH || r == IVS_ERR_RANGE || r == IVS_ERR_ARGUMENT);
  READABLE(why, 1);
  MUST((r == 0) == (why[0] == '\0'));
  if (r != 0) return;
  MUST(c.expires.set && expires > now && c.channel_arn.n > 0);
  if (c.viewer_id.p != NULL || c.single_use_uuid.p != NULL)
    MUST(expires <= now + IVS_VIEWER_SECONDS);
}
