---@meta ivs
-- Generated from core/model/ by scripts/generate.py: change that and run this, never edit here.
-- For editors only: nothing here runs.

---Amazon IVS for Lua: `local ivs = require "ivs"`.
---@class ivs
---@field version string Of this library, such as "0.1.0".
---@field null ivs.Null Null, in JSON.
---@field lines ivs.lines Lines of standard input as they come. Only in the program `ivs`; nil in stock Lua.
---@field live ivs.live Going live. Only in the program `ivs`; nil in stock Lua.
---@field process ivs.process Other programs. Only in the program `ivs`; nil in stock Lua.
local ivs = {}

---What `ivs.null` is: a value that equals only itself.
---@class ivs.Null: userdata

---What went wrong. `tostring(err)` and `"..." .. err` are one line for people.
---@class ivs.Error
---@field code ivs.ErrorCode|string Of the service, or of this library; the HTTP status as text where an answer has no code.
---@field message string What happened.
---@field retryable boolean Whether the same call may succeed later.
---@field operation? string API name of the operation, such as "GetChannel".
---@field status? integer HTTP status, if there was an answer.
---@field request_id? string What support at AWS asks for.
---@field hint? string What to do about it.
---@field endpoint? string Where it was sent, of trouble on the way there, such as "https://ivs.eu-west-1.amazonaws.com".
---@field region? string Of `BadRegion`: what is no name of one.
---@field attempts? integer Of a call: how many attempts were made.
---@field exhausted? boolean Of a call: whether those were all that the client makes.
---@field pending? integer Of a flush: items that are left in the queue.
---@field refused? integer Of a flush: items that were not accepted and are not in the queue any more.
---@operator concat(any): string

---Codes that are known: the service's, then this library's own.
---@alias ivs.ErrorCode
---| "AccessDeniedException" # The credentials do not permit this, by their policies.
---| "ChannelNotBroadcasting" # The channel is not live.
---| "ConflictException" # Not possible in the present state, such as a change of a live channel.
---| "InternalServerException" # A fault of the service.
---| "PendingVerification" # AWS has not verified the account yet.
---| "ResourceNotFoundException" # There is nothing with this ARN or ID.
---| "ServiceQuotaExceededException" # The account has as many of these as its quota allows.
---| "ServiceUnavailable" # The service is not available at the moment.
---| "StreamUnavailable" # The stream is not available at the moment.
---| "ThrottlingException" # Too many calls in a short time.
---| "ValidationException" # A member is missing or breaks a rule.
---| "NoRegion" # No region was given.
---| "BadRegion" # The region is no name of one.
---| "NoCredentials" # No credentials were found, or their source failed: which, and why.
---| "NoProfile" # A profile was named, and neither file has it.
---| "BadConfigFile" # ~/.aws/config or ~/.aws/credentials is malformed or cannot be read.
---| "BadEndpoint" # The endpoint is not a URL.
---| "EndpointConflict" # FIPS or dual-stack, and an endpoint that is not one of AWS's own.
---| "BadSetting" # A setting has a value that is none, or is too long, or names what is not there.
---| "BadSession" # Of `tls_session`: the text cannot be used.
---| "HostNotFound" # The name of the host could not be resolved. Retryable.
---| "CannotConnect" # Nobody answers at the address. Retryable.
---| "ConnectionClosed" # The connection was lost. Retryable.
---| "NetworkError" # The network failed otherwise. Retryable.
---| "Timeout" # The deadline of the call passed. Retryable.
---| "Unsure" # The request left and no answer came, to an operation that must not be done twice.
---| "Interrupted" # By a signal; the call may or may not have been done.
---| "TlsTrust" # The certificate is not signed by a trusted root.
---| "TlsName" # The certificate is for another host.
---| "TlsDate" # The certificate is not valid now, by this machine's clock.
---| "TlsRoots" # The CA bundle cannot be read.
---| "Proxy" # The proxy refused to pass the call on.
---| "Tls" # TLS failed otherwise. Retryable.
---| "TlsMemory" # TLS ran out of memory. Retryable.
---| "BadAnswer" # The answer is not HTTP, not JSON, or not of the API's form.
---| "AnswerTooLarge" # The answer needs over 16 MB.
---| "Redirect" # The answer is a redirect; none is followed.
---| "Clock" # This machine's clock does not serve.
---| "NoEntropy" # The system has no random numbers.
---| "Crypto" # The crypto library failed.
---| "RecordingFailed" # Of `wait_recording_configuration`: its state is CREATE_FAILED.
---| "TooLong" # Of `push`: the item does not fit into a payload, or into the empty buffer.
---| "Empty" # Of `push`: the item would be a payload without a byte.
---| "QueueFull" # Of `push`: the buffer has no room for the item now. Retryable.
---| "BadKey" # Of `ivs.token`: no key of the curve P-384, or a public one where a private one is wanted.
---| "BadClaim" # Of `ivs.token.sign`: a claim is over its limit, or not one that the service takes.
---| "BadToken" # Of `ivs.token.verify`: no token, or not signed by this key.
---| "TokenOver" # Of `ivs.token.verify`: signed by this key, but its time is over.
---| "NotAnEvent" # Of `ivs.events.decode`: JSON, but no event.
---| "NotJson" # Of `ivs.json.decode` and `ivs.events.decode`.
---| "NotATime" # Of `ivs.time`.
---| "Internal" # A fault of this library.

---A connection to the service, with region and credentials. Made by `ivs.client`; one call at a time. Also a `<close>` variable.
---@class ivs.Client
local Client = {}

---Options of `ivs.client`. What is not given comes from the environment, then from a profile of the AWS tools' files.
---@class ivs.ClientOptions
---@field profile? string Of ~/.aws/config and ~/.aws/credentials. Default: AWS_PROFILE, AWS_DEFAULT_PROFILE, then "default".
---@field region? string Such as "eu-west-1". Default: AWS_REGION, AWS_DEFAULT_REGION, the profile's, then that of the EC2 instance.
---@field endpoint? string URL. Default: AWS_ENDPOINT_URL_IVS, AWS_ENDPOINT_URL, the profile's, then the service's of the region.
---@field fips? boolean Use AWS's endpoint with validated cryptography. Default: AWS_USE_FIPS_ENDPOINT, then the profile's.
---@field dual_stack? boolean Use AWS's endpoint with IPv6 and IPv4. Default: AWS_USE_DUALSTACK_ENDPOINT, then the profile's.
---@field access_key_id? string Goes with secret_access_key. Default: where the AWS tools look for credentials.
---@field secret_access_key? string Secret: appears in no log.
---@field session_token? string Only of temporary credentials. Secret: appears in no log.
---@field role_arn? string A role that is assumed, with the credentials there are otherwise or by web_identity_token_file.
---@field role_session_name? string Of role_arn, shown in AWS's logs. Default: "ivs-session-" and the time.
---@field external_id? string Of role_arn, if the role wants one.
---@field duration_seconds? integer Of role_arn: 900 to 43200. Default: what STS has, an hour.
---@field web_identity_token_file? string File with the token of an identity provider, with role_arn.
---@field iot? ivs.Iot Credentials from AWS IoT Core, by the certificate of a device.
---@field ca_bundle? string File of PEM certificates. Default: AWS_CA_BUNDLE, the profile's, then Amazon's roots, which are built in.
---@field proxy? string|false URL of an HTTP proxy, such as "http://user:password@host:3128"; false: none. Default: HTTPS_PROXY and NO_PROXY.
---@field verify? boolean Whether the server's certificate is verified; default true. If not, a warning goes to stderr.
---@field timeout? number Seconds for all of one call, retries included, and for the search for a region: 0.001 to 1e6; default 60.
---@field max_attempts? integer Attempts of one call: 1 to 255. Default: AWS_MAX_ATTEMPTS, the profile's, then 3 (legacy: 5).
---@field retry_mode? string "standard", "adaptive" or "legacy". Default: AWS_RETRY_MODE, the profile's, then "standard".
---@field metadata_once? boolean Whether PutMetadata is not repeated when its answer was lost; default false.
---@field keep_clock? boolean Whether the clock is never corrected by what the service says. Default: AWS_DISABLE_CLOCK_SKEW_CORRECTION, then the profile's.
---@field sign? boolean Whether requests are signed; default true.
---@field connect_timeout? number Seconds until the connection must be there: 0.001 to 1e6; 0 (default): only timeout limits it.
---@field read_timeout? number Seconds that the server may be silent: 0.001 to 1e6; 0 (default): only timeout limits it.
---@field trace? fun(event: ivs.TraceEvent, text: string) Told what goes over the connection. Secrets, such as stream keys, are in it.
---@field map_order? fun(map: table<string, string>, names: string[]) Told of each map in an answer in which order its names came.
---@field map_names? fun(map: table<string, string>): string[] Asked for the order in which the names of each map of a request are sent.

---AWS IoT Core's credentials provider.
---@class ivs.Iot
---@field endpoint string What `aws iot describe-endpoint --endpoint-type iot:CredentialProvider` prints.
---@field role_alias string Of the role.
---@field thing_name? string The thing's name, for policies.
---@field certificate string File of the device's certificate, PEM or DER.
---@field private_key string File of its key, not encrypted.
---@field ca? string File of trusted roots. Default: as ca_bundle.

---What `trace` is told, with a text.
---@alias ivs.TraceEvent
---| "connecting" # A connection is opened, to the host that the text names.
---| "connected" # It is there.
---| "sent" # Bytes of a request, before they are encrypted.
---| "received" # Bytes of an answer.
---| "clock" # The time was taken from the service, as this machine's clock was never set.
---| "waiting" # Before another attempt: "SECONDS ATTEMPT ATTEMPTS WHY", such as "0.031 2 3 throttled".

---What a client did since it was made.
---@class ivs.Counters
---@field calls integer Calls begun.
---@field requests integer Requests sent, retries included.
---@field retries integer Attempts beyond the first, of all calls.
---@field refreshes integer Times that credentials were replaced by new ones.
---@field connections integer Connections opened.
---@field reused integer Requests that went out on a connection that was open already.
---@field lookups integer Host names looked up.
---@field handshakes integer TLS handshakes.
---@field resumed integer Handshakes that continued an earlier session.
---@field sent integer Bytes of requests, without what TLS adds.
---@field received integer Bytes of answers.
---@field high_water integer Most bytes of the workspace that a call needed.
---@field workspace integer Bytes of the workspace, which grows as calls need it.

---A new client.
---@param options? ivs.ClientOptions
---@return ivs.Client? client
---@return ivs.Error? error
function ivs.client(options) end

---Any operation, by any of its names: "GetChannel", "get_channel", "get-channel".
---@param operation ivs.Operation|string
---@param request? table
---@return table? answer
---@return ivs.Error? error
function Client:call(operation, request) end

---The time by the client's clock: this machine's, corrected by what the service said.
---@return number seconds Since 1970.
function Client:clock() end

---How many seconds the client adds to this machine's clock. Given, it is set, to the second: for a program that keeps it from run to run.
---@param seconds? number
---@return number seconds
function Client:clock_offset(seconds) end

---The longest time of one call, attempts and pauses included, from now on. Returns what it was before.
---@param seconds? number 0.001 to 1e6.
---@return number seconds
function Client:timeout(seconds) end

---Takes the time from the service. Done by itself before the first call where this machine's clock says less than 2026.
---@return number? seconds Since 1970.
---@return ivs.Error? error
function Client:learn_clock() end

---Waits until a recording configuration can be used. It may fail although its creation was answered with success: the bucket is missing, or in
---another region (`RecordingFailed`).
---@param arn string
---@param seconds? number Longest wait; default 60. The last look may take up to 5 s more.
---@return ivs.RecordingConfiguration? configuration ACTIVE.
---@return ivs.Error? error
function Client:wait_recording_configuration(arn, seconds) end

---Where the credentials come from.
---@return ivs.Credentials credentials
function Client:credentials() end

---What may be known of credentials.
---@class ivs.Credentials
---@field source? string Such as "AWS_ACCESS_KEY_ID", "the credentials file", "role", "IMDS"; nil if requests are not signed.
---@field expires? integer Seconds since 1970, as far as it is known.

---The TLS session, to be kept for the next run, whose first handshake is then shorter; nil if there is none. It is as secret as a password.
---Given, before the first call, it is used.
---@param session? string
---@return string|true|nil session
---@return ivs.Error? error
function Client:tls_session(session) end

---Closes the connection and forgets the credentials. Done to a closed client, it does nothing.
function Client:close() end

---@return ivs.Counters counters
function Client:counters() end

---Timed metadata for one channel, at the rate that the service permits. Made by `Client:metadata_queue`. Also a `<close>` variable;
---items that are left then, neither flushed nor cleared, are told by a line on stderr. `#queue` is the number of items in it.
---@class ivs.MetadataQueue
---@operator len: integer
local MetadataQueue = {}

---Options of `Client:metadata_queue`.
---@class ivs.MetadataQueueOptions
---@field rate? integer Payloads a second: 1 to 1000; default 5, the service's limit.
---@field account_rate? integer The same for all queues of the client that are given it: 1 to 1000; default none.
---@field coalesce? boolean Whether items that wait share a payload, a JSON array; default true.
---@field join? string[] Three texts: what stands before all items of a payload, between two, and after all, in place of an array.
---@field limit? integer Bytes of a payload: 16 to 1024; default 1024.
---@field buffer? integer Bytes for waiting items: 256 to 16777216; default 16384.
---@field drop_oldest? boolean Whether the oldest items make room when the buffer is full; default false: the push is refused.
---@field refuse_offline? boolean Whether items for a channel that is not live are refused; default false: they are tried again.
---@field at_most_once? boolean Whether a payload whose answer was lost is given up rather than sent again; default false.

---Options of `push`.
---@class ivs.MetadataOptions
---@field key? string An item with the same key that still waits is replaced. Up to 255 bytes.
---@field ttl? number Seconds after which the item is not sent any more: 0.001 to 1e6; default no limit.

---What became of the items: pushed is the sum of pending, sent, replaced, expired, refused, dropped and unsure.
---@class ivs.MetadataCounters
---@field pushed integer Items offered, also those that were refused at once.
---@field pending integer Items in the queue.
---@field sent integer Items that the service has accepted.
---@field replaced integer Items whose key was pushed again.
---@field expired integer Items whose ttl was over.
---@field refused integer Items that the queue or the service did not take.
---@field dropped integer Items that were cleared, or made room for others.
---@field unsure integer Items whose answer was lost, and which were not sent again.
---@field payloads integer Calls that succeeded.
---@field coalesced integer Items sent that shared a payload.
---@field throttled integer Payloads that the service refused as too many.
---@field bytes integer Bytes of the payloads that were accepted.

---A queue of timed metadata.
---@param channelArn string
---@param options? ivs.MetadataQueueOptions
---@return ivs.MetadataQueue queue
function Client:metadata_queue(channelArn, options) end

---Puts an item in. It never waits.
---@param item string|table A table is sent as JSON; a string as text, which an array holds as a JSON string.
---@param options? ivs.MetadataOptions
---@return true? taken
---@return ivs.Error? error TooLong, Empty or QueueFull.
function MetadataQueue:push(item, options) end

---Sends what is in the queue, and waits for it.
---@param seconds number At most; 0 to 1e6.
---@return true? done All is sent.
---@return ivs.Error? error Timeout or Interrupted; the items stay. Or why items were not accepted since a flush last said so, in steps too.
function MetadataQueue:flush(seconds) end

---Does what can be done now, without waiting.
---@return number? seconds Until it wants to be called again; nil: nothing is left.
function MetadataQueue:step() end

---@return ivs.MetadataCounters counters
function MetadataQueue:counters() end

---Why the last payload that was not accepted was not.
---@return ivs.Error? error
function MetadataQueue:last_error() end

---Throws away what is in the queue.
---@return integer items How many that were.
function MetadataQueue:clear() end

---Ends the queue. It sends nothing.
function MetadataQueue:close() end

---The operations, by their API names.
---@alias ivs.Operation
---| "BatchGetChannel" # Gets up to 50 channels in one call; those that could not be read are listed in errors.
---| "BatchGetStreamKey" # Gets up to 50 stream keys with their values in one call; those that could not be read are listed in errors.
---| "BatchStartViewerSessionRevocation" # Begins to end the playback of up to 20 viewers in one call; those that failed are listed in errors.
---| "CreateAdConfiguration" # Creates an ad configuration, which ties channels to MediaTailor for ads that are cut in by the service.
---| "CreateChannel" # Creates a channel, and with it the stream key that an encoder needs.
---| "CreatePlaybackRestrictionPolicy" # Creates a policy that limits from which countries and web sites a channel can be watched.
---| "CreateRecordingConfiguration" # Creates a recording configuration, which tells where in Amazon S3 and how streams are recorded; it is usable once its state is ACTIVE.
---| "CreateStreamKey" # Creates a stream key for a channel that has none; a channel can have one at a time.
---| "DeleteAdConfiguration" # Deletes an ad configuration; no channel may use it any more.
---| "DeleteChannel" # Deletes a channel and its stream key; refused with ConflictException while the channel is live, so stop the stream first.
---| "DeletePlaybackKeyPair" # Deletes a playback key pair; viewer tokens signed with its private key are no longer accepted.
---| "DeletePlaybackRestrictionPolicy" # Deletes a playback restriction policy; no channel may use it any more.
---| "DeleteRecordingConfiguration" # Deletes a recording configuration; no channel may use it any more. What was recorded stays.
---| "DeleteStreamKey" # Deletes a stream key, so that no encoder can begin a stream with it.
---| "GetAdConfiguration" # Gets an ad configuration.
---| "GetChannel" # Gets a channel, with its ingest and playback addresses.
---| "GetPlaybackKeyPair" # Gets the name and the fingerprint of a playback key pair; the service does not hold the private key.
---| "GetPlaybackRestrictionPolicy" # Gets a playback restriction policy.
---| "GetRecordingConfiguration" # Gets a recording configuration, with its state.
---| "GetStream" # Gets the live stream of a channel; ChannelNotBroadcasting says that the channel is offline, which is an answer rather than a fault.
---| "GetStreamKey" # Gets a stream key with its value.
---| "GetStreamSession" # Gets what the service noted about one stream session: what it received from the encoder, and events. Kept for 60 days.
---| "ImportPlaybackKeyPair" # Registers the public half of a P-384 key pair, to which viewer tokens are checked on private channels.
---| "InsertAdBreak" # Begins an ad break for all viewers of a live channel that has an ad configuration.
---| "ListAdConfigurations" # Lists the ad configurations of the account in this region.
---| "ListChannels" # Lists the channels of the account in this region; at most one filter at a time.
---| "ListPlaybackKeyPairs" # Lists the playback key pairs of the account in this region.
---| "ListPlaybackRestrictionPolicies" # Lists the playback restriction policies of the account in this region.
---| "ListRecordingConfigurations" # Lists the recording configurations of the account in this region.
---| "ListStreamKeys" # Lists the stream keys of a channel, without their values.
---| "ListStreamSessions" # Lists the stream sessions of a channel in the last 60 days.
---| "ListStreams" # Lists the streams that are live in this region; the way to watch many channels without a call for each.
---| "ListTagsForResource" # Gets the tags of a channel or of any other resource.
---| "PutMetadata" # Puts text into the live stream, which players hand to the viewer's page in time with the picture; at most 1 KB, 5 calls a second for a channel and 155 for the account.
---| "StartViewerSessionRevocation" # Begins to end the playback of one viewer who watches with a token that names a viewer ID.
---| "StopStream" # Ends the stream of a channel; an encoder that reconnects starts a new one, so delete the stream key to keep it out.
---| "TagResource" # Adds tags to a resource, and replaces the values of those it has.
---| "UntagResource" # Removes tags from a resource.
---| "UpdateAdConfiguration" # Changes an ad configuration; what is absent stays.
---| "UpdateChannel" # Changes a channel; what is absent stays. Refused with ConflictException while the channel is live.
---| "UpdatePlaybackRestrictionPolicy" # Changes a playback restriction policy; what is absent stays.

---A description of an operation.
---@class ivs.OperationInfo
---@field name ivs.Operation Such as "CreateChannel".
---@field snake string Such as "create_channel".
---@field kebab string Such as "create-channel".
---@field method "GET"|"POST"|"DELETE" HTTP method.
---@field repeats "free"|"once"|"cue" Whether it may be sent again when the answer is lost: yes; no; yes, though viewers may get it twice.
---@field input ivs.MemberInfo[] Members of the request.
---@field output ivs.MemberInfo[] Members of the answer.
---@field each? string The iterator over all pages, such as "each_channel".
---@field pages? string The member of the answer that comes in pages.

---Limits: of a text its characters, of a list or map its elements, of an integer its value.
---@class ivs.Limits
---@field min? integer
---@field max? integer

---A description of a member.
---@class ivs.MemberInfo: ivs.Limits
---@field name string Such as "latencyMode".
---@field kebab string Such as "latency-mode".
---@field kind "string"|"boolean"|"integer"|"timestamp"|"structure"|"list"|"map"
---@field required boolean
---@field sensitive boolean Whether it may appear in no log.
---@field location? "path"|"query" Where a request has it, if not in its JSON.
---@field of? "structure"|"string" What a list holds.
---@field members? ivs.MemberInfo[] Of a structure, or of each one in a list.
---@field element? ivs.Limits Of each string in a list.
---@field names? ivs.Limits Of the names in a map.
---@field values? ivs.Limits Of the values in a map.

---The API as a list.
---@return ivs.OperationInfo[] operations
function ivs.operations() end

---One operation of it; nil if there is none of that name.
---@param name ivs.Operation|string `GetChannel`, `get_channel` or `get-channel`.
---@return ivs.OperationInfo? operation
function ivs.operation(name) end

---JSON, strict both ways.
---@class ivs.json
ivs.json = {}

---@class ivs.JsonOptions
---@field indent? integer Blanks for each level, 0 to 16; default 0, which is all in one line.
---@field operation? ivs.Operation|string Puts members in the order of that operation's answer; the others are sorted.

---Raises for what JSON cannot say.
---@param value any
---@param options? ivs.JsonOptions
---@return string text
function ivs.json.encode(value, options) end

---Null becomes `ivs.null`; of a repeated name the last counts.
---@param text string
---@return any value
---@return ivs.Error? error
function ivs.json.decode(text) end

---Viewer tokens for private channels. Nothing here asks the service.
---@class ivs.token
ivs.token = {}

---A key of the curve P-384: both halves, or the public one alone. Also a `<close>` variable.
---@class ivs.Key
local Key = {}

---What `client:import_playback_key_pair` takes as publicKeyMaterial.
---@return string? pem
---@return ivs.Error? error TlsMemory.
function Key:public_pem() end

---@return string? pem Secret: who has it can make tokens for all private channels of the account.
---@return ivs.Error? error BadKey: there is none.
function Key:private_pem() end

---@param text string PEM or DER, private or public, not encrypted.
---@return ivs.Key? key
---@return ivs.Error? error BadKey.
function ivs.token.key(text) end

---Makes a new pair.
---@return ivs.Key? key
---@return ivs.Error? error NoEntropy.
function ivs.token.key_pair() end

---By what clock a token is judged.
---@class ivs.TokenTime
---@field client? ivs.Client Whose clock counts, which the service has corrected. Default: this machine's.
---@field now? number Seconds since 1970, instead of a clock.

---What a token says. Times are in seconds since 1970.
---@class ivs.Claims
---@field channel_arn string The channel that may be watched.
---@field expires integer Until when playback may begin; it may go on after that.
---@field allow_origin? string Web sites that may show it, with commas between them.
---@field strict_origin? boolean Whether that holds for each request of each player.
---@field single_use? string The UUID of a token that serves once.
---@field viewer_id? string What `start_viewer_session_revocation` names.
---@field viewer_session_version? integer What it revokes up to.
---@field maximum_resolution? "SD"|"HD"|"FULL_HD" The most that the viewer gets.
---@field ads_opt_out? boolean Whether the viewer gets no ads.
---@field ads_reporting_mode? "CLIENT"|"SERVER" Who tells that an ad was seen.
---@field ads_playback_config_name? string Of the channel's ad configuration.
---@field ads_player_params? table<string, string> Handed to the ad server.

---@class ivs.TokenOptions: ivs.TokenTime
---@field key string|ivs.Key The private key: PEM, DER, or one that was loaded, which is faster for many tokens.
---@field channel_arn string The channel that may be watched.
---@field expires? integer Until when playback may begin, in seconds since 1970.
---@field expires_in? integer The same from now: 1 to 1e9; default 600, which is the most with viewer_id or single_use.
---@field allow_origin? string|string[] Web sites that may show it, such as "https://*.example.com"; default: all. Browsers obey it.
---@field strict_origin? boolean Whether that holds for each request of each player; then 5 at the most.
---@field single_use? boolean|string Whether the token serves once; or the UUID that makes it so.
---@field viewer_id? string Up to 40 characters, nothing personal: what `start_viewer_session_revocation` names.
---@field viewer_session_version? integer What it revokes up to; default 0.
---@field maximum_resolution? "SD"|"HD"|"FULL_HD" The most that the viewer gets.
---@field ads_opt_out? boolean Whether the viewer gets no ads.
---@field ads_reporting_mode? "CLIENT"|"SERVER" Who tells that an ad was seen; default the server.
---@field ads_playback_config_name? string Of the channel's ad configuration; default its first.
---@field ads_player_params? table<string, string> Handed to the ad server: up to 1000 bytes.

---Signs a token. The viewer plays playbackUrl .. "?token=" .. token.
---@param options ivs.TokenOptions
---@return string? token Up to 2048 characters. Secret as long as it counts.
---@return ivs.Error? error BadKey, BadClaim or Clock.
function ivs.token.sign(options) end

---@param token string
---@param key string|ivs.Key Either half.
---@param options? ivs.TokenTime
---@return ivs.Claims? claims
---@return ivs.Error? error BadToken or TokenOver; BadKey, Clock.
function ivs.token.verify(token, key, options) end

---What Amazon EventBridge sends about channels.
---@class ivs.events
ivs.events = {}

---What an event is about, by its detail type; "other" if that is not known.
---@alias ivs.EventType
---| "stream_state" # detail.event_name: Session Created, Stream Start, Stream End, Session Ended, Stream Failure, Stream Takeover ...
---| "stream_health" # detail.event_name: Starvation Start, Starvation End.
---| "limit_breach" # detail.limit_name, limit_value, exceeded_by, limit_unit.
---| "recording_state" # detail.recording_status, and what begins with recording_.
---| "ad_break_state" # detail.event_name: Ad Break Inserted.
---| "other" # Not of aws.ivs, or newer than this library.

---An event. It may come late, twice, out of order, or never.
---@class ivs.Event
---@field type ivs.EventType
---@field id? string The same for one that comes twice.
---@field source string Mostly "aws.ivs".
---@field detail_type string Such as "IVS Stream State Change".
---@field account? string Of the owner.
---@field region? string Such as "eu-west-1".
---@field time? string As it came.
---@field seconds? integer The same since 1970.
---@field channel_arn? string The first of resources; nil if the whole account is meant.
---@field resources? any[] ARNs.
---@field detail table<string, any> All members, as documented or newer.

---@param text string The whole event, not its detail alone.
---@return ivs.Event? event
---@return ivs.Error? error NotJson or NotAnEvent.
function ivs.events.decode(text) end

---Marks a table as an array, also when it is empty.
---@generic T: table
---@param t? T Default: a new table.
---@return T t
function ivs.list(t) end

---Marks a table as an object, also when it is empty.
---@generic T: table
---@param t? T Default: a new table.
---@return T t
function ivs.map(t) end

---Waits.
---@param seconds number 0 to 1e9.
---@return true? done
---@return ivs.Error? error Interrupted, by a signal.
function ivs.sleep(seconds) end

---Seconds since 1970, with a fraction.
---@return number seconds
function ivs.now() end

---Seconds of a clock that nobody sets, with a fraction: for differences.
---@return number seconds
function ivs.monotonic() end

---Seconds since 1970 of a timestamp of the service.
---@param text string Such as "2026-11-22T09:30:00Z".
---@return integer? seconds
---@return ivs.Error? error NotATime.
function ivs.time(text) end

---Ingest by SRT.
---@class ivs.Srt
---@field endpoint? string SRT host; the port is 9000.
---@field passphrase? string Encrypts SRT; of no use where insecureIngest is true. Secret: appears in no log.

---Whether the encoder may send several renditions itself; for type STANDARD with container
---FRAGMENTED_MP4.
---@class ivs.MultitrackInputConfiguration
---@field enabled? boolean Whether this is on; default false.
---@field policy? "ALLOW"|"REQUIRE" ALLOW: one track is accepted too; REQUIRE: it is refused. Needed where enabled is true.
---@field maximumResolution? "SD"|"HD"|"FULL_HD" Largest track that the encoder may send. Needed where enabled is true.

---A channel: what an encoder streams to and viewers watch.
---@class ivs.Channel
---@field arn? string ARN of this resource. 1 to 128 characters.
---@field name? string Name, which need not be unique; default "". At most 128 characters.
---@field latencyMode? "NORMAL"|"LOW" LOW (default): near real time; NORMAL: some seconds more.
---@field type? "BASIC"|"STANDARD"|"ADVANCED_SD"|"ADVANCED_HD" Kind of channel, which sets bitrate, resolution and transcoding; default STANDARD.
---@field recordingConfigurationArn? string Recording configuration of the channel; "" (default): no recording. At most 128 characters.
---@field ingestEndpoint? string Host that encoders send RTMPS to; the port is 443, the path /app/ and the stream key.
---@field playbackUrl? string Address for players, of an HLS playlist.
---@field authorized? boolean Whether viewers need a signed token; default false.
---@field tags? table<string, string> Tags: names and values of your own. At most 50 tags, names 1 to 128 characters, values at most 256 characters.
---@field insecureIngest? boolean Whether RTMP and SRT without encryption are accepted; default false.
---@field preset? "HIGHER_BANDWIDTH_DELIVERY"|"CONSTRAINED_BANDWIDTH_DELIVERY" Bitrates of the transcoded renditions; default HIGHER_BANDWIDTH_DELIVERY for ADVANCED_HD and ADVANCED_SD, "" for other types.
---@field srt? ivs.Srt Ingest by SRT.
---@field playbackRestrictionPolicyArn? string Playback restriction policy of the channel; "" (default): none. At most 128 characters.
---@field multitrackInputConfiguration? ivs.MultitrackInputConfiguration Whether the encoder may send several renditions.
---@field containerFormat? "TS"|"FRAGMENTED_MP4" How the service packs the video for players; default TS.
---@field adConfigurationArn? string Ad configuration of the channel; "" (default): none. At most 128 characters.

---Why one resource of a batch could not be read.
---@class ivs.BatchError
---@field arn? string ARN of this resource. 1 to 128 characters.
---@field code? string Error code.
---@field message? string Error message, for people.

---The secret by which an encoder may stream to a channel.
---@class ivs.StreamKey
---@field arn? string ARN of this resource. 1 to 128 characters.
---@field value? string What the encoder puts into its ingest URL. Secret: appears in no log.
---@field channelArn? string ARN of the channel. 1 to 128 characters.
---@field tags? table<string, string> Tags: names and values of your own. At most 50 tags, names 1 to 128 characters, values at most 256 characters.

---A viewer session to revoke.
---@class ivs.BatchStartViewerSessionRevocationViewerSession
---@field channelArn string ARN of the channel. 1 to 128 characters.
---@field viewerId string ID of the viewer as in the token; not the person's name or address. 1 to 40 characters.
---@field viewerSessionVersionsLessThanOrEqualTo? integer Revokes sessions up to this version; default 0. 0 or more.

---Why one viewer session of a batch could not be revoked.
---@class ivs.BatchStartViewerSessionRevocationError
---@field channelArn string ARN of the channel. 1 to 128 characters.
---@field viewerId string ID of the viewer as in the token; not the person's name or address. 1 to 40 characters.
---@field code? string Error code.
---@field message? string Error message, for people.

---A playback configuration of AWS Elemental MediaTailor.
---@class ivs.MediaTailorPlaybackConfiguration
---@field playbackConfigurationArn? string ARN of the playback configuration in MediaTailor. At most 128 characters.

---Ads after the end of a stream.
---@class ivs.PostRollConfiguration
---@field durationSeconds integer Length, s. 1 to 300.
---@field enabled boolean Whether this is on; default false.

---How ads get into the streams of a channel.
---@class ivs.AdConfiguration
---@field arn string ARN of this resource. At most 128 characters.
---@field name? string Name, which need not be unique; default "". At most 128 characters.
---@field mediaTailorPlaybackConfigurations ivs.MediaTailorPlaybackConfiguration[] Where ads come from; the first is the default, a viewer token may choose another. 1 to 3 elements.
---@field postRollConfiguration? ivs.PostRollConfiguration Ads after the end; default: disabled.
---@field tags? table<string, string> Tags: names and values of your own. At most 50 tags, names 1 to 128 characters, values at most 256 characters.

---From which countries and web sites channels can be watched.
---@class ivs.PlaybackRestrictionPolicy
---@field arn string ARN of this resource. 1 to 128 characters.
---@field allowedCountries string[] ISO 3166-1 codes of two letters; none (default): every country. 2 characters each.
---@field allowedOrigins string[] Origins as in the HTTP header, such as https://example.com; none (default): every site. At most 128 characters each.
---@field enableStrictOriginEnforcement? boolean Whether playback is held strictly to allowedOrigins; default false.
---@field name? string Name, which need not be unique; default "". At most 128 characters.
---@field tags? table<string, string> Tags: names and values of your own. At most 50 tags, names 1 to 128 characters, values at most 256 characters.

---A bucket of Amazon S3.
---@class ivs.S3DestinationConfiguration
---@field bucketName string Name of the bucket, in the region of the call. 3 to 63 characters.

---Where recordings go.
---@class ivs.DestinationConfiguration
---@field s3? ivs.S3DestinationConfiguration A bucket.

---Thumbnails that are recorded with a stream.
---@class ivs.ThumbnailConfiguration
---@field recordingMode? "DISABLED"|"INTERVAL" Whether thumbnails are recorded; default INTERVAL.
---@field targetIntervalSeconds? integer Time between thumbnails, s; default 60. 1 to 60.
---@field resolution? "SD"|"HD"|"FULL_HD"|"LOWEST_RESOLUTION" Resolution of the thumbnails; default: that of the source.
---@field storage? ("SEQUENTIAL"|"LATEST")[] SEQUENTIAL (default): all thumbnails; LATEST: one that is overwritten.

---Which renditions of a stream are recorded.
---@class ivs.RenditionConfiguration
---@field renditionSelection? "ALL"|"NONE"|"CUSTOM" Which renditions are recorded: ALL (default), NONE, or CUSTOM, those listed.
---@field renditions? ("SD"|"HD"|"FULL_HD"|"LOWEST_RESOLUTION")[] The renditions to record where renditionSelection is CUSTOM.

---Where and how streams are recorded.
---@class ivs.RecordingConfiguration
---@field arn string ARN of this resource. At most 128 characters.
---@field name? string Name, which need not be unique; default "". At most 128 characters.
---@field destinationConfiguration ivs.DestinationConfiguration Where recordings go.
---@field state "CREATING"|"CREATE_FAILED"|"ACTIVE" Only ACTIVE can be used; after CREATE_FAILED, delete it and create another.
---@field tags? table<string, string> Tags: names and values of your own. At most 50 tags, names 1 to 128 characters, values at most 256 characters.
---@field thumbnailConfiguration? ivs.ThumbnailConfiguration Which thumbnails are recorded.
---@field recordingReconnectWindowSeconds? integer An encoder that returns within this time continues the recording, s; default 0. 0 to 300.
---@field renditionConfiguration? ivs.RenditionConfiguration Which renditions are recorded; default: all.

---The public half of a key pair that signs viewer tokens.
---@class ivs.PlaybackKeyPair
---@field arn? string ARN of this resource. 1 to 128 characters.
---@field name? string Name, which need not be unique; default "". At most 128 characters.
---@field fingerprint? string Fingerprint of the public key, hexadecimal bytes with colons between.
---@field tags? table<string, string> Tags: names and values of your own. At most 50 tags, names 1 to 128 characters, values at most 256 characters.

---The stream that is live on a channel.
---@class ivs.Stream
---@field channelArn? string ARN of the channel. 1 to 128 characters.
---@field streamId? string ID of the stream; each session has a new one. 26 characters.
---@field playbackUrl? string Address for players, of an HLS playlist.
---@field startTime? string When the stream began.
---@field state? "LIVE"|"OFFLINE" LIVE; do not wait for OFFLINE, an offline channel has no stream.
---@field health? "HEALTHY"|"STARVING"|"UNKNOWN" Whether data arrives in time; STARVING: the encoder or its network is too slow.
---@field viewerCount? integer Viewers now; -1: counting timed out, ask again.

---One video track as the encoder announced it.
---@class ivs.VideoConfiguration
---@field avcProfile? string H.264 profile; only in ingestConfiguration, elsewhere "": see profile.
---@field avcLevel? string H.264 level; only in ingestConfiguration, elsewhere "": see level.
---@field codec? string Codec.
---@field encoder? string Software or device that encoded.
---@field targetBitrate? integer Bitrate as the encoder is set, bit/s.
---@field targetFramerate? integer Frames per second as the encoder is set.
---@field videoHeight? integer Height, pixels.
---@field videoWidth? integer Width, pixels.
---@field level? string Codec level.
---@field track? string Name of the track.
---@field profile? string Codec profile.

---One audio track as the encoder announced it.
---@class ivs.AudioConfiguration
---@field codec? string Codec.
---@field targetBitrate? integer Bitrate as the encoder is set, bit/s.
---@field sampleRate? integer Samples per second, Hz.
---@field channels? integer Number of audio channels.
---@field track? string Name of the track.

---What the service received from the encoder: the first video and audio track.
---@class ivs.IngestConfiguration
---@field video? ivs.VideoConfiguration The first video track.
---@field audio? ivs.AudioConfiguration The first audio track.

---What the service received from the encoder: all tracks.
---@class ivs.IngestConfigurations
---@field videoConfigurations ivs.VideoConfiguration[] The video tracks.
---@field audioConfigurations ivs.AudioConfiguration[] The audio tracks.

---Something that happened during a stream session.
---@class ivs.StreamEvent
---@field name? string What happened, such as "Stream Start".
---@field type? string Group that the event belongs to.
---@field eventTime? string When it happened.
---@field code? string Reason, for events that have one.

---One stream session, from the first to the last byte of the encoder.
---@class ivs.StreamSession
---@field streamId? string ID of the stream; each session has a new one. 26 characters.
---@field startTime? string When the stream began.
---@field endTime? string When the stream ended; absent while it is live.
---@field channel? ivs.Channel The channel.
---@field ingestConfiguration? ivs.IngestConfiguration What the encoder sends, first tracks only; use ingestConfigurations.
---@field ingestConfigurations? ivs.IngestConfigurations What the encoder sends, all tracks.
---@field recordingConfiguration? ivs.RecordingConfiguration How the stream was recorded; absent if it was not.
---@field truncatedEvents? ivs.StreamEvent[] The most recent events, at most 500. At most 500 elements.

---An ad configuration in a list.
---@class ivs.AdConfigurationSummary
---@field arn string ARN of this resource. At most 128 characters.
---@field name? string Name, which need not be unique; default "". At most 128 characters.
---@field mediaTailorPlaybackConfigurations ivs.MediaTailorPlaybackConfiguration[] Where ads come from; the first is the default, a viewer token may choose another. 1 to 3 elements.
---@field postRollConfiguration? ivs.PostRollConfiguration Ads after the end; default: disabled.
---@field tags? table<string, string> Tags: names and values of your own. At most 50 tags, names 1 to 128 characters, values at most 256 characters.

---A channel in a list, without addresses.
---@class ivs.ChannelSummary
---@field arn? string ARN of this resource. 1 to 128 characters.
---@field name? string Name, which need not be unique; default "". At most 128 characters.
---@field latencyMode? "NORMAL"|"LOW" LOW (default): near real time; NORMAL: some seconds more.
---@field authorized? boolean Whether viewers need a signed token; default false.
---@field recordingConfigurationArn? string Recording configuration of the channel; "" (default): no recording. At most 128 characters.
---@field tags? table<string, string> Tags: names and values of your own. At most 50 tags, names 1 to 128 characters, values at most 256 characters.
---@field insecureIngest? boolean Whether RTMP and SRT without encryption are accepted; default false.
---@field type? "BASIC"|"STANDARD"|"ADVANCED_SD"|"ADVANCED_HD" Kind of channel, which sets bitrate, resolution and transcoding; default STANDARD.
---@field preset? "HIGHER_BANDWIDTH_DELIVERY"|"CONSTRAINED_BANDWIDTH_DELIVERY" Bitrates of the transcoded renditions; default HIGHER_BANDWIDTH_DELIVERY for ADVANCED_HD and ADVANCED_SD, "" for other types.
---@field playbackRestrictionPolicyArn? string Playback restriction policy of the channel; "" (default): none. At most 128 characters.
---@field adConfigurationArn? string Ad configuration of the channel; "" (default): none. At most 128 characters.

---A playback key pair in a list.
---@class ivs.PlaybackKeyPairSummary
---@field arn? string ARN of this resource. 1 to 128 characters.
---@field name? string Name, which need not be unique; default "". At most 128 characters.
---@field tags? table<string, string> Tags: names and values of your own. At most 50 tags, names 1 to 128 characters, values at most 256 characters.

---A playback restriction policy in a list.
---@class ivs.PlaybackRestrictionPolicySummary
---@field arn string ARN of this resource. 1 to 128 characters.
---@field allowedCountries string[] ISO 3166-1 codes of two letters; none (default): every country. 2 characters each.
---@field allowedOrigins string[] Origins as in the HTTP header, such as https://example.com; none (default): every site. At most 128 characters each.
---@field enableStrictOriginEnforcement? boolean Whether playback is held strictly to allowedOrigins; default false.
---@field name? string Name, which need not be unique; default "". At most 128 characters.
---@field tags? table<string, string> Tags: names and values of your own. At most 50 tags, names 1 to 128 characters, values at most 256 characters.

---A recording configuration in a list.
---@class ivs.RecordingConfigurationSummary
---@field arn string ARN of this resource. At most 128 characters.
---@field name? string Name, which need not be unique; default "". At most 128 characters.
---@field destinationConfiguration ivs.DestinationConfiguration Where recordings go.
---@field state "CREATING"|"CREATE_FAILED"|"ACTIVE" Only ACTIVE can be used; after CREATE_FAILED, delete it and create another.
---@field tags? table<string, string> Tags: names and values of your own. At most 50 tags, names 1 to 128 characters, values at most 256 characters.

---A stream key in a list, without its value.
---@class ivs.StreamKeySummary
---@field arn? string ARN of this resource. 1 to 128 characters.
---@field channelArn? string ARN of the channel. 1 to 128 characters.
---@field tags? table<string, string> Tags: names and values of your own. At most 50 tags, names 1 to 128 characters, values at most 256 characters.

---A stream session in a list.
---@class ivs.StreamSessionSummary
---@field streamId? string ID of the stream; each session has a new one. 26 characters.
---@field startTime? string When the stream began.
---@field endTime? string When the stream ended; absent while it is live.
---@field hasErrorEvent? boolean Whether an error is among its events.

---Which streams to list.
---@class ivs.StreamFilters
---@field health? "HEALTHY"|"STARVING"|"UNKNOWN" Only streams of this health.

---A live stream in a list.
---@class ivs.StreamSummary
---@field channelArn? string ARN of the channel. 1 to 128 characters.
---@field streamId? string ID of the stream; each session has a new one. 26 characters.
---@field state? "LIVE"|"OFFLINE" LIVE; do not wait for OFFLINE, an offline channel has no stream.
---@field health? "HEALTHY"|"STARVING"|"UNKNOWN" Whether data arrives in time; STARVING: the encoder or its network is too slow.
---@field viewerCount? integer Viewers now; -1: counting timed out, ask again.
---@field startTime? string When the stream began.

---@class ivs.BatchGetChannelRequest
---@field arns string[] ARNs of what to get. 1 to 50 elements, 1 to 128 characters each.

---@class ivs.BatchGetChannelResponse
---@field channels? ivs.Channel[] The channels.
---@field errors? ivs.BatchError[] Those that failed; the call succeeds all the same.

---Gets up to 50 channels in one call; those that could not be read are listed in errors.
---
---Refused with: AccessDeniedException, ValidationException, ServiceUnavailable.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_BatchGetChannel.html)
---@param request ivs.BatchGetChannelRequest
---@return ivs.BatchGetChannelResponse? answer
---@return ivs.Error? error
function Client:batch_get_channel(request) end

---@class ivs.BatchGetStreamKeyRequest
---@field arns string[] ARNs of what to get. 1 to 50 elements, 1 to 128 characters each.

---@class ivs.BatchGetStreamKeyResponse
---@field streamKeys? ivs.StreamKey[] The stream keys.
---@field errors? ivs.BatchError[] Those that failed; the call succeeds all the same.

---Gets up to 50 stream keys with their values in one call; those that could not be read are listed
---in errors.
---
---Refused with: AccessDeniedException, ValidationException, ServiceUnavailable.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_BatchGetStreamKey.html)
---@param request ivs.BatchGetStreamKeyRequest
---@return ivs.BatchGetStreamKeyResponse? answer
---@return ivs.Error? error
function Client:batch_get_stream_key(request) end

---@class ivs.BatchStartViewerSessionRevocationRequest
---@field viewerSessions ivs.BatchStartViewerSessionRevocationViewerSession[] The sessions to revoke. 1 to 20 elements.

---@class ivs.BatchStartViewerSessionRevocationResponse
---@field errors? ivs.BatchStartViewerSessionRevocationError[] Those that failed; the call succeeds all the same.

---Begins to end the playback of up to 20 viewers in one call; those that failed are listed in
---errors.
---
---Refused with: AccessDeniedException, ValidationException, PendingVerification, ThrottlingException.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_BatchStartViewerSessionRevocation.html)
---@param request ivs.BatchStartViewerSessionRevocationRequest
---@return ivs.BatchStartViewerSessionRevocationResponse? answer
---@return ivs.Error? error
function Client:batch_start_viewer_session_revocation(request) end

---@class ivs.CreateAdConfigurationRequest
---@field name? string Name, which need not be unique; default "". At most 128 characters.
---@field mediaTailorPlaybackConfigurations ivs.MediaTailorPlaybackConfiguration[] Where ads come from; the first is the default, a viewer token may choose another. 1 to 3 elements.
---@field postRollConfiguration? ivs.PostRollConfiguration Ads after the end; default: disabled.
---@field tags? table<string, string> Tags: names and values of your own. At most 50 tags, names 1 to 128 characters, values at most 256 characters.

---@class ivs.CreateAdConfigurationResponse
---@field adConfiguration ivs.AdConfiguration The ad configuration.

---Creates an ad configuration, which ties channels to MediaTailor for ads that are cut in by the
---service.
---
---Refused with: ResourceNotFoundException, InternalServerException, AccessDeniedException, ValidationException, PendingVerification, ThrottlingException, ConflictException, ServiceQuotaExceededException.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_CreateAdConfiguration.html)
---@param request ivs.CreateAdConfigurationRequest
---@return ivs.CreateAdConfigurationResponse? answer
---@return ivs.Error? error
function Client:create_ad_configuration(request) end

---@class ivs.CreateChannelRequest
---@field name? string Name, which need not be unique; default "". At most 128 characters.
---@field latencyMode? "NORMAL"|"LOW" LOW (default): near real time; NORMAL: some seconds more.
---@field type? "BASIC"|"STANDARD"|"ADVANCED_SD"|"ADVANCED_HD" Kind of channel, which sets bitrate, resolution and transcoding; default STANDARD.
---@field authorized? boolean Whether viewers need a signed token; default false.
---@field recordingConfigurationArn? string Recording configuration of the channel; "" (default): no recording. At most 128 characters.
---@field tags? table<string, string> Tags: names and values of your own. At most 50 tags, names 1 to 128 characters, values at most 256 characters.
---@field insecureIngest? boolean Whether RTMP and SRT without encryption are accepted; default false.
---@field preset? "HIGHER_BANDWIDTH_DELIVERY"|"CONSTRAINED_BANDWIDTH_DELIVERY" Bitrates of the transcoded renditions; default HIGHER_BANDWIDTH_DELIVERY for ADVANCED_HD and ADVANCED_SD, "" for other types.
---@field playbackRestrictionPolicyArn? string Playback restriction policy of the channel; "" (default): none. At most 128 characters.
---@field multitrackInputConfiguration? ivs.MultitrackInputConfiguration Whether the encoder may send several renditions.
---@field containerFormat? "TS"|"FRAGMENTED_MP4" How the service packs the video for players; default TS.
---@field adConfigurationArn? string Ad configuration of the channel; "" (default): none. At most 128 characters.

---@class ivs.CreateChannelResponse
---@field channel? ivs.Channel The channel.
---@field streamKey? ivs.StreamKey The channel's stream key, value included.

---Creates a channel, and with it the stream key that an encoder needs.
---
---Refused with: ResourceNotFoundException, AccessDeniedException, ValidationException, PendingVerification, ServiceQuotaExceededException.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_CreateChannel.html)
---@param request? ivs.CreateChannelRequest
---@return ivs.CreateChannelResponse? answer
---@return ivs.Error? error
function Client:create_channel(request) end

---@class ivs.CreatePlaybackRestrictionPolicyRequest
---@field allowedCountries? string[] ISO 3166-1 codes of two letters; none (default): every country. 2 characters each.
---@field allowedOrigins? string[] Origins as in the HTTP header, such as https://example.com; none (default): every site. At most 128 characters each.
---@field enableStrictOriginEnforcement? boolean Whether playback is held strictly to allowedOrigins; default false.
---@field name? string Name, which need not be unique; default "". At most 128 characters.
---@field tags? table<string, string> Tags: names and values of your own. At most 50 tags, names 1 to 128 characters, values at most 256 characters.

---@class ivs.CreatePlaybackRestrictionPolicyResponse
---@field playbackRestrictionPolicy? ivs.PlaybackRestrictionPolicy The policy.

---Creates a policy that limits from which countries and web sites a channel can be watched.
---
---Refused with: AccessDeniedException, ValidationException, PendingVerification, ThrottlingException, ServiceQuotaExceededException.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_CreatePlaybackRestrictionPolicy.html)
---@param request? ivs.CreatePlaybackRestrictionPolicyRequest
---@return ivs.CreatePlaybackRestrictionPolicyResponse? answer
---@return ivs.Error? error
function Client:create_playback_restriction_policy(request) end

---@class ivs.CreateRecordingConfigurationRequest
---@field name? string Name, which need not be unique; default "". At most 128 characters.
---@field destinationConfiguration ivs.DestinationConfiguration Where recordings go.
---@field tags? table<string, string> Tags: names and values of your own. At most 50 tags, names 1 to 128 characters, values at most 256 characters.
---@field thumbnailConfiguration? ivs.ThumbnailConfiguration Which thumbnails are recorded.
---@field recordingReconnectWindowSeconds? integer An encoder that returns within this time continues the recording, s; default 0. 0 to 300.
---@field renditionConfiguration? ivs.RenditionConfiguration Which renditions are recorded; default: all.

---@class ivs.CreateRecordingConfigurationResponse
---@field recordingConfiguration? ivs.RecordingConfiguration The recording configuration.

---Creates a recording configuration, which tells where in Amazon S3 and how streams are recorded;
---it is usable once its state is ACTIVE.
---
---Refused with: InternalServerException, AccessDeniedException, ValidationException, PendingVerification, ConflictException, ServiceQuotaExceededException.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_CreateRecordingConfiguration.html)
---@param request ivs.CreateRecordingConfigurationRequest
---@return ivs.CreateRecordingConfigurationResponse? answer
---@return ivs.Error? error
function Client:create_recording_configuration(request) end

---@class ivs.CreateStreamKeyRequest
---@field channelArn string ARN of the channel. 1 to 128 characters.
---@field tags? table<string, string> Tags: names and values of your own. At most 50 tags, names 1 to 128 characters, values at most 256 characters.

---@class ivs.CreateStreamKeyResponse
---@field streamKey? ivs.StreamKey The stream key.

---Creates a stream key for a channel that has none; a channel can have one at a time.
---
---Refused with: ResourceNotFoundException, AccessDeniedException, ValidationException, PendingVerification, ServiceQuotaExceededException.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_CreateStreamKey.html)
---@param request ivs.CreateStreamKeyRequest
---@return ivs.CreateStreamKeyResponse? answer
---@return ivs.Error? error
function Client:create_stream_key(request) end

---@class ivs.DeleteAdConfigurationRequest
---@field arn string ARN of this resource. At most 128 characters.

---Deletes an ad configuration; no channel may use it any more.
---
---Refused with: ResourceNotFoundException, InternalServerException, AccessDeniedException, ValidationException, ConflictException.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_DeleteAdConfiguration.html)
---@param request ivs.DeleteAdConfigurationRequest
---@return table? answer An empty table.
---@return ivs.Error? error
function Client:delete_ad_configuration(request) end

---@class ivs.DeleteChannelRequest
---@field arn string ARN of this resource. 1 to 128 characters.

---Deletes a channel and its stream key; refused with ConflictException while the channel is live,
---so stop the stream first.
---
---Refused with: ResourceNotFoundException, AccessDeniedException, ValidationException, PendingVerification, ConflictException.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_DeleteChannel.html)
---@param request ivs.DeleteChannelRequest
---@return table? answer An empty table.
---@return ivs.Error? error
function Client:delete_channel(request) end

---@class ivs.DeletePlaybackKeyPairRequest
---@field arn string ARN of this resource. 1 to 128 characters.

---Deletes a playback key pair; viewer tokens signed with its private key are no longer accepted.
---
---Refused with: ResourceNotFoundException, AccessDeniedException, ValidationException, PendingVerification.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_DeletePlaybackKeyPair.html)
---@param request ivs.DeletePlaybackKeyPairRequest
---@return table? answer An empty table.
---@return ivs.Error? error
function Client:delete_playback_key_pair(request) end

---@class ivs.DeletePlaybackRestrictionPolicyRequest
---@field arn string ARN of this resource. 1 to 128 characters.

---Deletes a playback restriction policy; no channel may use it any more.
---
---Refused with: ResourceNotFoundException, AccessDeniedException, ValidationException, PendingVerification, ConflictException.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_DeletePlaybackRestrictionPolicy.html)
---@param request ivs.DeletePlaybackRestrictionPolicyRequest
---@return table? answer An empty table.
---@return ivs.Error? error
function Client:delete_playback_restriction_policy(request) end

---@class ivs.DeleteRecordingConfigurationRequest
---@field arn string ARN of this resource. At most 128 characters.

---Deletes a recording configuration; no channel may use it any more. What was recorded stays.
---
---Refused with: ResourceNotFoundException, InternalServerException, AccessDeniedException, ValidationException, ConflictException.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_DeleteRecordingConfiguration.html)
---@param request ivs.DeleteRecordingConfigurationRequest
---@return table? answer An empty table.
---@return ivs.Error? error
function Client:delete_recording_configuration(request) end

---@class ivs.DeleteStreamKeyRequest
---@field arn string ARN of this resource. 1 to 128 characters.

---Deletes a stream key, so that no encoder can begin a stream with it.
---
---Refused with: ResourceNotFoundException, AccessDeniedException, ValidationException, PendingVerification.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_DeleteStreamKey.html)
---@param request ivs.DeleteStreamKeyRequest
---@return table? answer An empty table.
---@return ivs.Error? error
function Client:delete_stream_key(request) end

---@class ivs.GetAdConfigurationRequest
---@field arn string ARN of this resource. At most 128 characters.

---@class ivs.GetAdConfigurationResponse
---@field adConfiguration? ivs.AdConfiguration The ad configuration.

---Gets an ad configuration.
---
---Refused with: ResourceNotFoundException, InternalServerException, AccessDeniedException, ValidationException.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_GetAdConfiguration.html)
---@param request ivs.GetAdConfigurationRequest
---@return ivs.GetAdConfigurationResponse? answer
---@return ivs.Error? error
function Client:get_ad_configuration(request) end

---@class ivs.GetChannelRequest
---@field arn string ARN of this resource. 1 to 128 characters.

---@class ivs.GetChannelResponse
---@field channel? ivs.Channel The channel.

---Gets a channel, with its ingest and playback addresses.
---
---Refused with: ResourceNotFoundException, AccessDeniedException, ValidationException.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_GetChannel.html)
---@param request ivs.GetChannelRequest
---@return ivs.GetChannelResponse? answer
---@return ivs.Error? error
function Client:get_channel(request) end

---@class ivs.GetPlaybackKeyPairRequest
---@field arn string ARN of this resource. 1 to 128 characters.

---@class ivs.GetPlaybackKeyPairResponse
---@field keyPair? ivs.PlaybackKeyPair The key pair.

---Gets the name and the fingerprint of a playback key pair; the service does not hold the private
---key.
---
---Refused with: ResourceNotFoundException, AccessDeniedException, ValidationException.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_GetPlaybackKeyPair.html)
---@param request ivs.GetPlaybackKeyPairRequest
---@return ivs.GetPlaybackKeyPairResponse? answer
---@return ivs.Error? error
function Client:get_playback_key_pair(request) end

---@class ivs.GetPlaybackRestrictionPolicyRequest
---@field arn string ARN of this resource. 1 to 128 characters.

---@class ivs.GetPlaybackRestrictionPolicyResponse
---@field playbackRestrictionPolicy? ivs.PlaybackRestrictionPolicy The policy.

---Gets a playback restriction policy.
---
---Refused with: ResourceNotFoundException, AccessDeniedException, ValidationException, PendingVerification.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_GetPlaybackRestrictionPolicy.html)
---@param request ivs.GetPlaybackRestrictionPolicyRequest
---@return ivs.GetPlaybackRestrictionPolicyResponse? answer
---@return ivs.Error? error
function Client:get_playback_restriction_policy(request) end

---@class ivs.GetRecordingConfigurationRequest
---@field arn string ARN of this resource. At most 128 characters.

---@class ivs.GetRecordingConfigurationResponse
---@field recordingConfiguration? ivs.RecordingConfiguration The recording configuration.

---Gets a recording configuration, with its state.
---
---Refused with: ResourceNotFoundException, InternalServerException, AccessDeniedException, ValidationException.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_GetRecordingConfiguration.html)
---@param request ivs.GetRecordingConfigurationRequest
---@return ivs.GetRecordingConfigurationResponse? answer
---@return ivs.Error? error
function Client:get_recording_configuration(request) end

---@class ivs.GetStreamRequest
---@field channelArn string ARN of the channel. 1 to 128 characters.

---@class ivs.GetStreamResponse
---@field stream? ivs.Stream The stream.

---Gets the live stream of a channel; ChannelNotBroadcasting says that the channel is offline, which
---is an answer rather than a fault.
---
---Refused with: ResourceNotFoundException, AccessDeniedException, ValidationException, ChannelNotBroadcasting.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_GetStream.html)
---@param request ivs.GetStreamRequest
---@return ivs.GetStreamResponse? answer
---@return ivs.Error? error
function Client:get_stream(request) end

---@class ivs.GetStreamKeyRequest
---@field arn string ARN of this resource. 1 to 128 characters.

---@class ivs.GetStreamKeyResponse
---@field streamKey? ivs.StreamKey The stream key.

---Gets a stream key with its value.
---
---Refused with: ResourceNotFoundException, AccessDeniedException, ValidationException.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_GetStreamKey.html)
---@param request ivs.GetStreamKeyRequest
---@return ivs.GetStreamKeyResponse? answer
---@return ivs.Error? error
function Client:get_stream_key(request) end

---@class ivs.GetStreamSessionRequest
---@field channelArn string ARN of the channel. 1 to 128 characters.
---@field streamId? string ID of the stream; absent: the most recent one. 26 characters.

---@class ivs.GetStreamSessionResponse
---@field streamSession? ivs.StreamSession The stream session.

---Gets what the service noted about one stream session: what it received from the encoder, and
---events. Kept for 60 days.
---
---Refused with: ResourceNotFoundException, AccessDeniedException, ValidationException.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_GetStreamSession.html)
---@param request ivs.GetStreamSessionRequest
---@return ivs.GetStreamSessionResponse? answer
---@return ivs.Error? error
function Client:get_stream_session(request) end

---@class ivs.ImportPlaybackKeyPairRequest
---@field publicKeyMaterial string Public key in PEM, of curve P-384.
---@field name? string Name, which need not be unique; default "". At most 128 characters.
---@field tags? table<string, string> Tags: names and values of your own. At most 50 tags, names 1 to 128 characters, values at most 256 characters.

---@class ivs.ImportPlaybackKeyPairResponse
---@field keyPair? ivs.PlaybackKeyPair The key pair.

---Registers the public half of a P-384 key pair, to which viewer tokens are checked on private
---channels.
---
---Refused with: AccessDeniedException, ValidationException, PendingVerification, ConflictException, ServiceQuotaExceededException.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_ImportPlaybackKeyPair.html)
---@param request ivs.ImportPlaybackKeyPairRequest
---@return ivs.ImportPlaybackKeyPairResponse? answer
---@return ivs.Error? error
function Client:import_playback_key_pair(request) end

---@class ivs.InsertAdBreakRequest
---@field channelArn string ARN of the channel. 1 to 128 characters.
---@field durationSeconds integer Longest length of the break, s. 1 to 300.

---@class ivs.InsertAdBreakResponse
---@field adBreakId? string ID of the ad break. 12 characters.

---Begins an ad break for all viewers of a live channel that has an ad configuration.
---
---Refused with: ResourceNotFoundException, InternalServerException, AccessDeniedException, ValidationException, ChannelNotBroadcasting, ThrottlingException, ConflictException.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_InsertAdBreak.html)
---@param request ivs.InsertAdBreakRequest
---@return ivs.InsertAdBreakResponse? answer
---@return ivs.Error? error
function Client:insert_ad_break(request) end

---@class ivs.ListAdConfigurationsRequest
---@field nextToken? string From the page before; absent: the first page. At most 1024 characters.
---@field maxResults? integer Elements in a page. 1 to 100.

---@class ivs.ListAdConfigurationsResponse
---@field adConfigurations ivs.AdConfigurationSummary[] The ad configurations.
---@field nextToken? string Where the next page begins; absent or empty in the last page. At most 1024 characters.

---Lists the ad configurations of the account in this region.
---
---Refused with: InternalServerException, AccessDeniedException, ValidationException.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_ListAdConfigurations.html)
---@param request? ivs.ListAdConfigurationsRequest
---@return ivs.ListAdConfigurationsResponse? answer
---@return ivs.Error? error
function Client:list_ad_configurations(request) end

---All pages of list_ad_configurations, one element at a time: `for configuration in client:each_ad_configuration { ... } do`. An error is raised, as an
---`ivs.Error`.
---@param request? ivs.ListAdConfigurationsRequest
---@return fun(): ivs.AdConfigurationSummary?
function Client:each_ad_configuration(request) end

---@class ivs.ListChannelsRequest
---@field filterByName? string Only channels of exactly this name. At most 128 characters.
---@field filterByRecordingConfigurationArn? string Only channels with this recording configuration. At most 128 characters.
---@field filterByPlaybackRestrictionPolicyArn? string Only channels with this policy. At most 128 characters.
---@field filterByAdConfigurationArn? string Only channels with this ad configuration. At most 128 characters.
---@field nextToken? string From the page before; absent: the first page. At most 1024 characters.
---@field maxResults? integer Elements in a page; default 100. 1 to 100.

---@class ivs.ListChannelsResponse
---@field channels ivs.ChannelSummary[] The channels.
---@field nextToken? string Where the next page begins; absent or empty in the last page. At most 1024 characters.

---Lists the channels of the account in this region; at most one filter at a time.
---
---Refused with: AccessDeniedException, ValidationException, ConflictException.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_ListChannels.html)
---@param request? ivs.ListChannelsRequest
---@return ivs.ListChannelsResponse? answer
---@return ivs.Error? error
function Client:list_channels(request) end

---All pages of list_channels, one element at a time: `for channel in client:each_channel { ... } do`. An error is raised, as an
---`ivs.Error`.
---@param request? ivs.ListChannelsRequest
---@return fun(): ivs.ChannelSummary?
function Client:each_channel(request) end

---@class ivs.ListPlaybackKeyPairsRequest
---@field nextToken? string From the page before; absent: the first page. At most 1024 characters.
---@field maxResults? integer Elements in a page. 1 to 100.

---@class ivs.ListPlaybackKeyPairsResponse
---@field keyPairs ivs.PlaybackKeyPairSummary[] The key pairs.
---@field nextToken? string Where the next page begins; absent or empty in the last page. At most 1024 characters.

---Lists the playback key pairs of the account in this region.
---
---Refused with: AccessDeniedException, ValidationException.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_ListPlaybackKeyPairs.html)
---@param request? ivs.ListPlaybackKeyPairsRequest
---@return ivs.ListPlaybackKeyPairsResponse? answer
---@return ivs.Error? error
function Client:list_playback_key_pairs(request) end

---All pages of list_playback_key_pairs, one element at a time: `for pair in client:each_playback_key_pair { ... } do`. An error is raised, as an
---`ivs.Error`.
---@param request? ivs.ListPlaybackKeyPairsRequest
---@return fun(): ivs.PlaybackKeyPairSummary?
function Client:each_playback_key_pair(request) end

---@class ivs.ListPlaybackRestrictionPoliciesRequest
---@field nextToken? string From the page before; absent: the first page. At most 1024 characters.
---@field maxResults? integer Elements in a page; default 1. 1 to 100.

---@class ivs.ListPlaybackRestrictionPoliciesResponse
---@field playbackRestrictionPolicies ivs.PlaybackRestrictionPolicySummary[] The policies.
---@field nextToken? string Where the next page begins; absent or empty in the last page. At most 1024 characters.

---Lists the playback restriction policies of the account in this region.
---
---Refused with: AccessDeniedException, ValidationException, PendingVerification, ConflictException.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_ListPlaybackRestrictionPolicies.html)
---@param request? ivs.ListPlaybackRestrictionPoliciesRequest
---@return ivs.ListPlaybackRestrictionPoliciesResponse? answer
---@return ivs.Error? error
function Client:list_playback_restriction_policies(request) end

---All pages of list_playback_restriction_policies, one element at a time: `for policy in client:each_playback_restriction_policy { ... } do`. An error is raised, as an
---`ivs.Error`.
---@param request? ivs.ListPlaybackRestrictionPoliciesRequest
---@return fun(): ivs.PlaybackRestrictionPolicySummary?
function Client:each_playback_restriction_policy(request) end

---@class ivs.ListRecordingConfigurationsRequest
---@field nextToken? string From the page before; absent: the first page. At most 1024 characters.
---@field maxResults? integer Elements in a page. 1 to 100.

---@class ivs.ListRecordingConfigurationsResponse
---@field recordingConfigurations ivs.RecordingConfigurationSummary[] The recording configurations.
---@field nextToken? string Where the next page begins; absent or empty in the last page. At most 1024 characters.

---Lists the recording configurations of the account in this region.
---
---Refused with: InternalServerException, AccessDeniedException, ValidationException.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_ListRecordingConfigurations.html)
---@param request? ivs.ListRecordingConfigurationsRequest
---@return ivs.ListRecordingConfigurationsResponse? answer
---@return ivs.Error? error
function Client:list_recording_configurations(request) end

---All pages of list_recording_configurations, one element at a time: `for configuration in client:each_recording_configuration { ... } do`. An error is raised, as an
---`ivs.Error`.
---@param request? ivs.ListRecordingConfigurationsRequest
---@return fun(): ivs.RecordingConfigurationSummary?
function Client:each_recording_configuration(request) end

---@class ivs.ListStreamKeysRequest
---@field channelArn string ARN of the channel. 1 to 128 characters.
---@field nextToken? string From the page before; absent: the first page. At most 1024 characters.
---@field maxResults? integer Elements in a page; default 1. 1 to 50.

---@class ivs.ListStreamKeysResponse
---@field streamKeys ivs.StreamKeySummary[] The stream keys.
---@field nextToken? string Where the next page begins; absent or empty in the last page. At most 1024 characters.

---Lists the stream keys of a channel, without their values.
---
---Refused with: ResourceNotFoundException, AccessDeniedException, ValidationException.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_ListStreamKeys.html)
---@param request ivs.ListStreamKeysRequest
---@return ivs.ListStreamKeysResponse? answer
---@return ivs.Error? error
function Client:list_stream_keys(request) end

---All pages of list_stream_keys, one element at a time: `for key in client:each_stream_key { ... } do`. An error is raised, as an
---`ivs.Error`.
---@param request ivs.ListStreamKeysRequest
---@return fun(): ivs.StreamKeySummary?
function Client:each_stream_key(request) end

---@class ivs.ListStreamSessionsRequest
---@field channelArn string ARN of the channel. 1 to 128 characters.
---@field nextToken? string From the page before; absent: the first page. At most 1024 characters.
---@field maxResults? integer Elements in a page; default 100. 1 to 100.

---@class ivs.ListStreamSessionsResponse
---@field streamSessions ivs.StreamSessionSummary[] The stream sessions.
---@field nextToken? string Where the next page begins; absent or empty in the last page. At most 1024 characters.

---Lists the stream sessions of a channel in the last 60 days.
---
---Refused with: ResourceNotFoundException, AccessDeniedException, ValidationException.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_ListStreamSessions.html)
---@param request ivs.ListStreamSessionsRequest
---@return ivs.ListStreamSessionsResponse? answer
---@return ivs.Error? error
function Client:list_stream_sessions(request) end

---All pages of list_stream_sessions, one element at a time: `for session in client:each_stream_session { ... } do`. An error is raised, as an
---`ivs.Error`.
---@param request ivs.ListStreamSessionsRequest
---@return fun(): ivs.StreamSessionSummary?
function Client:each_stream_session(request) end

---@class ivs.ListStreamsRequest
---@field filterBy? ivs.StreamFilters Which streams to list.
---@field nextToken? string From the page before; absent: the first page. At most 1024 characters.
---@field maxResults? integer Elements in a page; default 100. 1 to 100.

---@class ivs.ListStreamsResponse
---@field streams ivs.StreamSummary[] The streams.
---@field nextToken? string Where the next page begins; absent or empty in the last page. At most 1024 characters.

---Lists the streams that are live in this region; the way to watch many channels without a call for
---each.
---
---Refused with: AccessDeniedException, ValidationException.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_ListStreams.html)
---@param request? ivs.ListStreamsRequest
---@return ivs.ListStreamsResponse? answer
---@return ivs.Error? error
function Client:list_streams(request) end

---All pages of list_streams, one element at a time: `for stream in client:each_stream { ... } do`. An error is raised, as an
---`ivs.Error`.
---@param request? ivs.ListStreamsRequest
---@return fun(): ivs.StreamSummary?
function Client:each_stream(request) end

---@class ivs.ListTagsForResourceRequest
---@field resourceArn string ARN of any resource. 1 to 128 characters.

---@class ivs.ListTagsForResourceResponse
---@field tags table<string, string> Tags: names and values of your own. At most 50 tags, names 1 to 128 characters, values at most 256 characters.

---Gets the tags of a channel or of any other resource.
---
---Refused with: ResourceNotFoundException, InternalServerException, ValidationException.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_ListTagsForResource.html)
---@param request ivs.ListTagsForResourceRequest
---@return ivs.ListTagsForResourceResponse? answer
---@return ivs.Error? error
function Client:list_tags_for_resource(request) end

---@class ivs.PutMetadataRequest
---@field channelArn string ARN of the channel. 1 to 128 characters.
---@field metadata string Text for the players, UTF-8; at most 1 KB. At least 1 character. Secret: appears in no log.

---Puts text into the live stream, which players hand to the viewer's page in time with the picture;
---at most 1 KB, 5 calls a second for a channel and 155 for the account.
---
---Refused with: ResourceNotFoundException, AccessDeniedException, ValidationException, ChannelNotBroadcasting, ThrottlingException.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_PutMetadata.html)
---@param request ivs.PutMetadataRequest
---@return table? answer An empty table.
---@return ivs.Error? error
function Client:put_metadata(request) end

---@class ivs.StartViewerSessionRevocationRequest
---@field channelArn string ARN of the channel. 1 to 128 characters.
---@field viewerId string ID of the viewer as in the token; not the person's name or address. 1 to 40 characters.
---@field viewerSessionVersionsLessThanOrEqualTo? integer Revokes sessions up to this version; default 0. 0 or more.

---Begins to end the playback of one viewer who watches with a token that names a viewer ID.
---
---Refused with: ResourceNotFoundException, InternalServerException, AccessDeniedException, ValidationException, ThrottlingException, PendingVerification.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_StartViewerSessionRevocation.html)
---@param request ivs.StartViewerSessionRevocationRequest
---@return table? answer An empty table.
---@return ivs.Error? error
function Client:start_viewer_session_revocation(request) end

---@class ivs.StopStreamRequest
---@field channelArn string ARN of the channel. 1 to 128 characters.

---Ends the stream of a channel; an encoder that reconnects starts a new one, so delete the stream
---key to keep it out.
---
---Refused with: ResourceNotFoundException, AccessDeniedException, ValidationException, ChannelNotBroadcasting, StreamUnavailable.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_StopStream.html)
---@param request ivs.StopStreamRequest
---@return table? answer An empty table.
---@return ivs.Error? error
function Client:stop_stream(request) end

---@class ivs.TagResourceRequest
---@field resourceArn string ARN of any resource. 1 to 128 characters.
---@field tags table<string, string> Tags: names and values of your own. At most 50 tags, names 1 to 128 characters, values at most 256 characters.

---Adds tags to a resource, and replaces the values of those it has.
---
---Refused with: ResourceNotFoundException, InternalServerException, ValidationException.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_TagResource.html)
---@param request ivs.TagResourceRequest
---@return table? answer An empty table.
---@return ivs.Error? error
function Client:tag_resource(request) end

---@class ivs.UntagResourceRequest
---@field resourceArn string ARN of any resource. 1 to 128 characters.
---@field tagKeys string[] Names of the tags to remove. At most 50 elements, 1 to 128 characters each.

---Removes tags from a resource.
---
---Refused with: ResourceNotFoundException, InternalServerException, ValidationException.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_UntagResource.html)
---@param request ivs.UntagResourceRequest
---@return table? answer An empty table.
---@return ivs.Error? error
function Client:untag_resource(request) end

---@class ivs.UpdateAdConfigurationRequest
---@field arn string ARN of this resource. At most 128 characters.
---@field name? string Name, which need not be unique; default "". At most 128 characters.
---@field mediaTailorPlaybackConfigurations? ivs.MediaTailorPlaybackConfiguration[] Where ads come from; the first is the default, a viewer token may choose another. 1 to 3 elements.
---@field postRollConfiguration? ivs.PostRollConfiguration Ads after the end; default: disabled.

---@class ivs.UpdateAdConfigurationResponse
---@field adConfiguration ivs.AdConfiguration The ad configuration.

---Changes an ad configuration; what is absent stays.
---
---Refused with: ResourceNotFoundException, InternalServerException, AccessDeniedException, ValidationException, PendingVerification, ThrottlingException, ConflictException, ServiceQuotaExceededException.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_UpdateAdConfiguration.html)
---@param request ivs.UpdateAdConfigurationRequest
---@return ivs.UpdateAdConfigurationResponse? answer
---@return ivs.Error? error
function Client:update_ad_configuration(request) end

---@class ivs.UpdateChannelRequest
---@field arn string ARN of this resource. 1 to 128 characters.
---@field name? string Name, which need not be unique; default "". At most 128 characters.
---@field latencyMode? "NORMAL"|"LOW" LOW (default): near real time; NORMAL: some seconds more.
---@field type? "BASIC"|"STANDARD"|"ADVANCED_SD"|"ADVANCED_HD" Kind of channel, which sets bitrate, resolution and transcoding; default STANDARD.
---@field authorized? boolean Whether viewers need a signed token; default false.
---@field recordingConfigurationArn? string Recording configuration of the channel; "" (default): no recording. At most 128 characters.
---@field insecureIngest? boolean Whether RTMP and SRT without encryption are accepted; default false.
---@field preset? "HIGHER_BANDWIDTH_DELIVERY"|"CONSTRAINED_BANDWIDTH_DELIVERY" Bitrates of the transcoded renditions; default HIGHER_BANDWIDTH_DELIVERY for ADVANCED_HD and ADVANCED_SD, "" for other types.
---@field playbackRestrictionPolicyArn? string Playback restriction policy of the channel; "" (default): none. At most 128 characters.
---@field multitrackInputConfiguration? ivs.MultitrackInputConfiguration Whether the encoder may send several renditions.
---@field containerFormat? "TS"|"FRAGMENTED_MP4" How the service packs the video for players; default TS.
---@field adConfigurationArn? string Ad configuration of the channel; "" (default): none. At most 128 characters.

---@class ivs.UpdateChannelResponse
---@field channel? ivs.Channel The channel.

---Changes a channel; what is absent stays. Refused with ConflictException while the channel is
---live.
---
---Refused with: ResourceNotFoundException, AccessDeniedException, ValidationException, PendingVerification, ConflictException.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_UpdateChannel.html)
---@param request ivs.UpdateChannelRequest
---@return ivs.UpdateChannelResponse? answer
---@return ivs.Error? error
function Client:update_channel(request) end

---@class ivs.UpdatePlaybackRestrictionPolicyRequest
---@field arn string ARN of this resource. 1 to 128 characters.
---@field allowedCountries? string[] ISO 3166-1 codes of two letters; none (default): every country. 2 characters each.
---@field allowedOrigins? string[] Origins as in the HTTP header, such as https://example.com; none (default): every site. At most 128 characters each.
---@field enableStrictOriginEnforcement? boolean Whether playback is held strictly to allowedOrigins; default false.
---@field name? string Name, which need not be unique; default "". At most 128 characters.

---@class ivs.UpdatePlaybackRestrictionPolicyResponse
---@field playbackRestrictionPolicy? ivs.PlaybackRestrictionPolicy The policy.

---Changes a playback restriction policy; what is absent stays.
---
---Refused with: ResourceNotFoundException, AccessDeniedException, ValidationException, PendingVerification, ConflictException.
---
---[API reference](https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_UpdatePlaybackRestrictionPolicy.html)
---@param request ivs.UpdatePlaybackRestrictionPolicyRequest
---@return ivs.UpdatePlaybackRestrictionPolicyResponse? answer
---@return ivs.Error? error
function Client:update_playback_restriction_policy(request) end

return ivs
