#!/usr/bin/env ivs
-- Recording by night: attaches a recording configuration to channels in the evening and takes it off in the morning, by cron or --at.
-- A channel cannot be changed while it is live; such a channel is reported and left as it is. Run twice, it changes nothing more.
--
--   usage: nightly_recordings.lua on CONFIGURATION_ARN [--at HH:MM] CHANNEL_ARN...
--          nightly_recordings.lua off [--at HH:MM] CHANNEL_ARN...
--
--   --at HH:MM     waits for that time of this machine's time zone, by the service's clock; all that can be is checked before
--
-- Least policy: ivs:BatchGetChannel, ivs:ListStreams, ivs:UpdateChannel on channels; for "on" ivs:GetRecordingConfiguration on the
-- recording configuration.
-- Runs in the program ivs and in lua5.4. Exit code: 0 when every channel is as wanted; 1 when one is not, or the configuration does not
-- become ACTIVE; 252 for a wrong command line.

local ivs = require "ivs"

local PACE <const> = 0.25 -- s between two requests: the account has 5 a second
local BATCH <const> = 50 -- channels, of BatchGetChannel
local ACTIVE_WAIT <const> = 120 -- s
local USAGE <const> = "usage: nightly_recordings.lua on CONFIGURATION_ARN | off [--at HH:MM] CHANNEL_ARN..."

local function stop(code, text, ...)
  io.stderr:write("nightly_recordings.lua: ", text:format(...), "\n")
  os.exit(code, true)
end

local function read_words(words)
  local given = { on = words[1] == "on", channels = {} }
  if not given.on and words[1] ~= "off" then stop(252, "%s", USAGE) end
  local at = 2
  if given.on then
    given.configuration, at = words[2] or "", 3
    if not given.configuration:find "^arn:aws:ivs:.*:recording%-configuration/" then stop(252, "%s", USAGE) end
  end
  while words[at] do
    if words[at] == "--at" then
      at = at + 1
      local hour, minute = (words[at] or ""):match "^(%d%d?):(%d%d)$"
      given.hour, given.minute = tonumber(hour), tonumber(minute)
      if not hour or given.hour > 23 or given.minute > 59 then stop(252, "--at takes a time like 22:30") end
    elseif words[at]:find "^arn:aws:ivs:.*:channel/" then
      given.channels[#given.channels + 1] = words[at]
    else
      stop(252, "%s is not the ARN of a channel. %s", words[at], USAGE)
    end
    at = at + 1
  end
  if #given.channels == 0 then stop(252, "%s", USAGE) end
  return given
end

local given = read_words(arg)
local client <close> = assert(ivs.client {})

local function check(value, err)
  if not value then stop(1, "%s", err) end
  return value
end

-- What keeps a person waiting, where the host knows terminals.
local has_process, process = pcall(require, "ivs.process")
local on_terminal = has_process and process.is_terminal(io.stderr)
local function show(text) if on_terminal then io.stderr:write("\r\27[K", text) end end

-- One request, not sooner than the account's rate allows.
local next_at = 0
local function call(method, request)
  local ok, err = ivs.sleep(math.max(0, next_at - ivs.monotonic()))
  if not ok then return nil, err end
  next_at = ivs.monotonic() + PACE
  return client[method](client, request)
end

local function get_channels()
  local channels = {}
  for first = 1, #given.channels, BATCH do
    local arns = table.move(given.channels, first, math.min(first + BATCH - 1, #given.channels), 1, {})
    local got = check(call("batch_get_channel", { arns = arns }))
    for _, channel in ipairs(got.channels) do channels[channel.arn] = channel end
  end
  return channels
end

local function list_live()
  local live = {}
  for stream in client:each_stream { maxResults = 100 } do live[stream.channelArn] = true end
  return live
end

-- Until the next HH:MM; not at all when it is this very minute.
local function wait_until(hour, minute)
  while true do
    local now = os.date("*t", math.floor(client:clock()))
    if now.hour == hour and now.min == minute then return show "" end
    local left = ((hour * 60 + minute) - (now.hour * 60 + now.min)) % 1440
    show(("waiting for %02d:%02d, %d min ..."):format(hour, minute, left))
    check(ivs.sleep(60 - now.sec))
  end
end

-- What became of the channel, and whether it is as wanted.
local function settle(channel, is_live)
  local wanted = given.configuration or ""
  if not channel then return "there is no such channel", false end
  if (channel.recordingConfigurationArn or "") == wanted then return given.on and "records already" or "does not record", true end
  if is_live then return "LIVE, not changed", false end
  local ok, err = call("update_channel", { arn = channel.arn, recordingConfigurationArn = wanted })
  if ok then return given.on and "records from its next stream on" or "does not record any more", true end
  if err.code == "ConflictException" then return "LIVE by now, not changed", false end
  return tostring(err), false
end

if given.on then
  show "waiting for the recording configuration to be ACTIVE ..."
  check(client:wait_recording_configuration(given.configuration, ACTIVE_WAIT))
  show ""
end
local channels = get_channels()
if given.hour then
  wait_until(given.hour, given.minute)
  channels = get_channels()
end

local live, all_well = list_live(), true
for _, arn in ipairs(given.channels) do
  local what, well = settle(channels[arn], live[arn])
  print(("%s  %s"):format(arn, what))
  all_well = all_well and well
end
if not all_well then os.exit(1, true) end
