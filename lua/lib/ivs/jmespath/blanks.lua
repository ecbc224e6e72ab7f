-- Blanks as Python's str.isspace() knows them.

local blanks = {}

-- Those beyond ASCII, as keys.
blanks.wide = {}
for _, code in ipairs {
  0x85, 0xA0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200A,
  0x2028, 0x2029, 0x202F, 0x205F, 0x3000,
} do blanks.wide[utf8.char(code)] = true end

-- The text without blanks at its start.
function blanks.trim_start(text)
  local at = 1
  while true do
    at = text:match("^[\t-\r\x1C-\x1F ]*()", at)
    local character = text:match("^[\xC2-\xE3][\x80-\xBF]+", at)
    if not blanks.wide[character or ""] then return text:sub(at) end
    at = at + #character
  end
end

return blanks
