-- ivs run --sandbox: a script that comes from elsewhere, which gets a channel to work on and nothing of the machine. What it may use,
-- where the service is and as whom it is called is said on the command line.
--
-- The script runs in an environment of its own (ivs.cli.sandbox.standard) with a module ivs of its own (.client, .live): no table of
-- ours that code of ours trusts is in its reach. Limits are in C, in ivs.bounds.

local globals = require "ivs.cli.globals"
local bounds = require "ivs.bounds"
local standard = require "ivs.cli.sandbox.standard"
local stop = require "ivs.cli.stop"

local sandbox = {}

local MEMORY <const>, CPU <const> = 64, 10 -- MB, s
local LONGEST_LINE <const> = 300 -- bytes of what is said of an error

local function whole(least, most)
  return function(name, word)
    local value = word:find "^%d+$" and math.tointeger(tonumber(word))
    if value and value >= least and value <= most then return value end
    stop.stop("usage", "%s must be a whole number, %d to %d, not %s", name, least, most, require "ivs.cli.python".repr(word))
  end
end

local function seconds(name, word)
  local value = word:find "^%d+%.?%d*$" and tonumber(word)
  if value and value >= 0.05 and value <= 1000000 then return value end
  stop.stop("usage", "%s must be 0.05 to 1000000 seconds, not %s", name, require "ivs.cli.python".repr(word))
end

-- The options of its own; those of the service are taken too.
local own = {
  ["--sandbox"] = { key = "sandbox" },
  ["--allow"] = { key = "allow", takes = "one" },
  ["--encoder"] = { key = "encoder", takes = "one" },
  ["--log"] = { key = "log", takes = "one" },
  ["--memory"] = { key = "memory", takes = "one", convert = whole(1, 4096) },
  ["--cpu"] = { key = "cpu", takes = "one", convert = seconds },
  ["--time"] = { key = "time", takes = "one", convert = whole(1, 1000000000) },
}

local function find(word, in_sandbox)
  local name = word:match "^(%-%-[^=]+)=" or word
  if own[name] then return name, own[name], name ~= word end
  local option = globals.find(word)
  if not option then stop.stop("usage", "%s has no option %s", in_sandbox and "run --sandbox" or "run", word) end
  return name, option, name ~= word
end

-- The options from words[at] on, by key, and where the script is; nil if they ask for help.
local function read_words(words, at)
  local given = {}
  while words[at] and (words[at]:sub(1, 2) == "--" or globals.is_help(words[at])) do
    if globals.is_help(words[at]) then return nil end
    local name, option, inline = find(words[at], given.sandbox)
    if option.takes ~= "one" then
      if inline then stop.stop("usage", "%s takes no value", name) end
      given[option.key] = option.value == nil or option.value
    else
      local word = inline and words[at]:match "=(.*)$" or words[at + 1]
      if not inline then at = at + 1 end
      if not word then stop.stop("usage", "%s: a value is missing", name) end
      given[option.key] = option.convert and option.convert(name, word) or word
    end
    at = at + 1
  end
  if not given.sandbox then stop.stop("usage", "options behind run are for run --sandbox") end
  if not words[at] then stop.stop("usage", "run needs a script: ivs run --sandbox script.lua [arguments]") end
  return given, at
end

local function encoder_words(text)
  if not text then return nil end
  local words, problem = require "ivs.live.encoder".words(text)
  if not words or #words == 0 then stop.stop("usage", "--encoder: %s", problem and tostring(problem) or "there is no program in it") end
  return words
end

local function set_limits(given, name)
  local memory, cpu = given.memory or MEMORY, given.cpu or CPU
  local function line(text, ...) return ("ivs: %.60s: stopped: " .. text):format(name, ...) end
  bounds.set {
    memory = memory << 20, cpu_ms = math.ceil(cpu * 1000), time_seconds = given.time,
    cpu = line("it computes more than it may; --cpu %g is the limit", cpu),
    time = line("it ran for longer than it may; --time %d is the limit", given.time or 0),
    output = line "it writes more than a script in the sandbox may",
  }
  return ("%.60s: stopped: it needs more memory than it may have; --memory %d is the limit"):format(name, memory)
end

local function load_script(name, environment)
  local chunk, problem = loadfile(name ~= "-" and name or nil, "t", environment)
  if chunk then return chunk end
  stop.stop("script", "%s", (problem:gsub("^cannot (%a+) ", "cannot %1 script ")))
end

-- One line of what the script raised, whatever that is.
local function one_line(text)
  text = require "ivs.cli.script".one_line(text)
  return #text > LONGEST_LINE and text:sub(1, LONGEST_LINE) .. "..." or text
end

-- What the script raised, said; a __tostring of its own may do anything. Second result: what Ctrl-C raised in it.
local function text_of(value, host)
  local said, text = pcall(require "ivs.cli.script".say, value, host.interrupt)
  if rawequal(text, host.interrupt) then return nil, text end
  return one_line(said and text or "the script raised an error that cannot be shown")
end

local function end_of(ok, value, memory_line, host)
  local text, interrupted
  if not ok then text, interrupted = text_of(value, host) end
  bounds.lift_memory()
  local reached = bounds.reached()
  if reached then stop.stop("limit", "%s", (reached:gsub("^ivs: ", ""))) end
  if ok then return 0 end
  if interrupted or rawequal(value, host.interrupt) then error(host.interrupt, 0) end
  if value == "not enough memory" then stop.stop("limit", "%s", memory_line) end
  stop.stop("script", "%s", text)
end

-- words[at]: the first option behind "run".
function sandbox.run(words, at, settings, host)
  local given
  given, at = read_words(words, at)
  if not given then
    require "ivs.cli.help".print "run"
    return 0
  end
  local name = words[at]
  local client = globals.resolve(given).client
  local world = {
    client = require "ivs.cli.sandbox.client".new(client, given.allow, standard.pay),
    live = require "ivs.cli.sandbox.live".new(encoder_words(given.encoder), given.log),
  }
  local environment = standard.new(world)
  environment.arg = table.move(words, at, #words, 0, {})
  local chunk = load_script(name, environment)
  io.stdout:setvbuf "line" -- a hard end would lose what is not written yet
  local memory_line = set_limits(given, name)
  local on_error = require "ivs.cli.script".on_error(settings.debug or given.debug, host.interrupt, bounds.mark)
  local ok, value = bounds.run(on_error, chunk, table.unpack(words, at + 1))
  return end_of(ok, value, memory_line, host)
end

return sandbox
