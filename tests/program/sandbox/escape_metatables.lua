-- end: 0
-- options: --cpu 10
-- Metatables of what is not the script's own cannot be had, and finalizers cannot be made.
local ivs = require "ivs"
local client = assert(ivs.client())
local _, problem = client:get_channel { arn = "arn:aws:ivs:eu-west-1:123456789012:channel/nobodyhasthis" }
local queue = assert(client:metadata_queue "arn:aws:ivs:eu-west-1:123456789012:channel/nobodyhasthis")
for _, one in ipairs { "", client, queue, problem, ivs.null or 0, ivs.list {}, ivs.json.decode "[]" } do
  assert(not getmetatable(one), tostring(one))
end
assert(getmetatable(io.stdout) == nil and getmetatable(ivs) == nil)
assert(not pcall(setmetatable, {}, { __gc = print }))
local meta = setmetatable({}, { __index = { __gc = print } })
assert(setmetatable({}, meta) and not pcall(setmetatable, "", {}))
local mine = { __metatable = "locked" }
assert(getmetatable(setmetatable({}, mine)) == "locked")
assert(not pcall(setmetatable, client, {}) and not pcall(rawset, client, "get_channel", print))
assert(not pcall(function() client.get_channel = print end))
print "contained"
