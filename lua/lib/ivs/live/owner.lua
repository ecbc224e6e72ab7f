-- Whose stream it is that is live on a session's channel. Only a session's own is ever stopped by it, but for one that `restart` allows.
--
-- A stream is ours once it was LIVE while our encoder ran and had not been turned away. It keeps its id when another encoder takes it over;
-- its session then has one more event that says so.

local ivs = require "ivs"
local failure = require "ivs.live.failure"
local report = require "ivs.live.report"

local owner = {}

local SETTLED <const> = 2 -- s that an encoder has to run before a stream counts as its own: one that is turned away has ended by then
local LONGEST_HELD <const> = 40 -- s; the service holds a stream without an encoder for up to 30

-- How often the stream was taken over; nil and an error if that cannot be known now.
local function takeovers(session, id)
  local seen, err = report.get(session.brief, session.channel.arn, id)
  if not seen then return nil, err end
  local n = 0
  for _, event in ipairs(seen.events) do
    if event.name == "Stream Takeover" then n = n + 1 end
  end
  return n
end

local function is_running(session) return not session.template or (session.encoder and session.encoder:alive()) or false end

-- Whether a stream that nobody knows yet comes from the encoder that was started last. On a channel that was just made nobody else has the
-- key.
function owner.is_new(session, now)
  if now.state ~= "LIVE" or (now.streamId and now.streamId == session.stopped_stream) then return false end
  if not is_running(session) then return false end
  if not session.template or (session.created and session.phase == nil) then return true end
  return ivs.monotonic() - session.encoder_began >= SETTLED
end

-- From now on that stream is ours. What was taken over before does not count.
function owner.claim(session, now)
  session.streams[now.streamId or ""] = not session.priority and 0 or takeovers(session, now.streamId) or math.huge
  session.candidate, session.stranger = nil, nil
end

-- While ours runs, a stream with a new id may be that of an encoder that connected again by itself; but for a moment also that of one
-- which has just put it out.
function owner.watch(session, now)
  if now.state ~= "LIVE" or session.streams[now.streamId or ""] then return end
  if not session.template or (session.candidate == now.streamId and is_running(session)) then return owner.claim(session, now) end
  session.candidate = now.streamId
end

-- Seconds until another look can tell more of whose the stream is, or that none comes of the encoder that was started last.
function owner.unsettled(session, now)
  if not session.template then return 0 end
  if now.state ~= "LIVE" and (session.phase == "live" or not is_running(session)) then return 0 end
  if now.state == "LIVE" and (session.streams[now.streamId or ""] or owner.is_new(session, now)) then return 0 end
  return math.max(0, session.encoder_began + SETTLED - ivs.monotonic())
end

-- An error says of that stream that it is another's, or may be.
function owner.told(session, now) session.told = now.streamId or "" end

-- Whether nothing more has to be said of a stream that is left alone: one of ours that was taken over, or one that an error told of.
function owner.is_told(session, now)
  local id = now.streamId or ""
  return session.streams[id] ~= nil or session.told == id
end

-- Whether the live stream is one of ours that nobody has taken over; nil and an error if that cannot be known now.
function owner.is_ours(session, now)
  local before = session.streams[now.streamId or ""]
  if not before then return false end
  if is_running(session) then return true end
  local n, err = takeovers(session, now.streamId)
  if n then return n <= before end
  if err.retryable then return nil, err end
  return true -- it may not be looked at
end

-- Whether the stream that was seen last is ours without a question to the service: our encoder, whose stream it was, still runs.
function owner.is_surely_ours(session)
  local now = session.now
  return now ~= nil and session.streams[now.streamId or ""] ~= nil and is_running(session)
end

-- Why an encoder cannot be started again while that stream, which is not ours, is live. It may still be: our encoder may have begun it,
-- and ended before it was seen. Then the service lets go of it.
function owner.in_the_way(session, now)
  local known = session.streams[now.streamId or ""] ~= nil
  if not session.stranger or session.stranger.id ~= now.streamId then
    session.stranger = { id = now.streamId, since = ivs.monotonic() }
  end
  local uncertain = session.lost_while == "starting" and not known
  if uncertain and ivs.monotonic() - session.stranger.since < LONGEST_HELD then
    local err = failure("Held", "a stream is live that is not known to be ours: another encoder's, or the last one, which is held for up to 30 s")
    err.retryable = true
    return err
  end
  owner.told(session, now)
  return failure("TakenByAnother", "the channel was taken by another encoder: the stream that is live now is not ours, and goes on")
end

return owner
