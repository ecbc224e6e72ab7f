/*
 * Events of the service, as Amazon EventBridge sends them and as a device gets them: through a rule
 * to an AWS IoT topic, or out of a queue. The whole event is wanted, not its detail alone.
 *
 * Events come on best effort: hours late, out of order, or never. Starvation Start and then Stream
 * End, without a Starvation End, is an encoder that has vanished.
 *
 * Optional: linked only where it is used.
 */
#ifndef IVS_EVENT_H
#define IVS_EVENT_H

#include <ivs/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What an event is about, by its detail-type. A number never changes. */
enum ivs_event_type {
  IVS_EVENT_OTHER = 0,           /* not of aws.ivs, or newer than this library */
  IVS_EVENT_STREAM_STATE = 1,    /* IVS Stream State Change */
  IVS_EVENT_STREAM_HEALTH = 2,   /* IVS Stream Health Change */
  IVS_EVENT_LIMIT_BREACH = 3,    /* IVS Limit Breach */
  IVS_EVENT_RECORDING_STATE = 4, /* IVS Recording State Change */
  IVS_EVENT_AD_BREAK_STATE = 5   /* IVS Ad Break State Change */
};

/* Of event_name: IVS_EVENT_STREAM_STATE, */
#define IVS_EVENT_SESSION_CREATED "Session Created"
#define IVS_EVENT_SESSION_ENDED "Session Ended"
#define IVS_EVENT_STREAM_START "Stream Start"
#define IVS_EVENT_STREAM_END "Stream End"
#define IVS_EVENT_STREAM_FAILURE "Stream Failure"
#define IVS_EVENT_STREAM_TAKEOVER "Stream Takeover"
#define IVS_EVENT_STREAM_TAKEOVER_FAILURE "Stream Takeover Failure"
/* IVS_EVENT_STREAM_HEALTH, */
#define IVS_EVENT_STARVATION_START "Starvation Start"
#define IVS_EVENT_STARVATION_END "Starvation End"
/* IVS_EVENT_AD_BREAK_STATE. */
#define IVS_EVENT_AD_BREAK_INSERTED "Ad Break Inserted"
/* Of limit_name. */
#define IVS_EVENT_INGEST_BITRATE "Ingest Bitrate"
#define IVS_EVENT_INGEST_RESOLUTION "Ingest Resolution"
#define IVS_EVENT_CONCURRENT_BROADCASTS "Concurrent Broadcasts"
#define IVS_EVENT_CONCURRENT_VIEWERS "Concurrent Viewers"
/* Of recording_status. */
#define IVS_EVENT_RECORDING_START "Recording Start"
#define IVS_EVENT_RECORDING_END "Recording End"
#define IVS_EVENT_RECORDING_START_FAILURE "Recording Start Failure"
#define IVS_EVENT_RECORDING_END_FAILURE "Recording End Failure"

/*
 * An event. Texts are views into the text that it was decoded from, or into `spare`. What is not in
 * the event, or has another type than documented, is absent; what is not listed here is in
 * `detail`. The same name may be of several types of event.
 */
struct ivs_event {
  uint8_t type; /* enum ivs_event_type */
  ivs_str id;   /* of this event: the same one may come twice */
  ivs_str source, detail_type, account, region;
  ivs_time time;
  ivs_str channel_arn; /* the first of resources; absent where the whole account is meant */
  ivs_str resources;   /* a JSON array, for ivs_event_next() */
  ivs_str detail;      /* a JSON object, as it came */

  ivs_str event_name;
  ivs_str channel_name; /* "" if the channel has none */
  ivs_str stream_id;    /* another one each time the channel goes live */
  ivs_str code;         /* why a session has ended or a takeover failed, as in a StreamEvent */
  ivs_str reason;       /* why a stream failed, in words */

  ivs_str limit_name, limit_unit;
  ivs_int limit_value;
  ivs_int exceeded_by; /* how far over it */

  ivs_str recording_status, recording_status_reason;
  ivs_str recording_s3_bucket_name, recording_s3_key_prefix;
  ivs_str recording_session_id;
  ivs_str recording_session_stream_ids; /* a JSON array, for ivs_event_next() */
  ivs_int recording_duration_ms;

  ivs_str ad_break_id;
  ivs_int duration_seconds;
  ivs_time target_start_time;
};

/*
 * Decodes an event: n bytes of JSON at text, which stay as they are and must stay as long as the
 * event is used. Texts with escapes are unescaped into spare, which must stay as well; n bytes are
 * always enough, and no event that is documented needs any: spare may be NULL.
 * 0; IVS_ERR_JSON, IVS_ERR_JSON_DEPTH: not JSON; IVS_ERR_TYPE: an event has source, detail-type and
 * detail, and this has not; IVS_ERR_SPACE: spare is too small. The event is zeroed after an error.
 */
int ivs_event_decode(struct ivs_event *event, const char *text, size_t n, void *spare,
                     size_t spare_n);

/* Takes the next text out of an array of an event, as it stands in the JSON; what is no text is
   skipped. 1, or 0 if there is none left. */
int ivs_event_next(ivs_str *array, ivs_str *text);

#ifdef __cplusplus
}
#endif

#endif
