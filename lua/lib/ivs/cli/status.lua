-- One line on a terminal that says how things are, and is replaced by the next one; whole lines go above it. On anything else than a
-- terminal it is not shown.

local process = require "ivs.process"
local terminal = require "ivs.terminal"

local status = {}

local DEFAULT_COLUMNS <const> = 80
local ERASE_REST <const> = "\27[K"

local Status = {}
Status.__index = Status

-- file: of io; nothing else may write to it while the line is open.
function status.new(file)
  return setmetatable({ file = file, on = process.is_terminal(file), text = "" }, Status)
end

function Status:show(text)
  if not self.on or text == self.text then return end
  self.text = text
  local columns = terminal.columns(self.file) or DEFAULT_COLUMNS
  self.file:write("\r", text:sub(1, columns - 1), ERASE_REST)
  self.file:flush()
end

-- Takes the line away.
function Status:clear()
  if self.text == "" then return end
  self.text = ""
  self.file:write("\r", ERASE_REST)
  self.file:flush()
end

-- Leaves the line as it is and goes on below it.
function Status:keep()
  if self.text == "" then return end
  self.text = ""
  self.file:write "\n"
  self.file:flush()
end

-- A whole line.
function Status:say(text)
  self:clear()
  self.file:write(text, "\n")
  self.file:flush()
end

Status.__close = Status.clear

return status
