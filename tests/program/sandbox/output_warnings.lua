-- end: 124 writes more than
-- options: --cpu 10
-- lines: many
-- A queue that is dropped with items in it says so: that counts as output.
local ivs = require "ivs"
local client = assert(ivs.client())
while true do
  local queue <close> = assert(client:metadata_queue "arn:aws:ivs:eu-west-1:123456789012:channel/nobodyhasthis")
  queue:push "x"
end
