-- What a command waits for, on a terminal, when it takes over a second: on standard error, and gone when it is over.

local ivs = require "ivs"
local status = require "ivs.cli.status"

local progress = {}

local NOTICED <const> = 1 -- s

-- A function of text, to be called again and again; and a value to be closed, which takes the line away. A new text begins anew.
function progress.new()
  local line = status.new(io.stderr)
  local what, began
  return function(text)
    if text ~= what then what, began = text, ivs.monotonic() end
    local seconds = ivs.monotonic() - began
    if seconds >= NOTICED then line:show(("%s ... %.0f s"):format(text, seconds)) end
  end, line
end

return progress
