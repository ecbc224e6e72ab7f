-- What the output forms print: values as ivs.json.decode, an answer or a query gives them. lua/lib/ivs/cli/output.lua says which.

local ivs = require "ivs"
local ordered = require "ivs.ordered"

local list_mark = getmetatable(ivs.list())

local document = { null = ivs.null }

function document.is_list(value)
  return type(value) == "table" and (getmetatable(value) == list_mark or value[1] ~= nil)
end

function document.is_object(value)
  return type(value) == "table" and not document.is_list(value)
end

function document.is_empty_object(value)
  return document.is_object(value) and next(value) == nil
end

-- The keys of an object by their bytes, which is also by their code points.
function document.sorted_keys(object)
  local keys = {}
  for key in pairs(object) do keys[#keys + 1] = key end
  table.sort(keys)
  return keys
end

-- The keys of an object in its order. Not to be changed.
document.keys = ordered.keys

-- What a list holds; an object counts by its keys, as for Python. Not to be changed.
function document.elements(value)
  return document.is_list(value) and value or document.keys(value)
end

-- The shortest decimal digits that read back as the same number, and the power of ten of the first.
local function shortest(number)
  for digits = 0, 16 do
    local text = ("%%.%de"):format(digits):format(number)
    if tonumber(text) == number or digits == 16 then
      local mantissa, exponent = text:match "^([%d.]+)e(.*)$"
      return (mantissa:gsub("%.", "")), math.tointeger(tonumber(exponent))
    end
  end
end

-- A number as Python writes it. words: how it writes what has no digits.
function document.number(value, words)
  if math.type(value) == "integer" then return ("%d"):format(value) end
  if value ~= value then return words.nan end
  local sign = (value < 0 or 1 / value < 0) and "-" or ""
  value = math.abs(value)
  if value == math.huge then return sign .. words.infinity end

  local digits, exponent = shortest(value)
  if exponent < -4 or exponent >= 16 then
    local rest = #digits > 1 and "." .. digits:sub(2) or ""
    return ("%s%s%se%s%02d"):format(sign, digits:sub(1, 1), rest, exponent < 0 and "-" or "+", math.abs(exponent))
  end
  if exponent < 0 then return sign .. "0." .. ("0"):rep(-exponent - 1) .. digits end
  digits = digits .. ("0"):rep(exponent + 2 - #digits)
  return sign .. digits:sub(1, exponent + 1) .. "." .. digits:sub(exponent + 2)
end

return document
