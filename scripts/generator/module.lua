---@meta ivs
-- @NOTICE@
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
@ERROR_CODES@
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
@OPERATIONS@

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

