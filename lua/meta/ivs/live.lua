---@meta ivs.live
-- For editors only: nothing here runs.

---Going live: `local live = require "ivs.live"`, in the program `ivs`.
---@class ivs.live
local live = {}

---@alias ivs.live.Event
---| "channel" # The channel is chosen: name, arn, created.
---| "ingest" # Where the encoder streams to: server, and url without the key.
---| "encoder" # The encoder runs: program, pid.
---| "live" # The stream is LIVE: seconds since the encoder started.
---| "stopped" # The stream was stopped.
---| "encoder_ended" # The encoder ended: how.
---| "deleted" # The channel was removed: arn.
---| "problem" # Something went wrong on the way out: message.

---Options of `live.start`. Of name and channel, one is given.
---@class ivs.live.Options
---@field client ivs.Client
---@field name? string Name of the channel, which is created if there is none of that name.
---@field channel? string ARN of the channel.
---@field encoder? string[] The encoder's program and arguments; {url}, {server} and {key} are filled in. Without: it is someone else's, and only waited for.
---@field log? string File that the encoder's output is appended to, with the stream key taken out.
---@field wait? number Seconds until the stream has to be live; default 60.
---@field temporary? boolean Whether a channel that was created is removed at the end; default false.
---@field on_event? fun(event: ivs.live.Event, detail: table)

---@alias ivs.live.FailureCode
---| "AmbiguousName" # More than one channel has the name.
---| "AlreadyLive" # The channel is live already.
---| "EncoderNotStarted" # The encoder's program cannot be run.
---| "EncoderEnded" # The encoder ended by itself.
---| "NotLive" # The stream did not become LIVE in time.
---| "OpenQuote" # Of `live.words`.

---What went wrong here rather than in a call of the service. `tostring(err)` is the message.
---@class ivs.live.Failure
---@field code ivs.live.FailureCode|string
---@field message string
---@field retryable boolean

---What is known of a stream.
---@class ivs.live.State
---@field state "LIVE"|"OFFLINE"
---@field health? "HEALTHY"|"STARVING"|"UNKNOWN"
---@field viewers? integer Absent while the service does not know their number.
---@field startTime? string

---A channel that is live. `close` comes with `<close>` too.
---@class ivs.live.Session
---@field channel ivs.Channel
---@field created boolean Whether the channel was created for this session.
---@field sent integer Items of metadata that were sent.
---@field sent_bytes integer Bytes in them.
---@field refused integer Items that were not taken.
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

---@return ivs.live.State? state
---@return ivs.Error? error
function Session:state() end

---The same as `state`; and an encoder that has ended is an error.
---@return ivs.live.State? state
---@return ivs.Error|ivs.live.Failure|nil error
function Session:health() end

---Sends one item of timed metadata. Waits for its turn, 5 a second, and until the service has it; for up to 30 s.
---@param item string|table A table is sent as JSON. At most 1 KB.
---@return true? sent
---@return ivs.Error|ivs.live.Failure|nil error
function Session:metadata(item) end

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
