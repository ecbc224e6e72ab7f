-- end: 0
-- options: --cpu 10 --encoder {encoder} --log encoder.log
-- live: true
-- What a session is made of is out of reach.
local ivs = require "ivs"
local client = assert(ivs.client())
local details = {}
local session <close> = assert(ivs.live.start {
  client = client, name = "mine", encoder = ivs.live.encoder, temporary = true, on_event = function(event, detail) details[event] = detail end,
})
for _, name in ipairs { "encoder", "template", "key", "client", "log", "queue", "tick", "on_event", "phase" } do
  assert(session[name] == nil, name)
end
assert(getmetatable(session) == false and rawlen(session) == 0 and next(session) == nil)
assert(not pcall(function() session.template = { "touch", "ESCAPED" } end))
rawset(session, "template", { "touch", "ESCAPED" })
session.channel.arn = "arn:aws:ivs:eu-west-1:123456789012:channel/another"
assert(not pcall(session.stop, {}) and not pcall(session.stop, details))
assert(session:metadata { scene = 1 })
print "contained"
