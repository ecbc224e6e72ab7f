-- Values as text in the ways of Python: json.dumps(), which makes to_string, and str() and repr(), which make error messages.

local characters = require "ivs.cli.output.characters"
local document = require "ivs.cli.output.document"
local ordered = require "ivs.ordered"
local values = require "ivs.jmespath.values"

local text = {}

local json_words = { nan = "NaN", infinity = "Infinity" }
local python_words = { nan = "nan", infinity = "inf" }

local function reference() return "&expression" end

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
  s = s:gsub('[\0-\31"\\\127]', escape_ascii):gsub("[\xC2-\xF4][\x80-\xBF]+", escape_wide)
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
  number = function(number) return document.number(number, json_words) end,
  string = json_string,
  array = json_array,
  object = json_object,
  expref = function() return json_string(reference()) end,
}

-- The value as JSON: ASCII, without blanks.
function text.json(value) return json_writers[values.kind(value)](value) end

-- ---------------------------------------------------------------- Python

local python_escapes = { ["\\"] = "\\\\", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }

local function escape_control(character)
  return python_escapes[character] or ("\\x%02x"):format(character:byte())
end

local function escape_unprintable(character)
  local code = utf8.codepoint(character, 1, 1, true)
  if characters.is_printable(code) then return character end
  return (code < 0x100 and "\\x%02x" or code < 0x10000 and "\\u%04x" or "\\U%08x"):format(code)
end

local function python_string(s)
  local quote = s:find("'", 1, true) and not s:find('"', 1, true) and '"' or "'"
  s = s:gsub("[\0-\31\\\127]", escape_control):gsub("[\xC2-\xF4][\x80-\xBF]+", escape_unprintable)
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
  number = function(number) return document.number(number, python_words) end,
  string = python_string,
  array = python_list,
  object = python_dict,
  expref = reference,
}

-- The value as repr() gives it.
function text.repr(value) return python_writers[values.kind(value)](value) end

-- The value as str() gives it: a string is itself.
function text.str(value) return type(value) == "string" and value or text.repr(value) end

return text
