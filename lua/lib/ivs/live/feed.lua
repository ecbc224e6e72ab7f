-- What feeds a session's stream: where to, and the encoder.

local ivs = require "ivs"
local channel = require "ivs.live.channel"
local encoder = require "ivs.live.encoder"
local failure = require "ivs.live.failure"
local ingest = require "ivs.live.ingest"
local tell = require "ivs.live.tell"

local feed = {}

-- The URL as it may be shown.
local function without_secrets(place)
  if place.protocol ~= "srt" then return place.server .. "[stream key]" end
  return place.server .. "?streamid=[stream key]" .. (place.passphrase and "&passphrase=[passphrase]" or "")
end

-- Finds the key and makes the URLs. again: the key may have been changed since.
function feed.prepare(session, again)
  if again or not session.key then
    local key, err = channel.key(session.brief, session.channel.arn)
    if not key then return nil, err end
    session.key = key
  end
  session.places = ingest.places(session.channel, session.key, session.priority)
  session.place = session.places[session.protocol]
  if not session.place then
    local why = session.protocol == "rtmp" and "it does not allow insecure ingest" or "it has no such endpoint"
    return nil, failure("NoProtocol", "the channel takes no %s: %s", session.protocol:upper(), why)
  end
  if not again then
    local place = session.place
    tell(session, "ingest", { server = place.server, url = without_secrets(place), protocol = session.protocol })
  end
  return true
end

-- Starts the encoder, if there is one to be started.
function feed.start(session)
  session.encoder_began, session.encoder_clock = ivs.monotonic(), session.client:clock()
  if not session.template then
    session.may_stream = true
    return true
  end
  local secrets = ingest.secrets(session.key, session.places)
  local started, shown = encoder.start(session.template, session.place, session.places, secrets, session.log)
  if not started then return nil, shown end
  session.encoder, session.may_stream = started, true
  tell(session, "encoder", { program = session.template[1], pid = started:pid(), key_shows = shown })
  return true
end

return feed
