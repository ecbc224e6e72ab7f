-- The few lines that go with every refusal of a command line, and the refusal itself.

local stop = require "ivs.cli.stop"

local usage = {}

usage.text = [[
ivs [options] <operation> [parameters]
To see help text, you can run:

  ivs help
  ivs help <operation>
  ivs <operation> help
]]

-- The same of the verb whose words are read, or nil.
usage.verb = nil

local function text()
  if not usage.verb then return usage.text end
  local form = require "ivs.cli.words".verbs[usage.verb].form
  return ("ivs %s %s\nTo see help text, you can run:\n\n  ivs help %s\n"):format(usage.verb, form, usage.verb)
end

-- Ends the command: these arguments cannot be.
function usage.refuse(reason)
  stop.stop("usage", "%s", ("\nusage: %s\nivs: error: %s\n"):format(text(), reason))
end

-- Ends the command: these words belong to nothing. hint: another line, or nil.
function usage.refuse_unknown(words, hint)
  stop.stop("usage", "%s", ("\nusage: %s\nUnknown options: %s\n%s"):format(text(), table.concat(words, ", "),
    hint and hint .. "\n" or ""))
end

return usage
