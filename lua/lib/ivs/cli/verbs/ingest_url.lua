-- ivs ingest-url: where an encoder has to send to, with the stream key.

local channel = require "ivs.live.channel"
local ingest = require "ivs.live.ingest"
local stop = require "ivs.cli.stop"
local verb = require "ivs.cli.verb"

local ingest_url = {
  positional = verb.channel,
  options = {
    { name = "--protocol", key = "protocol", takes = "one", choices = ingest.protocols },
    { name = "--priority", key = "priority", takes = "one", convert = verb.whole_number(1, ingest.PRIORITY_MAX) },
    { name = "--split", key = "split", takes = "none", value = true },
  },
}

-- The place of the protocol that is given. The command ends if the channel does not take that.
function ingest_url.choose(places, given)
  local protocol = given.protocol or "rtmps"
  if places[protocol] then return places[protocol] end
  stop.stop("other", "the channel takes no %s%s", protocol:upper(),
    protocol == "rtmp" and ": ivs update-channel --insecure-ingest allows it" or "")
end

-- What people and machines see of the places; of one, if a protocol is given.
function ingest_url.show(context, one, key, given)
  local places = ingest.places(one, key, given.priority)
  local place = ingest_url.choose(places, given)
  if context.output == "json" then
    context:print_json { channelArn = one.arn, rtmps = places.rtmps, rtmp = places.rtmp, srt = places.srt }
  elseif given.split then
    print(place.server)
    print(place.key)
    if place.passphrase then print(place.passphrase) end
  else
    print(place.url)
  end
end

function ingest_url.run(given, context)
  local one = context:check(channel.get(context.client, given.channel))
  local key = context:check(channel.key(context.client, one.arn))
  ingest_url.show(context, one, key, given)
end

return ingest_url
