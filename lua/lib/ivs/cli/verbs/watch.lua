-- ivs watch: how a channel's stream is doing, again and again.

local ivs = require "ivs"
local brief = require "ivs.live.brief"
local channel = require "ivs.live.channel"
local cues = require "ivs.cli.cues"
local look = require "ivs.cli.look"
local pace = require "ivs.live.pace"
local status = require "ivs.cli.status"
local stop = require "ivs.cli.stop"
local verb = require "ivs.cli.verb"

local INTERVAL <const> = 5 -- s
local REST <const> = 0.5 -- s
local FIRST_CALL <const>, SHORTEST_LOOK <const> = 5, 1 -- s that these may take however few --seconds there are
local MOST_WAITING <const> = 12 -- items of 1 KB that the queue surely has room for

local watch = {
  positional = verb.channel,
  options = {
    { name = "--interval", key = "interval", takes = "one", convert = verb.whole_number(1, 3600) },
    { name = "--seconds", key = "seconds", takes = "one", convert = verb.seconds },
    { name = "--until", key = "until_state", takes = "one", choices = { "LIVE", "OFFLINE" } },
    { name = "--cues", key = "cues", takes = "none", value = true },
  },
}

local Watch = {}
Watch.__index = Watch

-- refused, left: of metadata at the end, or nil.
local function show(self, refused, left)
  local now, seen = self.now, self.seen
  local sent = self.queue and self.queue:counters().sent
  if self.context.output == "json" then
    local event = look.event(now, seen, sent)
    event.metadataRefused, event.metadataPending = refused, left
    return self.context:print_event(event)
  end
  local text = look.line(now, seen, sent, self.context.client:clock())
  if self.line.on then return self.line:show(text) end
  print(os.date "!%Y-%m-%dT%H:%M:%SZ" .. "  " .. text)
  io.stdout:flush()
end

-- A channel that was there, and is gone, has no stream any more.
local function is_gone(self, err) return self.now and err.code == "ResourceNotFoundException" and self.until_state == "OFFLINE" end

-- What is only for a moment is told, once, and waited out; anything else ends the command.
local function look_once(self)
  local now, err = channel.state(self.client, self.arn)
  self.look:done(err)
  self.looked = true
  if not now and is_gone(self, err) then now = { state = "OFFLINE" } end
  if now then
    self.now, self.told = now, nil
    self.seen = self.watcher:see(now)
    show(self)
  elseif not err.retryable then
    self.context:fail(err)
  elseif err.code ~= self.told then
    self.told = err.code
    self.line:clear()
    self.context:note(err)
  end
end

-- Until the next look is due: metadata goes out meanwhile.
local function rest(self, seconds)
  local pause = self.queue and self.queue:step() or REST
  pause = math.min(pause, seconds, REST)
  if self.input and not self.input.ended then return self.input:take(pause) or ivs.sleep(pause) end
  return ivs.sleep(pause)
end

local function is_there(self) return self.until_state and self.now and self.now.state == self.until_state end

local function time_left(self) return self.seconds and self.seconds - (ivs.monotonic() - self.began) or math.huge end

local function is_over(self) return is_there(self) or time_left(self) <= 0 end

local function time_for_a_look(self) return self.looked and math.max(SHORTEST_LOOK, time_left(self)) or FIRST_CALL end

local function attach_metadata(self)
  self.queue = self.context.client:metadata_queue(self.arn, { coalesce = false, refuse_offline = true })
  function self.note(text)
    self.line:clear()
    self.context:note(text)
  end
  function self.step() return self.queue:step() end
  self.input = cues.new(function(text) return self.queue:push(text) end, self.note, function() return #self.queue < MOST_WAITING end)
end

-- Until it is over; then what has come of metadata is sent.
local function keep_watch(self)
  repeat
    if self.look:due() <= 0 then look_once(self) end
    if not is_over(self) then rest(self, math.max(0, math.min(self.look:due(), time_left(self)))) end
  until is_over(self)
  if self.input then self.input:flush(self.step) end
end

-- Tells what became of all metadata: whether some of it is lost.
local function finish_metadata(self)
  cues.settle(self.step)
  local n = self.queue:counters()
  local refused = n.refused + n.expired + n.dropped + n.unsure + self.input.bad
  local left = n.pending + self.input:left()
  if self.now then show(self, refused, left) end
  self.line:keep()
  return cues.tell_lost(self.note, refused, left, self.queue:last_error()) or self.input.failed
end

-- Ends the command if it has not seen what it was to see.
local function judge(self)
  if is_there(self) or (self.now and not self.until_state) then return end
  self.line:keep()
  if not self.now then stop.stop("other", "the state of the channel could not be read within %g s", self.seconds) end
  stop.stop("other", "the channel is not %s after %g s", self.until_state, self.seconds)
end

-- Nothing takes longer than all of it may take.
local function limit_calls(client, seconds)
  if seconds then client:timeout(math.min(client:timeout(), math.max(FIRST_CALL, seconds))) end
end

function watch.run(given, context)
  local began, line = ivs.monotonic(), status.new(io.stdout)
  limit_calls(context.client, given.seconds)
  local arn = context:check(channel.arn_of(context.client, given.channel))
  local kept <close> = setmetatable({}, { __close = function() line:keep() end })
  local self = setmetatable({
    context = context, arn = arn, line = line, look = pace.new(given.interval or INTERVAL), began = began, seconds = given.seconds,
    until_state = given.until_state,
  }, Watch)
  self.client = brief(context.client, function() return time_for_a_look(self) end)
  self.watcher = look.watcher(self.client, arn)
  if given.cues then attach_metadata(self) end
  local dropped <close> = setmetatable({}, { __close = function() if self.queue then self.queue:clear() end end })
  local ran, problem = pcall(keep_watch, self)
  local lost = self.input and finish_metadata(self)
  if not ran then error(problem, 0) end
  judge(self)
  return lost and 255 or 0
end

return watch
