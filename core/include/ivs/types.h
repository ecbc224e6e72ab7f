/* Generated from core/model/ by scripts/generate.py: change that and run this, never edit here. */
/*
 * Requests and answers of all operations as structs, and the constants that go with them.
 *
 * A zeroed struct means that everything is absent; absent, empty, zero and false differ on the
 * wire. Texts and lists are views: those of a request are the caller's, those of an answer lie in
 * the workspace and die at the next call. A nested struct of an answer is there if its member
 * `present` is true. One of a request is sent if anything in it is set; `present` is for one in
 * which nothing is, which is sent as {}.
 *
 * IVS_<OPERATION>_REQUEST_MAX: bytes of the largest request within the limits of the API: the JSON
 * as this library writes it, every character in the longest form that the API allows there
 * (escaped, or several bytes of UTF-8); of the operations on /tags the path and query too,
 * percent-encoded. A text without a limit in the API counts as IVS_UNBOUNDED_STRING bytes, all
 * escaped, and a list without one as IVS_UNBOUNDED_ITEMS elements: see <ivs/config.h>. Tags are
 * most of it: subtract IVS_TAGS_MAX if you send none.
 *
 * IVS_<OPERATION>_ELEMENT_MAX: bytes of JSON, counted in the same way, of one element of the list
 * that the answer is about, without its tags.
 */
#ifndef IVS_TYPES_H
#define IVS_TYPES_H

#include <ivs/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The operations; the index of ivs_ops. The numbers are not stable between versions of the API. */
enum ivs_op_id {
  IVS_OP_BATCH_GET_CHANNEL = 0,
  IVS_OP_BATCH_GET_STREAM_KEY,
  IVS_OP_BATCH_START_VIEWER_SESSION_REVOCATION,
  IVS_OP_CREATE_AD_CONFIGURATION,
  IVS_OP_CREATE_CHANNEL,
  IVS_OP_CREATE_PLAYBACK_RESTRICTION_POLICY,
  IVS_OP_CREATE_RECORDING_CONFIGURATION,
  IVS_OP_CREATE_STREAM_KEY,
  IVS_OP_DELETE_AD_CONFIGURATION,
  IVS_OP_DELETE_CHANNEL,
  IVS_OP_DELETE_PLAYBACK_KEY_PAIR,
  IVS_OP_DELETE_PLAYBACK_RESTRICTION_POLICY,
  IVS_OP_DELETE_RECORDING_CONFIGURATION,
  IVS_OP_DELETE_STREAM_KEY,
  IVS_OP_GET_AD_CONFIGURATION,
  IVS_OP_GET_CHANNEL,
  IVS_OP_GET_PLAYBACK_KEY_PAIR,
  IVS_OP_GET_PLAYBACK_RESTRICTION_POLICY,
  IVS_OP_GET_RECORDING_CONFIGURATION,
  IVS_OP_GET_STREAM,
  IVS_OP_GET_STREAM_KEY,
  IVS_OP_GET_STREAM_SESSION,
  IVS_OP_IMPORT_PLAYBACK_KEY_PAIR,
  IVS_OP_INSERT_AD_BREAK,
  IVS_OP_LIST_AD_CONFIGURATIONS,
  IVS_OP_LIST_CHANNELS,
  IVS_OP_LIST_PLAYBACK_KEY_PAIRS,
  IVS_OP_LIST_PLAYBACK_RESTRICTION_POLICIES,
  IVS_OP_LIST_RECORDING_CONFIGURATIONS,
  IVS_OP_LIST_STREAM_KEYS,
  IVS_OP_LIST_STREAM_SESSIONS,
  IVS_OP_LIST_STREAMS,
  IVS_OP_LIST_TAGS_FOR_RESOURCE,
  IVS_OP_PUT_METADATA,
  IVS_OP_START_VIEWER_SESSION_REVOCATION,
  IVS_OP_STOP_STREAM,
  IVS_OP_TAG_RESOURCE,
  IVS_OP_UNTAG_RESOURCE,
  IVS_OP_UPDATE_AD_CONFIGURATION,
  IVS_OP_UPDATE_CHANNEL,
  IVS_OP_UPDATE_PLAYBACK_RESTRICTION_POLICY,
  IVS_OP_COUNT
};

/* Values of enumerated members. A service newer than this file may answer with others. */
#define IVS_CHANNEL_TYPE_BASIC                                   "BASIC"
#define IVS_CHANNEL_TYPE_STANDARD                                "STANDARD"
#define IVS_CHANNEL_TYPE_ADVANCED_SD                             "ADVANCED_SD"
#define IVS_CHANNEL_TYPE_ADVANCED_HD                             "ADVANCED_HD"
#define IVS_CONTAINER_FORMAT_TS                                  "TS"
#define IVS_CONTAINER_FORMAT_FRAGMENTED_MP4                      "FRAGMENTED_MP4"
#define IVS_LATENCY_MODE_NORMAL                                  "NORMAL"
#define IVS_LATENCY_MODE_LOW                                     "LOW"
#define IVS_MAXIMUM_RESOLUTION_SD                                "SD"
#define IVS_MAXIMUM_RESOLUTION_HD                                "HD"
#define IVS_MAXIMUM_RESOLUTION_FULL_HD                           "FULL_HD"
#define IVS_MULTITRACK_POLICY_ALLOW                              "ALLOW"
#define IVS_MULTITRACK_POLICY_REQUIRE                            "REQUIRE"
#define IVS_RECORDING_CONFIGURATION_STATE_CREATING               "CREATING"
#define IVS_RECORDING_CONFIGURATION_STATE_CREATE_FAILED          "CREATE_FAILED"
#define IVS_RECORDING_CONFIGURATION_STATE_ACTIVE                 "ACTIVE"
#define IVS_RECORDING_MODE_DISABLED                              "DISABLED"
#define IVS_RECORDING_MODE_INTERVAL                              "INTERVAL"
#define IVS_RENDITION_CONFIGURATION_RENDITION_SD                 "SD"
#define IVS_RENDITION_CONFIGURATION_RENDITION_HD                 "HD"
#define IVS_RENDITION_CONFIGURATION_RENDITION_FULL_HD            "FULL_HD"
#define IVS_RENDITION_CONFIGURATION_RENDITION_LOWEST_RESOLUTION  "LOWEST_RESOLUTION"
#define IVS_RENDITION_SELECTION_ALL                              "ALL"
#define IVS_RENDITION_SELECTION_NONE                             "NONE"
#define IVS_RENDITION_SELECTION_CUSTOM                           "CUSTOM"
#define IVS_STREAM_HEALTH_HEALTHY                                "HEALTHY"
#define IVS_STREAM_HEALTH_STARVING                               "STARVING"
#define IVS_STREAM_HEALTH_UNKNOWN                                "UNKNOWN"
#define IVS_STREAM_STATE_LIVE                                    "LIVE"
#define IVS_STREAM_STATE_OFFLINE                                 "OFFLINE"
#define IVS_THUMBNAIL_CONFIGURATION_RESOLUTION_SD                "SD"
#define IVS_THUMBNAIL_CONFIGURATION_RESOLUTION_HD                "HD"
#define IVS_THUMBNAIL_CONFIGURATION_RESOLUTION_FULL_HD           "FULL_HD"
#define IVS_THUMBNAIL_CONFIGURATION_RESOLUTION_LOWEST_RESOLUTION "LOWEST_RESOLUTION"
#define IVS_THUMBNAIL_CONFIGURATION_STORAGE_SEQUENTIAL           "SEQUENTIAL"
#define IVS_THUMBNAIL_CONFIGURATION_STORAGE_LATEST               "LATEST"
#define IVS_TRANSCODE_PRESET_HIGHER_BANDWIDTH_DELIVERY           "HIGHER_BANDWIDTH_DELIVERY"
#define IVS_TRANSCODE_PRESET_CONSTRAINED_BANDWIDTH_DELIVERY      "CONSTRAINED_BANDWIDTH_DELIVERY"

/* Codes of the errors that the service answers with, and their HTTP status. <ivs/api.h> tells
   which operation has which. */
#define IVS_CODE_ACCESS_DENIED_EXCEPTION          "AccessDeniedException"         /* 403 */
#define IVS_CODE_CHANNEL_NOT_BROADCASTING         "ChannelNotBroadcasting"        /* 404 */
#define IVS_CODE_CONFLICT_EXCEPTION               "ConflictException"             /* 409 */
#define IVS_CODE_INTERNAL_SERVER_EXCEPTION        "InternalServerException"       /* 500 */
#define IVS_CODE_PENDING_VERIFICATION             "PendingVerification"           /* 403 */
#define IVS_CODE_RESOURCE_NOT_FOUND_EXCEPTION     "ResourceNotFoundException"     /* 404 */
#define IVS_CODE_SERVICE_QUOTA_EXCEEDED_EXCEPTION "ServiceQuotaExceededException" /* 402 */
#define IVS_CODE_SERVICE_UNAVAILABLE              "ServiceUnavailable"            /* 503 */
#define IVS_CODE_STREAM_UNAVAILABLE               "StreamUnavailable"             /* 503 */
#define IVS_CODE_THROTTLING_EXCEPTION             "ThrottlingException"           /* 429 */
#define IVS_CODE_VALIDATION_EXCEPTION             "ValidationException"           /* 400 */

/* Ingest by SRT. */
struct ivs_srt {
  bool present;
  ivs_str endpoint;   /* SRT host; the port is 9000. */
  ivs_str passphrase; /* Encrypts SRT; of no use where insecureIngest is true. Secret: never in a
                         log. */
};

/* Whether the encoder may send several renditions itself; for type STANDARD with container
   FRAGMENTED_MP4. */
struct ivs_multitrack_input_configuration {
  bool present;
  ivs_bool enabled;           /* Whether this is on; default false. */
  ivs_str policy;             /* ALLOW: one track is accepted too; REQUIRE: it is refused. Needed
                                 where enabled is true. ALLOW, REQUIRE
                                 (IVS_MULTITRACK_POLICY_...). */
  ivs_str maximum_resolution; /* Largest track that the encoder may send. Needed where enabled is
                                 true. SD, HD, FULL_HD (IVS_MAXIMUM_RESOLUTION_...). */
};

/* A channel: what an encoder streams to and viewers watch. */
struct ivs_channel {
  bool present;
  ivs_str arn;                             /* ARN of this resource. 1 to 128 characters. */
  ivs_str name;                            /* Name, which need not be unique; default "". At most
                                              128 characters. */
  ivs_str latency_mode;                    /* LOW (default): near real time; NORMAL: some seconds
                                              more. NORMAL, LOW (IVS_LATENCY_MODE_...). */
  ivs_str type;                            /* Kind of channel, which sets bitrate, resolution and
                                              transcoding; default STANDARD. BASIC, STANDARD,
                                              ADVANCED_SD, ADVANCED_HD (IVS_CHANNEL_TYPE_...). */
  ivs_str recording_configuration_arn;     /* Recording configuration of the channel; ""
                                              (default): no recording. At most 128 characters. */
  ivs_str ingest_endpoint;                 /* Host that encoders send RTMPS to; the port is 443,
                                              the path /app/ and the stream key. */
  ivs_str playback_url;                    /* Address for players, of an HLS playlist. */
  ivs_bool authorized;                     /* Whether viewers need a signed token; default false. */
  struct ivs_tags tags;                    /* Tags: names and values of your own. At most 50
                                              tags, names 1 to 128 characters, values at most 256
                                              characters. */
  ivs_bool insecure_ingest;                /* Whether RTMP and SRT without encryption are
                                              accepted; default false. */
  ivs_str preset;                          /* Bitrates of the transcoded renditions; default
                                              HIGHER_BANDWIDTH_DELIVERY for ADVANCED_HD and
                                              ADVANCED_SD, "" for other types.
                                              HIGHER_BANDWIDTH_DELIVERY,
                                              CONSTRAINED_BANDWIDTH_DELIVERY
                                              (IVS_TRANSCODE_PRESET_...). */
  struct ivs_srt srt;                      /* Ingest by SRT. */
  ivs_str playback_restriction_policy_arn; /* Playback restriction policy of the channel; ""
                                              (default): none. At most 128 characters. */
  /* Whether the encoder may send several renditions. */
  struct ivs_multitrack_input_configuration multitrack_input_configuration;
  ivs_str container_format;                /* How the service packs the video for players;
                                              default TS. TS, FRAGMENTED_MP4
                                              (IVS_CONTAINER_FORMAT_...). */
  ivs_str ad_configuration_arn;            /* Ad configuration of the channel; "" (default):
                                              none. At most 128 characters. */
};

struct ivs_channel_list {
  const struct ivs_channel *items;
  size_t count;
  ivs_span rest;
};

/* Why one resource of a batch could not be read. */
struct ivs_batch_error {
  bool present;
  ivs_str arn;     /* ARN of this resource. 1 to 128 characters. */
  ivs_str code;    /* Error code. */
  ivs_str message; /* Error message, for people. */
};

struct ivs_batch_error_list {
  const struct ivs_batch_error *items;
  size_t count;
  ivs_span rest;
};

/* The secret by which an encoder may stream to a channel. */
struct ivs_stream_key {
  bool present;
  ivs_str arn;          /* ARN of this resource. 1 to 128 characters. */
  ivs_str value;        /* What the encoder puts into its ingest URL. Secret: never in a log. */
  ivs_str channel_arn;  /* ARN of the channel. 1 to 128 characters. */
  struct ivs_tags tags; /* Tags: names and values of your own. At most 50 tags, names 1 to 128
                           characters, values at most 256 characters. */
};

struct ivs_stream_key_list {
  const struct ivs_stream_key *items;
  size_t count;
  ivs_span rest;
};

/* A viewer session to revoke. */
struct ivs_batch_start_viewer_session_revocation_viewer_session {
  bool present;
  ivs_str channel_arn; /* Required. ARN of the channel. 1 to 128 characters. */
  ivs_str viewer_id;   /* Required. ID of the viewer as in the token; not the person's name or
                          address. 1 to 40 characters. */
  /* Revokes sessions up to this version; default 0. 0 or more. */
  ivs_int viewer_session_versions_less_than_or_equal_to;
};

struct ivs_batch_start_viewer_session_revocation_viewer_session_list {
  const struct ivs_batch_start_viewer_session_revocation_viewer_session *items;
  size_t count;
  ivs_span rest;
};

/* Why one viewer session of a batch could not be revoked. */
struct ivs_batch_start_viewer_session_revocation_error {
  bool present;
  ivs_str channel_arn; /* ARN of the channel. 1 to 128 characters. */
  ivs_str viewer_id;   /* ID of the viewer as in the token; not the person's name or address. 1
                          to 40 characters. */
  ivs_str code;        /* Error code. */
  ivs_str message;     /* Error message, for people. */
};

struct ivs_batch_start_viewer_session_revocation_error_list {
  const struct ivs_batch_start_viewer_session_revocation_error *items;
  size_t count;
  ivs_span rest;
};

/* A playback configuration of AWS Elemental MediaTailor. */
struct ivs_media_tailor_playback_configuration {
  bool present;
  ivs_str playback_configuration_arn; /* ARN of the playback configuration in MediaTailor. At
                                         most 128 characters. */
};

struct ivs_media_tailor_playback_configuration_list {
  const struct ivs_media_tailor_playback_configuration *items;
  size_t count;
  ivs_span rest;
};

/* Ads after the end of a stream. */
struct ivs_post_roll_configuration {
  bool present;
  ivs_int duration_seconds; /* Required. Length, s. 1 to 300. */
  ivs_bool enabled;         /* Required. Whether this is on; default false. */
};

/* How ads get into the streams of a channel. */
struct ivs_ad_configuration {
  bool present;
  ivs_str arn;          /* ARN of this resource. At most 128 characters. */
  ivs_str name;         /* Name, which need not be unique; default "". At most 128 characters. */
  /* Where ads come from; the first is the default, a viewer token may choose another. 1 to 3
     elements. */
  struct ivs_media_tailor_playback_configuration_list media_tailor_playback_configurations;
  /* Ads after the end; default: disabled. */
  struct ivs_post_roll_configuration post_roll_configuration;
  struct ivs_tags tags; /* Tags: names and values of your own. At most 50 tags, names 1 to 128
                           characters, values at most 256 characters. */
};

/* From which countries and web sites channels can be watched. */
struct ivs_playback_restriction_policy {
  bool present;
  ivs_str arn;                               /* ARN of this resource. 1 to 128 characters. */
  struct ivs_str_list allowed_countries;     /* ISO 3166-1 codes of two letters; none (default):
                                                every country. 2 characters each. */
  struct ivs_str_list allowed_origins;       /* Origins as in the HTTP header, such as
                                                https://example.com; none (default): every site.
                                                At most 128 characters each. */
  ivs_bool enable_strict_origin_enforcement; /* Whether playback is held strictly to
                                                allowedOrigins; default false. */
  ivs_str name;                              /* Name, which need not be unique; default "". At
                                                most 128 characters. */
  struct ivs_tags tags;                      /* Tags: names and values of your own. At most 50
                                                tags, names 1 to 128 characters, values at most
                                                256 characters. */
};

/* A bucket of Amazon S3. */
struct ivs_s3_destination_configuration {
  bool present;
  ivs_str bucket_name; /* Required. Name of the bucket, in the region of the call. 3 to 63
                          characters. */
};

/* Where recordings go. */
struct ivs_destination_configuration {
  bool present;
  struct ivs_s3_destination_configuration s3; /* A bucket. */
};

/* Thumbnails that are recorded with a stream. */
struct ivs_thumbnail_configuration {
  bool present;
  ivs_str recording_mode;          /* Whether thumbnails are recorded; default INTERVAL.
                                      DISABLED, INTERVAL (IVS_RECORDING_MODE_...). */
  ivs_int target_interval_seconds; /* Time between thumbnails, s; default 60. 1 to 60. */
  ivs_str resolution;              /* Resolution of the thumbnails; default: that of the source.
                                      SD, HD, FULL_HD, LOWEST_RESOLUTION
                                      (IVS_THUMBNAIL_CONFIGURATION_RESOLUTION_...). */
  struct ivs_str_list storage;     /* SEQUENTIAL (default): all thumbnails; LATEST: one that is
                                      overwritten. SEQUENTIAL, LATEST
                                      (IVS_THUMBNAIL_CONFIGURATION_STORAGE_...). */
};

/* Which renditions of a stream are recorded. */
struct ivs_rendition_configuration {
  bool present;
  ivs_str rendition_selection;    /* Which renditions are recorded: ALL (default), NONE, or
                                     CUSTOM, those listed. ALL, NONE, CUSTOM
                                     (IVS_RENDITION_SELECTION_...). */
  struct ivs_str_list renditions; /* The renditions to record where renditionSelection is CUSTOM.
                                     SD, HD, FULL_HD, LOWEST_RESOLUTION
                                     (IVS_RENDITION_CONFIGURATION_RENDITION_...). */
};

/* Where and how streams are recorded. */
struct ivs_recording_configuration {
  bool present;
  ivs_str arn;                                /* ARN of this resource. At most 128 characters. */
  ivs_str name;                               /* Name, which need not be unique; default "". At
                                                 most 128 characters. */
  /* Where recordings go. */
  struct ivs_destination_configuration destination_configuration;
  ivs_str state;                              /* Only ACTIVE can be used; after CREATE_FAILED,
                                                 delete it and create another. CREATING,
                                                 CREATE_FAILED, ACTIVE
                                                 (IVS_RECORDING_CONFIGURATION_STATE_...). */
  struct ivs_tags tags;                       /* Tags: names and values of your own. At most 50
                                                 tags, names 1 to 128 characters, values at most
                                                 256 characters. */
  /* Which thumbnails are recorded. */
  struct ivs_thumbnail_configuration thumbnail_configuration;
  ivs_int recording_reconnect_window_seconds; /* An encoder that returns within this time
                                                 continues the recording, s; default 0. 0 to 300. */
  /* Which renditions are recorded; default: all. */
  struct ivs_rendition_configuration rendition_configuration;
};

/* The public half of a key pair that signs viewer tokens. */
struct ivs_playback_key_pair {
  bool present;
  ivs_str arn;          /* ARN of this resource. 1 to 128 characters. */
  ivs_str name;         /* Name, which need not be unique; default "". At most 128 characters. */
  ivs_str fingerprint;  /* Fingerprint of the public key, hexadecimal bytes with colons between. */
  struct ivs_tags tags; /* Tags: names and values of your own. At most 50 tags, names 1 to 128
                           characters, values at most 256 characters. */
};

/* The stream that is live on a channel. */
struct ivs_stream {
  bool present;
  ivs_str channel_arn;  /* ARN of the channel. 1 to 128 characters. */
  ivs_str stream_id;    /* ID of the stream; each session has a new one. 26 characters. */
  ivs_str playback_url; /* Address for players, of an HLS playlist. */
  ivs_time start_time;  /* When the stream began. */
  ivs_str state;        /* LIVE; do not wait for OFFLINE, an offline channel has no stream. LIVE,
                           OFFLINE (IVS_STREAM_STATE_...). */
  ivs_str health;       /* Whether data arrives in time; STARVING: the encoder or its network is
                           too slow. HEALTHY, STARVING, UNKNOWN (IVS_STREAM_HEALTH_...). */
  ivs_int viewer_count; /* Viewers now; -1: counting timed out, ask again. */
};

/* One video track as the encoder announced it. */
struct ivs_video_configuration {
  bool present;
  ivs_str avc_profile;      /* H.264 profile; only in ingestConfiguration, elsewhere "": see
                               profile. */
  ivs_str avc_level;        /* H.264 level; only in ingestConfiguration, elsewhere "": see level. */
  ivs_str codec;            /* Codec. */
  ivs_str encoder;          /* Software or device that encoded. */
  ivs_int target_bitrate;   /* Bitrate as the encoder is set, bit/s. */
  ivs_int target_framerate; /* Frames per second as the encoder is set. */
  ivs_int video_height;     /* Height, pixels. */
  ivs_int video_width;      /* Width, pixels. */
  ivs_str level;            /* Codec level. */
  ivs_str track;            /* Name of the track. */
  ivs_str profile;          /* Codec profile. */
};

struct ivs_video_configuration_list {
  const struct ivs_video_configuration *items;
  size_t count;
  ivs_span rest;
};

/* One audio track as the encoder announced it. */
struct ivs_audio_configuration {
  bool present;
  ivs_str codec;          /* Codec. */
  ivs_int target_bitrate; /* Bitrate as the encoder is set, bit/s. */
  ivs_int sample_rate;    /* Samples per second, Hz. */
  ivs_int channels;       /* Number of audio channels. */
  ivs_str track;          /* Name of the track. */
};

struct ivs_audio_configuration_list {
  const struct ivs_audio_configuration *items;
  size_t count;
  ivs_span rest;
};

/* What the service received from the encoder: the first video and audio track. */
struct ivs_ingest_configuration {
  bool present;
  struct ivs_video_configuration video; /* The first video track. */
  struct ivs_audio_configuration audio; /* The first audio track. */
};

/* What the service received from the encoder: all tracks. */
struct ivs_ingest_configurations {
  bool present;
  /* The video tracks. */
  struct ivs_video_configuration_list video_configurations;
  /* The audio tracks. */
  struct ivs_audio_configuration_list audio_configurations;
};

/* Something that happened during a stream session. */
struct ivs_stream_event {
  bool present;
  ivs_str name;        /* What happened, such as "Stream Start". */
  ivs_str type;        /* Group that the event belongs to. */
  ivs_time event_time; /* When it happened. */
  ivs_str code;        /* Reason, for events that have one. */
};

struct ivs_stream_event_list {
  const struct ivs_stream_event *items;
  size_t count;
  ivs_span rest;
};

/* One stream session, from the first to the last byte of the encoder. */
struct ivs_stream_session {
  bool present;
  ivs_str stream_id;          /* ID of the stream; each session has a new one. 26 characters. */
  ivs_time start_time;        /* When the stream began. */
  ivs_time end_time;          /* When the stream ended; absent while it is live. */
  struct ivs_channel channel; /* The channel. */
  /* What the encoder sends, first tracks only; use ingestConfigurations. */
  struct ivs_ingest_configuration ingest_configuration;
  /* What the encoder sends, all tracks. */
  struct ivs_ingest_configurations ingest_configurations;
  /* How the stream was recorded; absent if it was not. */
  struct ivs_recording_configuration recording_configuration;
  /* The most recent events, at most 500. At most 500 elements. */
  struct ivs_stream_event_list truncated_events;
};

/* An ad configuration in a list. */
struct ivs_ad_configuration_summary {
  bool present;
  ivs_str arn;          /* ARN of this resource. At most 128 characters. */
  ivs_str name;         /* Name, which need not be unique; default "". At most 128 characters. */
  /* Where ads come from; the first is the default, a viewer token may choose another. 1 to 3
     elements. */
  struct ivs_media_tailor_playback_configuration_list media_tailor_playback_configurations;
  /* Ads after the end; default: disabled. */
  struct ivs_post_roll_configuration post_roll_configuration;
  struct ivs_tags tags; /* Tags: names and values of your own. At most 50 tags, names 1 to 128
                           characters, values at most 256 characters. */
};

struct ivs_ad_configuration_summary_list {
  const struct ivs_ad_configuration_summary *items;
  size_t count;
  ivs_span rest;
};

/* A channel in a list, without addresses. */
struct ivs_channel_summary {
  bool present;
  ivs_str arn;                             /* ARN of this resource. 1 to 128 characters. */
  ivs_str name;                            /* Name, which need not be unique; default "". At most
                                              128 characters. */
  ivs_str latency_mode;                    /* LOW (default): near real time; NORMAL: some seconds
                                              more. NORMAL, LOW (IVS_LATENCY_MODE_...). */
  ivs_bool authorized;                     /* Whether viewers need a signed token; default false. */
  ivs_str recording_configuration_arn;     /* Recording configuration of the channel; ""
                                              (default): no recording. At most 128 characters. */
  struct ivs_tags tags;                    /* Tags: names and values of your own. At most 50
                                              tags, names 1 to 128 characters, values at most 256
                                              characters. */
  ivs_bool insecure_ingest;                /* Whether RTMP and SRT without encryption are
                                              accepted; default false. */
  ivs_str type;                            /* Kind of channel, which sets bitrate, resolution and
                                              transcoding; default STANDARD. BASIC, STANDARD,
                                              ADVANCED_SD, ADVANCED_HD (IVS_CHANNEL_TYPE_...). */
  ivs_str preset;                          /* Bitrates of the transcoded renditions; default
                                              HIGHER_BANDWIDTH_DELIVERY for ADVANCED_HD and
                                              ADVANCED_SD, "" for other types.
                                              HIGHER_BANDWIDTH_DELIVERY,
                                              CONSTRAINED_BANDWIDTH_DELIVERY
                                              (IVS_TRANSCODE_PRESET_...). */
  ivs_str playback_restriction_policy_arn; /* Playback restriction policy of the channel; ""
                                              (default): none. At most 128 characters. */
  ivs_str ad_configuration_arn;            /* Ad configuration of the channel; "" (default):
                                              none. At most 128 characters. */
};

struct ivs_channel_summary_list {
  const struct ivs_channel_summary *items;
  size_t count;
  ivs_span rest;
};

/* A playback key pair in a list. */
struct ivs_playback_key_pair_summary {
  bool present;
  ivs_str arn;          /* ARN of this resource. 1 to 128 characters. */
  ivs_str name;         /* Name, which need not be unique; default "". At most 128 characters. */
  struct ivs_tags tags; /* Tags: names and values of your own. At most 50 tags, names 1 to 128
                           characters, values at most 256 characters. */
};

struct ivs_playback_key_pair_summary_list {
  const struct ivs_playback_key_pair_summary *items;
  size_t count;
  ivs_span rest;
};

/* A playback restriction policy in a list. */
struct ivs_playback_restriction_policy_summary {
  bool present;
  ivs_str arn;                               /* ARN of this resource. 1 to 128 characters. */
  struct ivs_str_list allowed_countries;     /* ISO 3166-1 codes of two letters; none (default):
                                                every country. 2 characters each. */
  struct ivs_str_list allowed_origins;       /* Origins as in the HTTP header, such as
                                                https://example.com; none (default): every site.
                                                At most 128 characters each. */
  ivs_bool enable_strict_origin_enforcement; /* Whether playback is held strictly to
                                                allowedOrigins; default false. */
  ivs_str name;                              /* Name, which need not be unique; default "". At
                                                most 128 characters. */
  struct ivs_tags tags;                      /* Tags: names and values of your own. At most 50
                                                tags, names 1 to 128 characters, values at most
                                                256 characters. */
};

struct ivs_playback_restriction_policy_summary_list {
  const struct ivs_playback_restriction_policy_summary *items;
  size_t count;
  ivs_span rest;
};

/* A recording configuration in a list. */
struct ivs_recording_configuration_summary {
  bool present;
  ivs_str arn;          /* ARN of this resource. At most 128 characters. */
  ivs_str name;         /* Name, which need not be unique; default "". At most 128 characters. */
  /* Where recordings go. */
  struct ivs_destination_configuration destination_configuration;
  ivs_str state;        /* Only ACTIVE can be used; after CREATE_FAILED, delete it and create
                           another. CREATING, CREATE_FAILED, ACTIVE
                           (IVS_RECORDING_CONFIGURATION_STATE_...). */
  struct ivs_tags tags; /* Tags: names and values of your own. At most 50 tags, names 1 to 128
                           characters, values at most 256 characters. */
};

struct ivs_recording_configuration_summary_list {
  const struct ivs_recording_configuration_summary *items;
  size_t count;
  ivs_span rest;
};

/* A stream key in a list, without its value. */
struct ivs_stream_key_summary {
  bool present;
  ivs_str arn;          /* ARN of this resource. 1 to 128 characters. */
  ivs_str channel_arn;  /* ARN of the channel. 1 to 128 characters. */
  struct ivs_tags tags; /* Tags: names and values of your own. At most 50 tags, names 1 to 128
                           characters, values at most 256 characters. */
};

struct ivs_stream_key_summary_list {
  const struct ivs_stream_key_summary *items;
  size_t count;
  ivs_span rest;
};

/* A stream session in a list. */
struct ivs_stream_session_summary {
  bool present;
  ivs_str stream_id;        /* ID of the stream; each session has a new one. 26 characters. */
  ivs_time start_time;      /* When the stream began. */
  ivs_time end_time;        /* When the stream ended; absent while it is live. */
  ivs_bool has_error_event; /* Whether an error is among its events. */
};

struct ivs_stream_session_summary_list {
  const struct ivs_stream_session_summary *items;
  size_t count;
  ivs_span rest;
};

/* Which streams to list. */
struct ivs_stream_filters {
  bool present;
  ivs_str health; /* Only streams of this health. HEALTHY, STARVING, UNKNOWN
                     (IVS_STREAM_HEALTH_...). */
};

/* A live stream in a list. */
struct ivs_stream_summary {
  bool present;
  ivs_str channel_arn;  /* ARN of the channel. 1 to 128 characters. */
  ivs_str stream_id;    /* ID of the stream; each session has a new one. 26 characters. */
  ivs_str state;        /* LIVE; do not wait for OFFLINE, an offline channel has no stream. LIVE,
                           OFFLINE (IVS_STREAM_STATE_...). */
  ivs_str health;       /* Whether data arrives in time; STARVING: the encoder or its network is
                           too slow. HEALTHY, STARVING, UNKNOWN (IVS_STREAM_HEALTH_...). */
  ivs_int viewer_count; /* Viewers now; -1: counting timed out, ask again. */
  ivs_time start_time;  /* When the stream began. */
};

struct ivs_stream_summary_list {
  const struct ivs_stream_summary *items;
  size_t count;
  ivs_span rest;
};

/* BatchGetChannel */
struct ivs_batch_get_channel_in {
  struct ivs_str_list arns; /* Required. ARNs of what to get. 1 to 50 elements, 1 to 128
                               characters each. */
};

struct ivs_batch_get_channel_out {
  struct ivs_channel_list channels;   /* The channels. */
  struct ivs_batch_error_list errors; /* Those that failed; the call succeeds all the same. */
};

/* BatchGetStreamKey */
struct ivs_batch_get_stream_key_in {
  struct ivs_str_list arns; /* Required. ARNs of what to get. 1 to 50 elements, 1 to 128
                               characters each. */
};

struct ivs_batch_get_stream_key_out {
  struct ivs_stream_key_list stream_keys; /* The stream keys. */
  struct ivs_batch_error_list errors;     /* Those that failed; the call succeeds all the same. */
};

/* BatchStartViewerSessionRevocation */
struct ivs_batch_start_viewer_session_revocation_in {
  /* Required. The sessions to revoke. 1 to 20 elements. */
  struct ivs_batch_start_viewer_session_revocation_viewer_session_list viewer_sessions;
};

struct ivs_batch_start_viewer_session_revocation_out {
  /* Those that failed; the call succeeds all the same. */
  struct ivs_batch_start_viewer_session_revocation_error_list errors;
};

/* CreateAdConfiguration */
struct ivs_create_ad_configuration_in {
  ivs_str name;         /* Name, which need not be unique; default "". At most 128 characters. */
  /* Required. Where ads come from; the first is the default, a viewer token may choose another.
     1 to 3 elements. */
  struct ivs_media_tailor_playback_configuration_list media_tailor_playback_configurations;
  /* Ads after the end; default: disabled. */
  struct ivs_post_roll_configuration post_roll_configuration;
  struct ivs_tags tags; /* Tags: names and values of your own. At most 50 tags, names 1 to 128
                           characters, values at most 256 characters. */
};

struct ivs_create_ad_configuration_out {
  /* The ad configuration. */
  struct ivs_ad_configuration ad_configuration;
};

/* CreateChannel */
struct ivs_create_channel_in {
  ivs_str name;                            /* Name, which need not be unique; default "". At most
                                              128 characters. */
  ivs_str latency_mode;                    /* LOW (default): near real time; NORMAL: some seconds
                                              more. NORMAL, LOW (IVS_LATENCY_MODE_...). */
  ivs_str type;                            /* Kind of channel, which sets bitrate, resolution and
                                              transcoding; default STANDARD. BASIC, STANDARD,
                                              ADVANCED_SD, ADVANCED_HD (IVS_CHANNEL_TYPE_...). */
  ivs_bool authorized;                     /* Whether viewers need a signed token; default false. */
  ivs_str recording_configuration_arn;     /* Recording configuration of the channel; ""
                                              (default): no recording. At most 128 characters. */
  struct ivs_tags tags;                    /* Tags: names and values of your own. At most 50
                                              tags, names 1 to 128 characters, values at most 256
                                              characters. */
  ivs_bool insecure_ingest;                /* Whether RTMP and SRT without encryption are
                                              accepted; default false. */
  ivs_str preset;                          /* Bitrates of the transcoded renditions; default
                                              HIGHER_BANDWIDTH_DELIVERY for ADVANCED_HD and
                                              ADVANCED_SD, "" for other types.
                                              HIGHER_BANDWIDTH_DELIVERY,
                                              CONSTRAINED_BANDWIDTH_DELIVERY
                                              (IVS_TRANSCODE_PRESET_...). */
  ivs_str playback_restriction_policy_arn; /* Playback restriction policy of the channel; ""
                                              (default): none. At most 128 characters. */
  /* Whether the encoder may send several renditions. */
  struct ivs_multitrack_input_configuration multitrack_input_configuration;
  ivs_str container_format;                /* How the service packs the video for players;
                                              default TS. TS, FRAGMENTED_MP4
                                              (IVS_CONTAINER_FORMAT_...). */
  ivs_str ad_configuration_arn;            /* Ad configuration of the channel; "" (default):
                                              none. At most 128 characters. */
};

struct ivs_create_channel_out {
  struct ivs_channel channel;       /* The channel. */
  struct ivs_stream_key stream_key; /* The channel's stream key, value included. */
};

/* CreatePlaybackRestrictionPolicy */
struct ivs_create_playback_restriction_policy_in {
  struct ivs_str_list allowed_countries;     /* ISO 3166-1 codes of two letters; none (default):
                                                every country. 2 characters each. */
  struct ivs_str_list allowed_origins;       /* Origins as in the HTTP header, such as
                                                https://example.com; none (default): every site.
                                                At most 128 characters each. */
  ivs_bool enable_strict_origin_enforcement; /* Whether playback is held strictly to
                                                allowedOrigins; default false. */
  ivs_str name;                              /* Name, which need not be unique; default "". At
                                                most 128 characters. */
  struct ivs_tags tags;                      /* Tags: names and values of your own. At most 50
                                                tags, names 1 to 128 characters, values at most
                                                256 characters. */
};

struct ivs_create_playback_restriction_policy_out {
  /* The policy. */
  struct ivs_playback_restriction_policy playback_restriction_policy;
};

/* CreateRecordingConfiguration */
struct ivs_create_recording_configuration_in {
  ivs_str name;                               /* Name, which need not be unique; default "". At
                                                 most 128 characters. */
  /* Required. Where recordings go. */
  struct ivs_destination_configuration destination_configuration;
  struct ivs_tags tags;                       /* Tags: names and values of your own. At most 50
                                                 tags, names 1 to 128 characters, values at most
                                                 256 characters. */
  /* Which thumbnails are recorded. */
  struct ivs_thumbnail_configuration thumbnail_configuration;
  ivs_int recording_reconnect_window_seconds; /* An encoder that returns within this time
                                                 continues the recording, s; default 0. 0 to 300. */
  /* Which renditions are recorded; default: all. */
  struct ivs_rendition_configuration rendition_configuration;
};

struct ivs_create_recording_configuration_out {
  /* The recording configuration. */
  struct ivs_recording_configuration recording_configuration;
};

/* CreateStreamKey */
struct ivs_create_stream_key_in {
  ivs_str channel_arn;  /* Required. ARN of the channel. 1 to 128 characters. */
  struct ivs_tags tags; /* Tags: names and values of your own. At most 50 tags, names 1 to 128
                           characters, values at most 256 characters. */
};

struct ivs_create_stream_key_out {
  struct ivs_stream_key stream_key; /* The stream key. */
};

/* DeleteAdConfiguration */
struct ivs_delete_ad_configuration_in {
  ivs_str arn; /* Required. ARN of this resource. At most 128 characters. */
};

struct ivs_delete_ad_configuration_out {
  char unused;
};

/* DeleteChannel */
struct ivs_delete_channel_in {
  ivs_str arn; /* Required. ARN of this resource. 1 to 128 characters. */
};

struct ivs_delete_channel_out {
  char unused;
};

/* DeletePlaybackKeyPair */
struct ivs_delete_playback_key_pair_in {
  ivs_str arn; /* Required. ARN of this resource. 1 to 128 characters. */
};

struct ivs_delete_playback_key_pair_out {
  char unused;
};

/* DeletePlaybackRestrictionPolicy */
struct ivs_delete_playback_restriction_policy_in {
  ivs_str arn; /* Required. ARN of this resource. 1 to 128 characters. */
};

struct ivs_delete_playback_restriction_policy_out {
  char unused;
};

/* DeleteRecordingConfiguration */
struct ivs_delete_recording_configuration_in {
  ivs_str arn; /* Required. ARN of this resource. At most 128 characters. */
};

struct ivs_delete_recording_configuration_out {
  char unused;
};

/* DeleteStreamKey */
struct ivs_delete_stream_key_in {
  ivs_str arn; /* Required. ARN of this resource. 1 to 128 characters. */
};

struct ivs_delete_stream_key_out {
  char unused;
};

/* GetAdConfiguration */
struct ivs_get_ad_configuration_in {
  ivs_str arn; /* Required. ARN of this resource. At most 128 characters. */
};

struct ivs_get_ad_configuration_out {
  /* The ad configuration. */
  struct ivs_ad_configuration ad_configuration;
};

/* GetChannel */
struct ivs_get_channel_in {
  ivs_str arn; /* Required. ARN of this resource. 1 to 128 characters. */
};

struct ivs_get_channel_out {
  struct ivs_channel channel; /* The channel. */
};

/* GetPlaybackKeyPair */
struct ivs_get_playback_key_pair_in {
  ivs_str arn; /* Required. ARN of this resource. 1 to 128 characters. */
};

struct ivs_get_playback_key_pair_out {
  struct ivs_playback_key_pair key_pair; /* The key pair. */
};

/* GetPlaybackRestrictionPolicy */
struct ivs_get_playback_restriction_policy_in {
  ivs_str arn; /* Required. ARN of this resource. 1 to 128 characters. */
};

struct ivs_get_playback_restriction_policy_out {
  /* The policy. */
  struct ivs_playback_restriction_policy playback_restriction_policy;
};

/* GetRecordingConfiguration */
struct ivs_get_recording_configuration_in {
  ivs_str arn; /* Required. ARN of this resource. At most 128 characters. */
};

struct ivs_get_recording_configuration_out {
  /* The recording configuration. */
  struct ivs_recording_configuration recording_configuration;
};

/* GetStream */
struct ivs_get_stream_in {
  ivs_str channel_arn; /* Required. ARN of the channel. 1 to 128 characters. */
};

struct ivs_get_stream_out {
  struct ivs_stream stream; /* The stream. */
};

/* GetStreamKey */
struct ivs_get_stream_key_in {
  ivs_str arn; /* Required. ARN of this resource. 1 to 128 characters. */
};

struct ivs_get_stream_key_out {
  struct ivs_stream_key stream_key; /* The stream key. */
};

/* GetStreamSession */
struct ivs_get_stream_session_in {
  ivs_str channel_arn; /* Required. ARN of the channel. 1 to 128 characters. */
  ivs_str stream_id;   /* ID of the stream; absent: the most recent one. 26 characters. */
};

struct ivs_get_stream_session_out {
  struct ivs_stream_session stream_session; /* The stream session. */
};

/* ImportPlaybackKeyPair */
struct ivs_import_playback_key_pair_in {
  ivs_str public_key_material; /* Required. Public key in PEM, of curve P-384. */
  ivs_str name;                /* Name, which need not be unique; default "". At most 128
                                  characters. */
  struct ivs_tags tags;        /* Tags: names and values of your own. At most 50 tags, names 1 to
                                  128 characters, values at most 256 characters. */
};

struct ivs_import_playback_key_pair_out {
  struct ivs_playback_key_pair key_pair; /* The key pair. */
};

/* InsertAdBreak */
struct ivs_insert_ad_break_in {
  ivs_str channel_arn;      /* Required. ARN of the channel. 1 to 128 characters. */
  ivs_int duration_seconds; /* Required. Longest length of the break, s. 1 to 300. */
};

struct ivs_insert_ad_break_out {
  ivs_str ad_break_id; /* ID of the ad break. 12 characters. */
};

/* ListAdConfigurations */
struct ivs_list_ad_configurations_in {
  ivs_str next_token;  /* From the page before; absent: the first page. At most 1024 characters. */
  ivs_int max_results; /* Elements in a page. 1 to 100. */
};

struct ivs_list_ad_configurations_out {
  /* The ad configurations. */
  struct ivs_ad_configuration_summary_list ad_configurations;
  ivs_str next_token; /* Where the next page begins; absent or empty in the last page. At most
                         1024 characters. */
};

/* ListChannels */
struct ivs_list_channels_in {
  ivs_str filter_by_name;                 /* Only channels of exactly this name. At most 128
                                             characters. */
  /* Only channels with this recording configuration. At most 128 characters. */
  ivs_str filter_by_recording_configuration_arn;
  /* Only channels with this policy. At most 128 characters. */
  ivs_str filter_by_playback_restriction_policy_arn;
  ivs_str filter_by_ad_configuration_arn; /* Only channels with this ad configuration. At most
                                             128 characters. */
  ivs_str next_token;                     /* From the page before; absent: the first page. At
                                             most 1024 characters. */
  ivs_int max_results;                    /* Elements in a page; default 100. 1 to 100. */
};

struct ivs_list_channels_out {
  struct ivs_channel_summary_list channels; /* The channels. */
  ivs_str next_token;                       /* Where the next page begins; absent or empty in the
                                               last page. At most 1024 characters. */
};

/* ListPlaybackKeyPairs */
struct ivs_list_playback_key_pairs_in {
  ivs_str next_token;  /* From the page before; absent: the first page. At most 1024 characters. */
  ivs_int max_results; /* Elements in a page. 1 to 100. */
};

struct ivs_list_playback_key_pairs_out {
  /* The key pairs. */
  struct ivs_playback_key_pair_summary_list key_pairs;
  ivs_str next_token; /* Where the next page begins; absent or empty in the last page. At most
                         1024 characters. */
};

/* ListPlaybackRestrictionPolicies */
struct ivs_list_playback_restriction_policies_in {
  ivs_str next_token;  /* From the page before; absent: the first page. At most 1024 characters. */
  ivs_int max_results; /* Elements in a page; default 1. 1 to 100. */
};

struct ivs_list_playback_restriction_policies_out {
  /* The policies. */
  struct ivs_playback_restriction_policy_summary_list playback_restriction_policies;
  ivs_str next_token; /* Where the next page begins; absent or empty in the last page. At most
                         1024 characters. */
};

/* ListRecordingConfigurations */
struct ivs_list_recording_configurations_in {
  ivs_str next_token;  /* From the page before; absent: the first page. At most 1024 characters. */
  ivs_int max_results; /* Elements in a page. 1 to 100. */
};

struct ivs_list_recording_configurations_out {
  /* The recording configurations. */
  struct ivs_recording_configuration_summary_list recording_configurations;
  ivs_str next_token; /* Where the next page begins; absent or empty in the last page. At most
                         1024 characters. */
};

/* ListStreamKeys */
struct ivs_list_stream_keys_in {
  ivs_str channel_arn; /* Required. ARN of the channel. 1 to 128 characters. */
  ivs_str next_token;  /* From the page before; absent: the first page. At most 1024 characters. */
  ivs_int max_results; /* Elements in a page; default 1. 1 to 50. */
};

struct ivs_list_stream_keys_out {
  /* The stream keys. */
  struct ivs_stream_key_summary_list stream_keys;
  ivs_str next_token; /* Where the next page begins; absent or empty in the last page. At most
                         1024 characters. */
};

/* ListStreamSessions */
struct ivs_list_stream_sessions_in {
  ivs_str channel_arn; /* Required. ARN of the channel. 1 to 128 characters. */
  ivs_str next_token;  /* From the page before; absent: the first page. At most 1024 characters. */
  ivs_int max_results; /* Elements in a page; default 100. 1 to 100. */
};

struct ivs_list_stream_sessions_out {
  /* The stream sessions. */
  struct ivs_stream_session_summary_list stream_sessions;
  ivs_str next_token; /* Where the next page begins; absent or empty in the last page. At most
                         1024 characters. */
};

/* ListStreams */
struct ivs_list_streams_in {
  struct ivs_stream_filters filter_by; /* Which streams to list. */
  ivs_str next_token;                  /* From the page before; absent: the first page. At most
                                          1024 characters. */
  ivs_int max_results;                 /* Elements in a page; default 100. 1 to 100. */
};

struct ivs_list_streams_out {
  struct ivs_stream_summary_list streams; /* The streams. */
  ivs_str next_token;                     /* Where the next page begins; absent or empty in the
                                             last page. At most 1024 characters. */
};

/* ListTagsForResource */
struct ivs_list_tags_for_resource_in {
  ivs_str resource_arn; /* Required. ARN of any resource. 1 to 128 characters. */
};

struct ivs_list_tags_for_resource_out {
  struct ivs_tags tags; /* Tags: names and values of your own. At most 50 tags, names 1 to 128
                           characters, values at most 256 characters. */
};

/* PutMetadata */
struct ivs_put_metadata_in {
  ivs_str channel_arn; /* Required. ARN of the channel. 1 to 128 characters. */
  ivs_str metadata;    /* Required. Text for the players, UTF-8; at most 1 KB. At least 1
                          character. Secret: never in a log. */
};

struct ivs_put_metadata_out {
  char unused;
};

/* StartViewerSessionRevocation */
struct ivs_start_viewer_session_revocation_in {
  ivs_str channel_arn; /* Required. ARN of the channel. 1 to 128 characters. */
  ivs_str viewer_id;   /* Required. ID of the viewer as in the token; not the person's name or
                          address. 1 to 40 characters. */
  /* Revokes sessions up to this version; default 0. 0 or more. */
  ivs_int viewer_session_versions_less_than_or_equal_to;
};

struct ivs_start_viewer_session_revocation_out {
  char unused;
};

/* StopStream */
struct ivs_stop_stream_in {
  ivs_str channel_arn; /* Required. ARN of the channel. 1 to 128 characters. */
};

struct ivs_stop_stream_out {
  char unused;
};

/* TagResource */
struct ivs_tag_resource_in {
  ivs_str resource_arn; /* Required. ARN of any resource. 1 to 128 characters. */
  struct ivs_tags tags; /* Required. Tags: names and values of your own. At most 50 tags, names 1
                           to 128 characters, values at most 256 characters. */
};

struct ivs_tag_resource_out {
  char unused;
};

/* UntagResource */
struct ivs_untag_resource_in {
  ivs_str resource_arn;         /* Required. ARN of any resource. 1 to 128 characters. */
  struct ivs_str_list tag_keys; /* Required. Names of the tags to remove. At most 50 elements, 1
                                   to 128 characters each. */
};

struct ivs_untag_resource_out {
  char unused;
};

/* UpdateAdConfiguration */
struct ivs_update_ad_configuration_in {
  ivs_str arn;  /* Required. ARN of this resource. At most 128 characters. */
  ivs_str name; /* Name, which need not be unique; default "". At most 128 characters. */
  /* Where ads come from; the first is the default, a viewer token may choose another. 1 to 3
     elements. */
  struct ivs_media_tailor_playback_configuration_list media_tailor_playback_configurations;
  /* Ads after the end; default: disabled. */
  struct ivs_post_roll_configuration post_roll_configuration;
};

struct ivs_update_ad_configuration_out {
  /* The ad configuration. */
  struct ivs_ad_configuration ad_configuration;
};

/* UpdateChannel */
struct ivs_update_channel_in {
  ivs_str arn;                             /* Required. ARN of this resource. 1 to 128
                                              characters. */
  ivs_str name;                            /* Name, which need not be unique; default "". At most
                                              128 characters. */
  ivs_str latency_mode;                    /* LOW (default): near real time; NORMAL: some seconds
                                              more. NORMAL, LOW (IVS_LATENCY_MODE_...). */
  ivs_str type;                            /* Kind of channel, which sets bitrate, resolution and
                                              transcoding; default STANDARD. BASIC, STANDARD,
                                              ADVANCED_SD, ADVANCED_HD (IVS_CHANNEL_TYPE_...). */
  ivs_bool authorized;                     /* Whether viewers need a signed token; default false. */
  ivs_str recording_configuration_arn;     /* Recording configuration of the channel; ""
                                              (default): no recording. At most 128 characters. */
  ivs_bool insecure_ingest;                /* Whether RTMP and SRT without encryption are
                                              accepted; default false. */
  ivs_str preset;                          /* Bitrates of the transcoded renditions; default
                                              HIGHER_BANDWIDTH_DELIVERY for ADVANCED_HD and
                                              ADVANCED_SD, "" for other types.
                                              HIGHER_BANDWIDTH_DELIVERY,
                                              CONSTRAINED_BANDWIDTH_DELIVERY
                                              (IVS_TRANSCODE_PRESET_...). */
  ivs_str playback_restriction_policy_arn; /* Playback restriction policy of the channel; ""
                                              (default): none. At most 128 characters. */
  /* Whether the encoder may send several renditions. */
  struct ivs_multitrack_input_configuration multitrack_input_configuration;
  ivs_str container_format;                /* How the service packs the video for players;
                                              default TS. TS, FRAGMENTED_MP4
                                              (IVS_CONTAINER_FORMAT_...). */
  ivs_str ad_configuration_arn;            /* Ad configuration of the channel; "" (default):
                                              none. At most 128 characters. */
};

struct ivs_update_channel_out {
  struct ivs_channel channel; /* The channel. */
};

/* UpdatePlaybackRestrictionPolicy */
struct ivs_update_playback_restriction_policy_in {
  ivs_str arn;                               /* Required. ARN of this resource. 1 to 128
                                                characters. */
  struct ivs_str_list allowed_countries;     /* ISO 3166-1 codes of two letters; none (default):
                                                every country. 2 characters each. */
  struct ivs_str_list allowed_origins;       /* Origins as in the HTTP header, such as
                                                https://example.com; none (default): every site.
                                                At most 128 characters each. */
  ivs_bool enable_strict_origin_enforcement; /* Whether playback is held strictly to
                                                allowedOrigins; default false. */
  ivs_str name;                              /* Name, which need not be unique; default "". At
                                                most 128 characters. */
};

struct ivs_update_playback_restriction_policy_out {
  /* The policy. */
  struct ivs_playback_restriction_policy playback_restriction_policy;
};

/* Sizes: see the head of this file. */
#define IVS_TAGS_MAX 77101
#define IVS_BATCH_GET_CHANNEL_REQUEST_MAX 6560
#define IVS_BATCH_GET_CHANNEL_ELEMENT_MAX (1085 + 24 * IVS_UNBOUNDED_STRING)
#define IVS_BATCH_GET_STREAM_KEY_REQUEST_MAX 6560
#define IVS_BATCH_GET_STREAM_KEY_ELEMENT_MAX (293 + 6 * IVS_UNBOUNDED_STRING)
#define IVS_BATCH_START_VIEWER_SESSION_REVOCATION_REQUEST_MAX 9240
#define IVS_BATCH_START_VIEWER_SESSION_REVOCATION_ELEMENT_MAX (422 + 12 * IVS_UNBOUNDED_STRING)
#define IVS_CREATE_AD_CONFIGURATION_REQUEST_MAX (729 + IVS_TAGS_MAX)
#define IVS_CREATE_CHANNEL_REQUEST_MAX (881 + IVS_TAGS_MAX)
#define IVS_CREATE_PLAYBACK_RESTRICTION_POLICY_REQUEST_MAX \
  (225 + IVS_TAGS_MAX + 786 * IVS_UNBOUNDED_ITEMS)
#define IVS_CREATE_RECORDING_CONFIGURATION_REQUEST_MAX \
  (498 + IVS_TAGS_MAX + 33 * IVS_UNBOUNDED_ITEMS)
#define IVS_CREATE_STREAM_KEY_REQUEST_MAX (153 + IVS_TAGS_MAX)
#define IVS_DELETE_AD_CONFIGURATION_REQUEST_MAX 138
#define IVS_DELETE_CHANNEL_REQUEST_MAX 138
#define IVS_DELETE_PLAYBACK_KEY_PAIR_REQUEST_MAX 138
#define IVS_DELETE_PLAYBACK_RESTRICTION_POLICY_REQUEST_MAX 138
#define IVS_DELETE_RECORDING_CONFIGURATION_REQUEST_MAX 138
#define IVS_DELETE_STREAM_KEY_REQUEST_MAX 138
#define IVS_GET_AD_CONFIGURATION_REQUEST_MAX 138
#define IVS_GET_CHANNEL_REQUEST_MAX 138
#define IVS_GET_PLAYBACK_KEY_PAIR_REQUEST_MAX 138
#define IVS_GET_PLAYBACK_RESTRICTION_POLICY_REQUEST_MAX 138
#define IVS_GET_RECORDING_CONFIGURATION_REQUEST_MAX 138
#define IVS_GET_STREAM_REQUEST_MAX 145
#define IVS_GET_STREAM_KEY_REQUEST_MAX 138
#define IVS_GET_STREAM_SESSION_REQUEST_MAX 185
#define IVS_IMPORT_PLAYBACK_KEY_PAIR_REQUEST_MAX (170 + IVS_TAGS_MAX + 6 * IVS_UNBOUNDED_STRING)
#define IVS_INSERT_AD_BREAK_REQUEST_MAX 167
#define IVS_LIST_AD_CONFIGURATIONS_REQUEST_MAX 1057
#define IVS_LIST_AD_CONFIGURATIONS_ELEMENT_MAX 858
#define IVS_LIST_CHANNELS_REQUEST_MAX 1700
#define IVS_LIST_CHANNELS_ELEMENT_MAX 877
#define IVS_LIST_PLAYBACK_KEY_PAIRS_REQUEST_MAX 1057
#define IVS_LIST_PLAYBACK_KEY_PAIRS_ELEMENT_MAX 276
#define IVS_LIST_PLAYBACK_RESTRICTION_POLICIES_REQUEST_MAX 1057
#define IVS_LIST_PLAYBACK_RESTRICTION_POLICIES_ELEMENT_MAX (354 + 786 * IVS_UNBOUNDED_ITEMS)
#define IVS_LIST_RECORDING_CONFIGURATIONS_REQUEST_MAX 1057
#define IVS_LIST_RECORDING_CONFIGURATIONS_ELEMENT_MAX 415
#define IVS_LIST_STREAM_KEYS_REQUEST_MAX 1200
#define IVS_LIST_STREAM_KEYS_ELEMENT_MAX 282
#define IVS_LIST_STREAM_SESSIONS_REQUEST_MAX 1201
#define IVS_LIST_STREAM_SESSIONS_ELEMENT_MAX 151
#define IVS_LIST_STREAMS_REQUEST_MAX 1090
#define IVS_LIST_STREAMS_ELEMENT_MAX 303
#define IVS_LIST_TAGS_FOR_RESOURCE_REQUEST_MAX 146
#define IVS_PUT_METADATA_REQUEST_MAX (159 + 6 * IVS_UNBOUNDED_STRING)
#define IVS_START_VIEWER_SESSION_REVOCATION_REQUEST_MAX 460
#define IVS_STOP_STREAM_REQUEST_MAX 145
#define IVS_TAG_RESOURCE_REQUEST_MAX (155 + IVS_TAGS_MAX)
#define IVS_UNTAG_RESOURCE_REQUEST_MAX 77396
#define IVS_UPDATE_AD_CONFIGURATION_REQUEST_MAX 858
#define IVS_UPDATE_CHANNEL_REQUEST_MAX 1010
#define IVS_UPDATE_PLAYBACK_RESTRICTION_POLICY_REQUEST_MAX (354 + 786 * IVS_UNBOUNDED_ITEMS)

#ifdef __cplusplus
}
#endif

#endif
