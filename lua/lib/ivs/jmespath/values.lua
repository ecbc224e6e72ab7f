-- The values that expressions work on: what kind they are, whether they count as true, whether two are equal.

local ivs = require "ivs"
local errors = require "ivs.jmespath.errors"
local ordered = require "ivs.ordered"

local values = {}

values.null = ivs.null
local null = ivs.null

local array_mark, object_mark = getmetatable(ivs.list()), getmetatable(ivs.map())

-- A new array, or the given table as one.
values.array = ivs.list

local function kind_of_table(value)
  local mark = getmetatable(value)
  if mark == array_mark then return "array" end
  return value[1] ~= nil and mark ~= object_mark and "array" or "object"
end

-- The type in terms of JMESPath: null, boolean, number, string, array, object; or expref, which is a function from what the
-- expression is evaluated on to what it gives.
function values.kind(value)
  if value == null then return "null" end
  local kind = type(value)
  if kind == "table" then return kind_of_table(value) end
  return kind == "function" and "expref" or kind
end

function values.is_array(value) return type(value) == "table" and kind_of_table(value) == "array" end
function values.is_object(value) return type(value) == "table" and kind_of_table(value) == "object" end

local python_names = {
  null = "NoneType", boolean = "bool", string = "str", array = "list", object = "dict", expref = "_Expression",
}

-- The name of the type in Python, which some messages have.
function values.python_name(value)
  return python_names[values.kind(value)] or (math.type(value) == "integer" and "int" or "float")
end

-- false, null and whatever is empty count as false; 0 does not.
function values.is_true(value)
  if value == false or value == null or value == "" then return false end
  return type(value) ~= "table" or next(value) ~= nil
end

local function as_number(value)
  if type(value) == "boolean" then return value and 1 or 0 end
  return type(value) == "number" and value or nil
end

local function count_members(object)
  local n = 0
  for _ in next, object do n = n + 1 end
  return n
end

-- Equality inside arrays and objects, where as in Python true is 1 and false is 0.
local function same(a, b)
  if rawequal(a, b) then return true end
  local x, y = as_number(a), as_number(b)
  if x and y then return x == y end
  local kind = values.kind(a)
  if kind ~= values.kind(b) or kind ~= "array" and kind ~= "object" then return false end
  if count_members(a) ~= count_members(b) then return false end
  for key, member in next, a do
    if b[key] == nil or not same(member, b[key]) then return false end
  end
  return true
end

-- Equality of two values as such, where a boolean is no number.
function values.equal(a, b)
  if type(a) ~= type(b) then return false end
  return same(a, b)
end

-- Whether an array has an element; of those the first rule holds.
function values.has_element(array, value)
  for _, element in ipairs(array) do
    if same(element, value) then return true end
  end
  return false
end

-- The members of an object, in its order, as an array.
function values.members(object)
  local members = values.array()
  for i, key in ipairs(ordered.keys(object)) do members[i] = object[key] end
  return members
end

-- Raises unless one of two numbers or strings can come before the other.
function values.check_order(sign, left, right)
  if type(left) == type(right) then return end
  errors.raise("evaluation", "'%s' not supported between instances of '%s' and '%s'",
    sign, values.python_name(left), values.python_name(right))
end

-- Whether there is an expression reference in it.
function values.holds_reference(value)
  if type(value) ~= "table" then return type(value) == "function" end
  for _, member in next, value do
    if values.holds_reference(member) then return true end
  end
  return false
end

return values
