-- end: 124 more memory than it may
-- options: --cpu 10
local all = {}
while true do all[#all + 1] = coroutine.create(function() coroutine.yield() end) coroutine.resume(all[#all]) end
