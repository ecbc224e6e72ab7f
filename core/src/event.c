/*
 * EventBridge's envelope, then the members of its detail, whatever the type: no two types mean
 * different things by one name.
 */
#include <ivs/event.h>

#include "record.h"

#define TEXT(wire, member) \
  { wire, offsetof(struct ivs_event, member), IVS_K_STR }
#define NUMBER(wire, member) \
  { wire, offsetof(struct ivs_event, member), IVS_K_INT }
#define TIME(wire, member) \
  { wire, offsetof(struct ivs_event, member), IVS_K_TIME }
#define JSON(wire, member) \
  { wire, offsetof(struct ivs_event, member), IVS_K_STRUCT }

static const struct ivs_row envelope[] = {
    TEXT("id", id),
    TEXT("source", source),
    TEXT("detail-type", detail_type),
    TEXT("account", account),
    TEXT("region", region),
    TIME("time", time),
    JSON("resources", resources),
    JSON("detail", detail),
};

static const struct ivs_row details[] = {
    TEXT("event_name", event_name),
    TEXT("channel_name", channel_name),
    TEXT("stream_id", stream_id),
    TEXT("code", code),
    TEXT("reason", reason),
    TEXT("limit_name", limit_name),
    TEXT("limit_unit", limit_unit),
    NUMBER("limit_value", limit_value),
    NUMBER("exceeded_by", exceeded_by),
    TEXT("recording_status", recording_status),
    TEXT("recording_status_reason", recording_status_reason),
    TEXT("recording_s3_bucket_name", recording_s3_bucket_name),
    TEXT("recording_s3_key_prefix", recording_s3_key_prefix),
    TEXT("recording_session_id", recording_session_id),
    JSON("recording_session_stream_ids", recording_session_stream_ids),
    NUMBER("recording_duration_ms", recording_duration_ms),
    TEXT("ad_break_id", ad_break_id),
    NUMBER("duration_seconds", duration_seconds),
    TIME("target_start_time", target_start_time),
};

static const struct ivs_record envelope_record = {envelope, sizeof envelope / sizeof *envelope};
static const struct ivs_record detail_record = {details, sizeof details / sizeof *details};

static uint8_t type_of(const struct ivs_event *event) {
  static const char *const types[] = {/* enum ivs_event_type, from 1 on */
                                      "IVS Stream State Change", "IVS Stream Health Change",
                                      "IVS Limit Breach", "IVS Recording State Change",
                                      "IVS Ad Break State Change"};
  if (!ivs_str_eq(event->source, IVS_STR("aws.ivs"))) return IVS_EVENT_OTHER;
  for (size_t i = 0; i < sizeof types / sizeof *types; i++)
    if (ivs_str_eq(event->detail_type, ivs_cstr(types[i]))) return (uint8_t)(i + 1);
  return IVS_EVENT_OTHER;
}

/* The value of checked text. Reading a record with a place for escaped texts leaves it as it is. */
static struct ivs_json_value value_of(ivs_str text) {
  struct ivs_json_value v;
  char *p = (char *)(uintptr_t)text.p;
  ivs_json_value_at(p, p + text.n, &v);
  return v;
}

/* What has another type than documented is absent: that is no error of the event. */
static int read_record(const struct ivs_record *record, ivs_str text, struct ivs_out *spare,
                       struct ivs_event *event) {
  ivs_str culprit;
  int r = ivs_record_read(record, value_of(text), spare, event, &culprit);
  return r == IVS_ERR_TYPE && culprit.p != NULL ? 0 : r;
}

static bool is_array(ivs_str text) {
  return text.n > 0 && text.p[0] == '[';
}

static int decode(struct ivs_event *event, ivs_str text, struct ivs_out *spare) {
  size_t tokens;
  int r = ivs_json_check(text.p, text.n, &tokens);
  if (r == 0) r = read_record(&envelope_record, text, spare, event);
  if (r < 0) return r;
  if (event->source.p == NULL || event->detail_type.p == NULL || event->detail.p == NULL)
    return IVS_ERR_TYPE;
  r = read_record(&detail_record, event->detail, spare, event);
  if (r < 0) return r;
  event->type = type_of(event);
  ivs_str resources = event->resources;
  if (is_array(resources)) ivs_event_next(&resources, &event->channel_arn);
  return 0;
}

/* see ivs/event.h */
int ivs_event_decode(struct ivs_event *event, const char *text, size_t n, void *spare,
                     size_t spare_n) {
  struct ivs_out escaped = ivs_out_to(spare, spare_n);
  ivs_str all = {text, n};
  memset(event, 0, sizeof *event);
  int r = decode(event, all, &escaped);
  if (r < 0) memset(event, 0, sizeof *event);
  return r;
}

/* see ivs/event.h. What is left begins at a text, or at the closing bracket. */
int ivs_event_next(ivs_str *array, ivs_str *text) {
  struct ivs_json_value v;
  char *p = (char *)(uintptr_t)array->p;
  if (array->n == 0) return 0;
  char *end = p + array->n - 1;
  if (*p == '[') p = ivs_json_blanks(p + 1, end);
  while (p < end && *p != '"') p = ivs_decode_take(p, end, &v);
  bool found = p < end;
  if (found) {
    p = ivs_decode_take(p, end, &v);
    *text = (ivs_str){v.p, v.n};
  }
  while (p < end && *p != '"') p = ivs_decode_take(p, end, &v);
  array->p = p;
  array->n = (size_t)(end - p) + 1;
  return found;
}
