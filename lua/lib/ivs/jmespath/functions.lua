-- The functions of JMESPath, and the check of their arguments.

local errors = require "ivs.jmespath.errors"
local numerals = require "ivs.jmespath.numerals"
local ordered = require "ivs.ordered"
local sort = require "ivs.jmespath.sort"
local text = require "ivs.jmespath.text"
local values = require "ivs.jmespath.values"

local null = values.null

-- ---------------------------------------------------------------- signatures

-- By name: { run =, variadic =, parameters = { { kinds =, elements =, expected = }, ... } }
local registry = {}

-- "array-number string" as a parameter: the set of kinds that it may have, the list of those that an array's elements may have, and
-- how Python shows the whole in messages. Without kinds, it may be anything.
local function read_parameter(types)
  local parameter, shown = { elements = {} }, values.array()
  for kind, element in types:gmatch "(%a+)%-?(%a*)" do
    parameter.kinds = parameter.kinds or {}
    parameter.kinds[kind] = true
    if element ~= "" then table.insert(parameter.elements, element) end
    table.insert(shown, element ~= "" and kind .. "-" .. element or kind)
  end
  parameter.expected = text.repr(shown)
  return parameter
end

-- Registers a function; each parameter as above, "" for any. The last of a variadic one may come more than once.
local function define(name, parameters, run, variadic)
  local entry = { run = run, variadic = variadic, parameters = {} }
  for i, types in ipairs(parameters) do entry.parameters[i] = read_parameter(types) end
  registry[name] = entry
end

local function is_among(kinds, kind)
  for _, allowed in ipairs(kinds) do
    if allowed == kind then return true end
  end
  return false
end

-- Where more kinds of elements than one are allowed, the first element decides for all.
local function check_elements(name, array, parameter)
  local kinds = parameter.elements
  if #kinds > 1 and #array > 0 and is_among(kinds, values.kind(array[1])) then kinds = { values.kind(array[1]) } end
  for _, element in ipairs(array) do
    if not is_among(kinds, values.kind(element)) then
      errors.type(name, text.str(element), parameter.expected, values.python_name(element))
    end
  end
end

local function check_argument(name, argument, parameter)
  if not parameter.kinds then return end
  local kind = values.kind(argument)
  if not parameter.kinds[kind] then errors.type(name, text.str(argument), parameter.expected, kind) end
  if #parameter.elements > 0 then check_elements(name, argument, parameter) end
end

local functions = {}

-- Calls the function of that name. The last parameter of a variadic one stands for all arguments from there on.
function functions.call(name, arguments)
  local entry = registry[name]
  if not entry then errors.raise("function", "Unknown function: %s()", name) end
  local expected, actual = #entry.parameters, #arguments
  if actual < expected or actual > expected and not entry.variadic then
    errors.arity(name, expected, actual, entry.variadic)
  end
  for i, argument in ipairs(arguments) do check_argument(name, argument, entry.parameters[math.min(i, expected)]) end
  return entry.run(table.unpack(arguments))
end

-- ---------------------------------------------------------------- numbers

define("abs", { "number" }, function(number)
  return number == math.mininteger and -(number + 0.0) or math.abs(number)
end)

-- The sum, a float where an integer would not hold it.
local function sum(numbers)
  local total = 0
  for _, number in ipairs(numbers) do total = numerals.add(total, number) end
  return total
end

define("sum", { "array-number" }, sum)

define("avg", { "array-number" }, function(numbers)
  return #numbers > 0 and sum(numbers) / #numbers or null
end)

local function rounder(round)
  return function(number)
    if number ~= number then errors.raise("evaluation", "cannot convert float NaN to integer") end
    if number - number ~= 0 then errors.raise("evaluation", "cannot convert float infinity to integer") end
    return round(number)
  end
end

define("ceil", { "number" }, rounder(math.ceil))
define("floor", { "number" }, rounder(math.floor))

-- ---------------------------------------------------------------- strings

define("starts_with", { "string", "string" }, function(subject, start)
  return subject:sub(1, #start) == start
end)

define("ends_with", { "string", "string" }, function(subject, ending)
  return ending == "" or subject:sub(-#ending) == ending
end)

define("join", { "string", "array-string" }, function(separator, strings)
  return table.concat(strings, separator)
end)

-- ---------------------------------------------------------------- strings, arrays and objects

define("contains", { "array string", "" }, function(subject, wanted)
  if type(subject) == "table" then return values.has_element(subject, wanted) end
  if type(wanted) == "string" then return subject:find(wanted, 1, true) ~= nil end
  errors.raise("evaluation", "'in <string>' requires string as left operand, not %s", values.python_name(wanted))
end)

define("length", { "string array object" }, function(value)
  if type(value) == "string" then return utf8.len(value, 1, -1, true) or #value end
  if values.is_array(value) then return #value end
  return #ordered.keys(value)
end)

local function reversed(array)
  local last = #array + 1
  local turned = values.array()
  for i in ipairs(array) do turned[i] = array[last - i] end
  return turned
end

define("reverse", { "array string" }, function(value)
  if type(value) == "table" then return reversed(value) end
  local characters = {}
  for character in value:gmatch(utf8.charpattern) do characters[#characters + 1] = character end
  return table.concat(reversed(characters))
end)

define("keys", { "object" }, function(object)
  local keys = ordered.keys(object)
  return values.array(table.move(keys, 1, #keys, 1, {}))
end)

define("values", { "object" }, values.members)

define("merge", { "object" }, function(...)
  local merged = ordered.new()
  for _, object in ipairs { ... } do
    for _, key in ipairs(ordered.keys(object)) do ordered.put(merged, key, object[key]) end
  end
  return merged
end, true)

-- ---------------------------------------------------------------- order

local function comes_first(sign, a, b)
  values.check_order(sign, a, b)
  if sign == "<" then return a < b end
  return a > b
end

-- The element whose key comes first by the sign; of equal ones, the first.
local function extreme(array, sign, key_of)
  local best, best_key = null, nil
  for i, element in ipairs(array) do
    local key = key_of(element)
    if i == 1 or comes_first(sign, key, best_key) then best, best_key = element, key end
  end
  return best
end

local function itself(element) return element end

define("max", { "array-number array-string" }, function(array) return extreme(array, ">", itself) end)
define("min", { "array-number array-string" }, function(array) return extreme(array, "<", itself) end)
define("sort", { "array-string array-number" }, function(array) return values.array(sort(array, array)) end)

-- function(element) -> what the expression gives for it, which must be of one of the kinds
local function key_by(name, reference, kinds)
  return function(element)
    local key = reference(element)
    if not is_among(kinds, values.kind(key)) then
      errors.type(name, text.str(key), text.repr(values.array(kinds)), values.kind(key))
    end
    return key
  end
end

define("max_by", { "array", "expref" }, function(array, reference)
  return extreme(array, ">", key_by("max_by", reference, { "number", "string" }))
end)

define("min_by", { "array", "expref" }, function(array, reference)
  return extreme(array, "<", key_by("min_by", reference, { "number", "string" }))
end)

define("sort_by", { "array", "expref" }, function(array, reference)
  if #array == 0 then return array end
  local kind = values.kind(reference(array[1]))
  if kind ~= "number" and kind ~= "string" then
    errors.type("sort_by", text.str(array[1]), "['string', 'number']", kind)
  end
  local key_of, keys = key_by("sort_by", reference, { kind }), {}
  for i, element in ipairs(array) do keys[i] = key_of(element) end
  return values.array(sort(array, keys))
end)

define("map", { "expref", "array" }, function(reference, array)
  local results = values.array()
  for i, element in ipairs(array) do results[i] = reference(element) end
  return results
end)

-- ---------------------------------------------------------------- types

define("type", { "" }, function(value)
  local kind = values.kind(value)
  return kind ~= "expref" and kind or null
end)

define("not_null", { "" }, function(...)
  for _, argument in ipairs { ... } do
    if argument ~= null then return argument end
  end
  return null
end, true)

define("to_array", { "" }, function(value)
  return values.is_array(value) and value or values.array { value }
end)

define("to_string", { "" }, function(value)
  return type(value) == "string" and value or text.json(value)
end)

define("to_number", { "" }, function(value)
  if type(value) == "number" then return value end
  if type(value) == "string" then return numerals.read(value) or null end
  if values.kind(value) ~= "expref" then return null end
  errors.raise("evaluation", "int() argument must be a string, a bytes-like object or a real number, not '_Expression'")
end)

return functions
