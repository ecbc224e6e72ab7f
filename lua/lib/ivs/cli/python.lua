-- Values as Python shows them, numbers as Python reads them. The AWS CLI is written in Python, and its messages quote values so.

local kinds = require "ivs.cli.kinds"
local ordered = require "ivs.ordered"
local plain = require "ivs.cli.output.python"

-- What kind a value is, is told by ivs.cli.kinds alone, which is all that a plain call needs.
local python = setmetatable({}, { __index = kinds })

-- ---------------------------------------------------------------- blanks

-- What counts as a blank at the ends of a text, as keys.
python.blanks = {}
for _, range in ipairs { { 9, 13 }, { 0x1C, 0x20 }, { 0x85, 0x85 }, { 0xA0, 0xA0 }, { 0x1680, 0x1680 }, { 0x2000, 0x200A },
  { 0x2028, 0x2029 }, { 0x202F, 0x202F }, { 0x205F, 0x205F }, { 0x3000, 0x3000 } } do
  for code = range[1], range[2] do python.blanks[utf8.char(code)] = true end
end

-- Where the character ends that begins at `at`.
local function character_end(text, at)
  return select(2, text:find("^[\xC2-\xF4][\x80-\xBF]+", at)) or at
end

function python.lstrip(text)
  local at = 1
  while python.blanks[text:sub(at, character_end(text, at))] do at = character_end(text, at) + 1 end
  return text:sub(at)
end

function python.rstrip(text)
  local at = #text
  while at > 0 do
    local start = at -- of the last character; no blank has more than three bytes
    while start > 1 and at - start < 2 and text:find("^[\x80-\xBF]", start) do start = start - 1 end
    if not python.blanks[text:sub(start, at)] then break end
    at = start - 1
  end
  return text:sub(1, at)
end

function python.strip(text) return python.lstrip(python.rstrip(text)) end

-- The characters of a text, each a string. A byte that is no part of UTF-8 counts as one.
function python.characters(text)
  local characters, at = {}, 1
  while at <= #text do
    local character = text:sub(at, character_end(text, at))
    if utf8.len(character, 1, -1, true) ~= 1 then character = text:sub(at, at) end
    characters[#characters + 1] = character
    at = at + #character
  end
  return characters
end

-- How many characters a text has.
function python.len(text)
  return utf8.len(text, 1, -1, true) or #python.characters(text)
end

-- ---------------------------------------------------------------- numbers

-- The integer that a text says, as int() reads it; nil if it says none.
function python.int(text)
  local digits = python.strip(text)
  if not digits:find "^[-+]?%d[%d_]*$" or digits:find "__" or digits:find "_$" then return nil end
  return python.integer((digits:gsub("_", "")))
end

-- ---------------------------------------------------------------- values

-- A byte that is no part of UTF-8 is shown by the surrogate that Python keeps it as.
local function text_repr(text)
  local characters = python.characters(text)
  for i, character in ipairs(characters) do
    if #character == 1 and character >= "\x80" then characters[i] = utf8.char(0xDC00 + character:byte()) end
  end
  return plain.repr(table.concat(characters))
end

local function bytes_repr(bytes)
  local text = bytes:gsub("[\x80-\xFF]", function(byte) return utf8.char(byte:byte()) end)
  return "b" .. plain.repr(text):gsub("[\xC2\xC3][\x80-\xBF]", function(c) return ("\\x%02x"):format(utf8.codepoint(c)) end)
end

local function list_repr(list)
  local parts = {}
  for i, value in ipairs(list) do parts[i] = python.repr(value) end
  return "[" .. table.concat(parts, ", ") .. "]"
end

local function object_repr(object)
  local is_dict = not kinds.is_ordered_dict(object)
  local form, parts = is_dict and "%s: %s" or "(%s, %s)", {}
  for i, name in ipairs(ordered.keys(object)) do
    parts[i] = form:format(python.repr(name), python.repr(object[name]))
  end
  local inner = table.concat(parts, ", ")
  if is_dict then return "{" .. inner .. "}" end
  return "OrderedDict(" .. (inner ~= "" and "[" .. inner .. "]" or "") .. ")"
end

-- A value as repr() shows it.
function python.repr(value)
  if type(value) == "string" then return text_repr(value) end
  if value == nil then return "None" end
  if type(value) ~= "table" then return plain.repr(value) end
  if python.is_bytes(value) then return bytes_repr(value.bytes) end
  if python.is_list(value) then return list_repr(value) end
  if python.is_object(value) then return object_repr(value) end
  return tostring(value)
end

-- A value as str() shows it.
function python.str(value)
  return type(value) == "string" and value or python.repr(value)
end

return python
