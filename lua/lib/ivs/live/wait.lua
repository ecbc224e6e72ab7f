-- Waiting for a session's stream to be LIVE; and why it is not.

local ivs = require "ivs"
local channel = require "ivs.live.channel"
local encoder = require "ivs.live.encoder"
local failure = require "ivs.live.failure"
local owner = require "ivs.live.owner"
local pace = require "ivs.live.pace"
local option = require "ivs.live.option"
local report = require "ivs.live.report"
local story = require "ivs.live.story"

local wait = {}

local FIRST_LOOK <const> = 0.5 -- s
local ENCODER_GRACE <const> = 5 -- s from SIGTERM to SIGKILL
local CLOCKS_APART <const> = 2 -- s, of the service's timestamps and ours

-- ---------------------------------------------------------------- why not

local function explain(session, reason, text, ...)
  local err = failure("NotLive", "the channel was not live after %g s: %s", session.patience, text:format(...))
  err.reason = reason
  return err
end

-- What the service has seen of a stream since this session began to wait: a failure, or nil.
local function seen_by_the_service(session)
  local seen = report.get(session.brief, session.channel.arn)
  if not seen then return nil end
  local since = session.encoder_clock - CLOCKS_APART
  local troubles = report.troubles(seen, since)
  local began = seen.startTime and ivs.time(seen.startTime)
  if troubles ~= "" then return explain(session, "refused", "the service refused what came: %s", troubles) end
  if seen.endTime and began and began >= since then
    return explain(session, "ended", "a stream came, and ended again")
  end
end

local function no_data(session)
  if not session.encoder then
    return explain(session, "no-data", "nothing was sent to %s with its stream key", session.place.server)
  end
  session.encoder:stop(ENCODER_GRACE)
  return explain(session, "no-data", "the encoder runs, but its stream did not arrive at %s%s", session.place.server,
    story.last_words(encoder.last_words(session.encoder)))
end

-- The failure of a session whose time to become live is over. last: of the last look at the stream, or nil.
function wait.why_not(session, last)
  if last then return explain(session, "unknown", "its state could not be read: %s", option.text(last)) end
  local seen = seen_by_the_service(session)
  if seen then return seen end
  if channel.has_other_key(session.brief, session.channel.arn, session.key) then
    return explain(session, "wrong-key", "the stream key is another one by now")
  end
  return no_data(session)
end

-- The failure of a session whose encoder has ended, in those words.
function wait.why_ended(session, how)
  local words = encoder.last_words(session.encoder)
  local err = failure("EncoderEnded", "the encoder ended (%s)%s", how, story.last_words(words))
  local now = channel.state(session.brief, session.channel.arn)
  if now and now.state == "LIVE" then
    owner.told(session, now)
    err.reason = "held"
    err.message = err.message .. ". The channel is live without it: another encoder sends, or the last stream is still held, "
      .. ("for up to 30 s. Give %s to end that first, or %s to take it over"):format(option "restart", option "takeover")
  end
  return err
end

-- ---------------------------------------------------------------- waiting

-- Waits for the encoder's end or for so long: true, or nil and a failure.
local function rest(session, seconds)
  local until_then = ivs.monotonic() + seconds
  repeat
    if session.tick then session.tick("waiting for the stream") end
    local left = math.max(0, until_then - ivs.monotonic())
    if session.tick then left = math.min(left, 0.2) end
    if session.encoder then
      local status, how = session.encoder:wait(left)
      if status then return nil, wait.why_ended(session, how) end
    else
      local ok, err = ivs.sleep(left)
      if not ok then return nil, err end
    end
  until ivs.monotonic() >= until_then
  return true
end

-- True; or nil and why the stream is not live.
function wait.until_live(session)
  local look = pace.new(pace.impatient, FIRST_LOOK)
  local until_then = session.encoder_began + session.patience
  local last
  repeat
    local left = math.max(0, until_then - ivs.monotonic())
    local ok, err = rest(session, math.min(look:due(), left))
    if not ok then return nil, err end
    local now
    now, err = channel.state(session.brief, session.channel.arn)
    if now and owner.is_new(session, now) then
      owner.claim(session, now)
      session.now = now
      return true
    end
    if err and not err.retryable then return nil, err end
    look:done(err)
    last = err
  until ivs.monotonic() >= until_then
  return nil, wait.why_not(session, last)
end

return wait
