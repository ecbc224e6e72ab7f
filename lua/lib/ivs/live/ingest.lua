-- Where an encoder sends to: complete URLs, and the parts that encoders ask for one by one. Everything but `server` holds a secret.

local ingest = {}

ingest.protocols = { "rtmps", "rtmp", "srt" }

local RTMPS_PORT <const>, SRT_PORT <const> = 443, 9000

-- The largest priority that an encoder can have.
ingest.PRIORITY_MAX = 2147483647

local function with_port(host, port) return host:find ":%d+$" and host or ("%s:%d"):format(host, port) end

local function encode(text)
  return (text:gsub("[^%w._~-]", function(c) return ("%%%02X"):format(c:byte()) end))
end

local function rtmp(scheme, host, key, priority)
  if priority then key = ("%s?priority=%d"):format(key, priority) end
  local server = ("%s://%s/app/"):format(scheme, host)
  return { protocol = scheme, server = server, key = key, url = server .. key }
end

local function srt(endpoint, passphrase, key, priority)
  if priority then key = ("#!::u=%s,priority=%d"):format(key, priority) end
  local server = "srt://" .. with_port(endpoint, SRT_PORT)
  local url = ("%s?streamid=%s"):format(server, encode(key))
  if passphrase then url = ("%s&passphrase=%s"):format(url, encode(passphrase)) end
  return { protocol = "srt", server = server, key = key, passphrase = passphrase, url = url }
end

-- By protocol { protocol, server, key, url, passphrase }, as far as the channel takes it: RTMP without TLS only where that is allowed, and
-- SRT has a passphrase only where it is not. key is what the encoder sends for a stream key; with a priority, an encoder takes the stream
-- over from another one.
function ingest.places(channel, key, priority)
  local places = { rtmps = rtmp("rtmps", with_port(channel.ingestEndpoint, RTMPS_PORT), key, priority) }
  if channel.insecureIngest then
    places.rtmp = rtmp("rtmp", channel.ingestEndpoint, key, priority)
  end
  local endpoint = channel.srt and channel.srt.endpoint
  if endpoint and endpoint ~= "" then
    local passphrase = channel.srt.passphrase
    places.srt = srt(endpoint, passphrase ~= "" and passphrase or nil, key, priority)
  end
  return places
end

-- The texts of the places that nobody must read, in every form that they are written in.
function ingest.secrets(key, places)
  local secrets = { key }
  local passphrase = places.srt and places.srt.passphrase
  if passphrase then
    secrets[#secrets + 1] = passphrase
    secrets[#secrets + 1] = encode(passphrase)
  end
  return secrets
end

return ingest
