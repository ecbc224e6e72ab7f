-- ivs go-live: takes a channel live with an encoder, keeps it alive, and ends it cleanly.

local ivs = require "ivs"
local cues = require "ivs.cli.cues"
local live = require "ivs.live"
local look = require "ivs.cli.look"
local progress = require "ivs.cli.progress"
local ingest = require "ivs.live.ingest"
local status = require "ivs.cli.status"
local option = require "ivs.live.option"
local stop = require "ivs.cli.stop"
local story = require "ivs.live.story"
local trouble = require "ivs.cli.trouble"
local verb = require "ivs.cli.verb"

option.form, option.text = "--%s", trouble.text

local TURN <const> = 0.1 -- s between two looks at standard input
local MOST_WAITING <const> = 12 -- items of 1 KB
local CUE_TTL <const> = 30 -- s
local KEY_SHOWS <const> = "the stream key is in the encoder's arguments, where other users of this machine can see it; "
  .. "{fpre}, {key_file} and the environment hide it"

local function flag(name, key, value) return { name = name, key = key, takes = "none", value = value } end

local function one(name, key, convert, choices) return { name = name, key = key, takes = "one", convert = convert, choices = choices } end

local go_live = {
  positional = verb.channel,
  rest = true,
  options = {
    one("--encoder", "encoder", verb.not_empty "command"),
    flag("--test-pattern", "test_pattern", true),
    one("--protocol", "protocol", nil, ingest.protocols),
    one("--log", "log", verb.not_empty "file"),
    one("--wait", "wait", verb.seconds),
    one("--seconds", "seconds", verb.seconds),
    one("--retries", "retries", verb.whole_number(0, 1000000)),
    flag("--restart", "restart", true),
    flag("--takeover", "takeover", true),
    one("--priority", "priority", verb.whole_number(1, ingest.PRIORITY_MAX)),
    flag("--cues", "cues", true),
    flag("--temporary", "temporary", true),
    one("--latency-mode", "latencyMode", nil, { "NORMAL", "LOW" }),
    one("--type", "type", nil, { "BASIC", "STANDARD", "ADVANCED_SD", "ADVANCED_HD" }),
    flag("--authorized", "authorized", true),
    flag("--no-authorized", "authorized", false),
    flag("--insecure-ingest", "insecureIngest", true),
    flag("--no-insecure-ingest", "insecureIngest", false),
    one("--recording-configuration-arn", "recordingConfigurationArn"),
  },
}

local SETTINGS <const> = { "latencyMode", "type", "authorized", "insecureIngest", "recordingConfigurationArn" }

-- ---------------------------------------------------------------- words

-- The encoder's words; nil: it is someone else's.
local function encoder_of(given, context)
  local ways = (given.encoder and 1 or 0) + (given.test_pattern and 1 or 0) + (context.rest and 1 or 0)
  if ways > 1 then stop.stop("usage", "go-live: give the encoder once: with --encoder, --test-pattern, or behind --") end
  if context.rest and (context.rest[1] or "") == "" then stop.stop("usage", "go-live: behind -- comes the encoder's program") end
  if context.rest then return context.rest end
  if given.test_pattern then return live.test_pattern(given.protocol) end
  local line = given.encoder or os.getenv "IVS_ENCODER"
  if not line or line == "" then return nil end
  local words, err = live.words(line)
  if not words then stop.stop("usage", "go-live: %s", err.message) end
  if #words == 0 then stop.stop("usage", "go-live: --encoder names no program") end
  return words
end

function go_live.check(given, context)
  if given.priority and not given.takeover then stop.stop("usage", "go-live: --priority goes with --takeover") end
  context.encoder = encoder_of(given, context)
end

local function settings_of(given)
  local settings = {}
  for _, member in ipairs(SETTINGS) do settings[member] = given[member] end
  return settings
end

-- ---------------------------------------------------------------- telling

local Teller = {}
Teller.__index = Teller

function Teller:event(event, detail)
  if self.context.output == "json" then
    local told = { event = event }
    for name, value in pairs(detail) do told[name] = value end
    if event == "problem" then self.failed = true end
    return self.context:print_event(told)
  end
  local text, is_problem = story.tell(event, detail)
  self.waiting:clear()
  if is_problem then
    self.failed = self.failed or event == "problem"
    self.line:clear()
    return self.context:note(text)
  end
  if self.line.on and event == "state" then return end -- the line has it
  self.line:say(text)
  if event == "ingest" and not self.context.encoder then
    self.context:note("waiting for an encoder; ivs ingest-url %s prints the whole URL", self.channel)
  end
  if event == "encoder" and detail.key_shows then self.context:note(KEY_SHOWS) end
end

-- On a terminal, how things are.
function Teller:tick(session)
  if not self.line.on or self.context.output == "json" or not session.now then return end
  self.watcher = self.watcher or look.watcher(session.brief, session.channel.arn)
  local now = session.phase == "live" and session.now or { state = "AWAY" }
  self.line:show(look.line(now, self.watcher:see(now), session.queue and session.sent, session.client:clock()))
end

-- ---------------------------------------------------------------- staying live

-- Until it is over. nil and an error if it ends before that.
local function stay(session, given, input, tick)
  local began = ivs.monotonic()
  while not given.seconds or ivs.monotonic() - began < given.seconds do
    local left = given.seconds and given.seconds - (ivs.monotonic() - began) or 1
    if input and not input.ended then
      input:take(0)
      left = math.min(left, TURN)
    end
    local ok, err = session:wait(math.max(0, math.min(left, 1)), tick)
    if not ok then return nil, err end
  end
  return true
end

local function is_finished(ok, err) return ok or err.code == "EncoderFinished" end

-- Until it is over; then what has come is sent, as long as the stream is there to take it.
local function stay_and_send(session, given, input, step, tick)
  local ok, err = stay(session, given, input, tick)
  if input and is_finished(ok, err) and session.phase == "live" then input:flush(step) end
  return ok, err
end

-- What became of the lines of standard input; whether some of them are lost.
local function summary(context, teller, session, input)
  session:count()
  local queue = session.queue
  local refused, left = session.refused + input.bad, (queue and #queue or 0) + input:left()
  if not queue and refused + left == 0 then return false end
  if context.output == "json" then
    context:print_event { event = "metadata", sent = session.sent, bytes = session.sent_bytes, refused = refused, pending = left }
  else
    local rest = left > 0 and (", %d not sent"):format(left) or ""
    teller.line:say(("Pushed metadata: %d items, %d bytes, %d not taken%s"):format(session.sent, session.sent_bytes, refused, rest))
  end
  return cues.tell_lost(input.note, refused, left, queue and queue:last_error())
end

-- Lines of standard input; no more than the queue surely has room for.
local function cues_of(session, teller)
  local function note(text)
    teller.line:clear()
    teller.context:note(text)
  end
  local function room() return not session.queue or #session.queue < MOST_WAITING end
  return cues.new(function(text) return session:push(text, { ttl = CUE_TTL }) end, note, room)
end

-- Ends the command. Who reads events finds the reason among them.
local function fail(context, err)
  if context.output == "json" and err.code ~= "Interrupted" then
    context:print_event { event = "failed", code = err.code, reason = err.reason, message = err.message or tostring(err) }
  end
  context:fail(err)
end

function go_live.run(given, context)
  local show, waiting <close> = progress.new()
  local teller = setmetatable({ context = context, channel = given.channel, line = status.new(io.stdout), waiting = waiting }, Teller)
  local started, problem = live.start {
    client = context.client, channel = given.channel, settings = settings_of(given), encoder = context.encoder, protocol = given.protocol,
    log = given.log, wait = given.wait, retries = given.retries, restart = given.restart, takeover = given.takeover,
    priority = given.priority, temporary = given.temporary, on_progress = show,
    on_event = function(event, detail) teller:event(event, detail) end,
  }
  if not started then fail(context, problem) end
  local session <close> = started
  local input = given.cues and cues_of(session, teller)
  local function step() return session.queue and session.queue:step() end
  local ran, ok, err = pcall(stay_and_send, session, given, input, step, function() teller:tick(session) end)
  if session.phase == "live" then cues.settle(step) end
  teller.line:keep()
  local lost = input and summary(context, teller, session, input)
  session:close()
  if not ran then error(ok, 0) end
  if not is_finished(ok, err) then fail(context, err) end
  return (teller.failed or lost or input and input.failed) and 255 or 0
end

return go_live
