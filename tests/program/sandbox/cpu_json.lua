-- end: 124 computes more than it may
local ivs = require "ivs"
local text = "[" .. ("1,"):rep(100000) .. "1]"
while true do ivs.json.decode(text) end
