-- end: 124 more memory than it may
-- options: --cpu 10
local f = print
while true do local g = f f = function() return g end end
