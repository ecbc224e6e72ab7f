-- end: 124 more memory than it may
-- options: --cpu 10
local t = {}
for i = 1, math.maxinteger do t[i] = { i } end
