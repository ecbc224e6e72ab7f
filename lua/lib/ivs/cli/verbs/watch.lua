-- ivs watch: how a channel's stream is doing, again and again.

local ivs = require "ivs"
local channel = require "ivs.live.channel"
local cues = require "ivs.cli.cues"
local look = require "ivs.cli.look"
local pace = require "ivs.live.pace"
local status = require "ivs.cli.status"
local stop = require "ivs.cli.stop"
local verb = require "ivs.cli.verb"

local INTERVAL <const> = 5 -- s
local REST <const> = 0.5 -- s
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

local function show(self, now)
  local seen = self.watcher:see(now)
  local sent = self.queue and self.queue:counters().sent
  if self.context.output == "json" then return self.context:print_event(look.event(now, seen, sent)) end
  local text = look.line(now, seen, sent, self.context.client:clock())
  if self.line.on then return self.line:show(text) end
  print(os.date "!%Y-%m-%dT%H:%M:%SZ" .. "  " .. text)
  io.stdout:flush()
end

-- A channel that was there, and is gone, has no stream any more.
local function is_gone(self, err) return self.now and err.code == "ResourceNotFoundException" and self.until_state == "OFFLINE" end

-- What is only for a moment is told, once, and waited out; anything else ends the command.
local function look_once(self)
  local now, err = channel.state(self.context.client, self.arn)
  self.look:done(err)
  if now then
    self.now, self.told = now, nil
    show(self, now)
  elseif is_gone(self, err) then
    self.now = { state = "OFFLINE" }
    show(self, self.now)
  elseif not err.retryable then
    self.context:fail(err)
  elseif err.code ~= self.told then
    self.told = err.code
    self.line:clear()
    self.context:note(tostring(err))
  end
end

-- Until the next look is due: metadata goes out meanwhile.
local function rest(self, seconds)
  local pause = self.queue and self.queue:step() or REST
  pause = math.min(pause, seconds, REST)
  if self.input and not self.input.ended then return self.input:take(pause) or ivs.sleep(pause) end
  return ivs.sleep(pause)
end

local function is_over(self, given)
  if given.until_state and self.now and self.now.state == given.until_state then return true end
  return given.seconds and ivs.monotonic() - self.began >= given.seconds
end

local function attach_metadata(self)
  self.queue = self.context.client:metadata_queue(self.arn, { coalesce = false, refuse_offline = true })
  local function note(text)
    self.line:clear()
    self.context:note(text)
  end
  self.input = cues.new(function(text) return self.queue:push(text) end, note, function() return #self.queue < MOST_WAITING end)
end

function watch.run(given, context)
  local arn = context:check(channel.arn_of(context.client, given.channel))
  local line = status.new(io.stdout)
  local kept <close> = setmetatable({}, { __close = function() line:keep() end })
  local self = setmetatable({
    context = context, arn = arn, line = line, watcher = look.watcher(context.client, arn),
    look = pace.new(given.interval or INTERVAL), began = ivs.monotonic(), until_state = given.until_state,
  }, Watch)
  if given.cues then attach_metadata(self) end
  local dropped <close> = setmetatable({}, { __close = function() if self.queue then self.queue:clear() end end })
  repeat
    if self.look:due() <= 0 then look_once(self) end
    if not is_over(self, given) then rest(self, self.look:due()) end
  until is_over(self, given)
  if given.until_state and not (self.now and self.now.state == given.until_state) then
    line:keep()
    stop.stop("other", "the channel is not %s after %g s", given.until_state, given.seconds)
  end
  return self.input and self.input.failed and 255 or 0
end

return watch
