-- The command line of the program ivs. What comes first decides: a script, a chunk, the interactive prompt, help, or an operation of
-- the service, for which the words are read as the AWS CLI reads them.

local arguments = require "ivs.cli.arguments"
local globals = require "ivs.cli.globals"
local stop = require "ivs.cli.stop"
local verbs = require "ivs.cli.verbs"

local function is_script(word) return word:find("/", 1, true) or word:find "%.lua$" end

-- Raised where the rest of the words does not matter any more.
local DONE <const> = {}

local function print_version(host)
  print(("ivs/%s %s %s"):format(host.version, (_VERSION:gsub(" ", "/")), host.system))
  error(DONE, 0)
end

-- What the options in front of a command of our own say. They choose how the service is called, which a script does itself.
local function own_settings(words, last, command)
  local given = arguments.parse({ options = globals.options }, table.move(words, 1, last, 1, {}))
  local debug_mode = given.debug
  given.debug = nil
  if next(given) ~= nil then
    stop.stop("usage", "options of the service come after an operation; for %s set AWS_REGION, AWS_ENDPOINT_URL_IVS, AWS_CA_BUNDLE",
      command)
  end
  return { debug = debug_mode }
end

local function run_help(words, at)
  require "ivs.cli.help".print(words[at] ~= "help" and words[at] or nil)
  return 0
end

-- Whether help is asked for from words[at] on; what is behind "--" is for another program, and -h behind an option its value.
local function wants_help(words, at)
  for i = at, #words do
    if words[i] == "--" then return false end
    local is_value = words[i] == "-h" and words[i - 1]:find "^%-%-[^=]+$"
    if globals.is_help(words[i]) and not is_value then return true end
  end
  return false
end

local function run_script(words, at, settings, host)
  if globals.is_help(words[at]) then return run_help({ "run" }, 1) end
  if not words[at] then stop.stop("usage", "run needs a script: ivs run script.lua [arguments]") end
  local sandbox = words[at]:sub(1, 2) == "--" and require "ivs.cli.sandbox"
  if sandbox then return sandbox.run(words, at, settings, host) end
  return require "ivs.cli.script".file(words, at, settings, host)
end

local function run_chunk(words, at, settings, host)
  if not words[at] then stop.stop("usage", "-e needs a text to run: ivs -e 'print(1 + 1)'") end
  return require "ivs.cli.script".text(words, at, settings, host)
end

local function run_repl(words, at, settings, host)
  if words[at] == "help" or wants_help(words, at) then return run_help({ "repl" }, 1) end
  if words[at] then stop.stop("usage", "repl takes no arguments; for a script: ivs run script.lua [arguments]") end
  return require "ivs.cli.repl".run(settings, host)
end

local commands = {
  run = run_script, ["-e"] = run_chunk, repl = run_repl,
  help = run_help, ["--help"] = run_help, ["-h"] = run_help,
}

-- Where the first word is that is no option of every operation.
local function find_command(words)
  local at = 1
  while words[at] do
    local option, inline = globals.find(words[at])
    if not option then return at end
    at = at + ((option.takes == "one" and not inline) and 2 or 1)
  end
  return at
end

-- What the first word that is no option may be.
local function command_names(operation)
  local names = operation.commands()
  table.move({ "run", "repl", "help" }, 1, 3, #names + 1, names)
  local own = verbs.names()
  return table.move(own, 1, #own, #names + 1, names)
end

-- at: where the verb is in the words; options of every operation are in front of `first`.
local function run_verb(words, first, at, module, host)
  local rest = table.move(words, 1, first - 1, 1, {})
  table.move(words, at + 1, #words, #rest + 1, rest)
  return require "ivs.cli.verb".run(words[at], module, rest, host)
end

local function run_operation(words, host)
  local operation = require "ivs.cli.operation"
  local op
  local function choices(word)
    op = operation.find(word)
    return not op and command_names(operation) or nil
  end
  local command = {
    key = "command", name = "operation", choices = function(word) return word ~= "ivs" and choices(word) or nil end,
  }
  local given, left = arguments.parse({ options = globals.options, positional = command }, words)
  local settings = globals.resolve(given)
  local name = given.command
  if name == "ivs" then
    command.choices = choices
    local inner
    inner, left = arguments.parse({ options = {}, positional = command }, left)
    name = inner.command
  end
  if name == "help" then return run_help(left, 1) end
  if not op then stop.stop("usage", "%s has to be the first word, with nothing but --debug in front of it", name) end
  return operation.run(op, left, settings, host)
end

local function dispatch(words, host)
  for _, option in ipairs(globals.options) do
    if option.name == "--version" then option.act = function() print_version(host) end end
  end
  local at = find_command(words)
  local first = at
  if words[at] == "ivs" then at = at + 1 end
  local word = words[at]
  local verb = word and verbs.find(word, words)
  local own = word and (commands[word] or (is_script(word) and word:sub(1, 1) ~= "-" and run_script))
  if word and not own and wants_help(words, at + 1) then return run_help(words, at) end
  if not verb and not own then return run_operation(words, host) end
  collectgarbage "restart" -- the host has stopped it
  if own == run_help then return run_help(words, at + 1) end
  if verb then return run_verb(words, first, at, verb, host) end
  return own(words, commands[word] and at + 1 or at, own_settings(words, first - 1, word), host)
end

-- The exit code; nil if a signal ended it. words[0] is the program, words[1] the first argument. host: version, system, interrupt.
return function(words, host)
  local debugging = false
  for _, word in ipairs(words) do debugging = debugging or word == "--debug" end
  local ok, result = xpcall(dispatch, function(value)
    if debugging and value ~= DONE and value ~= host.interrupt and not stop.is(value) then return debug.traceback(tostring(value), 2) end
    return value
  end, words, host)
  if ok then return result end
  if result == DONE then return 0 end
  if result == host.interrupt then return nil end
  if not stop.is(result) then error(result, 0) end
  io.stderr:write(result.text:find "^\n" and "" or "ivs: ", require "ivs.cli.hide"(result.text), "\n")
  return result.code
end
