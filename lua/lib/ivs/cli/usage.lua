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
  local form = require "ivs.cli.words".commands[usage.verb][2]
  return ("ivs %s %s\nTo see help text, you can run:\n\n  ivs help %s\n"):format(usage.verb, form, usage.verb)
end

-- Ends the command: these arguments cannot be.
function usage.refuse(reason)
  stop.stop("usage", "%s", ("\nusage: %s\nivs: error: %s\n"):format(text(), reason))
end

-- For the first word that is an option, misspelt: the one that may have been meant, as another line; else "".
local function hint(words, command, lists)
  local names = {}
  for _, options in ipairs(lists) do
    for _, option in ipairs(options) do names[#names + 1] = option.name end
  end
  for _, word in ipairs(words) do
    local meant = word:find "^%-" and require "ivs.cli.nearest"(word, names) or ""
    if meant ~= "" then return ("%s has no %s%s\n"):format(command, word, meant) end
  end
  return ""
end

-- Ends the command: these words belong to nothing. Behind its name: lists of the options that it has.
function usage.refuse_unknown(words, command, ...)
  stop.stop("usage", "%s", ("\nusage: %s\nUnknown options: %s\n%s"):format(text(), table.concat(words, ", "), hint(words, command, { ... })))
end

return usage
