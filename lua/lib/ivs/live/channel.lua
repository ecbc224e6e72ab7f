-- A channel and its stream, as the service has them. All calls here are of the client that is given; what fails comes back as nil and
-- an error.

local ivs = require "ivs"
local ask = require "ivs.live.ask"
local failure = require "ivs.live.failure"
local pace = require "ivs.live.pace"
local unanswered = require "ivs.live.unanswered"

local channel = {}

local WAIT_END <const> = 90 -- s; a dropped stream is held for 30
local ONLY_AT_CREATION <const> = { tags = true }

function channel.is_arn(text) return text:find "^arn:" ~= nil end

-- ---------------------------------------------------------------- finding

-- Names are not unique, and the wrong channel must not go live. nil without an error: there is none.
local function find_by_name(client, name)
  local found, request = nil, { filterByName = name }
  repeat
    local page, err = ask(client, "list_channels", request)
    if not page then return nil, err end
    for _, one in ipairs(page.channels) do
      if one.name == name then
        if found then
          return nil, failure("AmbiguousName", "more than one channel is named %s: give the ARN of the one to use", name)
        end
        found = one
      end
    end
    request.nextToken = page.nextToken or "" -- either is the last page's
  until request.nextToken == ""
  return found
end

-- The ARN of a channel that is given by ARN or name. Of a name, the third result is what a list has of the channel.
function channel.arn_of(client, which)
  if channel.is_arn(which) then return which end
  local found, err = find_by_name(client, which)
  if err then return nil, err end
  if found then return found.arn, nil, found end
  return nil, failure("NoChannel", "no channel is named %s", which)
end

-- All members of that channel.
function channel.get(client, which)
  local arn, err = channel.arn_of(client, which)
  if not arn then return nil, err end
  local got
  got, err = ask(client, "get_channel", { arn = arn })
  return got and got.channel, err
end

-- The channel, and its stream key if that is known. One of which the answer was lost is looked for: made twice, it would be ambiguous for
-- good.
function channel.create(client, name, settings)
  local request = { name = name }
  for member, value in pairs(settings) do request[member] = value end
  local made, err = ask(client, "create_channel", request)
  if made then return made.channel, made.streamKey.value end
  local found = err.code == "Unsure" and channel.get(client, name)
  if found then return found end
  return nil, err
end

-- ---------------------------------------------------------------- settings

local function is_same(is, wanted)
  if type(wanted) ~= "table" then return is == wanted end
  for member, value in pairs(wanted) do
    if type(is) ~= "table" or is[member] ~= value then return false end
  end
  return true
end

local function show(value) return type(value) == "table" and ivs.json.encode(value) or tostring(value == nil and "unset" or value) end

-- The request that makes the channel as wanted, and what it changes, as text; nil if nothing has to be changed.
function channel.change(one, settings)
  local request, changes = { arn = one.arn }, {}
  for member, value in pairs(settings) do
    if not ONLY_AT_CREATION[member] and not is_same(one[member], value) then
      request[member] = value
      changes[#changes + 1] = ("%s from %s to %s"):format(member, show(one[member]), show(value))
    end
  end
  if #changes == 0 then return nil end
  table.sort(changes)
  return request, table.concat(changes, ", ")
end

-- ---------------------------------------------------------------- stream key

-- The value of the one that there is; nil without an error: there is none.
local function find_key(client, arn)
  local keys, err = ask(client, "list_stream_keys", { channelArn = arn })
  if not keys or not keys.streamKeys[1] then return nil, err end
  local got
  got, err = ask(client, "get_stream_key", { arn = keys.streamKeys[1].arn })
  return got and got.streamKey.value, err
end

-- The value of the channel's stream key. It is created if there is none; one of which the answer was lost is looked for.
function channel.key(client, arn)
  local key, err = find_key(client, arn)
  if key or err then return key, err end
  local made
  made, err = ask(client, "create_stream_key", { channelArn = arn })
  if made then return made.streamKey.value end
  if err.code ~= "Unsure" then return nil, err end
  key = find_key(client, arn)
  return key, err
end

-- Whether the channel has another key than this one, or none; nil if that cannot be known now.
function channel.has_other_key(client, arn, key)
  local now, err = find_key(client, arn)
  if err then return nil end
  return now ~= key
end

-- Removes all stream keys of the channel: nobody can begin to send with them any more. say: see ivs.live.unanswered.
function channel.delete_keys(client, arn, say)
  local keys, err = ask(client, "list_stream_keys", { channelArn = arn })
  if not keys then return nil, err end
  for _, key in ipairs(keys.streamKeys) do
    local ok
    ok, err = unanswered(say, client.delete_stream_key, client, { arn = key.arn })
    if not ok and err.code ~= "ResourceNotFoundException" then return nil, err end
  end
  return true
end

-- ---------------------------------------------------------------- stream

-- What is known of the stream now: { state = "LIVE" or "OFFLINE", health, viewers, startTime, streamId }. The service says that nothing
-- is sent, which is an answer here; viewers is absent while it does not know their number.
function channel.state(client, arn)
  local got, err = ask(client, "get_stream", { channelArn = arn })
  if err and err.code == "ChannelNotBroadcasting" then return { state = "OFFLINE" } end
  if not got then return nil, err end
  local stream = got.stream
  local viewers = stream.viewerCount
  if viewers and viewers < 0 then viewers = nil end
  return { state = stream.state, health = stream.health, viewers = viewers, startTime = stream.startTime, streamId = stream.streamId }
end

-- Ends the stream: true, or false if there was none, or the channel is gone too.
function channel.stop(client, arn)
  local ok, err = client:stop_stream { channelArn = arn }
  if ok then return true end
  if err.code == "ChannelNotBroadcasting" or err.code == "ResourceNotFoundException" then return false end
  return nil, err
end

-- Looks until `done(state)`, for at most so many seconds.
local function wait_for(client, arn, seconds, done, tick)
  local look, last = pace.new(pace.impatient), nil
  local until_then = ivs.monotonic() + seconds
  repeat
    local now, err = channel.state(client, arn)
    if now and done(now) then return now end
    if err and not err.retryable then return nil, err end
    look:done(err)
    last = err
    local ok
    ok, err = pace.rest(look:due(), tick)
    if not ok then return nil, err end
  until ivs.monotonic() > until_then
  return nil, last or failure("Timeout", "the stream has not changed after %g s", seconds)
end

-- tick: see ivs.live.pace, here and below.
function channel.wait_offline(client, arn, tick)
  local now, err = wait_for(client, arn, WAIT_END, function(now) return now.state == "OFFLINE" end, tick)
  if now or err.code ~= "Timeout" then return now, err end
  return nil, failure("StillLive", "the stream was stopped, and is still live after %d s: its encoder comes back at once. "
    .. "ivs kick --rotate-key keeps it out", WAIT_END)
end

-- Ends the stream and sees it gone: true, or false if there was none.
function channel.end_stream(client, arn, tick)
  local stopped, err = channel.stop(client, arn)
  if not stopped then return stopped, err end
  local now
  now, err = channel.wait_offline(client, arn, tick)
  return now and true, err
end

-- Removes the channel, and with it its stream keys. The service refuses as long as the stream has not quite ended.
function channel.delete(client, arn, tick)
  local look = pace.new(1)
  local until_then = ivs.monotonic() + WAIT_END
  while true do
    local ok, err = client:delete_channel { arn = arn }
    if ok then return true end
    if err.code ~= "ConflictException" or ivs.monotonic() > until_then then return nil, err end
    look:done()
    ok, err = pace.rest(look:due(), tick)
    if not ok then return nil, err end
  end
end

return channel
