-- end: 1 C stack overflow
-- options: --cpu 10
local function down()
  local _, problem = coroutine.resume(coroutine.create(down))
  error(problem, 0)
end
down()
