-- The side of the program in compare.py: reads a case a line, answers each with a line. A case is a command and its words, all
-- in hexadecimal with "-" for an empty one. An answer is "value", "problem" or "stop CODE", and texts, likewise.

local ivs = require "ivs"
local input_json = require "ivs.cli.input_json"
local json = require "ivs.cli.json"
local ordered = require "ivs.ordered"
local output = require "ivs.cli.output"
local pages = require "ivs.cli.pages"
local python = require "ivs.cli.python"
local shorthand = require "ivs.cli.shorthand"
local skeleton = require "ivs.cli.skeleton"
local stop = require "ivs.cli.stop"
local validate = require "ivs.cli.validate"
local values = require "ivs.cli.values"

local operations = {}
for _, op in ipairs(ivs.operations()) do
  operations[op.name] = op
  op.by_name = {}
  for _, member in ipairs(op.input) do op.by_name[member.name] = member end
end

local function hex(text)
  return text == "" and "-" or (text:gsub(".", function(byte) return ("%02x"):format(byte:byte()) end))
end

local function unhex(text)
  return text == "-" and "" or (text:gsub("%x%x", function(byte) return string.char(tonumber(byte, 16)) end))
end

local function parsed(value, problem)
  if problem then return "problem", problem end
  return "value", python.repr(value)
end

local function value_of(op, name, words)
  local member = op.by_name[name]
  return values.from_words("--" .. member.kebab, member, words)
end

-- Words are grouped by a count in front of each group.
local function take_group(words, at)
  local group = table.move(words, at + 1, at + tonumber(words[at]), 1, {})
  return group, at + #group + 1
end

local commands = {}

function commands.shorthand(text) return parsed(shorthand.parse(text)) end

function commands.json(text) return parsed(json.read(text, python.ordered_dict)) end

function commands.value(name, member, ...)
  return "value", python.repr(value_of(operations[name], member, { ... }))
end

function commands.validate(name, text)
  validate.check(operations[name], (json.read(text)))
  return "value", "None"
end

-- Options in the order of the model, as the program has to look at them.
function commands.request(name, ...)
  local op, words, at = operations[name], { ... }, 1
  local given, extra = {}, {}
  while words[at] do
    local option = words[at]
    local group
    group, at = take_group(words, at + 1)
    if op.by_name[option] then given[option] = group else extra[option] = group[1] end
  end
  local request = ordered.new()
  for _, member in ipairs(op.input) do
    if given[member.name] then ordered.put(request, member.name, value_of(op, member.name, given[member.name])) end
  end
  local loaded = input_json.read(extra)
  if loaded then input_json.merge(request, loaded) end
  validate.check(op, request)
  return "value", python.repr(request)
end

function commands.skeleton(kind, name)
  local printed = {}
  local printer = output.new("json", { write = function(text) printed[#printed + 1] = text end })
  printer:print(skeleton[kind](operations[name]))
  return "value", table.concat(printed)
end

function commands.kind(word) return "value", skeleton.kind(word) end

-- A service as in judge.py.
local function service(text)
  local requests = {}
  return function(request)
    requests[#requests + 1] = python.repr(request)
    local answers = json.read(text)
    return answers[math.min(#requests, #answers)]
  end, requests
end

function commands.merged(name, answers, params)
  local call, requests = service(answers)
  local ok, result = pcall(pages.all, operations[name], json.read(params), call)
  if not ok and not stop.is(result) then error(result, 0) end
  if not ok then return "stop " .. result.code, result.text, table.unpack(requests) end
  return "value", python.repr(result), table.unpack(requests)
end

function commands.single(name, answers, params)
  local call, shown = service(answers), {}
  local ok, result = pcall(function()
    local op = operations[name]
    local run = pages.start(op, json.read(params), call)
    for page in run.next, run do shown[#shown + 1] = python.repr(page[pages.result(op)]) end
    return run.resume_token
  end)
  if not ok and not stop.is(result) then error(result, 0) end
  if not ok then return "stop " .. result.code, result.text, table.unpack(shown) end
  return "value", python.repr(result), table.unpack(shown)
end

function commands.wanted(name, by_option, given, by_json, wanted)
  local function set(text)
    local members = {}
    for member in text:gmatch "%S+" do members[member] = "x" end
    return members
  end
  local request, merged = set(by_option), set(by_option .. " " .. by_json)
  return "value", python.repr(pages.wanted(operations[name], request, json.read(given), merged, wanted == "yes"))
end

function commands.integer(name, word)
  for _, option in ipairs(pages.options) do
    if option.name == name then return "value", python.repr(pages.value(option, word)) end
  end
end

local function answer(command, ...)
  local result = table.pack(pcall(commands[command], ...))
  if result[1] then return table.move(result, 2, result.n, 1, {}) end
  if not stop.is(result[2]) then error(result[2], 0) end
  return { "stop " .. result[2].code, result[2].text }
end

for line in io.lines() do
  local words = {}
  for word in line:gmatch "%S+" do words[#words + 1] = unhex(word) end
  local parts = answer(table.unpack(words))
  for i = 2, #parts do parts[i] = hex(parts[i]) end
  print(table.concat(parts, " "))
end
