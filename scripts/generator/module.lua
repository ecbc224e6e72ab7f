---@meta ivs
-- @NOTICE@
-- For editors only: nothing here runs.

---Amazon IVS for Lua: `local ivs = require "ivs"`.
---@class ivs
---@field version string Of this library, such as "0.1.0".
---@field null ivs.Null Null, in JSON.
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
---@operator concat(any): string

---Codes that are known: the service's, then this library's own.
---@alias ivs.ErrorCode
@ERROR_CODES@
---| "NoRegion" # No region was given.
---| "BadRegion" # The region is no name of one.
---| "NoCredentials" # No credentials were found, or they are malformed, expired or of a kind that is not supported.
---| "NoProfile" # A profile was named, and neither file has it.
---| "BadConfigFile" # ~/.aws/config or ~/.aws/credentials is malformed or cannot be read.
---| "BadEndpoint" # The endpoint is not a URL.
---| "BadSetting" # A variable of the environment is too long, or a setting names what is not there.
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
---| "Tls" # TLS failed otherwise.
---| "TlsMemory" # TLS ran out of memory. Retryable.
---| "BadAnswer" # The answer is not HTTP, not JSON, or not of the API's form.
---| "AnswerTooLarge" # The answer needs over 16 MB.
---| "Redirect" # The answer is a redirect; none is followed.
---| "Clock" # This machine's clock does not serve.
---| "NoEntropy" # The system has no random numbers.
---| "Crypto" # The crypto library failed.
---| "NotJson" # Of `ivs.json.decode`.
---| "NotATime" # Of `ivs.time`.
---| "Internal" # A fault of this library.

---A connection to the service, with region and credentials. Made by `ivs.client`; one call at a time. Also a `<close>` variable.
---@class ivs.Client
local Client = {}

---Options of `ivs.client`. What is not given comes from the environment, then from a profile of the AWS tools' files.
---@class ivs.ClientOptions
---@field profile? string Of ~/.aws/config and ~/.aws/credentials. Default: AWS_PROFILE, AWS_DEFAULT_PROFILE, then "default".
---@field region? string Such as "eu-west-1". Default: AWS_REGION, AWS_DEFAULT_REGION, then the profile's.
---@field endpoint? string URL. Default: AWS_ENDPOINT_URL_IVS, AWS_ENDPOINT_URL, the profile's, then the service's of the region.
---@field access_key_id? string Default: AWS_ACCESS_KEY_ID, then the profile's. Goes with secret_access_key.
---@field secret_access_key? string Default: AWS_SECRET_ACCESS_KEY, then the profile's. Secret: appears in no log.
---@field session_token? string Default: AWS_SESSION_TOKEN, then the profile's. Only of temporary credentials. Secret: appears in no log.
---@field ca_bundle? string File of PEM certificates. Default: AWS_CA_BUNDLE, the profile's, then Amazon's roots, which are built in.
---@field verify? boolean Whether the server's certificate is verified; default true. If not, a warning goes to stderr.
---@field timeout? number Seconds for all of one call, retries included: 0.001 to 1e6; default 60.
---@field sign? boolean Whether requests are signed; default true.
---@field connect_timeout? number Seconds until the connection must be there: 0.001 to 1e6; 0 (default): only timeout limits it.
---@field read_timeout? number Seconds that the server may be silent: 0.001 to 1e6; 0 (default): only timeout limits it.
---@field trace? fun(event: ivs.TraceEvent, text: string) Told what goes over the connection. Secrets, such as stream keys, are in it.
---@field map_order? fun(map: table<string, string>, names: string[]) Told of each map in an answer in which order its names came.
---@field map_names? fun(map: table<string, string>): string[] Asked for the order in which the names of each map of a request are sent.

---What `trace` is told, with a text.
---@alias ivs.TraceEvent
---| "connecting" # A connection is opened, to the host that the text names.
---| "connected" # It is there.
---| "sent" # Bytes of a request, before they are encrypted.
---| "received" # Bytes of an answer.

---What a client did since it was made.
---@class ivs.Counters
---@field calls integer Calls begun.
---@field requests integer Requests sent, retries included.
---@field connections integer Connections opened.
---@field reused integer Requests that went out on a connection that was open already.
---@field handshakes integer TLS handshakes.
---@field resumed integer Handshakes that continued an earlier session.
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

---Closes the connection and forgets the credentials. Done to a closed client, it does nothing.
function Client:close() end

---@return ivs.Counters counters
function Client:counters() end

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

