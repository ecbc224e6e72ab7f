-- An operation of the service as a command: options to request, call, answer to JSON.

local ivs = require "ivs"
local nearest = require "ivs.cli.nearest"
local stop = require "ivs.cli.stop"
local values = require "ivs.cli.values"

local operation = {}

-- The description of the operation that a command names; nil if there is none.
function operation.find(command)
  for _, op in ipairs(ivs.operations()) do
    if op.kebab == command then return op end
  end
end

-- All commands, in the order of the API.
function operation.commands()
  local commands = {}
  for i, op in ipairs(ivs.operations()) do commands[i] = op.kebab end
  return commands
end

-- ---------------------------------------------------------------- options to request

-- The options of an operation: "--name" -> { member = ..., value = for a flag }.
local function options_of(op)
  local options, names = {}, {}
  local function add(name, option)
    options[name] = option
    names[#names + 1] = name
  end
  for _, member in ipairs(op.input) do
    local flag = member.kind == "boolean"
    add("--" .. member.kebab, { member = member, value = flag or nil })
    if flag then add("--no-" .. member.kebab, { member = member, value = false }) end
  end
  return options, names
end

local function is_option(word) return word:find "^%-%-." ~= nil end

-- The words that belong to the option at words[at], and where the next option is.
local function take_words(words, at, name, inline, member)
  local taken = { inline }
  local many = member.kind == "list" and not inline
  at = at + 1
  while words[at] and not is_option(words[at]) and (many or #taken == 0) do
    taken[#taken + 1] = words[at]
    at = at + 1
  end
  if #taken == 0 and not many then stop.stop("usage", "%s needs a value", name) end
  return taken, at
end

local function unknown_option(op, name, names, general)
  for _, other in ipairs(general) do names[#names + 1] = other end
  stop.stop("usage", "%s has no option %s%s", op.kebab, name, nearest(name, names))
end

local function check_required(op, request)
  local missing = {}
  for _, member in ipairs(op.input) do
    if member.required and request[member.name] == nil then missing[#missing + 1] = "--" .. member.kebab end
  end
  if #missing > 0 then
    stop.stop("usage", "%s: the following arguments are required: %s", op.kebab, table.concat(missing, ", "))
  end
end

-- words are those of the command line from the operation on, without the general options, whose names are for messages.
function operation.request(op, words, general)
  local options, names = options_of(op)
  local request, at = {}, 1
  while words[at] do
    local word = words[at]
    if not is_option(word) then stop.stop("usage", "%s: unexpected word '%s'; values follow an option", op.kebab, word) end
    local name, inline = word:match "^(%-%-[^=]+)=(.*)$"
    name = name or word
    local option = options[name]
    if not option then unknown_option(op, name, names, general) end
    if option.value ~= nil then
      if inline then stop.stop("usage", "%s takes no value", name) end
      request[option.member.name] = option.value
      at = at + 1
    else
      local taken
      taken, at = take_words(words, at, name, inline, option.member)
      request[option.member.name] = values.from_words(name, option.member, taken)
    end
  end
  check_required(op, request)
  return request
end

-- ---------------------------------------------------------------- answer to text

-- As the AWS CLI writes times: the zone as +00:00, a fraction with six digits.
local function show_time(text)
  local seconds, fraction = text:match "^(%d+%-%d+%-%d+T%d+:%d+:%d+)(%.?%d*)Z$"
  if not seconds then return text end
  local digits = (fraction:sub(2) .. "000000"):sub(1, 6)
  return seconds .. (tonumber(digits) ~= 0 and "." .. digits or "") .. "+00:00"
end

-- In place, by the description of the members.
local function show_times(value, members)
  for _, member in ipairs(members) do
    local inner = value[member.name]
    if inner ~= nil and member.kind == "timestamp" then
      value[member.name] = show_time(inner)
    elseif inner ~= nil and member.members then
      local elements = member.kind == "list" and inner or { inner }
      for _, element in ipairs(elements) do show_times(element, member.members) end
    end
  end
end

-- Prints the answer. Nothing is printed of one that says nothing.
function operation.print(op, answer)
  if next(answer) == nil then return end
  show_times(answer, op.output)
  io.write(ivs.json.encode(answer, { indent = 4, operation = op.name }), "\n")
end

-- ---------------------------------------------------------------- errors

local configuration_errors = {
  NoRegion = true, BadRegion = true, NoCredentials = true, BadEndpoint = true, BadSetting = true, TlsRoots = true,
}

-- Scripts look for the AWS CLI's own words, which begin with an empty line: here, and "An error occurred (Code)" below.
local function report_configuration_error(err)
  if err.code == "NoRegion" then
    stop.stop("configuration", "\nYou must specify a region: set AWS_REGION, or give --region")
  elseif err.code == "NoCredentials" then
    stop.stop("configuration", "\nUnable to locate credentials: %s", (err.message:gsub("^no credentials: ", "")))
  end
  stop.stop("configuration", "%s", tostring(err))
end

local function report_service_error(op, err)
  local hint = err.hint and (" (" .. err.hint .. ")") or ""
  stop.stop("service", "\nAn error occurred (%s) when calling the %s operation: %s%s", err.code, op.name, err.message, hint)
end

local function report(op, err)
  if configuration_errors[err.code] then report_configuration_error(err) end
  if err.status and err.status >= 400 then report_service_error(op, err) end
  stop.stop("other", "%s", tostring(err))
end

-- A request that the model does not allow is refused before it is sent, by raising.
local function call(client, op, request, interrupt)
  local ok, answer, err = pcall(client.call, client, op.name, request)
  if ok then return answer, err end
  if answer == interrupt or type(answer) ~= "string" then error(answer, 0) end
  stop.stop("usage", "%s", answer)
end

-- Runs the command. client_options are those of ivs.client.
function operation.run(op, request, client_options, interrupt)
  local client <close>, problem = ivs.client(client_options)
  if not client then report(op, problem) end
  local answer, err = call(client, op, request, interrupt)
  if not answer then report(op, err) end
  operation.print(op, answer)
  return 0
end

return operation
