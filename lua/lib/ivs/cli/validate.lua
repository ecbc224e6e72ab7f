-- A request checked as the AWS CLI checks it before it sends anything: types, required and unknown members, least lengths
-- and values. All that is wrong is told at once. What else there is to a value is the service's to judge.

local kinds = require "ivs.cli.kinds"
local ordered = require "ivs.ordered"
local stop = require "ivs.cli.stop"

local python = require "ivs.cli.later" "ivs.cli.python"

local validate = {}

local function add(problems, text, ...) problems[#problems + 1] = text:format(...) end

-- "input" for the request itself, else the path without the dot in front.
local function shown(path)
  if path == "" then return "input" end
  return (path:gsub("^%.", ""))
end

local function wrong_type(problems, path, value, ...)
  local wanted = {}
  for i, name in ipairs { ... } do wanted[i] = ("<class '%s'>"):format(name) end
  add(problems, "Invalid type for parameter %s, value: %s, type: %s, valid types: %s",
    shown(path), python.str(value), kinds.class(value), table.concat(wanted, ", "))
end

local function check_length(problems, path, length, min)
  if length >= min then return end
  add(problems, "Invalid length for parameter %s, value: %d, valid min length: %d", shown(path), length, min)
end

local check = {}

function check.string(problems, path, value, limits)
  if type(value) ~= "string" then return wrong_type(problems, path, value, "str") end
  local is_long_enough = not limits.min or limits.min <= 1 and value ~= ""
  if not is_long_enough then check_length(problems, path, python.len(value), limits.min) end
end

check.timestamp = check.string

-- To Python a boolean is an integer too.
function check.integer(problems, path, value, limits)
  local kind = kinds.type(value)
  if kind ~= "int" and kind ~= "bool" then return wrong_type(problems, path, value, "int") end
  local number = value
  if kind == "bool" then number = value and 1 or 0 end
  if not limits.min or not kinds.below(number, limits.min) then return end
  add(problems, "Invalid value for parameter %s, value: %s, valid min value: %d", shown(path), python.str(value), limits.min)
end

function check.boolean(problems, path, value)
  if type(value) ~= "boolean" then wrong_type(problems, path, value, "bool") end
end

function check.list(problems, path, value, member)
  if not kinds.is_list(value) then return wrong_type(problems, path, value, "list", "tuple") end
  if member.min then check_length(problems, path, #value, member.min) end
  local element = member.element or member
  for i, item in ipairs(value) do
    check[member.of](problems, ("%s[%d]"):format(path, i - 1), item, element)
  end
end

function check.map(problems, path, value, member)
  if not kinds.is_object(value) then return wrong_type(problems, path, value, "dict") end
  for _, name in ipairs(ordered.keys(value)) do
    check.string(problems, ("%s (key: %s)"):format(path, name), name, member.names)
    check.string(problems, ("%s.%s"):format(path, name), value[name], member.values)
  end
end

local function check_required(problems, path, value, members)
  for _, member in ipairs(members) do
    if member.required and value[member.name] == nil then
      add(problems, 'Missing required parameter in %s: "%s"', shown(path), member.name)
    end
  end
end

local function by_name(members)
  local known, names = {}, {}
  for i, member in ipairs(members) do
    known[member.name] = member
    names[i] = member.name
  end
  return known, table.concat(names, ", ")
end

function check.structure(problems, path, value, of)
  if not kinds.is_object(value) then return wrong_type(problems, path, value, "dict") end
  check_required(problems, path, value, of.members)
  local known, names = by_name(of.members)
  for _, name in ipairs(ordered.keys(value)) do
    if not known[name] then
      add(problems, 'Unknown parameter in %s: "%s", must be one of: %s', shown(path), name, names)
    end
  end
  for _, name in ipairs(ordered.keys(value)) do
    if known[name] then check[known[name].kind](problems, path .. "." .. name, value[name], known[name]) end
  end
end

-- Lines that say what is wrong with a request; nil if nothing is. op: from ivs.operations(). request: an object whose lists and
-- inner objects are as ivs.cli.values and ivs.cli.input_json make them.
function validate.problems(op, request)
  local problems = {}
  check.structure(problems, "", request, { members = op.input })
  return #problems > 0 and table.concat(problems, "\n") or nil
end

-- Stops if there is something wrong with a request.
function validate.check(op, request)
  local problems = validate.problems(op, request)
  if problems then stop.stop("usage", "\nParameter validation failed:\n%s", problems) end
end

return validate
