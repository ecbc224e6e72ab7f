-- A channel that is live, for as long as a script wants it to be. Made by ivs.live.start.

local ivs = require "ivs"
local channel = require "ivs.live.channel"
local failure = require "ivs.live.failure"
local option = require "ivs.live.option"
local owner = require "ivs.live.owner"
local supervise = require "ivs.live.supervise"
local tell = require "ivs.live.tell"

local CUE_WAIT <const> = 30 -- s until an item that cannot be sent is given up; a cue that comes later helps nobody
local TURN <const> = 1 -- s
local ENCODER_GRACE <const> = 5 -- s from SIGTERM to SIGKILL
local LEFT_ALONE <const> = "a stream is live that is not known to be ours, and is left alone: another encoder's, or this one's, which the "
  .. "service holds for up to 30 s"

local Session = {}
Session.__index = Session

-- ---------------------------------------------------------------- what scripts call

-- What is known of the stream now, asked for: { state = "LIVE" or "OFFLINE", health, viewers, startTime, streamId }. viewers is absent
-- while the service does not know their number.
function Session:state()
  local now, err = channel.state(self.client, self.channel.arn)
  if now then self.now = now end
  return now, err
end

-- The same; and an encoder that has ended, and is not started again, is an error.
function Session:health()
  local ok, err = supervise.step(self, 0)
  if not ok then return nil, err end
  return self:state()
end

-- Goes on for so many seconds: the encoder is watched and started again, the queue sends, state and health are looked at now and then
-- (session.now). True; or nil and why it cannot go on, EncoderFinished among that. tick() is called once a second or more often.
function Session:wait(seconds, tick)
  local until_then = ivs.monotonic() + seconds
  repeat
    local ok, err = supervise.step(self, math.max(0, until_then - ivs.monotonic()))
    self:count()
    if not ok then return nil, err end
    if tick then tick() end
  until ivs.monotonic() >= until_then
  return true
end

-- ---------------------------------------------------------------- metadata

-- Each item is a payload, as it is; it waits while the stream is away.
local function queue_of(session)
  session.queue = session.queue or session.client:metadata_queue(session.channel.arn, { coalesce = false })
  return session.queue
end

-- Brings sent, sent_bytes and refused up to date.
function Session:count()
  if not self.queue then return end
  local n = self.queue:counters()
  self.sent, self.sent_bytes = n.sent, n.bytes
  self.refused = n.refused + n.expired + n.dropped + n.unsure
end

local function as_text(item, level)
  local text = type(item) == "table" and ivs.json.encode(item) or item
  if type(text) ~= "string" then error("metadata must be a string or a table, not a " .. type(item), level + 1) end
  return text
end

local function push(session, text, options)
  local ok, err = queue_of(session):push(text, options)
  if ok then return true end
  session:count()
  if err.code ~= "TooLong" then return nil, err end
  return nil, failure(err.code, "the metadata was refused: it has %d bytes, and the service takes at most 1 KB in one item", #text)
end

-- Puts an item, a text or a table, into the queue and does not wait; session:wait sends. options: as of a metadata queue's push.
function Session:push(item, options) return push(self, as_text(item, 2), options) end

-- Sends one item: a text, or a table as JSON. Waits for its turn, and until the service has it, or not: true, or nil and why.
-- session.sent, .sent_bytes and .refused count.
function Session:metadata(item)
  local ok, err = push(self, as_text(item, 2), { ttl = CUE_WAIT })
  if not ok then return nil, err end
  local refused = self.refused
  while #self.queue > 0 do
    ok, err = supervise.step(self, TURN, true)
    if not ok then
      self.queue:clear()
      return nil, err
    end
  end
  self:count()
  if self.refused == refused then return true end
  return nil, self.queue:last_error() or failure("Expired", "the metadata could not be sent within %d s", CUE_WAIT)
end

-- What goes on with the stream may start the encoder again: not once the session is closed.
for _, name in ipairs { "health", "wait", "metadata", "push" } do
  local go_on = Session[name]
  Session[name] = function(self, ...)
    if self.closed then return nil, failure("SessionClosed", "%s: the session is closed", name) end
    return go_on(self, ...)
  end
end

-- ---------------------------------------------------------------- the way out

local function drop_queue(session)
  if session.queue then session.queue:clear() end
  return true
end

-- What happens to the stream is told when the encoder has ended too: who is told may keep us waiting, and the encoder would send again.
local function tell_later(session, event, detail) session.news[#session.news + 1] = { event = event, detail = detail } end

local function tell_news(session)
  while session.news[1] do
    local one = table.remove(session.news, 1)
    tell(session, one.event, one.detail)
  end
end

-- The stream's state, when it can be known whose it is.
local function settled_state(session)
  local now, err = channel.state(session.brief, session.channel.arn)
  local seconds = now and owner.unsettled(session, now) or 0
  if seconds == 0 then return now, err end
  ivs.sleep(seconds)
  return channel.state(session.brief, session.channel.arn)
end

-- One that may be ours is not left without a word.
local function leave_alone(session, now)
  if owner.is_told(session, now) then return end
  tell_later(session, "problem", { message = LEFT_ALONE })
end

-- Ends the stream if it is ours: true, or false if there is none or it is another's. A channel that is removed next has to be offline.
-- One that is known to be ours is ended although the question for it fails.
local function stop_stream(session)
  local now, err = settled_state(session)
  if not now then
    if err.code == "ResourceNotFoundException" then return false end
    if not (owner.is_surely_ours(session) or (session.temporary and session.created)) then return nil, err end
    return channel.stop(session.brief, session.channel.arn)
  end
  if now.state ~= "LIVE" then return false end
  local ours = owner.is_new(session, now) or (session.temporary and session.created)
  if not ours then ours, err = owner.is_ours(session, now) end
  if ours == false then leave_alone(session, now) end
  if not ours then return ours, err end
  return channel.stop(session.brief, session.channel.arn)
end

-- Stops the stream, as far as it is ours, then the encoder. Both are tried; the first problem is the result.
function Session:stop()
  local problem
  local alive = self.encoder and self.encoder:alive()
  if self.may_stream then
    local stopped, err = stop_stream(self)
    self.may_stream = false
    problem = err
    if stopped then tell_later(self, "stopped") end
  end
  if self.encoder then
    local _, how = self.encoder:stop(ENCODER_GRACE)
    self.encoder = nil
    if alive then tell_later(self, "encoder_ended", { how = how }) end
  end
  tell_news(self)
  if problem then return nil, problem end
  return true
end

-- Stops, then removes the channel, and with it its stream key.
function Session:delete()
  local ok, err = self:stop()
  if ok then ok, err = channel.delete(self.brief, self.channel.arn) end
  if not ok then return nil, err end
  self.deleted = true
  tell(self, "deleted", { arn = self.channel.arn })
  return true
end

-- Of a channel whose creation was cut off nothing is known. There was none of its name before: one that is there now is this session's.
local function find_created(session)
  local found, err
  if session.temporary then found, err = channel.get(session.brief, session.name) end
  if found then
    session.channel, session.created = found, true
    return true
  end
  if err and err.code ~= "NoChannel" then return nil, err end
  return nil, failure("NoChannel", "its creation was cut off")
end

-- A signal raises one error, wherever the script is: a step of the way out that it hits is taken again. What a failure means is told
-- before it.
local function certainly(session, step, meaning)
  local ran, ok, err = pcall(step, session)
  if not ran then ran, ok, err = pcall(step, session) end
  if not ran then ok, err = nil, ok end
  if not ok then tell(session, "problem", { message = meaning .. ": " .. option.text(err) }) end
end

-- The way out: also for <close>, after errors and signals. Removes the channel if it was made for this session only. What on_event raises
-- is raised when all is done.
function Session:close()
  if self.closed then return end
  self.closed = true
  certainly(self, drop_queue, "what waits to be sent cannot be dropped")
  certainly(self, Session.stop, "the stream was not stopped")
  if self.creating then
    certainly(self, find_created, ("channel %s may be there; look with ivs list-channels --filter-by-name %s"):format(self.name, self.name))
  end
  if self.temporary and self.created and not self.deleted then certainly(self, Session.delete, "the channel was not removed") end
  if self.held_log then self.held_log:close() end
  if self.raised then error(self.raised[1], 0) end
end

Session.__close = Session.close
Session.__gc = Session.close

return Session
