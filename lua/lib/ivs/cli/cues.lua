-- Lines of standard input as items of metadata.

local lines = require "ivs.lines"

local cues = {}

local Cues = {}
Cues.__index = Cues

-- push(text) -> true; or nil and an error. note(text): told of lines that cannot be sent, and of an input that cannot be read, after which
-- .failed is set. room() -> whether the queue takes another one.
function cues.new(push, note, room)
  return setmetatable({ lines = lines.new(), push = push, note = note, room = room, bad = 0, ended = false, failed = false }, Cues)
end

local function offer(self, line)
  if not line:find "%S" then return end
  if not utf8.len(line) then
    self.bad = self.bad + 1 -- of those that the queue refuses it keeps count itself
    return self.note "a line cannot be sent: it is not UTF-8"
  end
  local ok, err = self.push(line)
  if not ok then self.note("a line cannot be sent: " .. err.message) end
end

local function finish(self, problem)
  self.ended, self.failed = true, problem ~= nil
  if problem then self.note(problem) end
end

-- Takes what has come, and waits for the first line for up to so many seconds. False when the queue has no room: then it comes back
-- at once.
function Cues:take(seconds)
  while self.room() do
    local line, problem = self.lines:next(seconds)
    if line == nil then finish(self, problem) end
    if not line then return true end
    offer(self, line)
    seconds = 0
  end
  return false
end

return cues
