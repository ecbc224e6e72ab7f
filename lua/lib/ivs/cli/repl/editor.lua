-- A line from a terminal, with editing: arrows, Home, End, Ctrl-A E K U W L, history with up and down, completion with Tab. While a line
-- is edited the terminal gives key by key; it is put back whenever the line ends, also by an error.

local _ENV <const> = require "ivs.cli.stock"

local terminal = require "ivs.terminal"

local editor = {}

local ESCAPE_SECONDS <const> = 0.05 -- the bytes of one key come together; a lone Escape has nothing behind it

-- ---------------------------------------------------------------- keys

local sequences = {
  ["[A"] = "up", ["[B"] = "down", ["[C"] = "right", ["[D"] = "left", ["[H"] = "home", ["[F"] = "end", ["[3~"] = "delete",
  ["OA"] = "up", ["OB"] = "down", ["OC"] = "right", ["OD"] = "left", ["OH"] = "home", ["OF"] = "end",
  ["[1~"] = "home", ["[4~"] = "end", ["[7~"] = "home", ["[8~"] = "end",
}
local controls = {
  ["\1"] = "home", ["\2"] = "left", ["\3"] = "cancel", ["\4"] = "delete_or_end", ["\5"] = "end", ["\6"] = "right", ["\8"] = "backspace",
  ["\9"] = "complete", ["\10"] = "enter", ["\11"] = "cut_right", ["\12"] = "clear", ["\13"] = "enter", ["\14"] = "down",
  ["\16"] = "up", ["\21"] = "cut_left", ["\23"] = "cut_word", ["\127"] = "backspace",
}

local function read_sequence()
  local text = ""
  repeat
    local byte = terminal.read(ESCAPE_SECONDS)
    if not byte then return "nothing" end
    text = text .. byte
  until #text >= 2 and byte:find "[%a~]" or #text > 8
  return sequences[text] or "nothing"
end

-- The rest of a character of UTF-8 whose first byte was read.
local function read_character(first)
  local length = first >= "\xF0" and 4 or first >= "\xE0" and 3 or first >= "\xC0" and 2 or 1
  for _ = 2, length do first = first .. (terminal.read(ESCAPE_SECONDS) or "") end
  return utf8.len(first) and first or "?"
end

-- The name of the next key, or "text" and a character; nil at the end of the input.
local function read_key()
  local byte = terminal.read()
  if not byte then return nil end
  if byte == "\27" then return read_sequence() end
  if controls[byte] then return controls[byte] end
  if byte < " " then return "nothing" end
  return "text", read_character(byte)
end

-- ---------------------------------------------------------------- the line

-- characters: a list; at: how many of them are in front of the cursor.
local Line = {}
Line.__index = Line

function Line:text(to) return table.concat(self.characters, "", 1, to or #self.characters) end

function Line:set(text)
  self.characters = {}
  for _, code in utf8.codes(text) do self.characters[#self.characters + 1] = utf8.char(code) end
  self.at = #self.characters
end

function Line:insert(text)
  for _, code in utf8.codes(text) do
    self.at = self.at + 1
    table.insert(self.characters, self.at, utf8.char(code))
  end
end

-- Only as much is shown as there is room for beside the prompt, with the cursor in it.
function Line:show()
  local room = math.max((terminal.columns(io.stdout) or 80) - #self.prompt - 1, 8)
  local first = math.max(self.at - room, 0) + 1
  local last = math.min(first + room - 1, #self.characters)
  local shown = table.concat(self.characters, "", first, last)
  io.write("\r", self.prompt, shown, "\27[K\r\27[", #self.prompt + self.at - first + 1, "C")
  io.flush()
end

local keys = {}

function keys.nothing() end
function keys.left(line) line.at = math.max(line.at - 1, 0) end
function keys.right(line) line.at = math.min(line.at + 1, #line.characters) end
function keys.home(line) line.at = 0 end
keys["end"] = function(line) line.at = #line.characters end
function keys.text(line, character) line:insert(character) end
function keys.clear() io.write "\27[H\27[2J" end

function keys.delete(line)
  if line.at < #line.characters then table.remove(line.characters, line.at + 1) end
end

function keys.backspace(line)
  if line.at == 0 then return end
  table.remove(line.characters, line.at)
  line.at = line.at - 1
end

function keys.cut_right(line)
  while #line.characters > line.at do table.remove(line.characters) end
end

function keys.cut_left(line)
  line.characters = table.move(line.characters, line.at + 1, #line.characters, 1, {})
  line.at = 0
end

function keys.cut_word(line)
  while line.at > 0 and line.characters[line.at] == " " do keys.backspace(line) end
  while line.at > 0 and line.characters[line.at] ~= " " do keys.backspace(line) end
end

-- To another line of the history; what was being written is kept behind its end.
local function recall(line, step)
  local place = line.place + step
  if place < 1 or place > #line.history + 1 then return end
  if line.place == #line.history + 1 then line.draft = line:text() end
  line.place = place
  line:set(line.history[place] or line.draft)
end

function keys.up(line) recall(line, -1) end
function keys.down(line) recall(line, 1) end

local function common_beginning(names)
  local first, last = names[1], names[#names] -- sorted, so what these share is shared by all
  local n = 0
  while n < #first and first:byte(n + 1) == last:byte(n + 1) do n = n + 1 end
  return first:sub(1, n)
end

function keys.complete(line)
  local beginning, names = line.completer(line:text(line.at))
  if #names == 0 then return end
  local rest = common_beginning(names):sub(#beginning + 1)
  line:insert(rest)
  if rest == "" and #names > 1 then io.write("\n", table.concat(names, "  "), "\n") end
end

-- Reads a line. settings: prompt, history (a list of lines, the oldest first), completer (as ivs.cli.repl.complete). The line; nil at the
-- end of the input; nil and "cancelled" after Ctrl-C.
function editor.read(settings)
  local raw <close> = assert(terminal.raw())
  local line = setmetatable({
    characters = {}, at = 0, prompt = settings.prompt, history = settings.history, place = #settings.history + 1, draft = "",
    completer = settings.completer,
  }, Line)
  while true do
    line:show()
    local key, character = read_key()
    if key == "delete_or_end" then key = #line.characters > 0 and "delete" or nil end
    if key == "enter" or key == "cancel" or not key then
      io.write(key == "cancel" and "^C\n" or "\n")
      if key == "enter" then return line:text() end
      return nil, key and "cancelled"
    end
    keys[key](line, character)
  end
end

return editor
