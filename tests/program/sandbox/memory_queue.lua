-- end: 0
-- options: --cpu 10
-- Not many queues at a time; those that are let go do not count.
local ivs = require "ivs"
local client = assert(ivs.client())
local arn = "arn:aws:ivs:eu-west-1:123456789012:channel/nobodyhasthis"
local all = {}
for i = 1, 16 do all[i] = assert(client:metadata_queue(arn)) end
local one, problem = client:metadata_queue(arn)
assert(one == nil and problem.code == "TooManyQueues", problem)
for i = 1, 10000 do
  local ok, full = all[1]:push(("x"):rep(1000))
  assert(ok or full.code == "Full" or full.code, full)
end
all[1]:clear()
all = nil
for _ = 1, 100 do assert(client:metadata_queue(arn)) end
print "contained"
