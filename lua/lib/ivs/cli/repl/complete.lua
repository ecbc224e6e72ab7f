-- What a beginning in front of the cursor can become: names of variables, members of tables, operations of a client.

local _ENV <const> = require "ivs.cli.stock"

local keywords = {
  "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local", "nil", "not", "or",
  "repeat", "return", "then", "true", "until", "while",
}

local function add_keys(names, value)
  for key in next, value do
    if type(key) == "string" and key:find "^[%a_][%w_]*$" then names[#names + 1] = key end
  end
end

local function client_names()
  local names = { "call", "close", "counters" }
  for _, op in ipairs(require "ivs".operations()) do
    names[#names + 1] = op.snake
    names[#names + 1] = op.each
  end
  return names
end

-- The names that can stand behind a value and "." or ":".
local function members(value)
  local names, meta = {}, getmetatable(value)
  if type(meta) == "table" and meta.__name == "ivs.client" then return client_names() end
  if type(value) == "table" then add_keys(names, value) end
  local index = type(meta) == "table" and rawget(meta, "__index")
  if type(index) == "table" then add_keys(names, index) end
  return names
end

-- The value of "a.b.c"; nil if it has none. Functions are not called for it.
local function value_of(path)
  local value = _G
  for name in path:gmatch "[^.]+" do
    if type(value) ~= "table" then return nil end
    value = rawget(value, name)
  end
  return value
end

local function candidates(path)
  if path then return members(value_of(path)) end
  local names = table.move(keywords, 1, #keywords, 1, {})
  add_keys(names, _G)
  return names
end

-- For the text in front of the cursor: the beginning of its last name, and the names that begin so, sorted.
return function(text)
  local path, beginning = text:match "([%a_][%w_.]*)[.:]([%w_]*)$"
  if not path then beginning = text:match "[%w_]*$" end
  local found = {}
  for _, name in ipairs(candidates(path)) do
    if name:sub(1, #beginning) == beginning then found[#found + 1] = name end
  end
  table.sort(found)
  return beginning, found
end
