-- The command line of the program ivs. What comes first decides: a script, a chunk, help, or an operation of the service.

local stop = require "ivs.cli.stop"

-- Options that every operation takes, before or after its name; `takes` names what follows.
local general = {
  ["--region"] = { takes = "NAME", option = "region" },
  ["--endpoint-url"] = { takes = "URL", option = "endpoint" },
  ["--ca-bundle"] = { takes = "FILE", option = "ca_bundle" },
  ["--no-verify-ssl"] = { option = "verify", value = false },
  ["--no-sign-request"] = { option = "sign", value = false },
  ["--output"] = { takes = "json", only = "json" },
  ["--debug"] = { setting = "debug" },
}

local function general_names()
  local names = {}
  for name in pairs(general) do names[#names + 1] = name end
  table.sort(names)
  return names
end

-- Takes the general option at words[at], if it is one, into settings. Where the next word is; nil if it is none.
local function take_general(words, at, settings)
  local name, inline = words[at]:match "^(%-%-[^=]+)=(.*)$"
  local known = general[name or words[at]]
  if not known then return nil end
  if known.setting then settings[known.setting] = true end
  if known.value ~= nil then settings.client[known.option] = known.value end
  if not known.takes then return at + 1 end

  local value = inline or words[at + 1]
  if not value or (not inline and value:find "^%-%-") then stop.stop("usage", "%s needs a value: %s", words[at], known.takes) end
  if known.only and value ~= known.only then stop.stop("usage", "--output can be json, not '%s'", value) end
  if known.option then settings.client[known.option] = value end
  return at + (inline and 1 or 2)
end

-- The words from `at` on that are no general options.
local function rest(words, at, settings)
  local left = {}
  while words[at] do
    local after = take_general(words, at, settings)
    if not after then left[#left + 1] = words[at] end
    at = after or at + 1
  end
  return left
end

local function is_script(word)
  if word:find("/", 1, true) then return true end
  if not word:find "%.lua$" then return false end
  local file <close> = io.open(word)
  return file ~= nil
end

local function refuse_client_options(settings, what)
  if next(settings.client) == nil then return end
  stop.stop("usage", "options of the service come after an operation; for %s set AWS_REGION, AWS_ENDPOINT_URL_IVS, AWS_CA_BUNDLE", what)
end

local function run_script(words, at, settings, host)
  refuse_client_options(settings, "run")
  if not words[at] then stop.stop("usage", "run needs a script: ivs run script.lua [arguments]") end
  return require "ivs.cli.script".file(words, at, settings, host)
end

local function run_chunk(words, at, settings, host)
  refuse_client_options(settings, "-e")
  if not words[at] then stop.stop("usage", "-e needs a text to run: ivs -e 'print(1 + 1)'") end
  return require "ivs.cli.script".text(words, at, settings, host)
end

local function print_version(_, _, _, host)
  print("ivs " .. host.version)
  return 0
end

local function print_help(words, at)
  require "ivs.cli.help".print(words[at], general)
  return 0
end

local commands = {
  run = run_script, ["-e"] = run_chunk,
  ["--version"] = print_version,
  help = print_help, ["--help"] = print_help, ["-h"] = print_help,
}

local function run_operation(words, at, settings, host)
  local operation = require "ivs.cli.operation"
  local op = operation.find(words[at])
  if not op then
    local known = operation.commands()
    for name in pairs(commands) do known[#known + 1] = name end
    local kind = words[at]:find "^%-" and "option" or "command"
    if kind == "option" then known = general_names() end
    stop.stop("usage", "unknown %s %s%s (ivs help lists them)", kind, words[at], require "ivs.cli.nearest"(words[at], known))
  end
  local left = rest(words, at + 1, settings)
  if left[1] == "help" or left[1] == "--help" then
    require "ivs.cli.help".print(op.kebab, general)
    return 0
  end
  local request = operation.request(op, left, general_names())
  return operation.run(op, request, settings.client, host.interrupt)
end

local function dispatch(words, host)
  local settings = { client = {} }
  local at = 1
  while words[at] do
    local after = take_general(words, at, settings)
    if not after and not (words[at] == "ivs" and at == 1) then break end
    at = after or at + 1
  end
  local word = words[at]
  if not word then
    io.stderr:write(require "ivs.cli.help".usage)
    return stop.codes.usage
  end
  if commands[word] then return commands[word](words, at + 1, settings, host) end
  if is_script(word) then return run_script(words, at, settings, host) end
  return run_operation(words, at, settings, host)
end

-- The exit code; nil if a signal ended it. words[0] is the program, words[1] the first argument. host: version, interrupt.
return function(words, host)
  local debugging = false
  for _, word in ipairs(words) do debugging = debugging or word == "--debug" end
  local ok, result = xpcall(dispatch, function(value)
    if debugging and value ~= host.interrupt and not stop.is(value) then return debug.traceback(tostring(value), 2) end
    return value
  end, words, host)
  if ok then return result end
  if result == host.interrupt then return nil end
  if not stop.is(result) then error(result, 0) end
  io.stderr:write(result.text:find "^\n" and "" or "ivs: ", result.text, "\n")
  return result.code
end
