-- ivs kick: ends a channel's stream; with a new stream key, the encoder cannot come back.

local channel = require "ivs.live.channel"
local ingest = require "ivs.live.ingest"
local ingest_url = require "ivs.cli.verbs.ingest_url"
local refuse = require "ivs.cli.stop".stop
local verb = require "ivs.cli.verb"

local kick = {
  positional = verb.channel,
  options = {
    { name = "--rotate-key", key = "rotate", takes = "none", value = true },
    ingest_url.options[1],
  },
}

local function stop(context, arn)
  local stopped = context:check(channel.stop(context.client, arn))
  if context.terminal then context:note(stopped and "stopped the stream" or "the channel was not live") end
  return stopped
end

-- The key goes first, for an encoder connects again within a moment; and a channel has room for one key only.
local function rotate(context, one, given)
  ingest_url.choose(ingest.places(one, "", nil), given)
  context:check(channel.delete_keys(context.client, one.arn, function()
    context:note("the old stream key may be removed: ivs ingest-url %s prints the URL with the key that there is, or a new one", one.arn)
  end))
  local keyless <close> = setmetatable({}, { __close = function(self)
    if self.done then return end
    if not self.stopped then context:note("the stream may still be live: ivs stop-stream --channel-arn %s", one.arn) end
    context:note("the old stream key is removed: ivs ingest-url %s prints the URL with a new one", one.arn)
  end })
  stop(context, one.arn)
  keyless.stopped = true
  local key = context:check(channel.key(context.client, one.arn))
  keyless.done = true
  ingest_url.show(context, one, key, given)
end

function kick.check(given)
  if given.protocol and not given.rotate then refuse("usage", "kick: --protocol goes with --rotate-key") end
end

function kick.run(given, context)
  local one = context:check(channel.get(context.client, given.channel))
  if given.rotate then return rotate(context, one, given) end
  local stopped = stop(context, one.arn)
  if context.output == "json" then context:print_json { channelArn = one.arn, stopped = stopped } end
end

return kick
