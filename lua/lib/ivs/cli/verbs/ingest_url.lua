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

-- What people and machines see of the places; of one, if a protocol is given.
function ingest_url.show(context, one, key, given)
  local places = ingest.places(one, key, given.priority)
  local protocol = given.protocol or "rtmps"
  local place = places[protocol]
  if not place then stop.stop("other", "the channel takes no %s%s", protocol:upper(),
    protocol == "rtmp" and ": ivs update-channel --insecure-ingest allows it" or "") end
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
