#!/usr/bin/env ivs
-- Watches many channels with one request every few seconds: ListStreams tells of up to 100 streams at once, while asking for each would
-- use up the 5 requests a second that the account has for all its devices. A line on standard output for every change of a channel:
--
--   2026-11-23T09:00:00Z  arn:aws:ivs:...:channel/abc  OFFLINE -> LIVE HEALTHY
--
--   usage: watchdog.lua [--every SECONDS] [CHANNEL_ARN...] [-- COMMAND WORD...]
--
--   --every N      seconds between two looks, 1 to 3600 (5)
--   CHANNEL_ARN    the channels to watch; default: all of the account that are live at some time
--   -- COMMAND     run with the line as its last word, and no shell, for a change to the worse: a stream ended, or it starves.
--                  It has 10 s. For instance: -- logger -t ivs
--
-- Least policy: ivs:ListStreams on channels.
-- Runs in the program ivs and, without a command, in lua5.4. It ends by a signal; or with 1 when the service refuses, and for a wrong
-- command line with 252. Trouble that may pass is told and waited out.

local ivs = require "ivs"

local BETWEEN_PAGES <const> = 0.25 -- s
local LONGEST_PAUSE <const> = 60 -- s, while nothing can be asked
local ALARM_WAIT <const> = 10 -- s

local function tell(text, ...) io.stderr:write("watchdog.lua: ", text:format(...), "\n") end

local function stop(code, text, ...)
  tell(text, ...)
  os.exit(code, true)
end

local function read_words(words)
  local every, channels, command = 5, {}, nil
  local at = 1
  while words[at] do
    local word = words[at]
    if word == "--" then
      command = table.move(words, at + 1, #words, 1, {})
      break
    elseif word == "--every" then
      at = at + 1
      every = tonumber(words[at])
    elseif word:find "^arn:aws:ivs:.*:channel/" then
      channels[#channels + 1] = word
    else
      stop(252, "cannot use %s: usage: watchdog.lua [--every SECONDS] [CHANNEL_ARN...] [-- COMMAND WORD...]", word)
    end
    at = at + 1
  end
  if not every or every < 1 or every > 3600 then stop(252, "--every takes 1 to 3600 seconds") end
  if command and #command == 0 then stop(252, "behind -- a command is needed") end
  return every, channels, command
end

-- The streams of the account by channel; or nil and an error. Not by each_stream, which does not pause between pages.
local function list_streams(client)
  local streams, request = {}, { maxResults = 100 }
  repeat
    local page, err = client:list_streams(request)
    if not page then return nil, err end
    for _, stream in ipairs(page.streams) do streams[stream.channelArn] = stream end
    request.nextToken = page.nextToken or "" -- either is the last page's
    if request.nextToken ~= "" then ivs.sleep(BETWEEN_PAGES) end
  until request.nextToken == ""
  return streams
end

local function describe(stream)
  if not stream then return "OFFLINE" end
  return stream.health and stream.state .. " " .. stream.health or stream.state
end

-- Standard output may be a file that somebody reads while it grows.
io.stdout:setvbuf "line"
local every, channels, command = read_words(arg)
local process = command and require "ivs.process"
local client <close> = assert(ivs.client {})

local function raise_alarm(line)
  local words = table.move(command, 1, #command, 1, {})
  words[#words + 1] = line
  local running <close>, problem = process.start { argv = words }
  if not running then return tell("the command for alarms: %s", problem) end
  local status, how = running:wait(ALARM_WAIT)
  if status ~= 0 then tell("the command for alarms: %s", how or "it takes too long") end
end

-- is_new: a stream of which another one was there at the last look.
local function report(arn, before, stream, is_new)
  local line = ("%s  %s  %s"):format(os.date("!%Y-%m-%dT%H:%M:%SZ", math.floor(client:clock())), arn, before and before .. " -> " or "")
  line = line .. describe(stream) .. (is_new and ", a new stream" or "")
  print(line)
  local is_worse = before and (not stream or (stream.health == "STARVING" and not before:find "STARVING"))
  if command and is_worse then raise_alarm(line) end
end

local seen = {} -- by channel { text, id }

local function look(streams)
  for _, arn in ipairs(channels) do seen[arn] = seen[arn] or {} end
  for arn in pairs(streams) do
    if #channels == 0 then seen[arn] = seen[arn] or {} end
  end
  for arn, last in pairs(seen) do
    local stream = streams[arn]
    local text = describe(stream)
    local is_new = stream and last.id and last.id ~= stream.streamId
    if text ~= last.text or is_new then report(arn, last.text, stream, is_new) end
    seen[arn] = { text = text, id = stream and stream.streamId }
  end
end

local pause, trouble = every, nil
while true do
  local streams, err = list_streams(client)
  if streams then
    if trouble then tell "the service answers again" end
    pause, trouble = every, nil
    look(streams)
  elseif not err.retryable then
    stop(1, "%s", err)
  else
    if trouble ~= err.code then tell("%s; asking again", err) end
    pause, trouble = math.min(pause * 2, math.max(every, LONGEST_PAUSE)), err.code
  end
  ivs.sleep(pause * (0.9 + 0.2 * math.random())) -- many watchdogs that were started at once drift apart
end
