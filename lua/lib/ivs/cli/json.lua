-- JSON that people write on the command line or in a query, read and written as by Python, as the AWS CLI does: members keep their
-- order, and what is wrong is said in its words and with its place. ivs.json is the strict reader for what is sent and received.

local ivs = require "ivs"
local document = require "ivs.cli.output.document"
local ordered = require "ivs.ordered"
local python = require "ivs.cli.python"

local json = {}

local DEPTH_MAX = 500
local Failure = {}

local function characters_before(text, at)
  return python.len(text:sub(1, at - 1))
end

local function fail(text, what, at)
  local before = text:sub(1, at - 1)
  local _, lines = before:gsub("\n", "")
  local column = python.len(before:match "[^\n]*$") + 1
  error(setmetatable({
    text = ("%s: line %d column %d (char %d)"):format(what, lines + 1, column, characters_before(text, at)),
  }, Failure))
end

local function skip(text, at) return text:find("[^ \t\n\r]", at) or #text + 1 end

-- ---------------------------------------------------------------- strings

local short = { ['"'] = '"', ["\\"] = "\\", ["/"] = "/", b = "\b", f = "\f", n = "\n", r = "\r", t = "\t" }

-- The four digits at `at`. What follows them has to be there too.
local function hex(text, at)
  local digits = text:match("^%x%x%x%x", at)
  if not digits or at + 4 > #text then fail(text, "Invalid \\uXXXX escape", at - 1) end
  return tonumber(digits, 16)
end

-- The character of \uXXXX whose digits are at `at`, and where the text goes on.
local function unicode(text, at)
  local code = hex(text, at)
  local pair = code >= 0xD800 and code < 0xDC00 and at + 10 <= #text and text:sub(at + 4, at + 5) == "\\u"
  if pair then
    local low = hex(text, at + 6)
    if low >= 0xDC00 and low < 0xE000 then
      return utf8.char(0x10000 + ((code - 0xD800) << 10) + low - 0xDC00), at + 10
    end
  end
  return utf8.char(code), at + 4
end

-- The string whose first quote is at `start`, and where the text goes on.
local function read_string(text, start)
  local parts, at = {}, start + 1
  while true do
    local stop = text:find('[%c"\\]', at)
    while stop and text:byte(stop) == 0x7F do stop = text:find('[%c"\\]', stop + 1) end
    if not stop then fail(text, "Unterminated string starting at", start) end
    parts[#parts + 1] = text:sub(at, stop - 1)
    local character = text:sub(stop, stop)
    if character == '"' then return table.concat(parts), stop + 1 end
    if character ~= "\\" then fail(text, "Invalid control character at", stop) end
    local escape = text:sub(stop + 1, stop + 1)
    if escape == "" then fail(text, "Unterminated string starting at", start) end
    if escape == "u" then
      parts[#parts + 1], at = unicode(text, stop + 2)
    else
      if not short[escape] then fail(text, "Invalid \\escape", stop) end
      parts[#parts + 1], at = short[escape], stop + 2
    end
  end
end

-- ---------------------------------------------------------------- values

-- make has two functions: object(), and integer(digits).
local read_value

local function read_list(text, at, make, depth)
  local list = ivs.list()
  at = skip(text, at + 1)
  if text:sub(at, at) == "]" then return list, at + 1 end
  while true do
    list[#list + 1], at = read_value(text, at, make, depth)
    at = skip(text, at)
    local mark = text:sub(at, at)
    if mark == "]" then return list, at + 1 end
    if mark ~= "," then fail(text, "Expecting ',' delimiter", at) end
    at = skip(text, at + 1)
  end
end

local function read_object(text, at, make, depth)
  local object = make.object()
  at = skip(text, at + 1)
  if text:sub(at, at) == "}" then return object, at + 1 end
  while true do
    if text:sub(at, at) ~= '"' then fail(text, "Expecting property name enclosed in double quotes", at) end
    local name, value
    name, at = read_string(text, at)
    at = skip(text, at)
    if text:sub(at, at) ~= ":" then fail(text, "Expecting ':' delimiter", at) end
    value, at = read_value(text, skip(text, at + 1), make, depth)
    ordered.put(object, name, value)
    at = skip(text, at)
    local mark = text:sub(at, at)
    if mark == "}" then return object, at + 1 end
    if mark ~= "," then fail(text, "Expecting ',' delimiter", at) end
    at = skip(text, at + 1)
  end
end

local words = {
  { "null", ivs.null }, { "true", true }, { "false", false },
  { "NaN", 0 / 0 }, { "Infinity", math.huge }, { "-Infinity", -math.huge },
}

local function read_number(text, at, make)
  local whole = text:match("^-?0", at) or text:match("^-?[1-9]%d*", at)
  if not whole then return nil end
  local stop = at + #whole
  local fraction = text:match("^%.%d+", stop) or ""
  local exponent = text:match("^[eE][-+]?%d+", stop + #fraction) or ""
  if fraction .. exponent == "" then return make.integer(whole), stop end
  return tonumber(whole .. fraction .. exponent), stop + #fraction + #exponent
end

-- The value at `at`, and where the text goes on.
function read_value(text, at, make, depth)
  if depth > DEPTH_MAX then error(setmetatable({ text = "nested too deep", deep = true }, Failure)) end
  local first = text:sub(at, at)
  if first == '"' then return read_string(text, at) end
  if first == "{" then return read_object(text, at, make, depth + 1) end
  if first == "[" then return read_list(text, at, make, depth + 1) end
  for _, word in ipairs(words) do
    if text:sub(at, at + #word[1] - 1) == word[1] then return word[2], at + #word[1] end
  end
  local number, after = read_number(text, at, make)
  if not after then fail(text, "Expecting value", at) end
  return number, after
end

-- The value that a text says; nil and what is wrong if it is not JSON, and true if it is only nested too deep.
-- new_object makes the objects: ordered.new, if not given, or python.ordered_dict. new_integer makes integers of their digits:
-- python.integer, if not given, whose may be big ones, or tonumber.
-- Lists are marked by ivs.list, objects are ordered, null is ivs.null.
function json.read(text, new_object, new_integer)
  local make = { object = new_object or ordered.new, integer = new_integer or python.integer }
  local ok, value = pcall(function()
    if text:find "^\xEF\xBB\xBF" then fail(text, "Unexpected UTF-8 BOM (decode using utf-8-sig)", 1) end
    local value, at = read_value(text, skip(text, 1), make, 0)
    at = skip(text, at)
    if at <= #text then fail(text, "Extra data", at) end
    return value
  end)
  if ok then return value end
  if getmetatable(value) ~= Failure then error(value, 0) end
  return nil, value.text, value.deep
end

-- ---------------------------------------------------------------- to text

local short_escapes = {
  ['"'] = '\\"', ["\\"] = "\\\\", ["\b"] = "\\b", ["\f"] = "\\f", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t",
}
local number_words = { nan = "NaN", infinity = "Infinity" }

local function escape_ascii(character)
  return short_escapes[character] or ("\\u%04x"):format(character:byte())
end

local function escape_wide(character)
  local code = utf8.codepoint(character, 1, 1, true)
  if code < 0x10000 then return ("\\u%04x"):format(code) end
  code = code - 0x10000
  return ("\\u%04x\\u%04x"):format(0xD800 + (code >> 10), 0xDC00 + (code & 0x3FF))
end

local function quote(text)
  text = text:gsub('[\0-\31"\\\127]', escape_ascii):gsub("[\xC2-\xF4][\x80-\xBF]+", escape_wide)
  return '"' .. text .. '"'
end

local function write(value, comma, colon)
  if value == ivs.null then return "null" end
  if type(value) == "string" then return quote(value) end
  if type(value) == "number" then return document.number(value, number_words) end
  if type(value) == "function" then return '"&expression"' end -- a reference, which JMESPath makes a text of
  if type(value) ~= "table" or python.is_big(value) then return tostring(value) end
  local parts, is_list = {}, document.is_list(value)
  for i, key in ipairs(is_list and value or ordered.keys(value)) do
    parts[i] = is_list and write(key, comma, colon) or quote(key) .. colon .. write(value[key], comma, colon)
  end
  return (is_list and "[" or "{") .. table.concat(parts, comma) .. (is_list and "]" or "}")
end

-- A value as Python's json.dumps() writes it: on one line, of ASCII, members in their order.
function json.write(value) return write(value, ", ", ": ") end

-- The same without blanks.
function json.write_compact(value) return write(value, ",", ":") end

return json
