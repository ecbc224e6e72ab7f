-- Values as text in the ways of Python: json.dumps(), which makes to_string, and str() and repr(), which make error messages.

local ordered = require "ivs.ordered"
local values = require "ivs.jmespath.values"

local text = {}

-- The fewest digits that read back as the number, and the decimal exponent of the first.
local function shortest(number)
  for precision = 0, 16 do
    local written = ("%." .. precision .. "e"):format(number)
    if tonumber(written) == number then
      local digits, exponent = written:match "^(.-)e(.+)$"
      return (digits:gsub("%D", "")), math.tointeger(tonumber(exponent))
    end
  end
end

local function finite(number)
  local sign = (number < 0 or 1 / number < 0) and "-" or ""
  local digits, exponent = shortest(math.abs(number))
  if exponent < -4 or exponent >= 16 then
    local rest = #digits > 1 and "." .. digits:sub(2) or ""
    return ("%s%s%se%+03d"):format(sign, digits:sub(1, 1), rest, exponent)
  end
  if exponent < 0 then return sign .. "0." .. ("0"):rep(-exponent - 1) .. digits end
  digits = digits .. ("0"):rep(exponent + 2 - #digits)
  return sign .. digits:sub(1, exponent + 1) .. "." .. digits:sub(exponent + 2)
end

-- The names of what has no digits.
local json_names = { nan = "NaN", infinity = "Infinity" }
local python_names = { nan = "nan", infinity = "inf" }

local function number_text(number, names)
  if math.type(number) == "integer" then return ("%d"):format(number) end
  if number ~= number then return names.nan end
  if number == math.huge then return names.infinity end
  if number == -math.huge then return "-" .. names.infinity end
  return finite(number)
end

-- A number as Python's json.dumps writes it: 1, 1.0, 1e+16, NaN.
function text.number(number) return number_text(number, json_names) end

-- prefix .. elements .. suffix, with separators between
local function enclosed(prefix, elements, separator, suffix)
  return prefix .. table.concat(elements, separator) .. suffix
end

-- ---------------------------------------------------------------- JSON

local json_escapes = {
  ['"'] = '\\"', ["\\"] = "\\\\", ["\b"] = "\\b", ["\f"] = "\\f", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t",
}

local function escape_ascii(character)
  return json_escapes[character] or ("\\u%04x"):format(character:byte())
end

local function escape_wide(character)
  local code = utf8.codepoint(character, 1, 1, true)
  if code < 0x10000 then return ("\\u%04x"):format(code) end
  code = code - 0x10000
  return ("\\u%04x\\u%04x"):format(0xD800 + (code >> 10), 0xDC00 + (code & 0x3FF))
end

local function json_string(s)
  s = s:gsub('[%z\1-\31"\\\127]', escape_ascii):gsub("[\xC2-\xF4][\x80-\xBF]+", escape_wide)
  return '"' .. s .. '"'
end

local function json_array(array)
  local parts = {}
  for i, element in ipairs(array) do parts[i] = text.json(element) end
  return enclosed("[", parts, ",", "]")
end

local function json_object(object)
  local parts = {}
  for i, key in ipairs(ordered.keys(object)) do parts[i] = json_string(key) .. ":" .. text.json(object[key]) end
  return enclosed("{", parts, ",", "}")
end

local json_writers = {
  null = function() return "null" end,
  boolean = tostring,
  number = text.number,
  string = json_string,
  array = json_array,
  object = json_object,
  expref = function(reference) return json_string(tostring(reference)) end,
}

-- The value as JSON: ASCII, without blanks.
function text.json(value) return json_writers[values.kind(value)](value) end

-- ---------------------------------------------------------------- Python

-- Code points from 128 on that repr() escapes, first and last; those that Unicode has not assigned are not told.
local unprintable = {
  0x80, 0xA0, 0xAD, 0xAD, 0x600, 0x605, 0x61C, 0x61C, 0x6DD, 0x6DD, 0x70F, 0x70F, 0x890, 0x891, 0x8E2, 0x8E2, 0x1680, 0x1680,
  0x180E, 0x180E, 0x2000, 0x200F, 0x2028, 0x202F, 0x205F, 0x2064, 0x2066, 0x206F, 0x3000, 0x3000, 0xD800, 0xF8FF, 0xFEFF, 0xFEFF,
  0xFFF9, 0xFFFB, 0x110BD, 0x110BD, 0x110CD, 0x110CD, 0x13430, 0x13438, 0x1BCA0, 0x1BCA3, 0x1D173, 0x1D17A, 0xE0001, 0xE0001,
  0xE0020, 0xE007F, 0xF0000, 0xFFFFD, 0x100000, 0x10FFFD,
}

local function is_printable(code)
  for i = 1, #unprintable, 2 do
    if code < unprintable[i] then return true end
    if code <= unprintable[i + 1] then return false end
  end
  return true
end

local python_escapes = { ["\\"] = "\\\\", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }

local function escape_control(character)
  return python_escapes[character] or ("\\x%02x"):format(character:byte())
end

local function escape_unprintable(character)
  local code = utf8.codepoint(character, 1, 1, true)
  if is_printable(code) then return character end
  return (code < 0x100 and "\\x%02x" or code < 0x10000 and "\\u%04x" or "\\U%08x"):format(code)
end

local function python_string(s)
  local quote = s:find("'", 1, true) and not s:find('"', 1, true) and '"' or "'"
  s = s:gsub("[%z\1-\31\\\127]", escape_control):gsub("[\xC2-\xF4][\x80-\xBF]+", escape_unprintable)
  if quote == "'" then s = s:gsub("'", "\\'") end
  return quote .. s .. quote
end

local function python_list(array)
  local parts = {}
  for i, element in ipairs(array) do parts[i] = text.repr(element) end
  return enclosed("[", parts, ", ", "]")
end

local function python_dict(object)
  local parts = {}
  for i, key in ipairs(ordered.keys(object)) do parts[i] = python_string(key) .. ": " .. text.repr(object[key]) end
  return enclosed("{", parts, ", ", "}")
end

local python_writers = {
  null = function() return "None" end,
  boolean = function(value) return value and "True" or "False" end,
  number = function(number) return number_text(number, python_names) end,
  string = python_string,
  array = python_list,
  object = python_dict,
  expref = tostring,
}

-- The value as repr() gives it.
function text.repr(value) return python_writers[values.kind(value)](value) end

-- The value as str() gives it: a string is itself.
function text.str(value) return type(value) == "string" and value or text.repr(value) end

return text
