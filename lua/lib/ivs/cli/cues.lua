-- Lines of standard input as items of metadata.

local ivs = require "ivs"
local lines = require "ivs.lines"
local trouble = require "ivs.cli.trouble"

local TURN <const> = 0.1 -- s
local AT_ONCE <const> = 100 -- lines, so that one whose input never ends comes to its other work
local TOLD <const> = 3 -- lines that cannot be sent; further ones are only counted
local SETTLE <const>, CALLING <const> = 1, 0.02 -- s; a queue that wants its next step so soon has a call under way
local FLUSH <const>, COUNT <const> = 2, 0.5 -- s at the end for what has come: to be sent; and to be counted

local cues = {}

local Cues = {}
Cues.__index = Cues

-- push(text) -> true; or nil and an error. note(text): told of the first lines that cannot be sent, and of an input that cannot be read,
-- after which .failed is set. room() -> whether the queue takes another one.
function cues.new(push, note, room)
  return setmetatable({
    lines = lines.new(), push = push, note = note, room = room, bad = 0, refused = 0, dry = false, ended = false, failed = false,
  }, Cues)
end

local function refuse(self, why)
  self.refused = self.refused + 1
  if self.refused > TOLD then return end
  self.note(("a line cannot be sent: %s%s"):format(why, self.refused == TOLD and "; further ones are only counted" or ""))
end

local function offer(self, line)
  if not line:find "%S" then return end
  if not utf8.len(line) then
    self.bad = self.bad + 1 -- of those that the queue refuses it keeps count itself
    return refuse(self, "it is not UTF-8")
  end
  local ok, err = self.push(line)
  if not ok then refuse(self, err.message) end
end

local function finish(self, problem)
  self.ended, self.failed = true, problem ~= nil
  if problem then self.note(problem) end
end

-- Takes what has come, as far as it goes at once, and waits for the first line for up to so many seconds; .dry says whether that was
-- all. False when the queue has no room: then it comes back at once.
function Cues:take(seconds)
  self.dry = false
  for _ = 1, AT_ONCE do
    if not self.room() then return false end
    local line, problem = self.lines:next(seconds)
    if line == nil then finish(self, problem) end
    self.dry = not line
    if self.dry then return true end
    offer(self, line)
    seconds = 0
  end
  return true
end

-- What is on its way is seen to its end, so that the count is true. step(): of the queue, nil as long as there is none; so below.
function cues.settle(step)
  local until_then = ivs.monotonic() + SETTLE
  while (step() or 1) <= CALLING and ivs.monotonic() < until_then do ivs.sleep(CALLING) end
end

-- The last moments: what has come is sent. What is on its way when they are over is not waited for.
function Cues:flush(step)
  local until_then = ivs.monotonic() + FLUSH
  repeat
    if not self.ended then self:take(0) end
    local pause = step()
    if not pause and self.dry then return end
    ivs.sleep(math.min(pause or 0, TURN))
  until ivs.monotonic() >= until_then
end

-- After all: how many lines have come that are not even in the queue.
function Cues:left()
  local n, until_then = 0, ivs.monotonic() + COUNT
  while not self.ended and ivs.monotonic() < until_then do
    local line = self.lines:next(0)
    if not line then break end
    if line:find "%S" then n = n + 1 end
  end
  return n
end

-- Tells of the lines that were refused and of those that are left, and why, as far as the queue knows: whether there are such.
function cues.tell_lost(note, refused, left, err)
  if refused + left == 0 then return false end
  local parts = {}
  if refused > 0 then parts[#parts + 1] = ("%d not taken"):format(refused) end
  if left > 0 then parts[#parts + 1] = ("%d not sent"):format(left) end
  if err and err.status then err.operation = err.operation or "PutMetadata" end
  note(("lines of standard input: %s%s"):format(table.concat(parts, ", "), err and ": " .. trouble.text(err) or ""))
  return true
end

return cues
