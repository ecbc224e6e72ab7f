-- Base64. Decoding is as forgiving as Python's: what is no digit is skipped.

local base64 = {}

local digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
local values = {}
for i = 1, #digits do values[digits:byte(i)] = i - 1 end

function base64.encode(bytes)
  local out = {}
  for i = 1, #bytes, 3 do
    local a, b, c = bytes:byte(i, i + 2)
    local n = a << 16 | (b or 0) << 8 | (c or 0)
    for j, present in ipairs { true, true, b ~= nil, c ~= nil } do
      local digit = (n >> (24 - 6 * j) & 63) + 1
      out[#out + 1] = present and digits:sub(digit, digit) or "="
    end
  end
  return table.concat(out)
end

-- The bytes that a text says; nil if its end is missing.
function base64.decode(text)
  local out, held, place, pads = {}, 0, 0, 0 -- place: of the next digit in its group of four
  for i = 1, #text do
    local byte = text:byte(i)
    local value = values[byte]
    if byte == 0x3D then
      pads = place >= 2 and pads + 1 or pads
      if place >= 2 and place + pads >= 4 then return table.concat(out) end
    elseif value then
      pads = 0
      held = (held << 6 | value) & 0xFFF
      if place > 0 then out[#out + 1] = string.char(held >> (6 - 2 * place) & 0xFF) end
      place = (place + 1) % 4
    end
  end
  return place == 0 and table.concat(out) or nil
end

return base64
