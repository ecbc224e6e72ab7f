-- The main job as a script on a board: a channel, its stream, timed metadata, and the end. Region, endpoint, roots and
-- credentials are those of the board (main.c). What it prints, tests/firmware reads.
local ivs = require "ivs"
local items = ...

local LIVE_WAIT, POLL, ITEM_EVERY, FLUSH = 15, 0.2, 0.1, 20

local function must(value, err)
  if value == nil then error(err, 0) end
  return value
end

local client <close> = must(ivs.client { timeout = 20 })

-- A board that has just started may not know the date, without which no certificate is valid.
print("time-learned " .. math.floor(must(client:learn_clock())))

local channel = must(client:create_channel { name = "board", latencyMode = "LOW", tags = { floor = "1" } }).channel
print("channel " .. channel.arn)

-- What the world does comes back as nil and an error.
local nowhere = channel.arn:match("^.*/") .. "nosuchchanne"
local missing, why = client:get_channel { arn = nowhere }
print("missing " .. tostring(missing) .. " " .. why.status .. " " .. why.code)
print("said " .. tostring(why))

local function is_live()
  local answer, err = client:get_stream { channelArn = channel.arn }
  if answer then return answer.stream.state == "LIVE" end
  return err.code ~= "ChannelNotBroadcasting" and error(err, 0)
end

local give_up = ivs.monotonic() + LIVE_WAIT
while not is_live() do
  if ivs.monotonic() > give_up then error("the stream is not live after " .. LIVE_WAIT .. " s", 0) end
  ivs.sleep(POLL)
end
print "state LIVE"

do
  local queue <close> = client:metadata_queue(channel.arn, { buffer = 2048 })
  local at = ivs.monotonic()
  for item = 1, items do
    must(queue:push { item = item })
    at = at + ITEM_EVERY
    while ivs.monotonic() < at do -- here is time for whatever else a board does
      local wait = queue:step() or ITEM_EVERY
      ivs.sleep(math.max(0, math.min(wait, at - ivs.monotonic())))
    end
  end
  must(queue:flush(FLUSH))
  local done = queue:counters()
  print("metadata-sent " .. done.sent)
  print("metadata-payloads " .. done.payloads)
end

must(client:stop_stream { channelArn = channel.arn })
must(client:delete_channel { arn = channel.arn })

local counters = client:counters()
for _, name in ipairs { "requests", "retries", "connections", "handshakes", "resumed" } do
  print(name .. " " .. counters[name])
end
print("workspace-most " .. counters.high_water)
