-- The kinds of values that a request is made of, by Python's names for them, and what Lua has no value for.

local ivs = require "ivs"
local ordered = require "ivs.ordered"

local kinds = {}

local list_mark = getmetatable(ivs.list())
local ordered_dicts = setmetatable({}, { __mode = "k" })

-- Whether a value is a list: every list that is read is marked as one.
function kinds.is_list(value) return type(value) == "table" and getmetatable(value) == list_mark end

-- Whether a value is an object.
function kinds.is_object(value) return type(value) == "table" and getmetatable(value) == nil end

-- A new object, shown as an OrderedDict, not as a dict: what the JSON of an option gives.
function kinds.ordered_dict()
  local object = ordered.new()
  ordered_dicts[object] = true
  return object
end

function kinds.is_ordered_dict(value) return ordered_dicts[value] == true end

-- An integer that 64 bits do not hold: its digits. Bytes: what fileb:// gives.
local Big = { __tostring = function(self) return self.digits end }
local Bytes = {}

function kinds.bytes(text) return setmetatable({ bytes = text }, Bytes) end

function kinds.is_bytes(value) return getmetatable(value) == Bytes end

-- The integer of digits with a sign or without: a Lua integer, or a big one.
function kinds.integer(digits)
  local sign, rest = digits:match "^([-+]?)0*(%d+)$"
  local number = (sign == "-" and "-" or "") .. rest
  if #rest <= 19 and math.type(tonumber(number)) == "integer" then return tonumber(number) end
  return setmetatable({ digits = number, negative = sign == "-" }, Big)
end

function kinds.is_big(value) return getmetatable(value) == Big end

-- Whether an integer, big or not, is below a limit.
function kinds.below(number, limit)
  if kinds.is_big(number) then return number.negative end
  return number < limit
end

-- The name of a value's type.
function kinds.type(value)
  if type(value) == "string" then return "str" end
  if value == nil or value == ivs.null then return "NoneType" end
  if type(value) == "boolean" then return "bool" end
  if math.type(value) == "float" then return "float" end
  if kinds.is_bytes(value) then return "bytes" end
  if kinds.is_list(value) then return "list" end
  if kinds.is_object(value) then return ordered_dicts[value] and "OrderedDict" or "dict" end
  return "int"
end

-- A value's type as messages show it.
function kinds.class(value)
  local name = kinds.type(value)
  return ("<class '%s%s'>"):format(name == "OrderedDict" and "collections." or "", name)
end

return kinds
