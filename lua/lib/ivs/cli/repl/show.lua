-- Values for people: tables with their content, names in order, to a depth and length that can be read.

local _ENV <const> = require "ivs.cli.stock"

local ivs = require "ivs"

local DEEPEST <const>, MOST <const>, WIDTH <const> = 6, 50, 80

local list_mark = getmetatable(ivs.list())

local show

local function key_text(key)
  if type(key) == "string" and key:find "^[%a_][%w_]*$" then return key end
  return "[" .. (type(key) == "string" and ("%q"):format(key) or tostring(key)) .. "]"
end

local function sorted_keys(value)
  local keys = {}
  for key in next, value do keys[#keys + 1] = key end
  table.sort(keys, function(a, b)
    if type(a) == type(b) and (type(a) == "string" or type(a) == "number") then return a < b end
    return type(a) == type(b) and tostring(a) < tostring(b) or type(a) < type(b)
  end)
  return keys
end

local function parts_of(value, depth, above)
  local parts, length = {}, #value
  for i = 1, math.min(length, MOST) do parts[i] = show(rawget(value, i), depth + 1, above) end
  for _, key in ipairs(sorted_keys(value)) do
    local counted = math.type(key) == "integer" and key >= 1 and key <= length
    if not counted and #parts < MOST then
      parts[#parts + 1] = key_text(key) .. " = " .. show(rawget(value, key), depth + 1, above)
    elseif #parts == MOST then
      parts[#parts + 1] = "..."
    end
  end
  return parts
end

local function show_table(value, depth, above)
  if above[value] then return "(itself)" end
  if depth >= DEEPEST then return "{...}" end
  above[value] = true
  local parts = parts_of(value, depth, above)
  above[value] = nil
  if #parts == 0 then return getmetatable(value) == list_mark and "ivs.list {}" or "{}" end
  local line = "{ " .. table.concat(parts, ", ") .. " }"
  if #line + 2 * depth <= WIDTH and not line:find "\n" then return line end
  local indent = ("  "):rep(depth + 1)
  return "{\n" .. indent .. table.concat(parts, ",\n" .. indent) .. "\n" .. ("  "):rep(depth) .. "}"
end

local function quote(text)
  local quoted = ("%q"):format(text):gsub("\\\n", "\\n")
  return (quoted:gsub("%c", function(c) return ("\\%d"):format(c:byte()) end))
end

function show(value, depth, above)
  if type(value) == "string" then return quote(value) end
  if value == ivs.null then return "ivs.null" end
  if type(value) ~= "table" then return tostring(value) end
  local meta = getmetatable(value)
  if type(meta) == "table" and meta.__tostring then return tostring(value) end
  return show_table(value, depth, above)
end

-- A text as it is, anything else as above.
return function(value)
  if type(value) == "string" then return value end
  return show(value, 0, {})
end
