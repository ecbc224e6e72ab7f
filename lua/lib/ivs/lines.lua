-- Lines of standard input as they come, for a script that has something else to do meanwhile:
--
--   local input = lines.new()
--   local line = input:next(0.2)    -- false: none came in that time; nil: the input has ended

local terminal = require "ivs.terminal"

local lines = {}

local PORTION <const>, LONGEST <const> = 4096, 65536

local Lines = {}
Lines.__index = Lines

function lines.new() return setmetatable({ held = "", ended = false }, Lines) end

local function take(self)
  local line, rest = self.held:match "^([^\n]*)\n(.*)$"
  if line then
    self.held = rest
    return (line:gsub("\r$", ""))
  end
  if self.held == "" or not (self.ended or #self.held > LONGEST) then return nil end
  line, self.held = self.held, ""
  return line
end

-- The next line; nil at the end, false if none came in so many seconds.
function Lines:next(seconds)
  local line = take(self)
  if line then return line end
  if self.ended then return nil end
  local portion = terminal.read(seconds, PORTION)
  if portion == false then return false end
  if portion then self.held = self.held .. portion else self.ended = true end
  line = take(self)
  if line then return line end
  if self.ended then return nil end
  return false
end

return lines
