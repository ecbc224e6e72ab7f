/*
 * What a device gets from elsewhere: an event of EventBridge, whose texts lie in it or in the spare
 * room, and which stays as it is; and a viewer token, whose claims can be written again.
 *
 * Input: the text.
 */
#include "fuzz.h"

#include <ivs/claims.h>
#include <ivs/event.h>
#include <ivs/json.h>

static const char *text, *spare;
static size_t text_n;

static void see(ivs_str s) {
  HOLDS(fuzz_within(s, text, text_n) || fuzz_within(s, spare, text_n));
  HOLDS(s.p == NULL || ivs_utf8_valid(s));
}

static void see_array(ivs_str array) {
  ivs_str element;
  size_t seen = 0;
  see(array);
  while (ivs_event_next(&array, &element) == 1) {
    see(element);
    HOLDS(++seen <= text_n);
  }
}

static void event(const uint8_t *data, size_t n) {
  struct ivs_event e, again;
  static const struct ivs_event nothing;
  char *own = fuzz_copy(0, data, n);
  size_t tokens;
  text = own;
  text_n = n;
  spare = fuzz_room(1, n);
  int r = ivs_event_decode(&e, text, n, fuzz_room(1, n), n);
  HOLDS(fuzz_same(text, n, data, n));
  HOLDS(r == 0 || r == IVS_ERR_JSON || r == IVS_ERR_JSON_DEPTH || r == IVS_ERR_TYPE);
  int checked = ivs_json_check(text, n, &tokens);
  HOLDS(checked == 0 ? r == 0 || r == IVS_ERR_TYPE : r == checked);
  if (r != 0) {
    HOLDS(memcmp(&e, &nothing, sizeof e) == 0);
    return;
  }
  HOLDS(e.type <= IVS_EVENT_AD_BREAK_STATE && e.source.p != NULL && e.detail_type.p != NULL);
  const ivs_str *const texts[] = {&e.id,
                                  &e.source,
                                  &e.detail_type,
                                  &e.account,
                                  &e.region,
                                  &e.time.text,
                                  &e.channel_arn,
                                  &e.detail,
                                  &e.event_name,
                                  &e.channel_name,
                                  &e.stream_id,
                                  &e.code,
                                  &e.reason,
                                  &e.limit_name,
                                  &e.limit_unit,
                                  &e.recording_status,
                                  &e.recording_status_reason,
                                  &e.recording_s3_bucket_name,
                                  &e.recording_s3_key_prefix,
                                  &e.recording_session_id,
                                  &e.ad_break_id,
                                  &e.target_start_time.text};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) see(*texts[i]);
  see_array(e.resources);
  see_array(e.recording_session_stream_ids);
  HOLDS(e.detail.n >= 2 && e.detail.p[0] == '{' && e.detail.p[e.detail.n - 1] == '}');
  /* Without spare room it is the same, or there is too little. */
  r = ivs_event_decode(&again, text, n, NULL, 0);
  HOLDS(r == 0 || r == IVS_ERR_SPACE);
  if (r == 0) HOLDS(again.type == e.type && ivs_str_eq(again.event_name, e.event_name));
}

static int any(void *context, const char *p, size_t n,
               const uint8_t signature[IVS_TOKEN_SIGNATURE]) {
  (void)p;
  HOLDS(n < text_n && signature != NULL);
  *(bool *)context = true;
  return 0;
}

static bool same_claims(const struct ivs_claims *a, const struct ivs_claims *b) {
  return ivs_str_eq(a->channel_arn, b->channel_arn) && a->expires.set == b->expires.set &&
         a->expires.value == b->expires.value && ivs_str_eq(a->allow_origin, b->allow_origin) &&
         ivs_str_eq(a->viewer_id, b->viewer_id) && a->strict_origin == b->strict_origin &&
         ivs_str_eq(a->single_use_uuid, b->single_use_uuid);
}

static void token(const uint8_t *data, size_t n) {
  struct ivs_claims claims, back;
  static char written[IVS_TOKEN_MAX + 1];
  const char *why = NULL;
  bool verified = false;
  size_t head;
  char *own = fuzz_copy(0, data, n);
  text = spare = own;
  text_n = n;
  int r = ivs_claims_decode(own, n, any, &verified, &claims, &why);
  HOLDS(r == 0 || r == IVS_ERR_ARGUMENT);
  HOLDS(r == 0 ? verified : why != NULL);
  if (r != 0) return;
  see(claims.channel_arn), see(claims.allow_origin), see(claims.single_use_uuid);
  see(claims.viewer_id), see(claims.maximum_resolution), see(claims.ads_reporting_mode);
  see(claims.ads_playback_config_name), see(claims.ads_player_params);
  (void)ivs_claims_check(&claims, 1795339800, &why);
  if (claims.channel_arn.p == NULL || !claims.expires.set) return;
  r = ivs_claims_encode(&claims, written, IVS_TOKEN_MAX, &head);
  HOLDS(r == 0 || r == IVS_ERR_LENGTH || r == IVS_ERR_SPACE);
  if (r != 0) return;
  static char whole[IVS_TOKEN_MAX + IVS_TOKEN_SIGNATURE_TEXT + 2];
  memcpy(whole, written, head);
  whole[head] = '.';
  memset(whole + head + 1, 'A', IVS_TOKEN_SIGNATURE_TEXT);
  text_n = head + 1 + IVS_TOKEN_SIGNATURE_TEXT;
  HOLDS(ivs_claims_decode(whole, text_n, any, &verified, &back, &why) == 0);
  HOLDS(same_claims(&claims, &back));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
  if (n > FUZZ_MOST) return -1;
  event(data, n);
  token(data, n);
  return 0;
}
