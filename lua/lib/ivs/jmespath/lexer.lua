-- The text of an expression as tokens: { type =, value =, start = byte of the text }.
--
-- The value is what the token stands for: the name, the literal, the number (its index is `value`, its digits are `digits`), or the
-- text of an operator.

local errors = require "ivs.jmespath.errors"
local json = require "ivs.cli.json"
local python = require "ivs.cli.python"

local lexer = {}

local operators = {
  ["."] = "dot", ["*"] = "star", [","] = "comma", [":"] = "colon", ["@"] = "current", ["("] = "lparen", [")"] = "rparen",
  ["{"] = "lbrace", ["}"] = "rbrace", ["["] = "lbracket", ["]"] = "rbracket", ["[]"] = "flatten", ["[?"] = "filter",
  ["|"] = "pipe", ["||"] = "or", ["&"] = "expref", ["&&"] = "and", ["!"] = "not", ["!="] = "ne", ["=="] = "eq",
  ["<"] = "lt", ["<="] = "lte", [">"] = "gt", [">="] = "gte",
}

-- What stands between the delimiter at `at` and its next occurrence without a backslash, and the place behind that.
local function delimited(text, at)
  local delimiter = text:sub(at, at)
  local from = at + 1
  while true do
    local stop = text:find("[\\" .. delimiter .. "]", from)
    if not stop then errors.lexer(text, at, "Unclosed " .. delimiter .. " delimiter") end
    if text:sub(stop, stop) == delimiter then return text:sub(at + 1, stop - 1), stop + 1 end
    from = stop + 2
  end
end

-- Of JSON: the value that a text says, or nil and what is wrong with it. What 64 bits do not hold is a float.
local function read_json(text)
  local value, problem, is_deep = json.read(text, nil, tonumber)
  if is_deep then errors.too_deep() end
  return value, problem and problem:match "^[^:]*" -- without the place
end

-- `JSON`; what is no JSON is a string without its quotes.
local function literal(text, at)
  local inside, after = delimited(text, at)
  inside = inside:gsub("\\`", "`")
  local value, err = read_json(inside)
  if err then value, err = read_json('"' .. python.lstrip(inside) .. '"') end
  if err then errors.lexer(text, at, "Bad token " .. inside) end
  return { type = "literal", value = value, start = at }, after
end

local function raw_string(text, at)
  local inside, after = delimited(text, at)
  return { type = "literal", value = (inside:gsub("\\'", "'")), start = at }, after
end

local function quoted_identifier(text, at)
  local inside, after = delimited(text, at)
  local name, err = read_json('"' .. inside .. '"')
  if err then errors.lexer(text, at, err) end
  return { type = "quoted_identifier", value = name, start = at }, after
end

local function identifier(text, at)
  local name, after = text:match("^([A-Za-z_][A-Za-z0-9_]*)()", at)
  if name then return { type = "unquoted_identifier", value = name, start = at }, after end
end

-- The nearest integer that Lua has: no array is as long.
local function nearest_integer(digits)
  local number = tonumber(digits)
  return math.tointeger(number) or (number < 0 and math.mininteger or math.maxinteger)
end

local function number(text, at)
  local sign, digits, after = text:match("^(-?)0*(%d+)()", at)
  if not digits then return nil end
  if digits == "0" then sign = "" end
  return { type = "number", value = nearest_integer(sign .. digits), digits = sign .. digits, start = at }, after
end

local function operator(text, at)
  for length = 2, 1, -1 do
    local sign = text:sub(at, at + length - 1)
    if operators[sign] then return { type = operators[sign], value = sign, start = at }, at + #sign end
  end
end

local quotes = { ["`"] = literal, ["'"] = raw_string, ['"'] = quoted_identifier }

local function refuse(text, at)
  local character = text:match("^" .. utf8.charpattern, at) or text:sub(at, at)
  local quoted = character == "-" or character == "="
  errors.lexer(text, at, ("Unknown token %s"):format(quoted and "'" .. character .. "'" or character))
end

-- The token that begins at `at`, and the place behind it.
local function read(text, at)
  local quoted = quotes[text:sub(at, at)]
  if quoted then return quoted(text, at) end
  local token, after = identifier(text, at)
  if not token then token, after = operator(text, at) end
  if not token then token, after = number(text, at) end
  if not token then refuse(text, at) end
  return token, after
end

-- All tokens of a text; the last is of type eof.
function lexer.tokens(text)
  if text == "" then errors.raise("empty", "Invalid JMESPath expression: cannot be empty.") end
  local tokens, at = {}, 1
  while true do
    at = text:match("^[ \t\n\r]*()", at)
    if at > #text then break end
    tokens[#tokens + 1], at = read(text, at)
  end
  tokens[#tokens + 1] = { type = "eof", value = "", start = #text + 1 }
  return tokens
end

return lexer
