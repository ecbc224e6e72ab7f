-- end: 0
-- options: --cpu 10 --allow get-channel,ListStreams
-- live: true
-- Only the operations that the command line allows, by whatever way.
local ivs = require "ivs"
local client = assert(ivs.client())
local function refused(...)
  local value, problem = ...
  assert(value == nil and problem.code == "OperationNotAllowed", problem and problem.code)
end
refused(client:delete_channel { arn = "x" })
refused(client:call("DeleteChannel", { arn = "x" }))
refused(client:call("delete-channel", { arn = "x" }))
refused(client:put_metadata { channelArn = "x", metadata = "x" })
refused(client:metadata_queue "arn:aws:ivs:eu-west-1:123456789012:channel/nobodyhasthis")
refused(client:wait_recording_configuration("arn:aws:ivs:eu-west-1:123456789012:recording-configuration/x", 0))
assert(not pcall(client.each_channel, client))
local session, problem = ivs.live.start { client = client, name = "lobby" }
assert(session == nil and problem.code == "OperationNotAllowed", problem)
for _ in client:each_stream() do end
local _, missing = client:get_channel { arn = "arn:aws:ivs:eu-west-1:123456789012:channel/nobodyhasthis" }
assert(missing.code == "ResourceNotFoundException", missing)
print "contained"
