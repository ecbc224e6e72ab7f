#!/usr/bin/env ivs
-- A scoreboard for viewers: lines "home 3" on standard input become timed metadata with the whole board, {"score":{"away":1,"home":3}}.
-- However fast scores come, viewers get the newest board at once and never an older one: a board that still waits is replaced.
--
--   usage: scoreboard.lua CHANNEL_ARN [--repeat SECONDS] < scores
--
--   --repeat N    the board again after N seconds without a change, for viewers who came later
--
-- Least policy: ivs:PutMetadata on the channel. Needs the program ivs, for ivs.lines.
-- Exit code: 0 when the last board was sent, 1 when it was not, 252 for a wrong command line.

local ivs = require "ivs"
local lines = require "ivs.lines"

local LAST_WAIT <const> = 10 -- s, for the last board

local function stop(code, text, ...)
  io.stderr:write("scoreboard.lua: ", text:format(...), "\n")
  os.exit(code, true)
end

local function read_words(words)
  local arn, again = words[1], math.huge
  if #words == 3 and words[2] == "--repeat" then again = tonumber(words[3]) end
  local fits = #words == 1 or (#words == 3 and words[2] == "--repeat" and again and again >= 1)
  if not fits then stop(252, "usage: scoreboard.lua CHANNEL_ARN [--repeat SECONDS], 1 or more") end
  if not arn:find "^arn:aws:ivs:.*:channel/" then
    stop(252, "%s is not the ARN of a channel; ivs list-channels shows them", arn)
  end
  return arn, again
end

-- A line's team and score; nil if it is something else.
local function read_score(line)
  local team, score = line:match "^%s*(%S+)%s+(%d+)%s*$"
  return utf8.len(team or "\xFF") and team, math.tointeger(tonumber(score))
end

-- What no later board would get past.
local function check(queue)
  local why = queue:counters().refused > 0 and queue:last_error()
  if why then
    queue:clear()
    stop(1, "the scores cannot be sent: %s", why)
  end
end

local arn, again = read_words(arg)
local client <close> = assert(ivs.client {})
-- Each board goes out by itself, as an object and not in an array.
local queue <close> = client:metadata_queue(arn, { coalesce = false })
local dropped <close> = setmetatable({}, { __close = function() queue:clear() end }) -- when we are interrupted

local board, changed = {}, ivs.monotonic()

local function show_board()
  local ok, err = queue:push({ score = board }, { key = "score" })
  if not ok then io.stderr:write("scoreboard.lua: this board cannot be sent: ", tostring(err), "\n") end
  changed = ivs.monotonic()
end

local input = lines.new()
repeat
  local pause = math.min(queue:step() or math.huge, changed + again - ivs.monotonic(), 1)
  check(queue)
  local line = input:next(math.max(pause, 0))
  local team, score = read_score(line or "")
  if score then
    board[team] = score
    show_board()
  elseif line and line:find "%S" then
    io.stderr:write("scoreboard.lua: not a team and its score: ", line, "\n")
  elseif next(board) and ivs.monotonic() - changed >= again then
    show_board()
  end
until line == nil

local sent, why = queue:flush(LAST_WAIT)
check(queue)
local n = queue:counters()
print(("%d scores, %d boards sent, %d replaced by newer ones"):format(n.pushed, n.sent, n.replaced))
if not sent then stop(1, "the last board was not sent: %s", queue:last_error() or why) end
