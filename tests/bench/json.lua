-- Decodes a file of JSON some times, so that the instructions of one time can be counted:
--   lua5.4 json.lua MODULE FILE TIMES
-- MODULE is cjson, or ivs for its ivs.json.
local name, path, times = arg[1], arg[2], math.tointeger(tonumber(arg[3]))
local decode = name == "ivs" and require "ivs".json.decode or require(name).decode
local text = assert(io.open(path, "rb")):read "a"
for _ = 1, times do
  assert(#decode(text).channels > 0)
end
