#!/usr/bin/env ivs
-- Buttons and sensors as cues: what gpiomon prints of edges on GPIO lines, on standard input, becomes timed metadata. Cues that come
-- together share a payload, 5 payloads a second go out, and a cue that could not be sent within 10 s is of no use to viewers any more.
--
--   usage: gpiomon -e both -F '%o %E %S' -c gpiochip0 17 27 | metadata_from_gpio.lua CHANNEL_ARN [CUES.json]     (libgpiod 2)
--          gpiomon -b gpiochip0 17 27 | metadata_from_gpio.lua CHANNEL_ARN [CUES.json]                           (libgpiod 1)
--          metadata_from_gpio.lua CHANNEL_ARN < /run/gpio.fifo
--
--   CUES.json     an object in place of the table below: {"17 rising": {"cue": "goal"}, "27 falling": ...}
--
-- Least policy: ivs:PutMetadata on the channel. Needs the program ivs, for ivs.lines.
-- Exit code: 0 at the end of the input, 1 when cues were not sent, 252 for a wrong command line.

local ivs = require "ivs"
local lines = require "ivs.lines"

-- What an edge of a line means; the others mean nothing.
local cues = {
  ["17 rising"] = { cue = "goal" },
  ["27 rising"] = { cue = "replay", on = true },
  ["27 falling"] = { cue = "replay", on = false },
}

local DEBOUNCE <const> = 0.05 -- s after an edge that further ones of the same line are its contact bouncing
local TTL <const> = 10 -- s
local LAST_WAIT <const> = 10 -- s, for what is left at the end of the input

local function stop(code, text, ...)
  io.stderr:write("metadata_from_gpio.lua: ", text:format(...), "\n")
  os.exit(code, true)
end

local function read_cues(name)
  local file, problem = io.open(name)
  if not file then stop(252, "%s", problem) end
  local found, err = ivs.json.decode(file:read "a" or "")
  file:close()
  if type(found) ~= "table" then stop(252, "%s: %s", name, err or "an object is needed") end
  for edge, cue in pairs(found) do
    local known = type(edge) == "string" and (edge:find "^%d+ rising$" or edge:find "^%d+ falling$")
    if not known or type(cue) ~= "table" then
      stop(252, '%s: "%s" has to be like "17 rising" or "17 falling", and its cue an object', name, edge)
    end
  end
  return found
end

-- The GPIO line, its edge, and when it was (seconds by some clock) of a line of input: "17 rising 1234.567", the time may be missing;
-- or as gpiomon of libgpiod 1 has it, "event:  RISING EDGE offset: 17 timestamp: [    1234.567000000]".
local function read_edge(line)
  local offset, edge, time = line:match "^%s*(%d+)%s+(%a+)%s*([%d.]*)%s*$"
  if not offset then
    edge, offset, time = line:match "^event:%s*(%a+) EDGE offset: (%d+) timestamp: %[%s*([%d.]+)%]"
  end
  edge = edge and edge:lower()
  if edge ~= "rising" and edge ~= "falling" then return nil end
  return math.tointeger(tonumber(offset)), edge, tonumber(time) or ivs.monotonic()
end

if #arg < 1 or #arg > 2 or not arg[1]:find "^arn:aws:ivs:.*:channel/" then
  stop(252, "usage: metadata_from_gpio.lua CHANNEL_ARN [CUES.json]; ivs list-channels shows the ARNs")
end
if arg[2] then cues = read_cues(arg[2]) end
local client <close> = assert(ivs.client {})
local queue <close> = client:metadata_queue(arg[1])
local dropped <close> = setmetatable({}, { __close = function() queue:clear() end }) -- when we are interrupted
io.stdout:setvbuf "line"

local last = {} -- by GPIO line, the time of its last edge

local function handle(line)
  local offset, edge, time = read_edge(line)
  if not offset then
    io.stderr:write("metadata_from_gpio.lua: no edge of a GPIO line: ", line, "\n")
    return
  end
  local bounces = last[offset] and math.abs(time - last[offset]) < DEBOUNCE
  last[offset] = time
  local cue = cues[offset .. " " .. edge]
  if bounces or not cue then return end
  local item = { at = math.floor(client:clock()) }
  for name, value in pairs(cue) do item[name] = value end
  local ok, err = queue:push(item, { ttl = TTL })
  print(("%d %s: %s"):format(offset, edge, ok and ivs.json.encode(item) or err))
end

local input = lines.new()
local line
repeat
  line = input:next(math.min(queue:step() or 1, 1))
  if line and line:find "%S" then handle(line) end
until line == nil

queue:flush(LAST_WAIT)
local n = queue:counters()
print(("%d cues, %d sent in %d payloads"):format(n.pushed, n.sent, n.payloads))
if n.sent < n.pushed then stop(1, "%d cues were not sent: %s", n.pushed - n.sent, queue:last_error() or "too late") end
