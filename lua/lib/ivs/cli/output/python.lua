-- Values as Python's str() and repr() write them, which is what the AWS CLI's text and tables show.

local document = require "ivs.cli.output.document"
local characters = require "ivs.cli.output.characters"

local python = {}

local number_words = { nan = "nan", infinity = "inf" }

function python.str(value)
  if type(value) == "string" then return value end
  return python.repr(value)
end

local escapes = { ["\\"] = "\\\\", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }

local function escape_control(char)
  return escapes[char] or ("\\x%02x"):format(char:byte())
end

local function escape_unprintable(char)
  local code = utf8.codepoint(char, 1, 1, true)
  if characters.is_printable(code) then return char end
  return (code < 0x100 and "\\x%02x" or code < 0x10000 and "\\u%04x" or "\\U%08x"):format(code)
end

local function quote(text)
  local mark = text:find("'", 1, true) and not text:find('"', 1, true) and '"' or "'"
  text = text:gsub("[\0-\31\\\127]", escape_control):gsub("[\xC2-\xF4][\x80-\xBF]+", escape_unprintable)
  if mark == "'" then text = text:gsub("'", "\\'") end
  return mark .. text .. mark
end

local function join(value)
  local parts = {}
  if document.is_list(value) then
    for i, element in ipairs(value) do parts[i] = python.repr(element) end
    return "[" .. table.concat(parts, ", ") .. "]"
  end
  for i, key in ipairs(document.keys(value)) do
    parts[i] = quote(key) .. ": " .. python.repr(value[key])
  end
  return "{" .. table.concat(parts, ", ") .. "}"
end

function python.repr(value)
  if value == document.null then return "None" end
  if value == true then return "True" end
  if value == false then return "False" end
  if type(value) == "number" then return document.number(value, number_words) end
  if type(value) == "string" then return quote(value) end
  if type(value) == "function" then return "&expression" end -- a reference to an expression: a query's errors show it
  return join(value)
end

return python
