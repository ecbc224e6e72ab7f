-- end: 124 computes more than it may
-- A loop in a coroutine in a coroutine, each of which swallows.
local function down(n)
  if n == 0 then while true do end end
  while true do coroutine.resume(coroutine.create(function() pcall(down, n - 1) end)) end
end
down(20)
