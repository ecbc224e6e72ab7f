/* Generated from core/model/ by scripts/generate.py: change that and run this, never edit here. */
/*
 * The API as data. The format is in <ivs/model.h>.
 *
 * Type 0 stands for requests and answers without members. Its size is 0: such a struct is neither
 * read nor written, and may be NULL.
 */
#include <ivs/types.h>

_Static_assert(sizeof(struct ivs_field) == 6, "ivs_field has padding");
_Static_assert(sizeof(struct ivs_type) == 4, "ivs_type has padding");
_Static_assert(sizeof(struct ivs_op) == 4, "ivs_op has padding");

/* Where the names of members in ivs_member_names begin. */
enum {
  N_endpoint = 0,
  N_passphrase = 8,
  N_enabled = 18,
  N_policy = 25,
  N_maximumResolution = 31,
  N_arn = 914,
  N_name = 48,
  N_latencyMode = 52,
  N_type = 63,
  N_recordingConfigurationArn = 67,
  N_ingestEndpoint = 92,
  N_playbackUrl = 106,
  N_authorized = 117,
  N_tags = 127,
  N_insecureIngest = 131,
  N_preset = 145,
  N_srt = 151,
  N_playbackRestrictionPolicyArn = 154,
  N_multitrackInputConfiguration = 182,
  N_containerFormat = 210,
  N_adConfigurationArn = 225,
  N_code = 721,
  N_message = 243,
  N_value = 250,
  N_channelArn = 255,
  N_viewerId = 265,
  N_viewerSessionVersionsLessThanOrEqualTo = 273,
  N_playbackConfigurationArn = 311,
  N_durationSeconds = 335,
  N_mediaTailorPlaybackConfigurations = 350,
  N_postRollConfiguration = 383,
  N_allowedCountries = 404,
  N_allowedOrigins = 420,
  N_enableStrictOriginEnforcement = 434,
  N_bucketName = 463,
  N_s3 = 473,
  N_recordingMode = 475,
  N_targetIntervalSeconds = 488,
  N_resolution = 509,
  N_storage = 519,
  N_renditionSelection = 526,
  N_renditions = 544,
  N_destinationConfiguration = 554,
  N_state = 578,
  N_thumbnailConfiguration = 583,
  N_recordingReconnectWindowSeconds = 605,
  N_renditionConfiguration = 636,
  N_fingerprint = 658,
  N_streamId = 669,
  N_startTime = 677,
  N_health = 686,
  N_viewerCount = 692,
  N_avcProfile = 703,
  N_avcLevel = 713,
  N_codec = 721,
  N_encoder = 726,
  N_targetBitrate = 733,
  N_targetFramerate = 746,
  N_videoHeight = 761,
  N_videoWidth = 772,
  N_level = 782,
  N_track = 187,
  N_profile = 787,
  N_sampleRate = 794,
  N_channels = 804,
  N_video = 761,
  N_audio = 831,
  N_videoConfigurations = 812,
  N_audioConfigurations = 831,
  N_eventTime = 850,
  N_endTime = 859,
  N_channel = 255,
  N_ingestConfiguration = 866,
  N_ingestConfigurations = 866,
  N_recordingConfiguration = 67,
  N_truncatedEvents = 886,
  N_hasErrorEvent = 901,
  N_arns = 914,
  N_errors = 918,
  N_streamKeys = 924,
  N_viewerSessions = 934,
  N_adConfiguration = 225,
  N_streamKey = 924,
  N_playbackRestrictionPolicy = 154,
  N_keyPair = 1116,
  N_stream = 669,
  N_streamSession = 1174,
  N_publicKeyMaterial = 948,
  N_adBreakId = 965,
  N_nextToken = 974,
  N_maxResults = 983,
  N_adConfigurations = 993,
  N_filterByName = 1009,
  N_filterByRecordingConfigurationArn = 1021,
  N_filterByPlaybackRestrictionPolicyArn = 1054,
  N_filterByAdConfigurationArn = 1090,
  N_keyPairs = 1116,
  N_playbackRestrictionPolicies = 1124,
  N_recordingConfigurations = 1151,
  N_streamSessions = 1174,
  N_filterBy = 1009,
  N_streams = 1188,
  N_resourceArn = 1195,
  N_metadata = 1206,
  N_tagKeys = 1214
};

/* Where the names of operations in ivs_op_names begin. */
enum {
  N_BatchGetChannel = 0,
  N_BatchGetStreamKey = 16,
  N_BatchStartViewerSessionRevocation = 34,
  N_CreateAdConfiguration = 68,
  N_CreateChannel = 90,
  N_CreatePlaybackRestrictionPolicy = 104,
  N_CreateRecordingConfiguration = 136,
  N_CreateStreamKey = 165,
  N_DeleteAdConfiguration = 181,
  N_DeleteChannel = 203,
  N_DeletePlaybackKeyPair = 217,
  N_DeletePlaybackRestrictionPolicy = 239,
  N_DeleteRecordingConfiguration = 271,
  N_DeleteStreamKey = 300,
  N_GetAdConfiguration = 316,
  N_GetChannel = 335,
  N_GetPlaybackKeyPair = 346,
  N_GetPlaybackRestrictionPolicy = 365,
  N_GetRecordingConfiguration = 394,
  N_GetStream = 420,
  N_GetStreamKey = 430,
  N_GetStreamSession = 443,
  N_ImportPlaybackKeyPair = 460,
  N_InsertAdBreak = 482,
  N_ListAdConfigurations = 496,
  N_ListChannels = 517,
  N_ListPlaybackKeyPairs = 530,
  N_ListPlaybackRestrictionPolicies = 551,
  N_ListRecordingConfigurations = 583,
  N_ListStreamKeys = 611,
  N_ListStreamSessions = 626,
  N_ListStreams = 645,
  N_ListTagsForResource = 657,
  N_PutMetadata = 677,
  N_StartViewerSessionRevocation = 689,
  N_StopStream = 718,
  N_TagResource = 729,
  N_UntagResource = 741,
  N_UpdateAdConfiguration = 755,
  N_UpdateChannel = 777,
  N_UpdatePlaybackRestrictionPolicy = 791
};

/* Those that are part of another lie in it. */
const char ivs_member_names[] =
  "endpoint"
  "passphrase"
  "enabled"
  "policy"
  "maximumResolution"
  "name"
  "latencyMode"
  "type"
  "recordingConfigurationArn"
  "ingestEndpoint"
  "playbackUrl"
  "authorized"
  "tags"
  "insecureIngest"
  "preset"
  "srt"
  "playbackRestrictionPolicyArn"
  "multitrackInputConfiguration"
  "containerFormat"
  "adConfigurationArn"
  "message"
  "value"
  "channelArn"
  "viewerId"
  "viewerSessionVersionsLessThanOrEqualTo"
  "playbackConfigurationArn"
  "durationSeconds"
  "mediaTailorPlaybackConfigurations"
  "postRollConfiguration"
  "allowedCountries"
  "allowedOrigins"
  "enableStrictOriginEnforcement"
  "bucketName"
  "s3"
  "recordingMode"
  "targetIntervalSeconds"
  "resolution"
  "storage"
  "renditionSelection"
  "renditions"
  "destinationConfiguration"
  "state"
  "thumbnailConfiguration"
  "recordingReconnectWindowSeconds"
  "renditionConfiguration"
  "fingerprint"
  "streamId"
  "startTime"
  "health"
  "viewerCount"
  "avcProfile"
  "avcLevel"
  "codec"
  "encoder"
  "targetBitrate"
  "targetFramerate"
  "videoHeight"
  "videoWidth"
  "level"
  "profile"
  "sampleRate"
  "channels"
  "videoConfigurations"
  "audioConfigurations"
  "eventTime"
  "endTime"
  "ingestConfigurations"
  "truncatedEvents"
  "hasErrorEvent"
  "arns"
  "errors"
  "streamKeys"
  "viewerSessions"
  "publicKeyMaterial"
  "adBreakId"
  "nextToken"
  "maxResults"
  "adConfigurations"
  "filterByName"
  "filterByRecordingConfigurationArn"
  "filterByPlaybackRestrictionPolicyArn"
  "filterByAdConfigurationArn"
  "keyPairs"
  "playbackRestrictionPolicies"
  "recordingConfigurations"
  "streamSessions"
  "streams"
  "resourceArn"
  "metadata"
  "tagKeys";

const char ivs_op_names[] =
  "\017" "BatchGetChannel"
  "\021" "BatchGetStreamKey"
  "\041" "BatchStartViewerSessionRevocation"
  "\025" "CreateAdConfiguration"
  "\015" "CreateChannel"
  "\037" "CreatePlaybackRestrictionPolicy"
  "\034" "CreateRecordingConfiguration"
  "\017" "CreateStreamKey"
  "\025" "DeleteAdConfiguration"
  "\015" "DeleteChannel"
  "\025" "DeletePlaybackKeyPair"
  "\037" "DeletePlaybackRestrictionPolicy"
  "\034" "DeleteRecordingConfiguration"
  "\017" "DeleteStreamKey"
  "\022" "GetAdConfiguration"
  "\012" "GetChannel"
  "\022" "GetPlaybackKeyPair"
  "\034" "GetPlaybackRestrictionPolicy"
  "\031" "GetRecordingConfiguration"
  "\011" "GetStream"
  "\014" "GetStreamKey"
  "\020" "GetStreamSession"
  "\025" "ImportPlaybackKeyPair"
  "\015" "InsertAdBreak"
  "\024" "ListAdConfigurations"
  "\014" "ListChannels"
  "\024" "ListPlaybackKeyPairs"
  "\037" "ListPlaybackRestrictionPolicies"
  "\033" "ListRecordingConfigurations"
  "\016" "ListStreamKeys"
  "\022" "ListStreamSessions"
  "\013" "ListStreams"
  "\023" "ListTagsForResource"
  "\013" "PutMetadata"
  "\034" "StartViewerSessionRevocation"
  "\012" "StopStream"
  "\013" "TagResource"
  "\015" "UntagResource"
  "\025" "UpdateAdConfiguration"
  "\015" "UpdateChannel"
  "\037" "UpdatePlaybackRestrictionPolicy";

#define FIELD(wire, type, member, kind, flags, of, limit) \
  {flags, N_##wire, limit, offsetof(struct ivs_##type, member), IVS_K_##kind, sizeof(#wire) - 1, of}

/* Structs that begin with the same members share the records of these. */
const struct ivs_field ivs_fields[] = {
  /* struct ivs_srt */
  FIELD(endpoint, srt, endpoint, STR, 0, 0, 0),
  FIELD(passphrase, srt, passphrase, STR, IVS_F_SENSITIVE, 0, 0),
  /* struct ivs_multitrack_input_configuration */
  FIELD(enabled, multitrack_input_configuration, enabled, BOOL, 0, 0, 0),
  FIELD(policy, multitrack_input_configuration, policy, STR, 0, 0, 0),
  FIELD(maximumResolution, multitrack_input_configuration, maximum_resolution, STR, 0, 0, 0),
  /* struct ivs_channel */
  FIELD(arn, channel, arn, STR, IVS_F_ARN, 0, 13),
  FIELD(name, channel, name, STR, 0, 0, 2),
  FIELD(latencyMode, channel, latency_mode, STR, 0, 0, 0),
  FIELD(type, channel, type, STR, 0, 0, 0),
  FIELD(recordingConfigurationArn, channel, recording_configuration_arn, STR, IVS_F_ARN, 0, 2),
  FIELD(ingestEndpoint, channel, ingest_endpoint, STR, 0, 0, 0),
  FIELD(playbackUrl, channel, playback_url, STR, 0, 0, 0),
  FIELD(authorized, channel, authorized, BOOL, 0, 0, 0),
  FIELD(tags, channel, tags, MAP, 0, 20, 1),
  FIELD(insecureIngest, channel, insecure_ingest, BOOL, 0, 0, 0),
  FIELD(preset, channel, preset, STR, 0, 0, 0),
  FIELD(srt, channel, srt, STRUCT, 0, 1, 0),
  FIELD(playbackRestrictionPolicyArn, channel, playback_restriction_policy_arn, STR, IVS_F_ARN, 0,
        2),
  FIELD(multitrackInputConfiguration, channel, multitrack_input_configuration, STRUCT, 0, 2, 0),
  FIELD(containerFormat, channel, container_format, STR, 0, 0, 0),
  FIELD(adConfigurationArn, channel, ad_configuration_arn, STR, IVS_F_ARN, 0, 2),
  /* struct ivs_batch_error */
  FIELD(arn, batch_error, arn, STR, IVS_F_ARN, 0, 13),
  FIELD(code, batch_error, code, STR, 0, 0, 0),
  FIELD(message, batch_error, message, STR, 0, 0, 0),
  /* struct ivs_stream_key */
  FIELD(arn, stream_key, arn, STR, IVS_F_ARN, 0, 13),
  FIELD(value, stream_key, value, STR, IVS_F_SENSITIVE, 0, 0),
  FIELD(channelArn, stream_key, channel_arn, STR, IVS_F_ARN, 0, 13),
  FIELD(tags, stream_key, tags, MAP, 0, 20, 1),
  /* struct ivs_batch_start_viewer_session_revocation_viewer_session */
  FIELD(channelArn, batch_start_viewer_session_revocation_viewer_session, channel_arn, STR,
        IVS_F_REQUIRED | IVS_F_ARN, 0, 13),
  FIELD(viewerId, batch_start_viewer_session_revocation_viewer_session, viewer_id, STR,
        IVS_F_REQUIRED, 0, 9),
  FIELD(viewerSessionVersionsLessThanOrEqualTo,
        batch_start_viewer_session_revocation_viewer_session,
        viewer_session_versions_less_than_or_equal_to, INT, 0, 0, 6),
  /* struct ivs_batch_start_viewer_session_revocation_error */
  FIELD(channelArn, batch_start_viewer_session_revocation_error, channel_arn, STR,
        IVS_F_REQUIRED | IVS_F_ARN, 0, 13),
  FIELD(viewerId, batch_start_viewer_session_revocation_error, viewer_id, STR, IVS_F_REQUIRED, 0,
        9),
  FIELD(code, batch_start_viewer_session_revocation_error, code, STR, 0, 0, 0),
  FIELD(message, batch_start_viewer_session_revocation_error, message, STR, 0, 0, 0),
  /* struct ivs_media_tailor_playback_configuration */
  FIELD(playbackConfigurationArn, media_tailor_playback_configuration, playback_configuration_arn,
        STR, IVS_F_ARN, 0, 2),
  /* struct ivs_post_roll_configuration */
  FIELD(durationSeconds, post_roll_configuration, duration_seconds, INT, IVS_F_REQUIRED, 0, 14),
  FIELD(enabled, post_roll_configuration, enabled, BOOL, IVS_F_REQUIRED, 0, 0),
  /* struct ivs_ad_configuration */
  FIELD(arn, ad_configuration, arn, STR, IVS_F_REQUIRED | IVS_F_ARN, 0, 2),
  FIELD(name, ad_configuration, name, STR, 0, 0, 2),
  FIELD(mediaTailorPlaybackConfigurations, ad_configuration, media_tailor_playback_configurations,
        LIST, IVS_F_REQUIRED, 8, 7),
  FIELD(postRollConfiguration, ad_configuration, post_roll_configuration, STRUCT, 0, 9, 0),
  FIELD(tags, ad_configuration, tags, MAP, 0, 20, 1),
  /* struct ivs_playback_restriction_policy */
  FIELD(arn, playback_restriction_policy, arn, STR, IVS_F_REQUIRED | IVS_F_ARN, 0, 13),
  FIELD(allowedCountries, playback_restriction_policy, allowed_countries, STRS, IVS_F_REQUIRED, 16,
        0),
  FIELD(allowedOrigins, playback_restriction_policy, allowed_origins, STRS, IVS_F_REQUIRED, 2, 0),
  FIELD(enableStrictOriginEnforcement, playback_restriction_policy,
        enable_strict_origin_enforcement, BOOL, 0, 0, 0),
  FIELD(name, playback_restriction_policy, name, STR, 0, 0, 2),
  FIELD(tags, playback_restriction_policy, tags, MAP, 0, 20, 1),
  /* struct ivs_s3_destination_configuration */
  FIELD(bucketName, s3_destination_configuration, bucket_name, STR, IVS_F_REQUIRED, 0, 17),
  /* struct ivs_destination_configuration */
  FIELD(s3, destination_configuration, s3, STRUCT, 0, 12, 0),
  /* struct ivs_thumbnail_configuration */
  FIELD(recordingMode, thumbnail_configuration, recording_mode, STR, 0, 0, 0),
  FIELD(targetIntervalSeconds, thumbnail_configuration, target_interval_seconds, INT, 0, 0, 11),
  FIELD(resolution, thumbnail_configuration, resolution, STR, 0, 0, 0),
  FIELD(storage, thumbnail_configuration, storage, STRS, 0, 0, 0),
  /* struct ivs_rendition_configuration */
  FIELD(renditionSelection, rendition_configuration, rendition_selection, STR, 0, 0, 0),
  FIELD(renditions, rendition_configuration, renditions, STRS, 0, 0, 0),
  /* struct ivs_recording_configuration */
  FIELD(arn, recording_configuration, arn, STR, IVS_F_REQUIRED | IVS_F_ARN, 0, 2),
  FIELD(name, recording_configuration, name, STR, 0, 0, 2),
  FIELD(destinationConfiguration, recording_configuration, destination_configuration, STRUCT,
        IVS_F_REQUIRED, 13, 0),
  FIELD(state, recording_configuration, state, STR, IVS_F_REQUIRED, 0, 0),
  FIELD(tags, recording_configuration, tags, MAP, 0, 20, 1),
  FIELD(thumbnailConfiguration, recording_configuration, thumbnail_configuration, STRUCT, 0, 14, 0),
  FIELD(recordingReconnectWindowSeconds, recording_configuration,
        recording_reconnect_window_seconds, INT, 0, 0, 3),
  FIELD(renditionConfiguration, recording_configuration, rendition_configuration, STRUCT, 0, 15, 0),
  /* struct ivs_playback_key_pair */
  FIELD(arn, playback_key_pair, arn, STR, IVS_F_ARN, 0, 13),
  FIELD(name, playback_key_pair, name, STR, 0, 0, 2),
  FIELD(fingerprint, playback_key_pair, fingerprint, STR, 0, 0, 0),
  FIELD(tags, playback_key_pair, tags, MAP, 0, 20, 1),
  /* struct ivs_stream */
  FIELD(channelArn, stream, channel_arn, STR, IVS_F_ARN, 0, 13),
  FIELD(streamId, stream, stream_id, STR, 0, 0, 19),
  FIELD(playbackUrl, stream, playback_url, STR, 0, 0, 0),
  FIELD(startTime, stream, start_time, TIME, 0, 0, 0),
  FIELD(state, stream, state, STR, 0, 0, 0),
  FIELD(health, stream, health, STR, 0, 0, 0),
  FIELD(viewerCount, stream, viewer_count, INT, 0, 0, 0),
  /* struct ivs_video_configuration */
  FIELD(avcProfile, video_configuration, avc_profile, STR, 0, 0, 0),
  FIELD(avcLevel, video_configuration, avc_level, STR, 0, 0, 0),
  FIELD(codec, video_configuration, codec, STR, 0, 0, 0),
  FIELD(encoder, video_configuration, encoder, STR, 0, 0, 0),
  FIELD(targetBitrate, video_configuration, target_bitrate, INT, 0, 0, 0),
  FIELD(targetFramerate, video_configuration, target_framerate, INT, 0, 0, 0),
  FIELD(videoHeight, video_configuration, video_height, INT, 0, 0, 0),
  FIELD(videoWidth, video_configuration, video_width, INT, 0, 0, 0),
  FIELD(level, video_configuration, level, STR, 0, 0, 0),
  FIELD(track, video_configuration, track, STR, 0, 0, 0),
  FIELD(profile, video_configuration, profile, STR, 0, 0, 0),
  /* struct ivs_audio_configuration */
  FIELD(codec, audio_configuration, codec, STR, 0, 0, 0),
  FIELD(targetBitrate, audio_configuration, target_bitrate, INT, 0, 0, 0),
  FIELD(sampleRate, audio_configuration, sample_rate, INT, 0, 0, 0),
  FIELD(channels, audio_configuration, channels, INT, 0, 0, 0),
  FIELD(track, audio_configuration, track, STR, 0, 0, 0),
  /* struct ivs_ingest_configuration */
  FIELD(video, ingest_configuration, video, STRUCT, 0, 19, 0),
  FIELD(audio, ingest_configuration, audio, STRUCT, 0, 20, 0),
  /* struct ivs_ingest_configurations */
  FIELD(videoConfigurations, ingest_configurations, video_configurations, LIST, IVS_F_REQUIRED, 19,
        0),
  FIELD(audioConfigurations, ingest_configurations, audio_configurations, LIST, IVS_F_REQUIRED, 20,
        0),
  /* struct ivs_stream_event */
  FIELD(name, stream_event, name, STR, 0, 0, 0),
  FIELD(type, stream_event, type, STR, 0, 0, 0),
  FIELD(eventTime, stream_event, event_time, TIME, 0, 0, 0),
  FIELD(code, stream_event, code, STR, 0, 0, 0),
  /* struct ivs_stream_session */
  FIELD(streamId, stream_session, stream_id, STR, 0, 0, 19),
  FIELD(startTime, stream_session, start_time, TIME, 0, 0, 0),
  FIELD(endTime, stream_session, end_time, TIME, 0, 0, 0),
  FIELD(channel, stream_session, channel, STRUCT, 0, 3, 0),
  FIELD(ingestConfiguration, stream_session, ingest_configuration, STRUCT, 0, 21, 0),
  FIELD(ingestConfigurations, stream_session, ingest_configurations, STRUCT, 0, 22, 0),
  FIELD(recordingConfiguration, stream_session, recording_configuration, STRUCT, 0, 16, 0),
  FIELD(truncatedEvents, stream_session, truncated_events, LIST, 0, 23, 4),
  /* struct ivs_channel_summary */
  FIELD(arn, channel_summary, arn, STR, IVS_F_ARN, 0, 13),
  FIELD(name, channel_summary, name, STR, 0, 0, 2),
  FIELD(latencyMode, channel_summary, latency_mode, STR, 0, 0, 0),
  FIELD(authorized, channel_summary, authorized, BOOL, 0, 0, 0),
  FIELD(recordingConfigurationArn, channel_summary, recording_configuration_arn, STR, IVS_F_ARN, 0,
        2),
  FIELD(tags, channel_summary, tags, MAP, 0, 20, 1),
  FIELD(insecureIngest, channel_summary, insecure_ingest, BOOL, 0, 0, 0),
  FIELD(type, channel_summary, type, STR, 0, 0, 0),
  FIELD(preset, channel_summary, preset, STR, 0, 0, 0),
  FIELD(playbackRestrictionPolicyArn, channel_summary, playback_restriction_policy_arn, STR,
        IVS_F_ARN, 0, 2),
  FIELD(adConfigurationArn, channel_summary, ad_configuration_arn, STR, IVS_F_ARN, 0, 2),
  /* struct ivs_playback_key_pair_summary */
  FIELD(arn, playback_key_pair_summary, arn, STR, IVS_F_ARN, 0, 13),
  FIELD(name, playback_key_pair_summary, name, STR, 0, 0, 2),
  FIELD(tags, playback_key_pair_summary, tags, MAP, 0, 20, 1),
  /* struct ivs_stream_key_summary */
  FIELD(arn, stream_key_summary, arn, STR, IVS_F_ARN, 0, 13),
  FIELD(channelArn, stream_key_summary, channel_arn, STR, IVS_F_ARN, 0, 13),
  FIELD(tags, stream_key_summary, tags, MAP, 0, 20, 1),
  /* struct ivs_stream_session_summary */
  FIELD(streamId, stream_session_summary, stream_id, STR, 0, 0, 19),
  FIELD(startTime, stream_session_summary, start_time, TIME, 0, 0, 0),
  FIELD(endTime, stream_session_summary, end_time, TIME, 0, 0, 0),
  FIELD(hasErrorEvent, stream_session_summary, has_error_event, BOOL, 0, 0, 0),
  /* struct ivs_stream_filters */
  FIELD(health, stream_filters, health, STR, 0, 0, 0),
  /* struct ivs_stream_summary */
  FIELD(channelArn, stream_summary, channel_arn, STR, IVS_F_ARN, 0, 13),
  FIELD(streamId, stream_summary, stream_id, STR, 0, 0, 19),
  FIELD(state, stream_summary, state, STR, 0, 0, 0),
  FIELD(health, stream_summary, health, STR, 0, 0, 0),
  FIELD(viewerCount, stream_summary, viewer_count, INT, 0, 0, 0),
  FIELD(startTime, stream_summary, start_time, TIME, 0, 0, 0),
  /* struct ivs_batch_get_channel_in */
  FIELD(arns, batch_get_channel_in, arns, STRS, IVS_F_REQUIRED | IVS_F_ARN, 13, 10),
  /* struct ivs_batch_get_channel_out */
  FIELD(channels, batch_get_channel_out, channels, LIST, 0, 3, 0),
  FIELD(errors, batch_get_channel_out, errors, LIST, 0, 4, 0),
  /* struct ivs_batch_get_stream_key_out */
  FIELD(streamKeys, batch_get_stream_key_out, stream_keys, LIST, 0, 5, 0),
  FIELD(errors, batch_get_stream_key_out, errors, LIST, 0, 4, 0),
  /* struct ivs_batch_start_viewer_session_revocation_in */
  FIELD(viewerSessions, batch_start_viewer_session_revocation_in, viewer_sessions, LIST,
        IVS_F_REQUIRED, 6, 8),
  /* struct ivs_batch_start_viewer_session_revocation_out */
  FIELD(errors, batch_start_viewer_session_revocation_out, errors, LIST, 0, 7, 0),
  /* struct ivs_create_ad_configuration_in */
  FIELD(name, create_ad_configuration_in, name, STR, 0, 0, 2),
  FIELD(mediaTailorPlaybackConfigurations, create_ad_configuration_in,
        media_tailor_playback_configurations, LIST, IVS_F_REQUIRED, 8, 7),
  FIELD(postRollConfiguration, create_ad_configuration_in, post_roll_configuration, STRUCT, 0, 9,
        0),
  FIELD(tags, create_ad_configuration_in, tags, MAP, 0, 20, 1),
  /* struct ivs_create_ad_configuration_out */
  FIELD(adConfiguration, create_ad_configuration_out, ad_configuration, STRUCT, IVS_F_REQUIRED, 10,
        0),
  /* struct ivs_create_channel_in */
  FIELD(name, create_channel_in, name, STR, 0, 0, 2),
  FIELD(latencyMode, create_channel_in, latency_mode, STR, 0, 0, 0),
  FIELD(type, create_channel_in, type, STR, 0, 0, 0),
  FIELD(authorized, create_channel_in, authorized, BOOL, 0, 0, 0),
  FIELD(recordingConfigurationArn, create_channel_in, recording_configuration_arn, STR, IVS_F_ARN,
        0, 2),
  FIELD(tags, create_channel_in, tags, MAP, 0, 20, 1),
  FIELD(insecureIngest, create_channel_in, insecure_ingest, BOOL, 0, 0, 0),
  FIELD(preset, create_channel_in, preset, STR, 0, 0, 0),
  FIELD(playbackRestrictionPolicyArn, create_channel_in, playback_restriction_policy_arn, STR,
        IVS_F_ARN, 0, 2),
  FIELD(multitrackInputConfiguration, create_channel_in, multitrack_input_configuration, STRUCT, 0,
        2, 0),
  FIELD(containerFormat, create_channel_in, container_format, STR, 0, 0, 0),
  FIELD(adConfigurationArn, create_channel_in, ad_configuration_arn, STR, IVS_F_ARN, 0, 2),
  /* struct ivs_create_channel_out */
  FIELD(channel, create_channel_out, channel, STRUCT, 0, 3, 0),
  FIELD(streamKey, create_channel_out, stream_key, STRUCT, 0, 5, 0),
  /* struct ivs_create_playback_restriction_policy_in */
  FIELD(allowedCountries, create_playback_restriction_policy_in, allowed_countries, STRS, 0, 16, 0),
  FIELD(allowedOrigins, create_playback_restriction_policy_in, allowed_origins, STRS, 0, 2, 0),
  FIELD(enableStrictOriginEnforcement, create_playback_restriction_policy_in,
        enable_strict_origin_enforcement, BOOL, 0, 0, 0),
  FIELD(name, create_playback_restriction_policy_in, name, STR, 0, 0, 2),
  FIELD(tags, create_playback_restriction_policy_in, tags, MAP, 0, 20, 1),
  /* struct ivs_create_playback_restriction_policy_out */
  FIELD(playbackRestrictionPolicy, create_playback_restriction_policy_out,
        playback_restriction_policy, STRUCT, 0, 11, 0),
  /* struct ivs_create_recording_configuration_in */
  FIELD(name, create_recording_configuration_in, name, STR, 0, 0, 2),
  FIELD(destinationConfiguration, create_recording_configuration_in, destination_configuration,
        STRUCT, IVS_F_REQUIRED, 13, 0),
  FIELD(tags, create_recording_configuration_in, tags, MAP, 0, 20, 1),
  FIELD(thumbnailConfiguration, create_recording_configuration_in, thumbnail_configuration, STRUCT,
        0, 14, 0),
  FIELD(recordingReconnectWindowSeconds, create_recording_configuration_in,
        recording_reconnect_window_seconds, INT, 0, 0, 3),
  FIELD(renditionConfiguration, create_recording_configuration_in, rendition_configuration, STRUCT,
        0, 15, 0),
  /* struct ivs_create_recording_configuration_out */
  FIELD(recordingConfiguration, create_recording_configuration_out, recording_configuration, STRUCT,
        0, 16, 0),
  /* struct ivs_create_stream_key_in */
  FIELD(channelArn, create_stream_key_in, channel_arn, STR, IVS_F_REQUIRED | IVS_F_ARN, 0, 13),
  FIELD(tags, create_stream_key_in, tags, MAP, 0, 20, 1),
  /* struct ivs_create_stream_key_out */
  FIELD(streamKey, create_stream_key_out, stream_key, STRUCT, 0, 5, 0),
  /* struct ivs_get_ad_configuration_out */
  FIELD(adConfiguration, get_ad_configuration_out, ad_configuration, STRUCT, 0, 10, 0),
  /* struct ivs_get_playback_key_pair_out */
  FIELD(keyPair, get_playback_key_pair_out, key_pair, STRUCT, 0, 17, 0),
  /* struct ivs_get_stream_out */
  FIELD(stream, get_stream_out, stream, STRUCT, 0, 18, 0),
  /* struct ivs_get_stream_session_in */
  FIELD(channelArn, get_stream_session_in, channel_arn, STR, IVS_F_REQUIRED | IVS_F_ARN, 0, 13),
  FIELD(streamId, get_stream_session_in, stream_id, STR, 0, 0, 19),
  /* struct ivs_get_stream_session_out */
  FIELD(streamSession, get_stream_session_out, stream_session, STRUCT, 0, 24, 0),
  /* struct ivs_import_playback_key_pair_in */
  FIELD(publicKeyMaterial, import_playback_key_pair_in, public_key_material, STR, IVS_F_REQUIRED, 0,
        0),
  FIELD(name, import_playback_key_pair_in, name, STR, 0, 0, 2),
  FIELD(tags, import_playback_key_pair_in, tags, MAP, 0, 20, 1),
  /* struct ivs_insert_ad_break_in */
  FIELD(channelArn, insert_ad_break_in, channel_arn, STR, IVS_F_REQUIRED | IVS_F_ARN, 0, 13),
  FIELD(durationSeconds, insert_ad_break_in, duration_seconds, INT, IVS_F_REQUIRED, 0, 14),
  /* struct ivs_insert_ad_break_out */
  FIELD(adBreakId, insert_ad_break_out, ad_break_id, STR, 0, 0, 18),
  /* struct ivs_list_ad_configurations_in */
  FIELD(nextToken, list_ad_configurations_in, next_token, STR, 0, 0, 5),
  FIELD(maxResults, list_ad_configurations_in, max_results, INT, 0, 0, 12),
  /* struct ivs_list_ad_configurations_out */
  FIELD(adConfigurations, list_ad_configurations_out, ad_configurations, LIST, IVS_F_REQUIRED, 10,
        0),
  FIELD(nextToken, list_ad_configurations_out, next_token, STR, 0, 0, 5),
  /* struct ivs_list_channels_in */
  FIELD(filterByName, list_channels_in, filter_by_name, STR, 0, 0, 2),
  FIELD(filterByRecordingConfigurationArn, list_channels_in, filter_by_recording_configuration_arn,
        STR, IVS_F_ARN, 0, 2),
  FIELD(filterByPlaybackRestrictionPolicyArn, list_channels_in,
        filter_by_playback_restriction_policy_arn, STR, IVS_F_ARN, 0, 2),
  FIELD(filterByAdConfigurationArn, list_channels_in, filter_by_ad_configuration_arn, STR,
        IVS_F_ARN, 0, 2),
  FIELD(nextToken, list_channels_in, next_token, STR, 0, 0, 5),
  FIELD(maxResults, list_channels_in, max_results, INT, 0, 0, 12),
  /* struct ivs_list_channels_out */
  FIELD(channels, list_channels_out, channels, LIST, IVS_F_REQUIRED, 25, 0),
  FIELD(nextToken, list_channels_out, next_token, STR, 0, 0, 5),
  /* struct ivs_list_playback_key_pairs_out */
  FIELD(keyPairs, list_playback_key_pairs_out, key_pairs, LIST, IVS_F_REQUIRED, 26, 0),
  FIELD(nextToken, list_playback_key_pairs_out, next_token, STR, 0, 0, 5),
  /* struct ivs_list_playback_restriction_policies_out */
  FIELD(playbackRestrictionPolicies, list_playback_restriction_policies_out,
        playback_restriction_policies, LIST, IVS_F_REQUIRED, 11, 0),
  FIELD(nextToken, list_playback_restriction_policies_out, next_token, STR, 0, 0, 5),
  /* struct ivs_list_recording_configurations_out */
  FIELD(recordingConfigurations, list_recording_configurations_out, recording_configurations, LIST,
        IVS_F_REQUIRED, 27, 0),
  FIELD(nextToken, list_recording_configurations_out, next_token, STR, 0, 0, 5),
  /* struct ivs_list_stream_keys_in */
  FIELD(channelArn, list_stream_keys_in, channel_arn, STR, IVS_F_REQUIRED | IVS_F_ARN, 0, 13),
  FIELD(nextToken, list_stream_keys_in, next_token, STR, 0, 0, 5),
  FIELD(maxResults, list_stream_keys_in, max_results, INT, 0, 0, 10),
  /* struct ivs_list_stream_keys_out */
  FIELD(streamKeys, list_stream_keys_out, stream_keys, LIST, IVS_F_REQUIRED, 28, 0),
  FIELD(nextToken, list_stream_keys_out, next_token, STR, 0, 0, 5),
  /* struct ivs_list_stream_sessions_in */
  FIELD(channelArn, list_stream_sessions_in, channel_arn, STR, IVS_F_REQUIRED | IVS_F_ARN, 0, 13),
  FIELD(nextToken, list_stream_sessions_in, next_token, STR, 0, 0, 5),
  FIELD(maxResults, list_stream_sessions_in, max_results, INT, 0, 0, 12),
  /* struct ivs_list_stream_sessions_out */
  FIELD(streamSessions, list_stream_sessions_out, stream_sessions, LIST, IVS_F_REQUIRED, 29, 0),
  FIELD(nextToken, list_stream_sessions_out, next_token, STR, 0, 0, 5),
  /* struct ivs_list_streams_in */
  FIELD(filterBy, list_streams_in, filter_by, STRUCT, 0, 30, 0),
  FIELD(nextToken, list_streams_in, next_token, STR, 0, 0, 5),
  FIELD(maxResults, list_streams_in, max_results, INT, 0, 0, 12),
  /* struct ivs_list_streams_out */
  FIELD(streams, list_streams_out, streams, LIST, IVS_F_REQUIRED, 31, 0),
  FIELD(nextToken, list_streams_out, next_token, STR, 0, 0, 5),
  /* struct ivs_list_tags_for_resource_out */
  FIELD(tags, list_tags_for_resource_out, tags, MAP, IVS_F_REQUIRED, 20, 1),
  /* struct ivs_put_metadata_in */
  FIELD(channelArn, put_metadata_in, channel_arn, STR, IVS_F_REQUIRED | IVS_F_ARN, 0, 13),
  FIELD(metadata, put_metadata_in, metadata, STR, IVS_F_REQUIRED | IVS_F_SENSITIVE, 0, 15),
  /* struct ivs_start_viewer_session_revocation_in */
  FIELD(channelArn, start_viewer_session_revocation_in, channel_arn, STR,
        IVS_F_REQUIRED | IVS_F_ARN, 0, 13),
  FIELD(viewerId, start_viewer_session_revocation_in, viewer_id, STR, IVS_F_REQUIRED, 0, 9),
  FIELD(viewerSessionVersionsLessThanOrEqualTo, start_viewer_session_revocation_in,
        viewer_session_versions_less_than_or_equal_to, INT, 0, 0, 6),
  /* struct ivs_tag_resource_in */
  FIELD(resourceArn, tag_resource_in, resource_arn, STR, IVS_F_REQUIRED | IVS_F_PATH | IVS_F_ARN, 0,
        13),
  FIELD(tags, tag_resource_in, tags, MAP, IVS_F_REQUIRED, 20, 1),
  /* struct ivs_untag_resource_in */
  FIELD(resourceArn, untag_resource_in, resource_arn, STR, IVS_F_REQUIRED | IVS_F_PATH | IVS_F_ARN,
        0, 13),
  FIELD(tagKeys, untag_resource_in, tag_keys, STRS, IVS_F_REQUIRED | IVS_F_QUERY, 13, 1),
  /* struct ivs_update_ad_configuration_in */
  FIELD(arn, update_ad_configuration_in, arn, STR, IVS_F_REQUIRED | IVS_F_ARN, 0, 2),
  FIELD(name, update_ad_configuration_in, name, STR, 0, 0, 2),
  FIELD(mediaTailorPlaybackConfigurations, update_ad_configuration_in,
        media_tailor_playback_configurations, LIST, 0, 8, 7),
  FIELD(postRollConfiguration, update_ad_configuration_in, post_roll_configuration, STRUCT, 0, 9,
        0),
  /* struct ivs_update_channel_in */
  FIELD(arn, update_channel_in, arn, STR, IVS_F_REQUIRED | IVS_F_ARN, 0, 13),
  FIELD(name, update_channel_in, name, STR, 0, 0, 2),
  FIELD(latencyMode, update_channel_in, latency_mode, STR, 0, 0, 0),
  FIELD(type, update_channel_in, type, STR, 0, 0, 0),
  FIELD(authorized, update_channel_in, authorized, BOOL, 0, 0, 0),
  FIELD(recordingConfigurationArn, update_channel_in, recording_configuration_arn, STR, IVS_F_ARN,
        0, 2),
  FIELD(insecureIngest, update_channel_in, insecure_ingest, BOOL, 0, 0, 0),
  FIELD(preset, update_channel_in, preset, STR, 0, 0, 0),
  FIELD(playbackRestrictionPolicyArn, update_channel_in, playback_restriction_policy_arn, STR,
        IVS_F_ARN, 0, 2),
  FIELD(multitrackInputConfiguration, update_channel_in, multitrack_input_configuration, STRUCT, 0,
        2, 0),
  FIELD(containerFormat, update_channel_in, container_format, STR, 0, 0, 0),
  FIELD(adConfigurationArn, update_channel_in, ad_configuration_arn, STR, IVS_F_ARN, 0, 2),
  /* struct ivs_update_playback_restriction_policy_in */
  FIELD(arn, update_playback_restriction_policy_in, arn, STR, IVS_F_REQUIRED | IVS_F_ARN, 0, 13),
  FIELD(allowedCountries, update_playback_restriction_policy_in, allowed_countries, STRS, 0, 16, 0),
  FIELD(allowedOrigins, update_playback_restriction_policy_in, allowed_origins, STRS, 0, 2, 0),
  FIELD(enableStrictOriginEnforcement, update_playback_restriction_policy_in,
        enable_strict_origin_enforcement, BOOL, 0, 0, 0),
  FIELD(name, update_playback_restriction_policy_in, name, STR, 0, 0, 2),
};

#undef FIELD

/* What the bits of a size can say; an offset is smaller than the size. */
#define FITS(type) \
  _Static_assert(sizeof(struct ivs_##type) >> 11 == 0, "ivs_" #type " is too large")

FITS(srt);
FITS(multitrack_input_configuration);
FITS(channel);
FITS(batch_error);
FITS(stream_key);
FITS(batch_start_viewer_session_revocation_viewer_session);
FITS(batch_start_viewer_session_revocation_error);
FITS(media_tailor_playback_configuration);
FITS(post_roll_configuration);
FITS(ad_configuration);
FITS(playback_restriction_policy);
FITS(s3_destination_configuration);
FITS(destination_configuration);
FITS(thumbnail_configuration);
FITS(rendition_configuration);
FITS(recording_configuration);
FITS(playback_key_pair);
FITS(stream);
FITS(video_configuration);
FITS(audio_configuration);
FITS(ingest_configuration);
FITS(ingest_configurations);
FITS(stream_event);
FITS(stream_session);
FITS(channel_summary);
FITS(playback_key_pair_summary);
FITS(recording_configuration_summary);
FITS(stream_key_summary);
FITS(stream_session_summary);
FITS(stream_filters);
FITS(stream_summary);
FITS(batch_get_channel_in);
FITS(batch_get_channel_out);
FITS(batch_get_stream_key_out);
FITS(batch_start_viewer_session_revocation_in);
FITS(batch_start_viewer_session_revocation_out);
FITS(create_ad_configuration_in);
FITS(create_ad_configuration_out);
FITS(create_channel_in);
FITS(create_channel_out);
FITS(create_playback_restriction_policy_in);
FITS(create_playback_restriction_policy_out);
FITS(create_recording_configuration_in);
FITS(create_recording_configuration_out);
FITS(create_stream_key_in);
FITS(create_stream_key_out);
FITS(delete_ad_configuration_in);
FITS(delete_channel_in);
FITS(get_ad_configuration_out);
FITS(get_channel_out);
FITS(get_playback_key_pair_out);
FITS(get_stream_in);
FITS(get_stream_out);
FITS(get_stream_session_in);
FITS(get_stream_session_out);
FITS(import_playback_key_pair_in);
FITS(insert_ad_break_in);
FITS(insert_ad_break_out);
FITS(list_ad_configurations_in);
FITS(list_ad_configurations_out);
FITS(list_channels_in);
FITS(list_channels_out);
FITS(list_playback_key_pairs_out);
FITS(list_playback_restriction_policies_out);
FITS(list_recording_configurations_out);
FITS(list_stream_keys_in);
FITS(list_stream_keys_out);
FITS(list_stream_sessions_in);
FITS(list_stream_sessions_out);
FITS(list_streams_in);
FITS(list_streams_out);
FITS(list_tags_for_resource_in);
FITS(list_tags_for_resource_out);
FITS(put_metadata_in);
FITS(start_viewer_session_revocation_in);
FITS(tag_resource_in);
FITS(untag_resource_in);
FITS(update_ad_configuration_in);
FITS(update_channel_in);
FITS(update_playback_restriction_policy_in);

#undef FITS

/* The last member that two structs share; those before it are of the same types. */
#define SAME_PLACE(one, other, last)                                        \
  _Static_assert(offsetof(struct ivs_##one, last) ==                        \
                     offsetof(struct ivs_##other, last),                    \
                 "ivs_" #one " and ivs_" #other " differ in their layout")
#define SAME_SIZE(one, other)                                               \
  _Static_assert(sizeof(struct ivs_##one) == sizeof(struct ivs_##other),    \
                 "ivs_" #one " and ivs_" #other " differ in their size")

SAME_PLACE(ad_configuration_summary, ad_configuration, tags);
SAME_SIZE(ad_configuration_summary, ad_configuration);
SAME_PLACE(playback_restriction_policy_summary, playback_restriction_policy, tags);
SAME_SIZE(playback_restriction_policy_summary, playback_restriction_policy);
SAME_PLACE(recording_configuration_summary, recording_configuration, tags);
SAME_PLACE(batch_get_stream_key_in, batch_get_channel_in, arns);
SAME_SIZE(batch_get_stream_key_in, batch_get_channel_in);
SAME_PLACE(delete_ad_configuration_in, update_ad_configuration_in, arn);
SAME_PLACE(delete_channel_in, update_channel_in, arn);
SAME_PLACE(delete_playback_key_pair_in, update_channel_in, arn);
SAME_SIZE(delete_playback_key_pair_in, delete_channel_in);
SAME_PLACE(delete_playback_restriction_policy_in, update_channel_in, arn);
SAME_SIZE(delete_playback_restriction_policy_in, delete_channel_in);
SAME_PLACE(delete_recording_configuration_in, update_ad_configuration_in, arn);
SAME_SIZE(delete_recording_configuration_in, delete_ad_configuration_in);
SAME_PLACE(delete_stream_key_in, update_channel_in, arn);
SAME_SIZE(delete_stream_key_in, delete_channel_in);
SAME_PLACE(get_ad_configuration_in, update_ad_configuration_in, arn);
SAME_SIZE(get_ad_configuration_in, delete_ad_configuration_in);
SAME_PLACE(get_channel_in, update_channel_in, arn);
SAME_SIZE(get_channel_in, delete_channel_in);
SAME_PLACE(get_channel_out, create_channel_out, channel);
SAME_PLACE(get_playback_key_pair_in, update_channel_in, arn);
SAME_SIZE(get_playback_key_pair_in, delete_channel_in);
SAME_PLACE(get_playback_restriction_policy_in, update_channel_in, arn);
SAME_SIZE(get_playback_restriction_policy_in, delete_channel_in);
SAME_PLACE(get_playback_restriction_policy_out, create_playback_restriction_policy_out,
           playback_restriction_policy);
SAME_SIZE(get_playback_restriction_policy_out, create_playback_restriction_policy_out);
SAME_PLACE(get_recording_configuration_in, update_ad_configuration_in, arn);
SAME_SIZE(get_recording_configuration_in, delete_ad_configuration_in);
SAME_PLACE(get_recording_configuration_out, create_recording_configuration_out,
           recording_configuration);
SAME_SIZE(get_recording_configuration_out, create_recording_configuration_out);
SAME_PLACE(get_stream_in, list_stream_keys_in, channel_arn);
SAME_PLACE(get_stream_key_in, update_channel_in, arn);
SAME_SIZE(get_stream_key_in, delete_channel_in);
SAME_PLACE(get_stream_key_out, create_stream_key_out, stream_key);
SAME_SIZE(get_stream_key_out, create_stream_key_out);
SAME_PLACE(import_playback_key_pair_out, get_playback_key_pair_out, key_pair);
SAME_SIZE(import_playback_key_pair_out, get_playback_key_pair_out);
SAME_PLACE(list_playback_key_pairs_in, list_ad_configurations_in, max_results);
SAME_SIZE(list_playback_key_pairs_in, list_ad_configurations_in);
SAME_PLACE(list_playback_restriction_policies_in, list_ad_configurations_in, max_results);
SAME_SIZE(list_playback_restriction_policies_in, list_ad_configurations_in);
SAME_PLACE(list_recording_configurations_in, list_ad_configurations_in, max_results);
SAME_SIZE(list_recording_configurations_in, list_ad_configurations_in);
SAME_PLACE(list_tags_for_resource_in, tag_resource_in, resource_arn);
SAME_PLACE(stop_stream_in, list_stream_keys_in, channel_arn);
SAME_SIZE(stop_stream_in, get_stream_in);
SAME_PLACE(update_ad_configuration_out, create_ad_configuration_out, ad_configuration);
SAME_SIZE(update_ad_configuration_out, create_ad_configuration_out);
SAME_PLACE(update_channel_out, create_channel_out, channel);
SAME_SIZE(update_channel_out, get_channel_out);
SAME_PLACE(update_playback_restriction_policy_out, create_playback_restriction_policy_out,
           playback_restriction_policy);
SAME_SIZE(update_playback_restriction_policy_out, create_playback_restriction_policy_out);

#undef SAME_PLACE
#undef SAME_SIZE

#define TYPE(first, type, count, tokens) {first, tokens, sizeof(struct ivs_##type), count}

const struct ivs_type ivs_types[] = {
  {0, 0, 0, 0},
  TYPE(0, srt, 2, 5), /* 1 */
  TYPE(2, multitrack_input_configuration, 3, 7), /* 2 */
  TYPE(5, channel, 16, 40), /* 3 */
  TYPE(21, batch_error, 3, 7), /* 4 */
  TYPE(24, stream_key, 4, 9), /* 5 */
  TYPE(28, batch_start_viewer_session_revocation_viewer_session, 3, 7), /* 6 */
  TYPE(31, batch_start_viewer_session_revocation_error, 4, 9), /* 7 */
  TYPE(35, media_tailor_playback_configuration, 1, 3), /* 8 */
  TYPE(36, post_roll_configuration, 2, 5), /* 9 */
  TYPE(38, ad_configuration, 5, 16), /* 10 */
  TYPE(43, playback_restriction_policy, 6, 13), /* 11 */
  TYPE(49, s3_destination_configuration, 1, 3), /* 12 */
  TYPE(50, destination_configuration, 1, 6), /* 13 */
  TYPE(51, thumbnail_configuration, 4, 9), /* 14 */
  TYPE(55, rendition_configuration, 2, 5), /* 15 */
  TYPE(57, recording_configuration, 8, 26), /* 16 */
  TYPE(65, playback_key_pair, 4, 9), /* 17 */
  TYPE(69, stream, 7, 15), /* 18 */
  TYPE(76, video_configuration, 11, 23), /* 19 */
  TYPE(87, audio_configuration, 5, 11), /* 20 */
  TYPE(92, ingest_configuration, 2, 28), /* 21 */
  TYPE(94, ingest_configurations, 2, 23), /* 22 */
  TYPE(96, stream_event, 4, 9), /* 23 */
  TYPE(100, stream_session, 8, 57), /* 24 */
  TYPE(108, channel_summary, 11, 23), /* 25 */
  TYPE(119, playback_key_pair_summary, 3, 7), /* 26 */
  TYPE(57, recording_configuration_summary, 5, 17), /* 27 */
  TYPE(122, stream_key_summary, 3, 7), /* 28 */
  TYPE(125, stream_session_summary, 4, 9), /* 29 */
  TYPE(129, stream_filters, 1, 3), /* 30 */
  TYPE(130, stream_summary, 6, 13), /* 31 */
  TYPE(136, batch_get_channel_in, 1, 3), /* 32 */
  TYPE(137, batch_get_channel_out, 2, 40), /* 33 */
  TYPE(139, batch_get_stream_key_out, 2, 9), /* 34 */
  TYPE(141, batch_start_viewer_session_revocation_in, 1, 7), /* 35 */
  TYPE(142, batch_start_viewer_session_revocation_out, 1, 9), /* 36 */
  TYPE(143, create_ad_configuration_in, 4, 14), /* 37 */
  TYPE(147, create_ad_configuration_out, 1, 19), /* 38 */
  TYPE(148, create_channel_in, 12, 32), /* 39 */
  TYPE(160, create_channel_out, 2, 45), /* 40 */
  TYPE(162, create_playback_restriction_policy_in, 5, 11), /* 41 */
  TYPE(167, create_playback_restriction_policy_out, 1, 16), /* 42 */
  TYPE(168, create_recording_configuration_in, 6, 22), /* 43 */
  TYPE(174, create_recording_configuration_out, 1, 29), /* 44 */
  TYPE(175, create_stream_key_in, 2, 5), /* 45 */
  TYPE(177, create_stream_key_out, 1, 12), /* 46 */
  TYPE(233, delete_ad_configuration_in, 1, 3), /* 47 */
  TYPE(237, delete_channel_in, 1, 3), /* 48 */
  TYPE(178, get_ad_configuration_out, 1, 19), /* 49 */
  TYPE(160, get_channel_out, 1, 43), /* 50 */
  TYPE(179, get_playback_key_pair_out, 1, 12), /* 51 */
  TYPE(208, get_stream_in, 1, 3), /* 52 */
  TYPE(180, get_stream_out, 1, 18), /* 53 */
  TYPE(181, get_stream_session_in, 2, 5), /* 54 */
  TYPE(183, get_stream_session_out, 1, 60), /* 55 */
  TYPE(184, import_playback_key_pair_in, 3, 7), /* 56 */
  TYPE(187, insert_ad_break_in, 2, 5), /* 57 */
  TYPE(189, insert_ad_break_out, 1, 3), /* 58 */
  TYPE(190, list_ad_configurations_in, 2, 5), /* 59 */
  TYPE(192, list_ad_configurations_out, 2, 16), /* 60 */
  TYPE(194, list_channels_in, 6, 13), /* 61 */
  TYPE(200, list_channels_out, 2, 23), /* 62 */
  TYPE(202, list_playback_key_pairs_out, 2, 7), /* 63 */
  TYPE(204, list_playback_restriction_policies_out, 2, 13), /* 64 */
  TYPE(206, list_recording_configurations_out, 2, 17), /* 65 */
  TYPE(208, list_stream_keys_in, 3, 7), /* 66 */
  TYPE(211, list_stream_keys_out, 2, 7), /* 67 */
  TYPE(213, list_stream_sessions_in, 3, 7), /* 68 */
  TYPE(216, list_stream_sessions_out, 2, 9), /* 69 */
  TYPE(218, list_streams_in, 3, 10), /* 70 */
  TYPE(221, list_streams_out, 2, 13), /* 71 */
  TYPE(229, list_tags_for_resource_in, 1, 3), /* 72 */
  TYPE(223, list_tags_for_resource_out, 1, 3), /* 73 */
  TYPE(224, put_metadata_in, 2, 5), /* 74 */
  TYPE(226, start_viewer_session_revocation_in, 3, 7), /* 75 */
  TYPE(229, tag_resource_in, 2, 5), /* 76 */
  TYPE(231, untag_resource_in, 2, 5), /* 77 */
  TYPE(233, update_ad_configuration_in, 4, 14), /* 78 */
  TYPE(237, update_channel_in, 12, 32), /* 79 */
  TYPE(249, update_playback_restriction_policy_in, 5, 11), /* 80 */
};

#undef TYPE

/* Read by the request check alone: without it the linker leaves them out. */
const struct ivs_limit ivs_limits[] = {
  {0, 0},          /* 0: none */
  {0, 50},         /* 1 */
  {0, 128},        /* 2 */
  {0, 300},        /* 3 */
  {0, 500},        /* 4 */
  {0, 1024},       /* 5 */
  {0, INT32_MAX},  /* 6 */
  {1, 3},          /* 7 */
  {1, 20},         /* 8 */
  {1, 40},         /* 9 */
  {1, 50},         /* 10 */
  {1, 60},         /* 11 */
  {1, 100},        /* 12 */
  {1, 128},        /* 13 */
  {1, 300},        /* 14 */
  {1, INT32_MAX},  /* 15 */
  {2, 2},          /* 16 */
  {3, 63},         /* 17 */
  {12, 12},        /* 18 */
  {26, 26},        /* 19 */
  {1, 128},        /* 20 */
  {0, 256},        /* 21 */
};

#define OP(name, id, in, out, method, repeat) \
  [IVS_OP_##id] = {N_##name, IVS_##method, IVS_##repeat, in, out}

const struct ivs_op ivs_ops[IVS_OP_COUNT] = {
  OP(BatchGetChannel, BATCH_GET_CHANNEL, 32, 33, POST, FREE),
  OP(BatchGetStreamKey, BATCH_GET_STREAM_KEY, 32, 34, POST, FREE),
  OP(BatchStartViewerSessionRevocation, BATCH_START_VIEWER_SESSION_REVOCATION, 35, 36, POST, FREE),
  OP(CreateAdConfiguration, CREATE_AD_CONFIGURATION, 37, 38, POST, ONCE),
  OP(CreateChannel, CREATE_CHANNEL, 39, 40, POST, ONCE),
  OP(CreatePlaybackRestrictionPolicy, CREATE_PLAYBACK_RESTRICTION_POLICY, 41, 42, POST, ONCE),
  OP(CreateRecordingConfiguration, CREATE_RECORDING_CONFIGURATION, 43, 44, POST, ONCE),
  OP(CreateStreamKey, CREATE_STREAM_KEY, 45, 46, POST, ONCE),
  OP(DeleteAdConfiguration, DELETE_AD_CONFIGURATION, 47, 0, POST, FREE),
  OP(DeleteChannel, DELETE_CHANNEL, 48, 0, POST, FREE),
  OP(DeletePlaybackKeyPair, DELETE_PLAYBACK_KEY_PAIR, 48, 0, POST, FREE),
  OP(DeletePlaybackRestrictionPolicy, DELETE_PLAYBACK_RESTRICTION_POLICY, 48, 0, POST, FREE),
  OP(DeleteRecordingConfiguration, DELETE_RECORDING_CONFIGURATION, 47, 0, POST, FREE),
  OP(DeleteStreamKey, DELETE_STREAM_KEY, 48, 0, POST, FREE),
  OP(GetAdConfiguration, GET_AD_CONFIGURATION, 47, 49, POST, FREE),
  OP(GetChannel, GET_CHANNEL, 48, 50, POST, FREE),
  OP(GetPlaybackKeyPair, GET_PLAYBACK_KEY_PAIR, 48, 51, POST, FREE),
  OP(GetPlaybackRestrictionPolicy, GET_PLAYBACK_RESTRICTION_POLICY, 48, 42, POST, FREE),
  OP(GetRecordingConfiguration, GET_RECORDING_CONFIGURATION, 47, 44, POST, FREE),
  OP(GetStream, GET_STREAM, 52, 53, POST, FREE),
  OP(GetStreamKey, GET_STREAM_KEY, 48, 46, POST, FREE),
  OP(GetStreamSession, GET_STREAM_SESSION, 54, 55, POST, FREE),
  OP(ImportPlaybackKeyPair, IMPORT_PLAYBACK_KEY_PAIR, 56, 51, POST, ONCE),
  OP(InsertAdBreak, INSERT_AD_BREAK, 57, 58, POST, ONCE),
  OP(ListAdConfigurations, LIST_AD_CONFIGURATIONS, 59, 60, POST, FREE),
  OP(ListChannels, LIST_CHANNELS, 61, 62, POST, FREE),
  OP(ListPlaybackKeyPairs, LIST_PLAYBACK_KEY_PAIRS, 59, 63, POST, FREE),
  OP(ListPlaybackRestrictionPolicies, LIST_PLAYBACK_RESTRICTION_POLICIES, 59, 64, POST, FREE),
  OP(ListRecordingConfigurations, LIST_RECORDING_CONFIGURATIONS, 59, 65, POST, FREE),
  OP(ListStreamKeys, LIST_STREAM_KEYS, 66, 67, POST, FREE),
  OP(ListStreamSessions, LIST_STREAM_SESSIONS, 68, 69, POST, FREE),
  OP(ListStreams, LIST_STREAMS, 70, 71, POST, FREE),
  OP(ListTagsForResource, LIST_TAGS_FOR_RESOURCE, 72, 73, GET, FREE),
  OP(PutMetadata, PUT_METADATA, 74, 0, POST, CUE),
  OP(StartViewerSessionRevocation, START_VIEWER_SESSION_REVOCATION, 75, 0, POST, FREE),
  OP(StopStream, STOP_STREAM, 52, 0, POST, FREE),
  OP(TagResource, TAG_RESOURCE, 76, 0, POST, FREE),
  OP(UntagResource, UNTAG_RESOURCE, 77, 0, DELETE, FREE),
  OP(UpdateAdConfiguration, UPDATE_AD_CONFIGURATION, 78, 38, POST, FREE),
  OP(UpdateChannel, UPDATE_CHANNEL, 79, 50, POST, FREE),
  OP(UpdatePlaybackRestrictionPolicy, UPDATE_PLAYBACK_RESTRICTION_POLICY, 80, 42, POST, FREE),
};

#undef OP
