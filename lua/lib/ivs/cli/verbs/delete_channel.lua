-- ivs delete-channel --force: a channel that may be live is stopped first.

local channel = require "ivs.live.channel"
local progress = require "ivs.cli.progress"

local delete_channel = {
  options = {
    { name = "--arn", key = "arn", takes = "one", required = true },
    { name = "--force", key = "force", takes = "none", value = true },
  },
}

function delete_channel.run(given, context)
  local show, line <close> = progress.new()
  local client, arn = context.client, given.arn
  context:check(channel.end_stream(client, arn, function() show "waiting for the end of the stream" end))
  context:check(channel.delete(client, arn, function() show "waiting until the channel can be removed" end))
  line:clear()
end

return delete_channel
