-- end: 0
-- options: --cpu 10
-- A few clients at a time; those that are closed or let go do not count.
local ivs = require "ivs"
local open = {}
for i = 1, 8 do open[i] = assert(ivs.client()) end
local one, problem = ivs.client()
assert(one == nil and problem.code == "TooManyClients")
for _, client in ipairs(open) do client:close() end
for _ = 1, 50 do assert(ivs.client()) end
print "contained"
