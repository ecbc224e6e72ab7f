/* Generated from core/model/ by scripts/generate.py: change that and run this, never edit here. */
/*
 * The operations of Amazon IVS as typed functions over ivs_call() and ivs_next(), see
 * <ivs/client.h>.
 *
 * Each operation takes a request, which stays unchanged until the call ends, and fills an answer,
 * whose texts and lists lie in the client's workspace and die at the next call. It returns 0, or a
 * negative IVS_ERR_*; IVS_ERR_SERVICE means that the service refused, and ivs_last(client) tells
 * with which of the codes listed at the operation. Besides those, the service refuses by the codes
 * of authentication and throttling that all of AWS has. The limits of each member are in
 * <ivs/types.h>.
 *
 * IVS_ERR_SPACE does not end the call: give a larger workspace (ivs_workspace(),
 * ivs_last(client)->need) and go on with ivs_finish(), or give the call up with ivs_cancel(). Until
 * then any other is IVS_ERR_STATE.
 *
 * The elements of a list of an answer are taken out by ivs_next_*(), once, in order: 1: *element is
 * the next; 0: there are no more, or the list is absent; negative: an error, such as IVS_ERR_USED
 * for a list that was read before.
 *
 * Lists that come in pages are read to the end like this; token leads from one to the next:
 *   char token[IVS_PAGE_TOKEN_SIZE];
 *   do {
 *     r = ivs_list_channels(&client, &in, &out);
 *     while (r >= 0 && (r = ivs_next_channel_summary(&client, &out.channels, &channel)) == 1) ...
 *   } while (r == 0 && (r = ivs_list_channels_more(&in, &out, token)) == 1);
 */
#ifndef IVS_API_H
#define IVS_API_H

#include <ivs/client.h>
#include <ivs/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Gets up to 50 channels in one call; those that could not be read are listed in errors.
 *
 * Required: arns. Answer: channels, errors.
 * Refused with: AccessDeniedException, ValidationException, ServiceUnavailable.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_BatchGetChannel.html
 */
static inline int ivs_batch_get_channel(ivs_client *client,
                                        const struct ivs_batch_get_channel_in *in,
                                        struct ivs_batch_get_channel_out *out) {
  return ivs_call(client, IVS_OP_BATCH_GET_CHANNEL, in, out);
}

/*
 * Gets up to 50 stream keys with their values in one call; those that could not be read are listed
 * in errors.
 *
 * Required: arns. Answer: stream_keys, errors.
 * Refused with: AccessDeniedException, ValidationException, ServiceUnavailable.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_BatchGetStreamKey.html
 */
static inline int ivs_batch_get_stream_key(ivs_client *client,
                                           const struct ivs_batch_get_stream_key_in *in,
                                           struct ivs_batch_get_stream_key_out *out) {
  return ivs_call(client, IVS_OP_BATCH_GET_STREAM_KEY, in, out);
}

/*
 * Begins to end the playback of up to 20 viewers in one call; those that failed are listed in
 * errors.
 *
 * Required: viewer_sessions. Answer: errors.
 * Refused with: AccessDeniedException, ValidationException, PendingVerification,
 * ThrottlingException.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_BatchStartViewerSessionRevocation.html
 */
static inline int ivs_batch_start_viewer_session_revocation(
    ivs_client *client,
    const struct ivs_batch_start_viewer_session_revocation_in *in,
    struct ivs_batch_start_viewer_session_revocation_out *out) {
  return ivs_call(client, IVS_OP_BATCH_START_VIEWER_SESSION_REVOCATION, in, out);
}

/*
 * Creates an ad configuration, which ties channels to MediaTailor for ads that are cut in by the
 * service.
 *
 * Required: media_tailor_playback_configurations. Answer: ad_configuration.
 * Not repeated when the answer is lost, as it could happen twice: IVS_ERR_UNSURE.
 * Refused with: ResourceNotFoundException, InternalServerException, AccessDeniedException,
 * ValidationException, PendingVerification, ThrottlingException, ConflictException,
 * ServiceQuotaExceededException.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_CreateAdConfiguration.html
 */
static inline int ivs_create_ad_configuration(ivs_client *client,
                                              const struct ivs_create_ad_configuration_in *in,
                                              struct ivs_create_ad_configuration_out *out) {
  return ivs_call(client, IVS_OP_CREATE_AD_CONFIGURATION, in, out);
}

/*
 * Creates a channel, and with it the stream key that an encoder needs.
 *
 * Required: nothing. Answer: channel, stream_key.
 * Not repeated when the answer is lost, as it could happen twice: IVS_ERR_UNSURE.
 * Refused with: ResourceNotFoundException, AccessDeniedException, ValidationException,
 * PendingVerification, ServiceQuotaExceededException.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_CreateChannel.html
 */
static inline int ivs_create_channel(ivs_client *client,
                                     const struct ivs_create_channel_in *in,
                                     struct ivs_create_channel_out *out) {
  return ivs_call(client, IVS_OP_CREATE_CHANNEL, in, out);
}

/*
 * Creates a policy that limits from which countries and web sites a channel can be watched.
 *
 * Required: nothing. Answer: playback_restriction_policy.
 * Not repeated when the answer is lost, as it could happen twice: IVS_ERR_UNSURE.
 * Refused with: AccessDeniedException, ValidationException, PendingVerification,
 * ThrottlingException, ServiceQuotaExceededException.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_CreatePlaybackRestrictionPolicy.html
 */
static inline int ivs_create_playback_restriction_policy(
    ivs_client *client,
    const struct ivs_create_playback_restriction_policy_in *in,
    struct ivs_create_playback_restriction_policy_out *out) {
  return ivs_call(client, IVS_OP_CREATE_PLAYBACK_RESTRICTION_POLICY, in, out);
}

/*
 * Creates a recording configuration, which tells where in Amazon S3 and how streams are recorded;
 * it is usable once its state is ACTIVE.
 *
 * Required: destination_configuration. Answer: recording_configuration.
 * Not repeated when the answer is lost, as it could happen twice: IVS_ERR_UNSURE.
 * Refused with: InternalServerException, AccessDeniedException, ValidationException,
 * PendingVerification, ConflictException, ServiceQuotaExceededException.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_CreateRecordingConfiguration.html
 */
static inline int ivs_create_recording_configuration(
    ivs_client *client,
    const struct ivs_create_recording_configuration_in *in,
    struct ivs_create_recording_configuration_out *out) {
  return ivs_call(client, IVS_OP_CREATE_RECORDING_CONFIGURATION, in, out);
}

/*
 * Creates a stream key for a channel that has none; a channel can have one at a time.
 *
 * Required: channel_arn. Answer: stream_key.
 * Not repeated when the answer is lost, as it could happen twice: IVS_ERR_UNSURE.
 * Refused with: ResourceNotFoundException, AccessDeniedException, ValidationException,
 * PendingVerification, ServiceQuotaExceededException.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_CreateStreamKey.html
 */
static inline int ivs_create_stream_key(ivs_client *client,
                                        const struct ivs_create_stream_key_in *in,
                                        struct ivs_create_stream_key_out *out) {
  return ivs_call(client, IVS_OP_CREATE_STREAM_KEY, in, out);
}

/*
 * Deletes an ad configuration; no channel may use it any more.
 *
 * Required: arn. The answer has no members: out may be NULL.
 * Refused with: ResourceNotFoundException, InternalServerException, AccessDeniedException,
 * ValidationException, ConflictException.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_DeleteAdConfiguration.html
 */
static inline int ivs_delete_ad_configuration(ivs_client *client,
                                              const struct ivs_delete_ad_configuration_in *in,
                                              struct ivs_delete_ad_configuration_out *out) {
  return ivs_call(client, IVS_OP_DELETE_AD_CONFIGURATION, in, out);
}

/*
 * Deletes a channel and its stream key; refused with ConflictException while the channel is live,
 * so stop the stream first.
 *
 * Required: arn. The answer has no members: out may be NULL.
 * Refused with: ResourceNotFoundException, AccessDeniedException, ValidationException,
 * PendingVerification, ConflictException.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_DeleteChannel.html
 */
static inline int ivs_delete_channel(ivs_client *client,
                                     const struct ivs_delete_channel_in *in,
                                     struct ivs_delete_channel_out *out) {
  return ivs_call(client, IVS_OP_DELETE_CHANNEL, in, out);
}

/*
 * Deletes a playback key pair; viewer tokens signed with its private key are no longer accepted.
 *
 * Required: arn. The answer has no members: out may be NULL.
 * Refused with: ResourceNotFoundException, AccessDeniedException, ValidationException,
 * PendingVerification.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_DeletePlaybackKeyPair.html
 */
static inline int ivs_delete_playback_key_pair(ivs_client *client,
                                               const struct ivs_delete_playback_key_pair_in *in,
                                               struct ivs_delete_playback_key_pair_out *out) {
  return ivs_call(client, IVS_OP_DELETE_PLAYBACK_KEY_PAIR, in, out);
}

/*
 * Deletes a playback restriction policy; no channel may use it any more.
 *
 * Required: arn. The answer has no members: out may be NULL.
 * Refused with: ResourceNotFoundException, AccessDeniedException, ValidationException,
 * PendingVerification, ConflictException.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_DeletePlaybackRestrictionPolicy.html
 */
static inline int ivs_delete_playback_restriction_policy(
    ivs_client *client,
    const struct ivs_delete_playback_restriction_policy_in *in,
    struct ivs_delete_playback_restriction_policy_out *out) {
  return ivs_call(client, IVS_OP_DELETE_PLAYBACK_RESTRICTION_POLICY, in, out);
}

/*
 * Deletes a recording configuration; no channel may use it any more. What was recorded stays.
 *
 * Required: arn. The answer has no members: out may be NULL.
 * Refused with: ResourceNotFoundException, InternalServerException, AccessDeniedException,
 * ValidationException, ConflictException.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_DeleteRecordingConfiguration.html
 */
static inline int ivs_delete_recording_configuration(
    ivs_client *client,
    const struct ivs_delete_recording_configuration_in *in,
    struct ivs_delete_recording_configuration_out *out) {
  return ivs_call(client, IVS_OP_DELETE_RECORDING_CONFIGURATION, in, out);
}

/*
 * Deletes a stream key, so that no encoder can begin a stream with it.
 *
 * Required: arn. The answer has no members: out may be NULL.
 * Refused with: ResourceNotFoundException, AccessDeniedException, ValidationException,
 * PendingVerification.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_DeleteStreamKey.html
 */
static inline int ivs_delete_stream_key(ivs_client *client,
                                        const struct ivs_delete_stream_key_in *in,
                                        struct ivs_delete_stream_key_out *out) {
  return ivs_call(client, IVS_OP_DELETE_STREAM_KEY, in, out);
}

/*
 * Gets an ad configuration.
 *
 * Required: arn. Answer: ad_configuration.
 * Refused with: ResourceNotFoundException, InternalServerException, AccessDeniedException,
 * ValidationException.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_GetAdConfiguration.html
 */
static inline int ivs_get_ad_configuration(ivs_client *client,
                                           const struct ivs_get_ad_configuration_in *in,
                                           struct ivs_get_ad_configuration_out *out) {
  return ivs_call(client, IVS_OP_GET_AD_CONFIGURATION, in, out);
}

/*
 * Gets a channel, with its ingest and playback addresses.
 *
 * Required: arn. Answer: channel.
 * Refused with: ResourceNotFoundException, AccessDeniedException, ValidationException.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_GetChannel.html
 */
static inline int ivs_get_channel(ivs_client *client,
                                  const struct ivs_get_channel_in *in,
                                  struct ivs_get_channel_out *out) {
  return ivs_call(client, IVS_OP_GET_CHANNEL, in, out);
}

/*
 * Gets the name and the fingerprint of a playback key pair; the service does not hold the private
 * key.
 *
 * Required: arn. Answer: key_pair.
 * Refused with: ResourceNotFoundException, AccessDeniedException, ValidationException.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_GetPlaybackKeyPair.html
 */
static inline int ivs_get_playback_key_pair(ivs_client *client,
                                            const struct ivs_get_playback_key_pair_in *in,
                                            struct ivs_get_playback_key_pair_out *out) {
  return ivs_call(client, IVS_OP_GET_PLAYBACK_KEY_PAIR, in, out);
}

/*
 * Gets a playback restriction policy.
 *
 * Required: arn. Answer: playback_restriction_policy.
 * Refused with: ResourceNotFoundException, AccessDeniedException, ValidationException,
 * PendingVerification.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_GetPlaybackRestrictionPolicy.html
 */
static inline int ivs_get_playback_restriction_policy(
    ivs_client *client,
    const struct ivs_get_playback_restriction_policy_in *in,
    struct ivs_get_playback_restriction_policy_out *out) {
  return ivs_call(client, IVS_OP_GET_PLAYBACK_RESTRICTION_POLICY, in, out);
}

/*
 * Gets a recording configuration, with its state.
 *
 * Required: arn. Answer: recording_configuration.
 * Refused with: ResourceNotFoundException, InternalServerException, AccessDeniedException,
 * ValidationException.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_GetRecordingConfiguration.html
 */
static inline int ivs_get_recording_configuration(
    ivs_client *client,
    const struct ivs_get_recording_configuration_in *in,
    struct ivs_get_recording_configuration_out *out) {
  return ivs_call(client, IVS_OP_GET_RECORDING_CONFIGURATION, in, out);
}

/*
 * Gets the live stream of a channel; ChannelNotBroadcasting says that the channel is offline, which
 * is an answer rather than a fault.
 *
 * Required: channel_arn. Answer: stream.
 * Refused with: ResourceNotFoundException, AccessDeniedException, ValidationException,
 * ChannelNotBroadcasting.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_GetStream.html
 */
static inline int ivs_get_stream(ivs_client *client,
                                 const struct ivs_get_stream_in *in,
                                 struct ivs_get_stream_out *out) {
  return ivs_call(client, IVS_OP_GET_STREAM, in, out);
}

/*
 * Gets a stream key with its value.
 *
 * Required: arn. Answer: stream_key.
 * Refused with: ResourceNotFoundException, AccessDeniedException, ValidationException.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_GetStreamKey.html
 */
static inline int ivs_get_stream_key(ivs_client *client,
                                     const struct ivs_get_stream_key_in *in,
                                     struct ivs_get_stream_key_out *out) {
  return ivs_call(client, IVS_OP_GET_STREAM_KEY, in, out);
}

/*
 * Gets what the service noted about one stream session: what it received from the encoder, and
 * events. Kept for 60 days.
 *
 * Required: channel_arn. Answer: stream_session.
 * Refused with: ResourceNotFoundException, AccessDeniedException, ValidationException.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_GetStreamSession.html
 */
static inline int ivs_get_stream_session(ivs_client *client,
                                         const struct ivs_get_stream_session_in *in,
                                         struct ivs_get_stream_session_out *out) {
  return ivs_call(client, IVS_OP_GET_STREAM_SESSION, in, out);
}

/*
 * Registers the public half of a P-384 key pair, to which viewer tokens are checked on private
 * channels.
 *
 * Required: public_key_material. Answer: key_pair.
 * Not repeated when the answer is lost, as it could happen twice: IVS_ERR_UNSURE.
 * Refused with: AccessDeniedException, ValidationException, PendingVerification, ConflictException,
 * ServiceQuotaExceededException.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_ImportPlaybackKeyPair.html
 */
static inline int ivs_import_playback_key_pair(ivs_client *client,
                                               const struct ivs_import_playback_key_pair_in *in,
                                               struct ivs_import_playback_key_pair_out *out) {
  return ivs_call(client, IVS_OP_IMPORT_PLAYBACK_KEY_PAIR, in, out);
}

/*
 * Begins an ad break for all viewers of a live channel that has an ad configuration.
 *
 * Required: channel_arn, duration_seconds. Answer: ad_break_id.
 * Not repeated when the answer is lost, as it could happen twice: IVS_ERR_UNSURE.
 * Refused with: ResourceNotFoundException, InternalServerException, AccessDeniedException,
 * ValidationException, ChannelNotBroadcasting, ThrottlingException, ConflictException.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_InsertAdBreak.html
 */
static inline int ivs_insert_ad_break(ivs_client *client,
                                      const struct ivs_insert_ad_break_in *in,
                                      struct ivs_insert_ad_break_out *out) {
  return ivs_call(client, IVS_OP_INSERT_AD_BREAK, in, out);
}

/*
 * Lists the ad configurations of the account in this region.
 *
 * Required: nothing. Answer: ad_configurations, next_token.
 * In pages: ivs_list_ad_configurations_more() turns the request into that of the next one.
 * Refused with: InternalServerException, AccessDeniedException, ValidationException.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_ListAdConfigurations.html
 */
static inline int ivs_list_ad_configurations(ivs_client *client,
                                             const struct ivs_list_ad_configurations_in *in,
                                             struct ivs_list_ad_configurations_out *out) {
  return ivs_call(client, IVS_OP_LIST_AD_CONFIGURATIONS, in, out);
}

static inline int ivs_list_ad_configurations_more(
    struct ivs_list_ad_configurations_in *in,
    const struct ivs_list_ad_configurations_out *out,
    char token[IVS_PAGE_TOKEN_SIZE]) {
  return ivs_page_more(&ivs_ops[IVS_OP_LIST_AD_CONFIGURATIONS], in, out, token);
}

/*
 * Lists the channels of the account in this region; at most one filter at a time.
 *
 * Required: nothing. Answer: channels, next_token.
 * In pages: ivs_list_channels_more() turns the request into that of the next one.
 * Refused with: AccessDeniedException, ValidationException, ConflictException.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_ListChannels.html
 */
static inline int ivs_list_channels(ivs_client *client,
                                    const struct ivs_list_channels_in *in,
                                    struct ivs_list_channels_out *out) {
  return ivs_call(client, IVS_OP_LIST_CHANNELS, in, out);
}

static inline int ivs_list_channels_more(struct ivs_list_channels_in *in,
                                         const struct ivs_list_channels_out *out,
                                         char token[IVS_PAGE_TOKEN_SIZE]) {
  return ivs_page_more(&ivs_ops[IVS_OP_LIST_CHANNELS], in, out, token);
}

/*
 * Lists the playback key pairs of the account in this region.
 *
 * Required: nothing. Answer: key_pairs, next_token.
 * In pages: ivs_list_playback_key_pairs_more() turns the request into that of the next one.
 * Refused with: AccessDeniedException, ValidationException.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_ListPlaybackKeyPairs.html
 */
static inline int ivs_list_playback_key_pairs(ivs_client *client,
                                              const struct ivs_list_playback_key_pairs_in *in,
                                              struct ivs_list_playback_key_pairs_out *out) {
  return ivs_call(client, IVS_OP_LIST_PLAYBACK_KEY_PAIRS, in, out);
}

static inline int ivs_list_playback_key_pairs_more(
    struct ivs_list_playback_key_pairs_in *in,
    const struct ivs_list_playback_key_pairs_out *out,
    char token[IVS_PAGE_TOKEN_SIZE]) {
  return ivs_page_more(&ivs_ops[IVS_OP_LIST_PLAYBACK_KEY_PAIRS], in, out, token);
}

/*
 * Lists the playback restriction policies of the account in this region.
 *
 * Required: nothing. Answer: playback_restriction_policies, next_token.
 * In pages: ivs_list_playback_restriction_policies_more() turns the request into that of the next
 * one.
 * Refused with: AccessDeniedException, ValidationException, PendingVerification, ConflictException.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_ListPlaybackRestrictionPolicies.html
 */
static inline int ivs_list_playback_restriction_policies(
    ivs_client *client,
    const struct ivs_list_playback_restriction_policies_in *in,
    struct ivs_list_playback_restriction_policies_out *out) {
  return ivs_call(client, IVS_OP_LIST_PLAYBACK_RESTRICTION_POLICIES, in, out);
}

static inline int ivs_list_playback_restriction_policies_more(
    struct ivs_list_playback_restriction_policies_in *in,
    const struct ivs_list_playback_restriction_policies_out *out,
    char token[IVS_PAGE_TOKEN_SIZE]) {
  return ivs_page_more(&ivs_ops[IVS_OP_LIST_PLAYBACK_RESTRICTION_POLICIES], in, out, token);
}

/*
 * Lists the recording configurations of the account in this region.
 *
 * Required: nothing. Answer: recording_configurations, next_token.
 * In pages: ivs_list_recording_configurations_more() turns the request into that of the next one.
 * Refused with: InternalServerException, AccessDeniedException, ValidationException.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_ListRecordingConfigurations.html
 */
static inline int ivs_list_recording_configurations(
    ivs_client *client,
    const struct ivs_list_recording_configurations_in *in,
    struct ivs_list_recording_configurations_out *out) {
  return ivs_call(client, IVS_OP_LIST_RECORDING_CONFIGURATIONS, in, out);
}

static inline int ivs_list_recording_configurations_more(
    struct ivs_list_recording_configurations_in *in,
    const struct ivs_list_recording_configurations_out *out,
    char token[IVS_PAGE_TOKEN_SIZE]) {
  return ivs_page_more(&ivs_ops[IVS_OP_LIST_RECORDING_CONFIGURATIONS], in, out, token);
}

/*
 * Lists the stream keys of a channel, without their values.
 *
 * Required: channel_arn. Answer: stream_keys, next_token.
 * In pages: ivs_list_stream_keys_more() turns the request into that of the next one.
 * Refused with: ResourceNotFoundException, AccessDeniedException, ValidationException.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_ListStreamKeys.html
 */
static inline int ivs_list_stream_keys(ivs_client *client,
                                       const struct ivs_list_stream_keys_in *in,
                                       struct ivs_list_stream_keys_out *out) {
  return ivs_call(client, IVS_OP_LIST_STREAM_KEYS, in, out);
}

static inline int ivs_list_stream_keys_more(struct ivs_list_stream_keys_in *in,
                                            const struct ivs_list_stream_keys_out *out,
                                            char token[IVS_PAGE_TOKEN_SIZE]) {
  return ivs_page_more(&ivs_ops[IVS_OP_LIST_STREAM_KEYS], in, out, token);
}

/*
 * Lists the stream sessions of a channel in the last 60 days.
 *
 * Required: channel_arn. Answer: stream_sessions, next_token.
 * In pages: ivs_list_stream_sessions_more() turns the request into that of the next one.
 * Refused with: ResourceNotFoundException, AccessDeniedException, ValidationException.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_ListStreamSessions.html
 */
static inline int ivs_list_stream_sessions(ivs_client *client,
                                           const struct ivs_list_stream_sessions_in *in,
                                           struct ivs_list_stream_sessions_out *out) {
  return ivs_call(client, IVS_OP_LIST_STREAM_SESSIONS, in, out);
}

static inline int ivs_list_stream_sessions_more(struct ivs_list_stream_sessions_in *in,
                                                const struct ivs_list_stream_sessions_out *out,
                                                char token[IVS_PAGE_TOKEN_SIZE]) {
  return ivs_page_more(&ivs_ops[IVS_OP_LIST_STREAM_SESSIONS], in, out, token);
}

/*
 * Lists the streams that are live in this region; the way to watch many channels without a call for
 * each.
 *
 * Required: nothing. Answer: streams, next_token.
 * In pages: ivs_list_streams_more() turns the request into that of the next one.
 * Refused with: AccessDeniedException, ValidationException.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_ListStreams.html
 */
static inline int ivs_list_streams(ivs_client *client,
                                   const struct ivs_list_streams_in *in,
                                   struct ivs_list_streams_out *out) {
  return ivs_call(client, IVS_OP_LIST_STREAMS, in, out);
}

static inline int ivs_list_streams_more(struct ivs_list_streams_in *in,
                                        const struct ivs_list_streams_out *out,
                                        char token[IVS_PAGE_TOKEN_SIZE]) {
  return ivs_page_more(&ivs_ops[IVS_OP_LIST_STREAMS], in, out, token);
}

/*
 * Gets the tags of a channel or of any other resource.
 *
 * Required: resource_arn. Answer: tags.
 * Refused with: ResourceNotFoundException, InternalServerException, ValidationException.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_ListTagsForResource.html
 */
static inline int ivs_list_tags_for_resource(ivs_client *client,
                                             const struct ivs_list_tags_for_resource_in *in,
                                             struct ivs_list_tags_for_resource_out *out) {
  return ivs_call(client, IVS_OP_LIST_TAGS_FOR_RESOURCE, in, out);
}

/*
 * Puts text into the live stream, which players hand to the viewer's page in time with the picture;
 * at most 1 KB, 5 calls a second for a channel and 155 for the account.
 *
 * Required: channel_arn, metadata. The answer has no members: out may be NULL.
 * Repeated when the answer is lost, so that viewers may get the same text twice, unless cue_once is
 * set in the options.
 * Refused with: ResourceNotFoundException, AccessDeniedException, ValidationException,
 * ChannelNotBroadcasting, ThrottlingException.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_PutMetadata.html
 */
static inline int ivs_put_metadata(ivs_client *client,
                                   const struct ivs_put_metadata_in *in,
                                   struct ivs_put_metadata_out *out) {
  return ivs_call(client, IVS_OP_PUT_METADATA, in, out);
}

/*
 * Begins to end the playback of one viewer who watches with a token that names a viewer ID.
 *
 * Required: channel_arn, viewer_id. The answer has no members: out may be NULL.
 * Refused with: ResourceNotFoundException, InternalServerException, AccessDeniedException,
 * ValidationException, ThrottlingException, PendingVerification.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_StartViewerSessionRevocation.html
 */
static inline int ivs_start_viewer_session_revocation(
    ivs_client *client,
    const struct ivs_start_viewer_session_revocation_in *in,
    struct ivs_start_viewer_session_revocation_out *out) {
  return ivs_call(client, IVS_OP_START_VIEWER_SESSION_REVOCATION, in, out);
}

/*
 * Ends the stream of a channel; an encoder that reconnects starts a new one, so delete the stream
 * key to keep it out.
 *
 * Required: channel_arn. The answer has no members: out may be NULL.
 * Refused with: ResourceNotFoundException, AccessDeniedException, ValidationException,
 * ChannelNotBroadcasting, StreamUnavailable.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_StopStream.html
 */
static inline int ivs_stop_stream(ivs_client *client,
                                  const struct ivs_stop_stream_in *in,
                                  struct ivs_stop_stream_out *out) {
  return ivs_call(client, IVS_OP_STOP_STREAM, in, out);
}

/*
 * Adds tags to a resource, and replaces the values of those it has.
 *
 * Required: resource_arn, tags. The answer has no members: out may be NULL.
 * Refused with: ResourceNotFoundException, InternalServerException, ValidationException.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_TagResource.html
 */
static inline int ivs_tag_resource(ivs_client *client,
                                   const struct ivs_tag_resource_in *in,
                                   struct ivs_tag_resource_out *out) {
  return ivs_call(client, IVS_OP_TAG_RESOURCE, in, out);
}

/*
 * Removes tags from a resource.
 *
 * Required: resource_arn, tag_keys. The answer has no members: out may be NULL.
 * Refused with: ResourceNotFoundException, InternalServerException, ValidationException.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_UntagResource.html
 */
static inline int ivs_untag_resource(ivs_client *client,
                                     const struct ivs_untag_resource_in *in,
                                     struct ivs_untag_resource_out *out) {
  return ivs_call(client, IVS_OP_UNTAG_RESOURCE, in, out);
}

/*
 * Changes an ad configuration; what is absent stays.
 *
 * Required: arn. Answer: ad_configuration.
 * Refused with: ResourceNotFoundException, InternalServerException, AccessDeniedException,
 * ValidationException, PendingVerification, ThrottlingException, ConflictException,
 * ServiceQuotaExceededException.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_UpdateAdConfiguration.html
 */
static inline int ivs_update_ad_configuration(ivs_client *client,
                                              const struct ivs_update_ad_configuration_in *in,
                                              struct ivs_update_ad_configuration_out *out) {
  return ivs_call(client, IVS_OP_UPDATE_AD_CONFIGURATION, in, out);
}

/*
 * Changes a channel; what is absent stays. Refused with ConflictException while the channel is
 * live.
 *
 * Required: arn. Answer: channel.
 * Refused with: ResourceNotFoundException, AccessDeniedException, ValidationException,
 * PendingVerification, ConflictException.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_UpdateChannel.html
 */
static inline int ivs_update_channel(ivs_client *client,
                                     const struct ivs_update_channel_in *in,
                                     struct ivs_update_channel_out *out) {
  return ivs_call(client, IVS_OP_UPDATE_CHANNEL, in, out);
}

/*
 * Changes a playback restriction policy; what is absent stays.
 *
 * Required: arn. Answer: playback_restriction_policy.
 * Refused with: ResourceNotFoundException, AccessDeniedException, ValidationException,
 * PendingVerification, ConflictException.
 * https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_UpdatePlaybackRestrictionPolicy.html
 */
static inline int ivs_update_playback_restriction_policy(
    ivs_client *client,
    const struct ivs_update_playback_restriction_policy_in *in,
    struct ivs_update_playback_restriction_policy_out *out) {
  return ivs_call(client, IVS_OP_UPDATE_PLAYBACK_RESTRICTION_POLICY, in, out);
}

/* Elements of lists: see the head of this file. */
static inline int ivs_next_channel(ivs_client *client,
                                   struct ivs_channel_list *list,
                                   struct ivs_channel *element) {
  return ivs_next(client, &list->rest, element);
}

static inline int ivs_next_batch_error(ivs_client *client,
                                       struct ivs_batch_error_list *list,
                                       struct ivs_batch_error *element) {
  return ivs_next(client, &list->rest, element);
}

static inline int ivs_next_stream_key(ivs_client *client,
                                      struct ivs_stream_key_list *list,
                                      struct ivs_stream_key *element) {
  return ivs_next(client, &list->rest, element);
}

static inline int ivs_next_batch_start_viewer_session_revocation_error(
    ivs_client *client,
    struct ivs_batch_start_viewer_session_revocation_error_list *list,
    struct ivs_batch_start_viewer_session_revocation_error *element) {
  return ivs_next(client, &list->rest, element);
}

static inline int ivs_next_media_tailor_playback_configuration(
    ivs_client *client,
    struct ivs_media_tailor_playback_configuration_list *list,
    struct ivs_media_tailor_playback_configuration *element) {
  return ivs_next(client, &list->rest, element);
}

static inline int ivs_next_video_configuration(ivs_client *client,
                                               struct ivs_video_configuration_list *list,
                                               struct ivs_video_configuration *element) {
  return ivs_next(client, &list->rest, element);
}

static inline int ivs_next_audio_configuration(ivs_client *client,
                                               struct ivs_audio_configuration_list *list,
                                               struct ivs_audio_configuration *element) {
  return ivs_next(client, &list->rest, element);
}

static inline int ivs_next_stream_event(ivs_client *client,
                                        struct ivs_stream_event_list *list,
                                        struct ivs_stream_event *element) {
  return ivs_next(client, &list->rest, element);
}

static inline int ivs_next_ad_configuration_summary(
    ivs_client *client,
    struct ivs_ad_configuration_summary_list *list,
    struct ivs_ad_configuration_summary *element) {
  return ivs_next(client, &list->rest, element);
}

static inline int ivs_next_channel_summary(ivs_client *client,
                                           struct ivs_channel_summary_list *list,
                                           struct ivs_channel_summary *element) {
  return ivs_next(client, &list->rest, element);
}

static inline int ivs_next_playback_key_pair_summary(
    ivs_client *client,
    struct ivs_playback_key_pair_summary_list *list,
    struct ivs_playback_key_pair_summary *element) {
  return ivs_next(client, &list->rest, element);
}

static inline int ivs_next_playback_restriction_policy_summary(
    ivs_client *client,
    struct ivs_playback_restriction_policy_summary_list *list,
    struct ivs_playback_restriction_policy_summary *element) {
  return ivs_next(client, &list->rest, element);
}

static inline int ivs_next_recording_configuration_summary(
    ivs_client *client,
    struct ivs_recording_configuration_summary_list *list,
    struct ivs_recording_configuration_summary *element) {
  return ivs_next(client, &list->rest, element);
}

static inline int ivs_next_stream_key_summary(ivs_client *client,
                                              struct ivs_stream_key_summary_list *list,
                                              struct ivs_stream_key_summary *element) {
  return ivs_next(client, &list->rest, element);
}

static inline int ivs_next_stream_session_summary(ivs_client *client,
                                                  struct ivs_stream_session_summary_list *list,
                                                  struct ivs_stream_session_summary *element) {
  return ivs_next(client, &list->rest, element);
}

static inline int ivs_next_stream_summary(ivs_client *client,
                                          struct ivs_stream_summary_list *list,
                                          struct ivs_stream_summary *element) {
  return ivs_next(client, &list->rest, element);
}

/* Texts of a list of texts. */
static inline int ivs_next_str(ivs_client *client, struct ivs_str_list *list, ivs_str *element) {
  return ivs_next(client, &list->rest, element);
}

/* Tags: name and value. */
static inline int ivs_next_tag(ivs_client *client, struct ivs_tags *list, ivs_pair *element) {
  return ivs_next(client, &list->rest, element);
}

#ifdef __cplusplus
}
#endif

#endif
