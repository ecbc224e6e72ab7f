#include <ivs/claims.h>

#include "../../../core/src/record.h"
#include "../prove.h"

enum { BOUND = 64 };

void ivs_put_char(struct ivs_out *o, char c) {
  (void)c;
  o->n = any_uint32();
}

void ivs_put_str(struct ivs_out *o, ivs_str s) {
  READABLE(s.p, s.n);
  o->n = any_uint32();
}

void ivs_put_text(struct ivs_out *o, const char *s) {
  READABLE(s, 1);
  o->n = any_uint32();
}

void ivs_put_int(struct ivs_out *o, int64_t v) {
  (void)v;
  o->n = any_uint32();
}

void ivs_json_put_str(struct ivs_out *o, ivs_str s) {
  READABLE(s.p, s.n);
  o->n = any_uint32();
}

/* Absent, or up to BOUND bytes. */
static ivs_str text(void) {
  return any_bool() ? (ivs_str){NULL, 0} : any_text(BOUND);
}

/* Without room it counts, and no more. */
void harness(void) {
  struct ivs_claims *c = (struct ivs_claims *)any_bytes(sizeof *c);
  c->channel_arn = text();
  c->allow_origin = text();
  c->single_use_uuid = text();
  c->viewer_id = text();
  c->maximum_resolution = text();
  c->ads_reporting_mode = text();
  c->ads_playback_config_name = text();
  c->ads_player_params = text();
  c->expires.set = any_bool();
  c->viewer_session_version.set = any_bool();
  size_t n;
  int r = ivs_claims_encode(c, NULL, 0, &n);
  MUST(r == IVS_ERR_LENGTH || r == IVS_ERR_SPACE);
}
