-- The Lua side of random_rounds.py: a line is an operation, a tab and its request as JSON; the answer is a line of JSON, or "error" and
-- what went wrong.

local ivs = require "ivs"

local client <close> = assert(ivs.client())
io.stdout:setvbuf "no"
for line in io.lines() do
  local name, text = line:match "^(%a+)\t(.*)$"
  local request = assert(ivs.json.decode(text))
  local result, err = client:call(name, request)
  io.write(result and ivs.json.encode(result, { operation = name }) or "error " .. tostring(err), "\n")
end
