-- end: 124 computes more than it may
local co = coroutine.create(function()
  local stay <close> = setmetatable({}, { __close = function() while true do end end })
  while true do end
end)
coroutine.resume(co)
while true do coroutine.close(co) end
