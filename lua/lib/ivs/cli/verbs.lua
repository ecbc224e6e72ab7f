-- The verbs: commands of our own that do what otherwise takes several calls. Each is a module of ivs.cli.verbs, loaded when it is used:
--
--   positional   as for ivs.cli.arguments, or nil: it takes no word but options
--   second       one more, in the same form but optional; or nil
--   options      the same; those of every operation are taken anyway. What help says of them is in scripts/generator/command_line.json
--   rest         whether words may follow a "--"
--   is_local(given): whether it can do without the service; it then gets no client. Or nil: it cannot
--   check(given, context): stops if the words do not go together; nothing was asked yet. Or nil
--   run(given, context) -> exit code; nil: 0
--
-- context has `client`, `options` that it was made of, `output` (json, or text: what people read), `host`, `rest` (the words behind "--",
-- or nil), `terminal` (whether standard output is one) and what ivs.cli.verb gives its methods.

local verbs = {}

local modules = {
  ["create-playback-key-pair"] = "create_playback_key_pair", ["go-live"] = "go_live", ["ingest-url"] = "ingest_url", kick = "kick", metadata = "metadata", token = "token",
  watch = "watch",
}

-- The module of the command, and its name; nil if the word is no verb. One operation becomes a verb by an option of its own.
function verbs.find(word, words)
  if word == "delete-channel" then
    for _, other in ipairs(words) do
      if other == "--force" then return "ivs.cli.verbs.delete_channel" end
    end
  end
  return modules[word] and "ivs.cli.verbs." .. modules[word]
end

-- The names of all, but for those that operations have too.
function verbs.names()
  local names = {}
  for name in pairs(modules) do names[#names + 1] = name end
  table.sort(names)
  return names
end

return verbs
