-- end: 124 computes more than it may
-- An order that changes its mind.
local list = {}
for i = 1, 200000 do list[i] = i % 7 end
while true do pcall(table.sort, list, function() return math.random() < 0.5 end) end
