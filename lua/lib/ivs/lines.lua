-- Lines of standard input as they come, for a script that has something else to do meanwhile:
--
--   local input = lines.new()
--   local line, problem = input:next(0.2)    -- false: none came in that time; nil: the input has ended, or cannot be read: problem
--
-- Of a line of more than 64 KB, only the beginning comes.

local terminal = require "ivs.terminal"

local lines = {}

local PORTION <const>, LONGEST <const> = 4096, 65536

local Lines = {}
Lines.__index = Lines

function lines.new() return setmetatable({ held = "", ended = false, skipping = false }, Lines) end

-- Forgets what has come of the rest of a line that was too long.
local function skip(self)
  if not self.skipping then return end
  local line_end = self.held:find("\n", 1, true)
  self.held = line_end and self.held:sub(line_end + 1) or ""
  self.skipping = not line_end
end

local function take(self)
  skip(self)
  local line, rest = self.held:match "^([^\n]*)\n(.*)$"
  if line then
    self.held = rest
    return (line:gsub("\r$", ""))
  end
  if self.held == "" or not (self.ended or #self.held > LONGEST) then return nil end
  line, self.held = self.held, ""
  self.skipping = not self.ended
  return line
end

-- The next line; false if none came in so many seconds; nil at the end, with what is wrong if that is why.
function Lines:next(seconds)
  local line = take(self)
  if line then return line end
  if self.ended then return nil, self.problem end
  local portion, problem = terminal.read(seconds, PORTION)
  if portion == false then return false end
  if portion then self.held = self.held .. portion else self.ended, self.problem = true, problem end
  line = take(self)
  if line then return line end
  if self.ended then return nil, problem end
  return false
end

return lines
