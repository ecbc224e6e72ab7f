-- JSON of literals and of quoted identifiers, read as Python's json.loads does: it also takes NaN, Infinity and lone surrogates,
-- keeps the order of members, and the last of members with the same name counts.

local errors = require "ivs.jmespath.errors"
local ordered = require "ivs.ordered"
local values = require "ivs.jmespath.values"

local json = {}

-- Raised for text that is no JSON, and caught by json.decode.
local Failure = {}
local function fail(message) error(setmetatable({ message = message }, Failure), 0) end

-- The place of the first byte from `at` on that is no blank.
local function skip(text, at) return text:match("^[ \t\n\r]*()", at) end

-- ---------------------------------------------------------------- strings

local escapes = {
  ['"'] = '"', ["\\"] = "\\", ["/"] = "/", b = "\b", f = "\f", n = "\n", r = "\r", t = "\t",
}

-- The UTF-16 unit whose four digits begin at `at`.
local function code_unit(text, at)
  local digits = text:match("^%x%x%x%x", at)
  if not digits then fail "Invalid \\uXXXX escape" end
  return tonumber(digits, 16)
end

-- The character whose \u ends before `at`, and the place behind it. A surrogate without its other half stays alone.
local function unicode_escape(text, at)
  local code = code_unit(text, at)
  at = at + 4
  if code & 0xFC00 == 0xD800 and text:find("^\\u", at) then
    local low = code_unit(text, at + 2)
    if low & 0xFC00 == 0xDC00 then return utf8.char(0x10000 + ((code & 0x3FF) << 10 | low & 0x3FF)), at + 6 end
  end
  return utf8.char(code), at
end

-- The character of the escape whose backslash is before `at`, and the place behind it.
local function escape(text, at)
  local letter = text:sub(at, at)
  if letter == "u" then return unicode_escape(text, at + 1) end
  if not escapes[letter] then fail(letter == "" and "Unterminated string starting at" or "Invalid \\escape") end
  return escapes[letter], at + 1
end

-- The string whose opening quote is before `at`, and the place behind it.
local function read_string(text, at)
  local parts = {}
  while true do
    local plain, stop = text:match('^([^"\\\0-\31]*)()', at)
    parts[#parts + 1] = plain
    local ended_by = text:sub(stop, stop)
    if ended_by == '"' then return table.concat(parts), stop + 1 end
    if ended_by == "" then fail "Unterminated string starting at" end
    if ended_by ~= "\\" then fail "Invalid control character at" end
    parts[#parts + 1], at = escape(text, stop + 1)
  end
end

-- ---------------------------------------------------------------- all values

local read_value

local words = {
  ["null"] = values.null, ["true"] = true, ["false"] = false,
  NaN = 0 / 0, Infinity = math.huge, ["-Infinity"] = -math.huge,
}

local function read_word(text, at)
  local word = text:match("^-?%a+", at)
  if word == nil or words[word] == nil then fail "Expecting value" end
  return words[word], at + #word
end

local function read_number(text, at)
  local stop = text:match("^-?0()", at) or text:match("^-?[1-9]%d*()", at)
  if not stop then return read_word(text, at) end
  stop = text:match("^%.%d+()", stop) or stop
  stop = text:match("^[eE][-+]?%d+()", stop) or stop
  return tonumber(text:sub(at, stop - 1)), stop
end

local function read_array(text, at, depth)
  local array = values.array()
  at = skip(text, at)
  if text:find("^%]", at) then return array, at + 1 end
  while true do
    array[#array + 1], at = read_value(text, at, depth)
    at = skip(text, at)
    if text:find("^%]", at) then return array, at + 1 end
    if not text:find("^,", at) then fail "Expecting ',' delimiter" end
    at = at + 1
  end
end

local function read_member(text, at, depth)
  at = skip(text, at)
  if not text:find('^"', at) then fail "Expecting property name enclosed in double quotes" end
  local key, value
  key, at = read_string(text, at + 1)
  at = skip(text, at)
  if not text:find("^:", at) then fail "Expecting ':' delimiter" end
  value, at = read_value(text, at + 1, depth)
  return key, value, at
end

local function read_object(text, at, depth)
  local object = ordered.new()
  if text:find("^}", skip(text, at)) then return object, skip(text, at) + 1 end
  while true do
    local key, value
    key, value, at = read_member(text, at, depth)
    ordered.put(object, key, value)
    at = skip(text, at)
    if text:find("^}", at) then return object, at + 1 end
    if not text:find("^,", at) then fail "Expecting ',' delimiter" end
    at = at + 1
  end
end

local readers = {
  ['"'] = read_string,
  ["["] = read_array,
  ["{"] = read_object,
}

-- The value that begins at `at`, where blanks may come first, and the place behind it.
function read_value(text, at, depth)
  if depth > errors.max_depth then errors.too_deep() end
  at = skip(text, at)
  local reader = readers[text:sub(at, at)]
  if reader then return reader(text, at + 1, depth + 1) end
  return read_number(text, at)
end

local function read_document(text)
  local value, at = read_value(text, 1, 1)
  if skip(text, at) <= #text then fail "Extra data" end
  return value
end

-- The value of a JSON text; or nil and what is wrong with it.
function json.decode(text)
  local ok, result = pcall(read_document, text)
  if ok then return result end
  if getmetatable(result) == Failure then return nil, result.message end
  error(result, 0)
end

return json
