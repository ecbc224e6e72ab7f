-- The AWS CLI's shorthand for values with a structure.
--
--   parameter = keyval *("," keyval)
--   keyval    = key "=" [values]            key: letters, digits, - _ . # / :
--   values    = csv / list / hash
--   csv       = first *("," second)         name=a is a text, name=a,b a list; name=a,other=b is two members
--   list      = "[" [element *("," element)] "]"
--   hash      = "{" [key "=" element *("," key "=" element)] "}"
--   element   = list / hash / first
--   first, second = 'quoted' / "quoted" / plain
--
-- In quotes, \ comes before a quote or a \; in plain text before a comma. Blanks around = and , are skipped.

local ivs = require "ivs"
local ordered = require "ivs.ordered"
local python = require "ivs.cli.python"

local shorthand = {}

local DEPTH_MAX = 400 -- levels of lists and hashes
local Failure = {}

-- ---------------------------------------------------------------- which characters go where

local function set_of(...)
  local set = {}
  for _, ranges in ipairs { ... } do
    for first, last in ranges:gmatch "(.)(.)" do
      for code = first:byte(), last:byte() do set[string.char(code)] = true end
    end
  end
  return set
end

local blanks = { [" "] = true, ["\t"] = true, ["\n"] = true, ["\r"] = true, ["\v"] = true, ["\f"] = true }
local key_characters = set_of("azAZ09", "--__..##//::")
local starts = set_of("!!#&(+-<>Z\\z|\x7F")
local first_follows = set_of("\t\r\x1C !!#&(+-\\^|~\x7F")
local second_follows = set_of("\t\r\x1C !!#&(+-<>\x7F")

-- Beyond ASCII all characters may stand in a plain value, but for those over U+FFFF.
local function is_in(set, character)
  return set[character] or (#character > 1 and #character < 4) or (#character == 1 and character >= "\x80")
end

-- ---------------------------------------------------------------- errors

local function join(p, from, to) return table.concat(p.text, "", from, to) end

-- The text up to the end of the line with the caret, the caret, and the rest. at: from 1.
local function pointed(p, at)
  local line_start, line_end = 1, p.n + 1
  for i = 1, math.min(at - 1, p.n) do
    if p.text[i] == "\n" then line_start = i + 1 end
  end
  for i = p.n, at, -1 do
    if p.text[i] == "\n" then line_end = i end
  end
  return ("%s\n%s^%s"):format(join(p, 1, line_end - 1), (" "):rep(at - line_start), join(p, line_end, p.n))
end

-- Most failures are only the end of a csv: the text is made of the one that stays.
local function fail(p, expected, received)
  error(setmetatable({ at = p.at, expected = expected, received = received }, Failure))
end

local function failure_text(p, failure)
  if failure.deep then return "nested too deep" end
  local shown = pointed(p, failure.at)
  if failure.key then
    return ('Second instance of key "%s" encountered for input:\n%s\n'):format(failure.key, shown)
      .. 'This is often because there is a preceding "," instead of a space.'
  end
  return ("Expected: '%s', received: '%s' for input:\n%s"):format(failure.expected, failure.received, shown)
end

-- ---------------------------------------------------------------- reading; p: text (characters), n of them, at, depth

local function current(p) return p.text[p.at] end

local function skip_blanks(p)
  while blanks[current(p)] do p.at = p.at + 1 end
end

local function expect(p, character)
  if current(p) ~= character then fail(p, character, current(p) or "EOF") end
  p.at = p.at + 1
end

local function expect_between_blanks(p, character)
  skip_blanks(p)
  expect(p, character)
  skip_blanks(p)
end

local function read_key(p)
  local start = p.at
  while key_characters[current(p)] do p.at = p.at + 1 end
  return join(p, start, p.at - 1)
end

-- Takes an escaped comma or one character of the set.
local function take(p, set)
  if current(p) == "\\" and p.text[p.at + 1] == "," then
    p.at = p.at + 2
  elseif current(p) and is_in(set, current(p)) then
    p.at = p.at + 1
  else
    return false
  end
  return true
end

-- A plain value; nil if none begins here.
local function read_plain(p, follows)
  local start = p.at
  if not take(p, starts) then return nil end
  while take(p, follows) do end
  return python.rstrip((join(p, start, p.at - 1):gsub("\\,", ",")))
end

-- Where the quoted value that begins here ends: at the first quote that is not escaped, else at the last that is; nil if at none.
local function closing_quote(p, quote)
  local at, escaped = p.at + 1, nil
  while p.text[at] do
    if p.text[at] == quote then return at end
    local after = p.text[at + 1]
    if p.text[at] == "\\" and (after == quote or after == "\\") then
      at = at + 1
      if after == quote then escaped = at end
    end
    at = at + 1
  end
  return escaped
end

local function read_quoted(p, quote)
  local stop = closing_quote(p, quote)
  if not stop then fail(p, quote == "'" and "<singled quoted>" or "<double quoted>", "<none>") end
  local value = join(p, p.at + 1, stop - 1)
  p.at = stop + 1
  return (value:gsub("\\" .. quote, quote):gsub("\\\\", "\\"))
end

local function is_quote(character) return character == "'" or character == '"' end

local function read_first(p)
  if is_quote(current(p)) then return read_quoted(p, current(p)) end
  return read_plain(p, first_follows) or ""
end

local function read_second(p)
  if is_quote(current(p)) then return read_quoted(p, current(p)) end
  return read_plain(p, second_follows) or fail(p, "<second>", "<none>")
end

local read_list, read_hash

local function read_element(p)
  if p.depth > DEPTH_MAX then error(setmetatable({ deep = true }, Failure)) end
  if current(p) == "[" then return read_list(p) end
  if current(p) == "{" then return read_hash(p) end
  return read_first(p)
end

-- A comma, or nothing before the closing bracket.
local function next_element(p, close)
  skip_blanks(p)
  if current(p) == close then return end
  expect(p, ",")
  skip_blanks(p)
end

function read_list(p)
  local list = ivs.list()
  p.depth = p.depth + 1
  expect_between_blanks(p, "[")
  while current(p) ~= "]" do
    list[#list + 1] = read_element(p)
    next_element(p, "]")
  end
  expect(p, "]")
  p.depth = p.depth - 1
  return list
end

function read_hash(p)
  local hash = ordered.new()
  p.depth = p.depth + 1
  expect_between_blanks(p, "{")
  while current(p) ~= "}" do
    local key = read_key(p)
    expect_between_blanks(p, "=")
    local value = read_element(p)
    next_element(p, "}")
    ordered.put(hash, key, value)
  end
  expect(p, "}")
  p.depth = p.depth - 1
  return hash
end

-- A value behind a comma: true if more may follow.
local function read_another(p, list)
  local value = read_second(p)
  skip_blanks(p)
  local more = current(p) ~= nil
  if more then expect_between_blanks(p, ",") end
  list[#list + 1] = value
  return more
end

-- name=a,b,other=c: that `other` is no third value shows only at its =, then all goes back to the comma before.
local function read_csv(p)
  local first = read_first(p)
  skip_blanks(p)
  if current(p) ~= "," then return first end
  expect_between_blanks(p, ",")
  local list, more = ivs.list { first }, true
  while more do
    local ok, result = pcall(read_another, p, list)
    if not ok and (getmetatable(result) ~= Failure or not current(p)) then error(result, 0) end
    more = ok and result
    if not ok then
      while current(p) ~= "," do p.at = p.at - 1 end
    end
  end
  return #list == 1 and first or list
end

local function read_values(p)
  if current(p) == "[" then return read_list(p) end
  if current(p) == "{" then return read_hash(p) end
  return current(p) and read_csv(p) or ""
end

local function read_keyval(p)
  local key = read_key(p)
  expect_between_blanks(p, "=")
  return key, read_values(p)
end

local function read_parameter(p)
  local object = ordered.new()
  local key, value = read_keyval(p)
  ordered.put(object, key, value)
  local last = p.at
  while current(p) do
    expect_between_blanks(p, ",")
    key, value = read_keyval(p)
    if object[key] ~= nil then error(setmetatable({ at = last + 1, key = key }, Failure)) end
    ordered.put(object, key, value)
    last = p.at
  end
  return object
end

-- The object that a text says: members are texts, lists (ivs.list) and objects (ivs.ordered). nil and what is
-- wrong if it says none, and true if it is only nested too deep.
function shorthand.parse(text)
  local p = { text = python.characters(text), at = 1, depth = 0 }
  p.n = #p.text
  local ok, result = pcall(read_parameter, p)
  if ok then return result end
  if getmetatable(result) ~= Failure then error(result, 0) end
  return nil, failure_text(p, result), result.deep
end

return shorthand
