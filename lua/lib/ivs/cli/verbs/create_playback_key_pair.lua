-- ivs create-playback-key-pair: a key for viewer tokens, whose private half never leaves this machine.

local ivs = require "ivs"
local ask = require "ivs.live.ask"
local private_key = require "ivs.cli.private_key"
local unanswered = require "ivs.live.unanswered"
local verb = require "ivs.cli.verb"

local create_playback_key_pair = {
  options = {
    { name = "--key", key = "key", takes = "one", required = true, convert = verb.not_empty "file" },
    { name = "--name", key = "name", takes = "one" },
  },
}

local MAY_BE_DONE <const> = { Unsure = true, Interrupted = true, BadAnswer = true }

-- The file comes first: a key that is imported and then cannot be kept would take one of the account's three places for nothing.
function create_playback_key_pair.run(given, context)
  local key <close> = context:check(ivs.token.key_pair())
  context:check(private_key.write(given.key, context:check(key:private_pem())))
  local request = { name = given.name, publicKeyMaterial = context:check(key:public_pem()) }
  -- An import of which nothing is known may have been done: then the key is of use.
  local function keep() context:note("%s is kept: its public half may have been imported; look with ivs list-playback-key-pairs", given.key) end
  local made, err = unanswered(keep, ask, context.client, "import_playback_key_pair", request)
  if not made then
    if MAY_BE_DONE[err.code] then keep() else os.remove(given.key) end
    context:fail(err)
  end
  if context.output == "json" then return context:print_json(made) end
  print(made.keyPair.arn)
  print(made.keyPair.fingerprint)
end

return create_playback_key_pair
