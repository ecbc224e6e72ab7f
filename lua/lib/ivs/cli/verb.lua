-- What the verbs share: their words, a client, errors as all commands tell them.

local ivs = require "ivs"
local arguments = require "ivs.cli.arguments"
local channel = require "ivs.live.channel"
local globals = require "ivs.cli.globals"
local process = require "ivs.process"
local stop = require "ivs.cli.stop"
local trouble = require "ivs.cli.trouble"
local usage = require "ivs.cli.usage"

local verb = {}

local Context = {}
Context.__index = Context

-- ---------------------------------------------------------------- errors

-- Ends the command because of an error of a call or of ivs.live.
function Context:fail(err)
  if err.code == "Interrupted" then error(self.host.interrupt, 0) end
  local op = err.operation and ivs.operation(err.operation)
  if op then trouble.report(op, err, self.options) end
  stop.stop("other", "%s", trouble.text(err))
end

-- The value; the command ends if there is none but an error.
function Context:check(value, err)
  if value == nil then self:fail(err) end
  return value
end

-- A line for people, on standard error: an error, or a text.
function Context:note(text, ...)
  if type(text) ~= "string" then text = trouble.text(text) end
  if select("#", ...) > 0 then text = text:format(...) end
  io.stderr:write("ivs: ", text, "\n")
end

-- ---------------------------------------------------------------- output

-- A value as JSON, in the form of answers.
function Context:print_json(value)
  require "ivs.cli.output".new("json", { query = self.query }):print(value)
end

-- What other programs say need not be UTF-8, and may be cut within a character: JSON takes neither.
local function as_utf8(text)
  local parts, at = {}, 1
  while true do
    local _, bad = utf8.len(text, at)
    if not bad then break end
    parts[#parts + 1] = text:sub(at, bad - 1) .. "\u{FFFD}"
    at = bad + 1
  end
  return table.concat(parts) .. text:sub(at)
end

local function member_of_event(value)
  if type(value) == "string" then return as_utf8(value) end
  if math.type(value) == "float" then return tonumber(("%.3f"):format(value)) end
  return value
end

-- A value, a record of texts and other things, on one line, for machines that read as it goes; or what --query selects of it. Times are
-- in milliseconds at the finest.
function Context:print_event(value)
  local record = {}
  for name, member in pairs(value) do record[name] = member_of_event(member) end
  if self.query then record = self.query(record) end
  print(ivs.json.encode(record))
  io.stdout:flush()
end

-- ---------------------------------------------------------------- words

-- For option.convert of ivs.cli.arguments.
function verb.seconds(word)
  local value = tonumber(word)
  if value and value >= 0 and value <= 1e6 and not word:find "[xXpP]" then return value end
  return nil, "must be 0 to 1000000 seconds, not " .. require "ivs.cli.python".repr(word)
end

-- The same for whole numbers from least to most.
function verb.whole_number(least, most)
  return function(word)
    local value = word:find "^%d+$" and math.tointeger(tonumber(word))
    if value and value >= least and value <= most then return value end
    return nil, ("must be a whole number, %d to %d, not %s"):format(least, most, require "ivs.cli.python".repr(word))
  end
end

-- The same for a word that says what it is.
function verb.not_empty(what)
  return function(word)
    if word ~= "" then return word end
    return nil, ("must be a %s, not an empty word; is a variable unset?"):format(what)
  end
end

local CHANNEL_ARN <const>, LONGEST_ARN <const> = "^arn:aws[%l-]*:ivs:[%w-]+:%w+:channel/[%w-]+$", 128
local not_empty = verb.not_empty "name or an ARN"

local function channel_name(word)
  if word == "" then return not_empty(word) end
  if not channel.is_arn(word) or (word:find(CHANNEL_ARN) and #word <= LONGEST_ARN) then return word end
  return nil, require "ivs.cli.python".repr(word) .. " is no ARN of a channel: arn:aws:ivs:REGION:ACCOUNT:channel/ID"
end

verb.channel = { key = "channel", name = "channel", convert = channel_name }

-- The words before "--", and those behind it or nil.
local function split(words, module)
  if not module.rest then return words, nil end
  for i, word in ipairs(words) do
    if word == "--" then
      return table.move(words, 1, i - 1, 1, {}), table.move(words, i + 1, #words, 1, {})
    end
  end
  return words, nil
end

local function parse(name, module, words)
  usage.verb = name ~= "delete-channel" and name or nil
  local general, left = arguments.parse({ options = globals.options }, words)
  local given
  given, left = arguments.parse({ options = module.options, positional = module.positional }, left)
  local is_word = left[1] and (left[1] == "-" or left[1]:sub(1, 1) ~= "-")
  if module.second and is_word then given[module.second.key] = table.remove(left, 1) end
  if #left > 0 then usage.refuse_unknown(left, name, module.options, globals.options) end
  return given, general
end

-- ---------------------------------------------------------------- running

local function output_of(name, settings)
  local output = settings.output == "json" and settings.asked and "json" or "text"
  if settings.asked and output ~= settings.output then
    stop.stop("usage", "%s prints text or json, not %s", name, settings.output)
  end
  if settings.query and output == "text" then stop.stop("usage", "%s: --query goes with --output json", name) end
  return output
end

-- Has the client tell what it does, with --debug.
local function trace_into(settings)
  if not settings.debug then return nil end
  local tracing
  settings.client.trace, tracing = require "ivs.cli.trace".new(nil)
  return setmetatable({}, { __close = tracing.finish })
end

-- Runs the verb: its name, the name of its module, the words but for the name. The exit code.
function verb.run(name, module_name, words, host)
  local module = require(module_name)
  local own, rest = split(words, module)
  if not rest and #own == 1 and own[1] == "help" then
    require "ivs.cli.help".print(name)
    return 0
  end
  local given, general = parse(name, module, own)
  local settings = globals.resolve(general)
  settings.asked = general.output ~= nil
  local context = setmetatable({
    host = host, options = settings.client, output = output_of(name, settings), query = settings.query, rest = rest,
    terminal = process.is_terminal(io.stdout),
  }, Context)
  if module.check then module.check(given, context) end
  if module.is_local and module.is_local(given) then return module.run(given, context) or 0 end
  local tracing <close> = trace_into(settings)
  local client <close>, problem = ivs.client(settings.client)
  if not client then trouble.report({ name = "", snake = "" }, problem, settings.client) end
  context.client = client
  return module.run(given, context) or 0
end

return verb
