-- Questions about text that depend on the Unicode of its characters. Strings are UTF-8.

local unicode -- loaded for the first character beyond ASCII

local characters = {}

local function fact(name)
  unicode = unicode or require "ivs.cli.output.unicode"
  return unicode[name]
end

-- Where a property changes: runs of characters without and with it take turns, their lengths in base 36.
local function bounds(runs)
  local at, list = 0, {}
  for length in runs:gmatch "%w+" do
    at = at + tonumber(length, 36)
    list[#list + 1] = at
  end
  return list
end

local loaded = {}

-- Whether the number of bounds not above the code is odd.
local function has(property, code)
  loaded[property] = loaded[property] or bounds(fact(property))
  local list = loaded[property]
  local low, high = 0, #list
  while low < high do
    local middle = (low + high + 1) // 2
    if list[middle] <= code then low = middle else high = middle - 1 end
  end
  return low % 2 == 1
end

local function is_ascii(text) return not text:find "[\x80-\xff]" end

-- Columns on a terminal: two for a character that East Asian fonts draw wide, or may draw wide.
function characters.width(text)
  if is_ascii(text) then return #text end
  local width = 0
  for _, code in utf8.codes(text, true) do
    width = width + (code >= 0x80 and has("wide", code) and 2 or 1)
  end
  return width
end

-- Whether Python's repr shows the character as it is.
function characters.is_printable(code)
  if code < 0x80 then return code >= 0x20 and code < 0x7f end
  return not has("unprintable", code)
end

local function load_upper()
  local map = {}
  for first, last, step, offset in fact "upper_runs":gmatch "(%w+)%s(%w+)%s(%w+)%s(%-?%w+)" do
    for code = tonumber(first, 36), tonumber(last, 36), tonumber(step, 36) do
      map[utf8.char(code)] = utf8.char(code + tonumber(offset, 36))
    end
  end
  for char, upper in fact "upper_words":gmatch "(%S+)%s(%S+)" do map[char] = upper end
  return map
end

-- In capitals, each character by itself.
function characters.upper(text)
  if is_ascii(text) then return text:upper() end
  loaded.upper = loaded.upper or load_upper()
  return (text:upper():gsub("[\xc2-\xf4][\x80-\xbf]*", loaded.upper))
end

return characters
