---@meta ivs.lines
-- For editors only: nothing here runs.

---Lines of standard input, for a script with something else to do meanwhile: `local lines = require "ivs.lines"`, in the program `ivs`.
---@class ivs.lines
local lines = {}

---Standard input, line by line. Nothing else may read it.
---@class ivs.lines.Input
local Input = {}

---@return ivs.lines.Input
function lines.new() end

---The next line without its end; false if none came in that time, nil when the input has ended, with what is wrong if it cannot be read.
---@param seconds? number 0 or more; default: as long as it takes.
---@return string|false|nil
---@return string? problem
function Input:next(seconds) end

return lines
