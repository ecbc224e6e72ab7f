-- An operation of the service as a command: options to request, the calls, the answer shown.

local ivs = require "ivs"
local answer = require "ivs.cli.answer"
local arguments = require "ivs.cli.arguments"
local globals = require "ivs.cli.globals"
local kinds = require "ivs.cli.kinds"
local later = require "ivs.cli.later"
local ordered = require "ivs.ordered"
local output = require "ivs.cli.output"
local process = require "ivs.process"
local profile = require "ivs.profile"
local stop = require "ivs.cli.stop"
local terminal = require "ivs.terminal"
local validate = require "ivs.cli.validate"
local values = require "ivs.cli.values"

local input_json = later "ivs.cli.input_json"
local pages = later "ivs.cli.pages"
local python = later "ivs.cli.python"
local skeleton = later "ivs.cli.skeleton"
local trouble = later "ivs.cli.trouble"
local usage = later "ivs.cli.usage"

local operation = {}

-- The description of the operation that a command names; nil if there is none.
function operation.find(command)
  local op = ivs.operation(command)
  return op and op.kebab == command and op or nil
end

-- All commands, in the order of the API.
function operation.commands()
  local commands = {}
  for i, op in ipairs(ivs.operations()) do commands[i] = op.kebab end
  return commands
end

-- The member of the answer that holds the list; nil if the operation has no options for pages.
local function has_pages(op) return op.pages and pages.result(op) end

-- ---------------------------------------------------------------- options

-- What 64 bits do not hold becomes the number at their end, which no service allows either, and none has so many elements.
local function fit_integers(value)
  if type(value) ~= "table" then return value end
  if kinds.is_big(value) then return value.negative and math.mininteger or math.maxinteger end
  for key, inner in pairs(value) do value[key] = fit_integers(inner) end
  return value
end

local function whole_number(word)
  local number = python.int(word)
  if number then return fit_integers(number) end
  return nil, "invalid int value: " .. python.repr(word)
end

local function add_member(options, member, lifted)
  local name = "--" .. member.kebab
  if member.kind == "boolean" then
    options[#options + 1] = { name = name, key = member.name, takes = "none", value = true }
    options[#options + 1] = { name = "--no-" .. member.kebab, key = member.name, takes = "none", value = false }
    return
  end
  options[#options + 1] = {
    name = name, key = member.name, takes = member.kind == "list" and "many" or "one", required = member.required and not lifted,
  }
end

-- Whether the words lift the rule that required options must be there. The skeleton of an answer does not: the request is checked.
local function lifts_required(words)
  local skeleton_of
  for i, word in ipairs(words) do
    if word == "--cli-input-json" or word == "--cli-input-yaml" then return true end
    if word == "--generate-cli-skeleton" then skeleton_of = skeleton_of or words[i + 1] or "input" end
  end
  return skeleton_of and skeleton_of ~= "output"
end

-- The parser of an operation's own options, in the order of the AWS CLI.
local function parser_of(op, words)
  local options = {}
  local lifted = lifts_required(words)
  for _, member in ipairs(op.input) do add_member(options, member, lifted) end
  for _, name in ipairs { "cli-input-json", "cli-input-yaml" } do
    options[#options + 1] = { name = "--" .. name, key = name, takes = "one" }
  end
  if has_pages(op) then
    for _, option in ipairs(pages.options) do
      options[#options + 1] = {
        name = "--" .. option.name, key = option.name, takes = "one", convert = option.integer and whole_number or nil,
      }
    end
  end
  options[#options + 1] = {
    name = "--generate-cli-skeleton", key = "generate-cli-skeleton", takes = "optional", value = "input",
    choices = { "input", "output", "yaml-input" },
  }
  return { options = options, positional = { key = "help", optional = true } }
end

-- What the words say, by member or option; nil if they ask for help.
local function parse(op, words)
  if #words == 1 and words[1] == "help" then return nil end
  local parser = parser_of(op, words)
  local given, left = arguments.parse(parser, words)
  if given.help == "help" then return nil end
  if given.help ~= "" then left[#left + 1] = given.help end
  if #left > 0 then usage.refuse_unknown(left, op.kebab, parser.options, globals.options) end
  return given
end

-- ---------------------------------------------------------------- request

local function member_value(member, given)
  if member.kind == "boolean" then return given end
  return values.from_words("--" .. member.kebab, member, type(given) == "table" and given or { given })
end

local function paging_of(op, given)
  local paging = {}
  if not has_pages(op) then return paging end
  for _, option in ipairs(pages.options) do
    local value = given[option.name]
    if value ~= nil and not option.integer then value = pages.value(option, value) end
    paging[option.name] = value
  end
  return paging
end

-- The request, and whether its pages are to be fetched.
local function build(op, given, paginate)
  local request, own = ordered.new(), {}
  for _, member in ipairs(op.input) do
    if given[member.name] ~= nil then
      ordered.put(request, member.name, member_value(member, given[member.name]))
      own[member.name] = true
    end
  end
  local paging = paging_of(op, given)
  if next(paging) ~= nil then pages.put(request, paging) end
  if given["cli-input-json"] or given["cli-input-yaml"] then input_json.merge(request, input_json.read(given)) end
  return request, has_pages(op) and pages.wanted(op, own, paging, request, paginate)
end

-- ---------------------------------------------------------------- calls

-- Stops if there is something wrong with the request, unless parameter_validation of the profile is anything but true.
local function check(op, request, settings)
  if not validate.problems(op, request) then return end
  local wanted = profile.value(settings.client.profile, "parameter_validation") or "true"
  if wanted:lower() == "true" then validate.check(op, request) end
end

-- call(request) -> answer, with the members in order; it stops if there is none. The request is checked before the
-- credentials are looked at, as the AWS CLI does it. tracing: of ivs.cli.trace, or nil.
local function caller(op, client, problem, settings, host, tracing)
  local options = settings.client
  return function(request)
    check(op, request, settings)
    if not client then trouble.report(op, problem, options) end
    local ok, result, err = pcall(client.call, client, op.name, fit_integers(request))
    if ok and tracing then tracing.call_ended(client) end
    if not ok then
      if result == host.interrupt or type(result) ~= "string" then error(result, 0) end
      stop.stop("usage", "\nParameter validation failed:\n%s", result)
    end
    if not result then trouble.report(op, err, options, request) end
    return answer.shape(result, op.output, settings.show_time)
  end
end

local function open_client(op, options, request)
  local client, problem = ivs.client(options)
  if not client and problem.code ~= "NoCredentials" then trouble.report(op, problem, options, request) end
  return client, problem
end

local function show_pages(op, request, call, printer)
  collectgarbage "restart" -- there may be any number of them
  local run = pages.start(op, request, call)
  for page in run.next, run do printer:print_page(page) end
  printer:finish(run.resume_token)
end

local function show_skeleton(op, kind, request, settings, printer)
  if kind == "input" then
    output.new("json", {}):print(skeleton.input(op))
    return
  end
  settings.client.sign = false
  local client <close> = open_client(op, settings.client, request)
  check(op, request, settings)
  printer:print(skeleton.output(op))
end

local function form_of(settings)
  return settings.output or profile.value(settings.client.profile, "output") or "json"
end

local function time_form_of(settings)
  local name = profile.value(settings.client.profile, "cli_timestamp_format") or "iso8601"
  local form = answer.time_forms[name]
  if form then return form end
  stop.stop("configuration", '\nUnknown cli_timestamp_format value: %s, valid values are "wire" or "iso8601"', name)
end

local function new_printer(op, settings)
  local form = form_of(settings)
  local printer = output.new(form, {
    operation = op.name, query = settings.query, list = has_pages(op), color = settings.color, terminal = terminal.columns(io.stdout),
  })
  if not printer then stop.stop("other", "\nUnknown output type: %s", form) end
  return printer
end

-- Has the client tell what it does: all of it with --debug, long delays to a terminal.
local function trace_into(op, settings)
  local tracing
  if settings.debug then
    settings.client.trace, tracing = require "ivs.cli.trace".new(op)
  elseif process.is_terminal(io.stderr) then
    settings.client.trace = function(event, text)
      if event == "waiting" then require "ivs.cli.delay".show(text) end
    end
  end
  return tracing
end

-- Runs the command. words: those behind its name, without the options of every operation, which settings are of.
function operation.run(op, words, settings, host)
  settings.show_time = time_form_of(settings)
  local given = parse(op, words)
  if not given then
    require "ivs.cli.help".print(op.kebab)
    return 0
  end
  local request, paginated = build(op, given, settings.paginate)
  local printer = new_printer(op, settings)
  local kind = given["generate-cli-skeleton"]
  if kind then
    show_skeleton(op, skeleton.kind(kind), request, settings, printer)
    return 0
  end

  settings.client.map_order, settings.client.map_names = ordered.set, ordered.keys
  local tracing = trace_into(op, settings)
  local traced <close> = tracing and setmetatable({}, { __close = tracing.finish })
  local client <close>, problem = open_client(op, settings.client, request)
  local call = caller(op, client, problem, settings, host, tracing)
  if paginated then
    show_pages(op, request, call, printer)
  else
    printer:print(call(request))
  end
  return 0
end

return operation
