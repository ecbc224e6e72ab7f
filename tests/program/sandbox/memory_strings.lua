-- end: 124 more memory than it may
-- options: --cpu 10
local all = {}
for i = 1, math.maxinteger do all[i] = ("%099d"):format(i) end
