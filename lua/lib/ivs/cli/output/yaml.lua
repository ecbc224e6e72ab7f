-- YAML in block style, as libyaml's emitter writes it for ruamel.yaml's safe dump: keys sorted, a line broken at the first
-- single space past column 80, a table that occurs again written as an alias.

local document = require "ivs.cli.output.document"
local json = require "ivs.cli.output.json"
local scalars = require "ivs.cli.output.yaml_scalar"

local yaml = {}

local INDENT <const> = 2
local KEY_BYTES <const> = 128 -- a longer key is written with "? "

-- The text under way. `column` counts characters; `blank`: nothing or a blank precedes; `fresh`: only indentation does.
local emitter = {}
emitter.__index = emitter

local function new_emitter()
  return setmetatable({ parts = {}, column = 0, indent = -INDENT, blank = true, fresh = true, anchors = {}, written = {} }, emitter)
end

-- n: how many characters the text has.
function emitter:put(text, n)
  self.parts[#self.parts + 1] = text
  self.column = self.column + (n or #text)
end

-- Ends the line, by a line feed or by the character that the text has in its place.
function emitter:put_break(char)
  self.parts[#self.parts + 1] = char or "\n"
  self.column = 0
end

function emitter:put_indent()
  local indent = math.max(self.indent, 0)
  if not self.fresh or self.column > indent or (self.column == indent and not self.blank) then self:put_break() end
  if self.column < indent then self:put((" "):rep(indent - self.column)) end
  self.blank, self.fresh = true, true
end

-- A mark such as "-" or ":"; `apart`: with a blank before it; `opens`: what it marks can begin on its line.
function emitter:put_mark(mark, apart, opens)
  if apart and not self.blank then self:put " " end
  self:put(mark)
  self.blank = false
  self.fresh = self.fresh and opens or false
end

-- ---------------------------------------------------------------- anchors

-- Numbers the tables that occur more than once, in the order in which that turns out. False: seen once.
local function find_anchors(to, value)
  if type(value) ~= "table" then return end
  if to.anchors[value] then return end
  if to.anchors[value] == false then
    to.count = (to.count or 0) + 1
    to.anchors[value] = ("id%03d"):format(to.count)
    return
  end
  to.anchors[value] = false
  if document.is_list(value) then
    for _, element in ipairs(value) do find_anchors(to, element) end
    return
  end
  for _, key in ipairs(document.sorted_keys(value)) do find_anchors(to, value[key]) end
end

-- Whether an alias says it all.
local function emit_anchor(to, value)
  local name = to.anchors[value]
  if not name then return false end
  local again = to.written[value]
  to.written[value] = true
  to:put_mark((again and "*" or "&") .. name, true, false)
  return again
end

-- ---------------------------------------------------------------- nodes

local number_words = { nan = ".nan", infinity = ".inf" }

local emit

-- as_key: of the short form, all on one line.
local function emit_scalar(to, value, as_key)
  if type(value) == "string" then
    scalars.emit(to, value, as_key)
    return
  end
  local text = value == document.null and "null" or tostring(value)
  if type(value) == "number" then text = document.number(value, number_words) end
  to:put_mark(text, true, false)
end

-- A list that is a member's value stands below the member's name without being indented more.
local function emit_list(to, list, in_object)
  local outer = to.indent
  if not (in_object and not to.fresh) then to.indent = outer + INDENT end
  for _, element in ipairs(list) do
    to:put_indent()
    to:put_mark("-", true, true)
    emit(to, element, false)
  end
  to.indent = outer
end

local function emit_key(to, key)
  if #key <= KEY_BYTES and not scalars.has_break(key) then
    emit_scalar(to, key, true)
    to:put_mark(":", false, false)
    return
  end
  to:put_mark("?", true, true)
  emit_scalar(to, key, false)
  to:put_indent()
  to:put_mark(":", true, true)
end

local function emit_object(to, object)
  local outer = to.indent
  to.indent = outer + INDENT
  for _, key in ipairs(document.sorted_keys(object)) do
    to:put_indent()
    emit_key(to, key)
    emit(to, object[key], true)
  end
  to.indent = outer
end

-- in_object: the value is a member's.
function emit(to, value, in_object)
  if type(value) ~= "table" then
    emit_scalar(to, value, false)
    return
  end
  if emit_anchor(to, value) then return end
  local is_list = document.is_list(value)
  if next(value) == nil then
    to:put_mark(is_list and "[]" or "{}", true, false)
  elseif is_list then
    emit_list(to, value, in_object)
  else
    emit_object(to, value)
  end
end

-- The text of a value; a scalar by itself is written as JSON.
function yaml.encode(value)
  if type(value) ~= "table" then return json.scalar(value) .. "\n" end
  local to = new_emitter()
  find_anchors(to, value)
  emit(to, value, false)
  to:put_indent()
  return table.concat(to.parts)
end

-- As in JSON, an empty object is not printed.
function yaml.print(value, settings)
  if not document.is_empty_object(value) then settings.write(yaml.encode(value)) end
end

return yaml
