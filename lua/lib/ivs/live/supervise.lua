-- Keeps a session alive: an encoder that ends is started again, the stream that the service still holds for it is ended or taken over, and
-- what the service says of the stream is looked at now and then.
--
-- session.phase:  "live" -> "down" (the encoder has ended; session.again_at) -> "starting" (it runs again) -> "live"

local ivs = require "ivs"
local channel = require "ivs.live.channel"
local encoder = require "ivs.live.encoder"
local failure = require "ivs.live.failure"
local feed = require "ivs.live.feed"
local option = require "ivs.live.option"
local owner = require "ivs.live.owner"
local pace = require "ivs.live.pace"
local story = require "ivs.live.story"
local tell = require "ivs.live.tell"

local supervise = {}

local LOOK_EVERY <const> = 10 -- s
local STEADY <const> = 60 -- s; an encoder that has sent for so long begins with a clean record
local STUCK <const> = 30 -- s; an encoder that runs while the channel is offline has lost its connection without noticing
local ENCODER_GRACE <const> = 5 -- s
local LONGEST_REST <const> = 1 -- s
local UNHEARD <const> = 30 -- s of failing calls, after which an encoder is started all the same: nothing is held any more

-- ---------------------------------------------------------------- the encoder has ended

-- how: in words. True if it will be started again; otherwise nil and a failure.
local function lost(session, how)
  local words = encoder.last_words(session.encoder)
  session.encoder = nil
  session.lost_while = session.phase
  session.turned_away = session.phase == "starting" and session.priority ~= nil
  session.failures = session.failures + 1
  if session.failures > session.retries then
    local times = session.retries > 0 and (" and so it did after %d new starts"):format(session.retries) or ""
    return nil, failure("EncoderEnded", "the encoder ended (%s)%s%s", how, times, story.last_words(words))
  end
  local seconds = pace.back_off(session.failures)
  session.phase, session.again_at = "down", ivs.monotonic() + seconds
  session.tries, session.down_since = 0, ivs.monotonic()
  tell(session, "encoder_lost", { how = how, words = words, seconds = seconds })
  return true
end

local function look_at_encoder(session)
  if not session.encoder then return true end
  local status, how = session.encoder:wait(0)
  if not status then return true end
  if status == 0 then
    return nil, failure("EncoderFinished", "the encoder has finished%s", story.last_words(encoder.last_words(session.encoder)))
  end
  return lost(session, how)
end

-- ---------------------------------------------------------------- and begins again

-- The service holds the stream for up to 30 s and lets nobody in: it is ended, or taken over with a higher priority. A takeover that did
-- not work is not tried twice in a row. Somebody else's stream is left alone.
local function make_room(session)
  local now, err = channel.state(session.brief, session.channel.arn)
  if not now then return nil, err end
  local is_live, ours = now.state == "LIVE", nil
  if is_live then
    ours, err = owner.is_ours(session, now)
    if ours == nil then return nil, err end
    if not ours then return nil, owner.in_the_way(session, now) end
  end
  if session.takeover and not session.turned_away then
    session.priority = (session.priority or 0) + 1
    return true
  end
  session.priority, session.stopped_stream = nil, is_live and now.streamId or nil
  if not is_live then return true end
  local stopped
  stopped, err = channel.stop(session.brief, session.channel.arn)
  return stopped ~= nil, err
end

local function start_now(session)
  local ok, err = feed.start(session)
  if not ok then return nil, err end
  session.phase = "starting"
  session.look = pace.new(pace.impatient, 0.5)
  return true
end

local function start_again(session)
  local ok, err = make_room(session)
  if ok then ok, err = feed.prepare(session, true) end
  if ok then return start_now(session) end
  if not err.retryable then return nil, err end
  tell(session, "trouble", { message = option.text(err) })
  if err.code ~= "Held" and ivs.monotonic() - session.down_since >= UNHEARD then return start_now(session) end
  session.tries = session.tries + 1
  session.again_at = ivs.monotonic() + pace.back_off(session.tries)
  return true
end

-- ---------------------------------------------------------------- the stream

local function is_live_again(session)
  session.phase, session.live_since = "live", ivs.monotonic()
  session.look = pace.new(LOOK_EVERY, LOOK_EVERY)
  tell(session, "live", { seconds = ivs.monotonic() - session.encoder_began, again = true })
  return true
end

-- The encoder that runs has to go: nothing of it arrives.
local function give_up_on_encoder(session, how)
  session.encoder:stop(ENCODER_GRACE)
  return lost(session, how)
end

local function note_state(session, now)
  local before = session.now
  session.now = now
  if now.state == "LIVE" then session.offline_since = nil end
  if now.state ~= "LIVE" and not session.offline_since then session.offline_since = ivs.monotonic() end
  if before and before.state == now.state and before.health == now.health then return end
  tell(session, "state", now)
end

-- A stream that goes on is not ended because somebody may not look at it any more.
local function note_trouble(session, err)
  local text = option.text(err)
  if session.trouble == text then return end
  session.trouble = text
  tell(session, "trouble", { message = text })
end

local function look_at_stream(session)
  if session.phase == "down" or session.look:due() > 0 then return true end
  local now, err = channel.state(session.brief, session.channel.arn)
  session.look:done(err)
  if not now then
    if err.code == "ResourceNotFoundException" or err.code == "Interrupted" then return nil, err end
    note_trouble(session, err)
    return true
  end
  session.trouble = nil
  note_state(session, now)
  if session.phase == "live" then owner.watch(session, now) end
  if session.phase == "starting" and owner.is_new(session, now) then
    owner.claim(session, now)
    return is_live_again(session)
  end
  return true
end

local function judge(session)
  local t = ivs.monotonic()
  if session.phase == "starting" and t - session.encoder_began > session.patience then
    return give_up_on_encoder(session, ("its stream did not arrive within %g s"):format(session.patience))
  end
  if session.phase ~= "live" then return true end
  if t - session.live_since > STEADY then session.failures = 0 end
  if session.encoder and session.offline_since and t - session.offline_since > STUCK then
    return give_up_on_encoder(session, "it ran, but the channel was offline")
  end
  return true
end

-- ---------------------------------------------------------------- a step

local function sleep(session, seconds)
  if not session.encoder then return ivs.sleep(seconds) end
  session.encoder:wait(seconds)
  return true
end

-- Seconds until the queue wants its next step; nil: nothing waits. What waits for a stream that is away, waits here: the service would
-- still put it into the one that it holds.
local function send(session)
  if not session.queue or #session.queue == 0 then return nil end
  return session.phase == "live" and session.queue:step() or LONGEST_REST
end

-- Does what is due, and then sleeps until something may be due again, `most` seconds at the longest: true, or nil and why the session
-- cannot go on. sending: comes back as soon as the queue is empty.
function supervise.step(session, most, sending)
  for _, chore in ipairs { look_at_encoder, look_at_stream, judge } do
    local ok, err = chore(session)
    if not ok then return nil, err end
  end
  if session.phase == "down" and session.again_at <= ivs.monotonic() then return start_again(session) end
  local pause = math.min(most, LONGEST_REST, send(session) or LONGEST_REST)
  if sending and #session.queue == 0 then return true end
  if session.phase == "down" then pause = math.min(pause, session.again_at - ivs.monotonic()) end
  return sleep(session, math.max(0, pause))
end

function supervise.begin(session)
  session.phase, session.failures, session.live_since = "live", 0, ivs.monotonic()
  session.look = pace.new(LOOK_EVERY, LOOK_EVERY)
end

return supervise
