-- A call whose answer has all that is used here: what answers without it is not the service.

local failure = require "ivs.live.failure"

local CHANNEL <const> = { "channel.arn", "channel.ingestEndpoint", "channel.playbackUrl" }
local KEY <const> = { "streamKey.value" }

local needed = {
  list_channels = { "channels[].arn" },
  get_channel = CHANNEL,
  update_channel = CHANNEL,
  create_channel = { CHANNEL[1], CHANNEL[2], CHANNEL[3], KEY[1] },
  list_stream_keys = { "streamKeys[].arn" },
  get_stream_key = KEY,
  create_stream_key = KEY,
  get_stream = { "stream.state" },
  get_stream_session = { "streamSession" },
  import_playback_key_pair = { "keyPair.arn", "keyPair.fingerprint" },
}

-- Whether there is nothing at the path, whose "[]" is every element of a list.
local function lacks(value, path)
  if value == nil then return true end
  local name, each, rest = path:match "^([^.[]+)(%[?%]?)%.?(.*)$"
  if not name then return false end
  local inner = value[name]
  if each == "" or inner == nil then return lacks(inner, rest) end
  for _, element in ipairs(inner) do
    if lacks(element, rest) then return true end
  end
  return false
end

-- ask(client, "get_channel", request): as client:get_channel(request)
return function(client, method, request)
  local got, err = client[method](client, request)
  if not got then return nil, err end
  for _, path in ipairs(needed[method]) do
    if lacks(got, path) then
      local operation = ("_" .. method):gsub("_(%a)", string.upper)
      return nil, failure("BadAnswer", "%s: the answer has no %s (is the endpoint that of the service?)", operation, path)
    end
  end
  return got
end
