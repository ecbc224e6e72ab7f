-- Strings in YAML: plain where they can be, else in single quotes, else in double quotes with escapes.

local scalar = {}

local LINE_WIDTH <const> = 80
local INDENT <const> = 2

-- ---------------------------------------------------------------- what a plain word would mean

local words = { [""] = true, ["~"] = true, ["<<"] = true, ["="] = true }
for word in ("true True TRUE false False FALSE null Null NULL .inf .Inf .INF .nan .NaN .NAN"):gmatch "%S+" do
  words[word] = true
end

local number_patterns = {
  "^[-+]?0b[01_]+$",
  "^[-+]?0o[0-7_]+$",
  "^[-+]?[0-9_]+$",
  "^[-+]?0x[0-9a-fA-F_]+$",
  "^[-+]?[0-9][0-9_]*%.[0-9_]*$",
  "^[-+]?[0-9][0-9_]*%.[0-9_]*[eE][-+]?[0-9]+$",
  "^[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+$",
  "^[-+]?%.[0-9_]+$",
  "^[-+]?%.[0-9_]+[eE][-+][0-9]+$",
  "^[-+]%.inf$", "^[-+]%.Inf$", "^[-+]%.INF$",
}

local date_pattern = "^%d%d%d%d%-%d%d%-%d%d$"
local time_patterns = {
  "^%d%d%d%d%-%d%d?%-%d%d?[Tt]%d%d?:%d%d:%d%d(.*)$",
  "^%d%d%d%d%-%d%d?%-%d%d?[ \t]+%d%d?:%d%d:%d%d(.*)$",
}
local zone_patterns = { "^$", "^[ \t]*Z$", "^[ \t]*[-+]%d%d?$", "^[ \t]*[-+]%d%d?:%d%d$" }

local function matches(text, patterns)
  for _, pattern in ipairs(patterns) do
    local found = text:match(pattern)
    if found then return found end
  end
end

local function is_time(text)
  local rest = matches(text, time_patterns)
  if not rest then return text:find(date_pattern) ~= nil end
  return matches(rest:gsub("^%.%d*", ""), zone_patterns) ~= nil
end

-- Whether a reader of the plain text would see something else than a string.
local function is_other_kind(text)
  if words[text] then return true end
  if not text:find "^[-+.0-9]" then return false end
  return matches(text, number_patterns) ~= nil or is_time(text)
end

-- ---------------------------------------------------------------- what a style can hold

-- What ends a line.
local breaks = { "\n", "\r", "\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9" }
local is_break = {}
for _, char in ipairs(breaks) do is_break[char] = true end

function scalar.has_break(text)
  for _, char in ipairs(breaks) do
    if text:find(char, 1, true) then return true end
  end
  return false
end

-- Whether double quotes alone can hold it: controls, the byte order mark, what is no character, all beyond the first plane.
local function has_special(text)
  return text:find "[\0-\9\11-\31\127\xf0-\xf7]" or text:find "\xc2[\x80-\x9f]"
    or text:find "\xef\xbb\xbf" or text:find "\xef\xbf[\xbe\xbf]"
end

-- Of a text without breaks.
local function looks_like_syntax(text)
  return text:find "^%-%-%-" or text:find "^%.%.%." or text:find "^[#,%[%]{}&*!|>'\"%%@`]"
    or text:find "^[-?] " or text:find "^[-?]$" or text:find ": " or text:find ":$" or text:find " #" or text:find "^ " or text:find " $"
end

local function has_blank_at_break(text)
  for _, char in ipairs(breaks) do
    if text:find(" " .. char, 1, true) or text:find(char .. " ", 1, true) then return true end
  end
  return false
end

local function style_of(text)
  if has_special(text) then return "double" end
  if scalar.has_break(text) then return has_blank_at_break(text) and "double" or "single" end
  return (is_other_kind(text) or looks_like_syntax(text)) and "single" or "plain"
end

-- ---------------------------------------------------------------- writing

-- A blank between two words may become the end of a line.
local function may_break(to, text, at, as_key)
  return not as_key and to.column > LINE_WIDTH and at > 1 and at < #text
end

local function put_char(to, char)
  to:put(char, 1)
  to.fresh = false
end

local styles = {}

function styles.plain(to, text, as_key)
  if not to.blank then to:put " " end
  local after_blank = false
  for at, char in text:gmatch("()(" .. utf8.charpattern .. ")") do
    local blank = char == " "
    if blank and not after_blank and may_break(to, text, at, as_key) and text:sub(at + 1, at + 1) ~= " " then
      to:put_indent()
    else
      put_char(to, char)
    end
    after_blank = blank
  end
end

-- A break is a break, and one more line feed if it is the first of a row of line feeds.
local function put_single_break(to, char, after_break)
  if not after_break and char == "\n" then to:put_break() end
  to:put_break(char)
  to.fresh = true
end

function styles.single(to, text, as_key)
  to:put_mark("'", true, false)
  local after_blank, after_break = false, false
  for at, char in text:gmatch("()(" .. utf8.charpattern .. ")") do
    if char == " " then
      local breaks_here = not after_blank and may_break(to, text, at, as_key) and text:sub(at + 1, at + 1) ~= " "
      if breaks_here then to:put_indent() else to:put " " end
      after_blank = true
    elseif is_break[char] then
      put_single_break(to, char, after_break)
      after_break = true
    else
      if after_break then to:put_indent() end
      put_char(to, char == "'" and "''" or char)
      if char == "'" then to.column = to.column + 1 end
      after_blank, after_break = false, false
    end
  end
  if after_break then to:put_indent() end
  to:put_mark("'", false, false)
end

local escapes = {
  ["\0"] = "0", ["\7"] = "a", ["\8"] = "b", ["\t"] = "t", ["\n"] = "n", ["\11"] = "v", ["\12"] = "f", ["\r"] = "r", ["\27"] = "e",
  ['"'] = '"', ["\\"] = "\\", ["\xc2\x85"] = "N", ["\xe2\x80\xa8"] = "L", ["\xe2\x80\xa9"] = "P",
}

local function escape(char)
  if escapes[char] then return "\\" .. escapes[char] end
  if not has_special(char) then return nil end
  local code = utf8.codepoint(char, 1, 1, true)
  local form = code < 0x100 and "\\x%02X" or code < 0x10000 and "\\u%04X" or "\\U%08X"
  return form:format(code)
end

function styles.double(to, text, as_key)
  to:put_mark('"', true, false)
  local after_blank = false
  for at, char in text:gmatch("()(" .. utf8.charpattern .. ")") do
    local escaped = escape(char)
    if escaped then
      to:put(escaped)
    elseif char == " " and not after_blank and may_break(to, text, at, as_key) then
      to:put_indent()
      if text:sub(at + 1, at + 1) == " " then to:put "\\" end
    else
      put_char(to, char)
    end
    after_blank = char == " "
  end
  to:put_mark('"', false, false)
end

-- Writes a string through the emitter of yaml.lua. as_key: on one line.
function scalar.emit(to, text, as_key)
  local outer = to.indent
  to.indent = outer + INDENT
  styles[style_of(text)](to, text, as_key)
  to.indent = outer
  to.blank, to.fresh = false, false
end

return scalar
