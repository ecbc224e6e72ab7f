-- Numbers from text as Python's int() and float() read them, and sums that do not wrap around.

local python = require "ivs.cli.python"

local numerals = {}

-- The first of each ten decimal digits that Unicode has besides ASCII's.
local zeros = {
  0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50, 0xED0, 0xF20, 0x1040, 0x1090,
  0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50,
  0xABF0, 0xFF10, 0x104A0, 0x10D30, 0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x11730,
  0x118E0, 0x11950, 0x11C50, 0x11D50, 0x11DA0, 0x16A60, 0x16AC0, 0x16B50, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140,
  0x1E2F0, 0x1E950, 0x1FBF0,
}

-- The ASCII character that stands for another one in a number; nil if there is none.
local function plain_character(character)
  if python.blanks[character] then return " " end
  local code = utf8.codepoint(character, 1, 1, true)
  for _, zero in ipairs(zeros) do
    if code >= zero and code <= zero + 9 then return tostring(code - zero) end
  end
end

-- The text in ASCII, without blanks around it and underscores between two digits.
local function plain(text)
  text = text:gsub("[\xC2-\xF4][\x80-\xBF]+", plain_character)
  text = text:match "^[\t-\r ]*(.*[^\t-\r ])" or ""
  return (text:gsub("(%d)_%f[%d]", "%1"))
end

local named = { inf = math.huge, infinity = math.huge, nan = 0 / 0 }

local function is_decimal(text)
  local mantissa = text:match "^(.-)[eE][-+]?%d+$" or text
  return mantissa:find "^%d+%.?%d*$" ~= nil or mantissa:find "^%.%d+$" ~= nil
end

-- The number that a text means; nil if it means none.
function numerals.read(text)
  local sign, unsigned = plain(text):match "^([-+]?)(.*)$"
  if is_decimal(unsigned) then return tonumber((sign == "-" and sign or "") .. unsigned) end
  local number = named[unsigned:lower()]
  if not number then return nil end
  return sign == "-" and -number or number
end

-- a + b, as a float where that is more than an integer holds.
function numerals.add(a, b)
  local sum = a + b
  if math.type(sum) == "integer" and (a < 0) == (b < 0) and (sum < 0) ~= (a < 0) then return a + 0.0 + b end
  return sum
end

return numerals
