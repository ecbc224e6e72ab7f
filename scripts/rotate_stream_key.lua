#!/usr/bin/env ivs
-- A new stream key for a channel, when the old one got into the wrong hands: whoever has it is cut off and cannot come back. Prints the
-- URLs to ingest to with the new key: keep them as secret as that.
--
--   usage: rotate_stream_key.lua CHANNEL_ARN
--
-- The order matters: the key is deleted first, since an encoder that is only cut off connects again within a moment; then the stream is
-- stopped; then there is room for a new key, as a channel has one at a time. When that breaks half way, one line says what was done, and
-- running it again goes on from there.
--
-- Least policy: ivs:GetChannel, ivs:StopStream on the channel; ivs:ListStreamKeys on the channel and its stream keys; ivs:DeleteStreamKey,
-- ivs:CreateStreamKey on stream keys; ivs:GetStreamKey too, for a new key whose answer was lost.
-- Runs in the program ivs and in lua5.4. Exit code: 0; 1 when it broke; 252 for a wrong command line.

local ivs = require "ivs"

local function stop(code, text, ...)
  io.stderr:write("rotate_stream_key.lua: ", text:format(...), "\n")
  os.exit(code, true)
end

local arn = arg[1]
if #arg ~= 1 or not arn:find "^arn:aws:ivs:.*:channel/" then
  stop(252, "usage: rotate_stream_key.lua CHANNEL_ARN; ivs list-channels shows the ARNs")
end
local client <close> = assert(ivs.client {})

-- What was done, for whoever has to go on when the rest fails.
local done = {}

local function report()
  if #done == 0 then return "nothing was changed" end
  return table.concat(done, ", ") .. "; the channel may be without a key: run this again"
end

local guard <close> = setmetatable({}, { __close = function()
  if done.all or #done == 0 then return end
  io.stderr:write("rotate_stream_key.lua: ended half way. ", report(), "\n")
end })

local function check(value, err)
  if value then return value end
  local text = report()
  done.all = true -- said here
  stop(1, "%s. %s", err, text)
end

local function list_keys() return check(client:list_stream_keys { channelArn = arn }).streamKeys end

local function delete_key(key)
  local ok, err = client:delete_stream_key { arn = key }
  if not ok and err.code == "ResourceNotFoundException" then return end -- by somebody else, or by a try whose answer was lost
  check(ok, err)
  done[#done + 1] = ("deleted the key %s"):format(key)
end

local function stop_stream()
  local ok, err = client:stop_stream { channelArn = arn }
  if not ok and err.code == "ChannelNotBroadcasting" then return end
  check(ok, err)
  done[#done + 1] = "stopped the stream"
end

-- Not repeated by the client when its answer is lost: then the key is there, or it is not.
local function create_key()
  local made, err = client:create_stream_key { channelArn = arn }
  if made then return made.streamKey.value end
  local found = err.code == "Unsure" and list_keys()[1]
  check(found, err)
  return check(client:get_stream_key { arn = found.arn }).streamKey.value
end

local function with_port(host, port) return host:find ":%d+$" and host or host .. ":" .. port end

local channel = check(client:get_channel { arn = arn }).channel
for _, key in ipairs(list_keys()) do delete_key(key.arn) end
stop_stream()
local key = create_key()
done.all = true

print(("rtmps://%s/app/%s"):format(with_port(channel.ingestEndpoint, 443), key))
if channel.insecureIngest then print(("rtmp://%s/app/%s"):format(channel.ingestEndpoint, key)) end
local srt = channel.srt
if srt and srt.endpoint then
  local passphrase = not channel.insecureIngest and srt.passphrase
  print(("srt://%s?streamid=%s%s"):format(with_port(srt.endpoint, 9000), key, passphrase and "&passphrase=" .. passphrase or ""))
end
