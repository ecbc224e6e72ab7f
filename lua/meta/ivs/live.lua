---@meta ivs.live
-- For editors only: nothing here runs.

---Going live: `local live = require "ivs.live"`, in the program `ivs`.
---@class ivs.live
local live = {}

---@alias ivs.live.Event
---| "channel" # The channel is chosen: name, arn, created.
---| "stopping" # A stream that was in the way is being stopped.
---| "changed" # The channel was changed to what `settings` say: changes.
---| "ingest" # Where the encoder streams to: protocol, server, and url without the key.
---| "encoder" # The encoder runs: program, pid, and key_shows, whether its arguments have a secret in them.
---| "live" # The stream is LIVE: seconds since the encoder started; again, if it was before.
---| "state" # State or health are not what they were: an `ivs.live.State`.
---| "encoder_lost" # The encoder ended and will be started again: how, words, seconds until then.
---| "trouble" # Something did not work and will be tried again: message.
---| "stopped" # The stream was stopped.
---| "encoder_ended" # The encoder ended: how.
---| "deleted" # The channel was removed: arn.
---| "problem" # Something went wrong on the way out: message, which begins with what it means.

---Options of `live.start`. Of name and channel, one is given.
---@class ivs.live.Options
---@field client ivs.Client
---@field channel? string ARN of the channel, or its name; one of that name is created if there is none.
---@field name? string Only ever the name.
---@field settings? ivs.CreateChannelRequest What the channel has to be like, without its name. One that is found is changed, but not while it is live.
---@field encoder? string[] The encoder's program and arguments, with place-holders: {server}, {fpre}, {key_file}, {url_file}, {url}, {key}, {srt_url}, {passphrase}. Without: it is someone else's, and only waited for.
---@field protocol? "rtmps"|"rtmp"|"srt" What {server}, {url} and {key} are of; default rtmps.
---@field log? string File that the encoder's output is appended to, with stream key and passphrase taken out.
---@field wait? number Seconds until the stream has to be live; default 60.
---@field retries? number How often in a row the encoder is started again when it ends with an error; default 10.
---@field restart? boolean Whether a stream that is live already, or still held, is stopped first; default false.
---@field takeover? boolean Whether such a stream is taken over, also when the encoder is started again; default false.
---@field priority? number Of the takeover, 1 to 2147483647; default: the seconds since 1970.
---@field temporary? boolean Whether a channel that was created is removed at the end; default false.
---@field on_event? fun(event: ivs.live.Event, detail: table) Without: a problem is a warning on standard error.
---@field on_progress? fun(text: string) What is waited for, several times a second.

---@alias ivs.live.FailureCode
---| "AmbiguousName" # More than one channel has the name.
---| "NoChannel" # No channel has the name.
---| "AlreadyLive" # The channel is live already, or its last stream is still held.
---| "TakenByAnother" # Another encoder has the channel, or has taken the stream over; its stream goes on.
---| "Held" # A stream is live that may be held from the last encoder; it is tried again.
---| "NoPlaceHolder" # The encoder's words have a place-holder that there is not.
---| "LiveChange" # The channel would have to be changed, and is live.
---| "SessionClosed" # The session was closed; it does not go on.
---| "StillLive" # The stream was stopped, and its encoder came back at once.
---| "BadAnswer" # The answer has not what is needed: it is not the service that answers.
---| "NoProtocol" # The channel does not take the protocol.
---| "NoSrt" # The encoder's words ask for what the channel does not have.
---| "EncoderNotAllowed" # Only another encoder may be started, or none.
---| "EncoderNotStarted" # The encoder's program cannot be run, or its log not be written.
---| "EncoderEnded" # The encoder ended by itself, and is not started again.
---| "EncoderFinished" # The encoder ended without an error.
---| "NotLive" # The stream did not become LIVE in time; `reason` is no-data, wrong-key, refused, ended or unknown.
---| "Expired" # The item of metadata could not be sent in time.
---| "Timeout" # The stream has not changed in time.
---| "OpenQuote" # Of `live.words`.

---What went wrong here rather than in a call of the service. `tostring(err)` is the message.
---@class ivs.live.Failure
---@field code ivs.live.FailureCode|string
---@field message string
---@field reason? string Of NotLive; and "held" of EncoderEnded, when the channel is live without the encoder.
---@field retryable boolean

---What is known of a stream.
---@class ivs.live.State
---@field state "LIVE"|"OFFLINE"
---@field health? "HEALTHY"|"STARVING"|"UNKNOWN"
---@field viewers? integer Absent while the service does not know their number.
---@field startTime? string
---@field streamId? string

---A channel that is live. `close` comes with `<close>` too.
---@class ivs.live.Session
---@field channel ivs.Channel
---@field created boolean Whether the channel was created for this session.
---@field phase? "live"|"down"|"starting" Whether the encoder is there, has ended, or was started again.
---@field now? ivs.live.State The last that was seen of the stream; nobody is asked.
---@field sent integer Items of metadata that were sent.
---@field sent_bytes integer Bytes in them.
---@field refused integer Items that were not taken, or too old.
local Session = {}

---Goes live: returns once the stream is LIVE.
---@param options ivs.live.Options
---@return ivs.live.Session? session
---@return ivs.Error|ivs.live.Failure|nil error
function live.start(options) end

---Splits a command line into words as a shell does with blanks, quotes and backslashes; nothing else of a shell.
---@param line string
---@return string[]? words
---@return ivs.live.Failure? error
function live.words(line) end

---The words of an encoder: ffmpeg with a test picture and a tone.
---@param protocol? "rtmps"|"rtmp"|"srt"
---@return string[] words
function live.test_pattern(protocol) end

---From now on no other encoder is started than this one, or with false none; for whoever runs scripts of others. It cannot be taken back.
---@param encoder string[]|false
function live.allow_only(encoder) end

---Asks what is known of the stream.
---@return ivs.live.State? state
---@return ivs.Error? error
function Session:state() end

---The same as `state`; and an encoder that has ended, and is not started again, is an error.
---@return ivs.live.State? state
---@return ivs.Error|ivs.live.Failure|nil error
function Session:health() end

---Goes on for so long: the encoder is watched and started again, items that were pushed are sent, the stream is looked at now and then.
---@param seconds number
---@param tick? fun() Called once a second or more often.
---@return true? gone_on
---@return ivs.Error|ivs.live.Failure|nil error Why it cannot go on.
function Session:wait(seconds, tick) end

---Puts an item of timed metadata into the queue; `wait` sends.
---@param item string|table A table is sent as JSON. At most 1 KB.
---@param options? ivs.MetadataOptions
---@return true? pushed
---@return ivs.Error|ivs.live.Failure|nil error
function Session:push(item, options) end

---Sends one item of timed metadata. Waits for its turn, 5 a second, and until the service has it; for up to 30 s.
---@param item string|table A table is sent as JSON. At most 1 KB.
---@return true? sent
---@return ivs.Error|ivs.live.Failure|nil error
function Session:metadata(item) end

---Brings sent, sent_bytes and refused up to date.
function Session:count() end

---Stops the stream, then the encoder.
---@return true? stopped
---@return ivs.Error? error
function Session:stop() end

---Stops, then removes the channel and its stream key.
---@return true? deleted
---@return ivs.Error? error
function Session:delete() end

---Stops; removes a temporary channel that was created.
function Session:close() end

return live
