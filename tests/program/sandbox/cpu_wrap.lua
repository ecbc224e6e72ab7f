-- end: 124 computes more than it may
local turn = coroutine.wrap(function() while true do coroutine.yield() end end)
while true do turn() end
