-- end: 0
-- options: --cpu 10 --encoder {encoder} --log encoder.log
-- live: true
-- Few sessions at a time, so that few encoders run; those that were closed or let go do not count, and do not come back.
local ivs = require "ivs"
local client = assert(ivs.client())
local inner

local function start(name, on_event)
  return ivs.live.start { client = client, name = name, encoder = ivs.live.encoder, temporary = true, on_event = on_event }
end

local function is_refused(session, problem) return session == nil and problem.code == "TooManySessions" end

local one <close> = assert(start "one")
local two = assert(start("two", function(event)
  if event == "encoder" then inner = { start "inner" } end -- while another begins
end))
assert(is_refused(table.unpack(inner)), inner[2])
assert(is_refused(start "three"))
two:close()
for _, name in ipairs { "health", "wait", "metadata", "push" } do
  local ok, problem = two[name](two, name == "wait" and 0 or "x")
  assert(ok == nil and problem.code == "SessionClosed", name)
end
assert(two:count() == nil and two:close() == nil)
assert(not pcall(start, "three", function(event) if event == "encoder" then error "no" end end))
two = assert(start "three")
two = nil
assert(start "four"):close()
print "contained"
