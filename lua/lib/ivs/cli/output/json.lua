-- JSON, as Python's json.dump(indent=4, ensure_ascii=False).

local document = require "ivs.cli.output.document"

local json = {}

local escapes = {
  ['"'] = '\\"', ["\\"] = "\\\\", ["\b"] = "\\b", ["\f"] = "\\f", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t",
}
local number_words = { nan = "NaN", infinity = "Infinity" }

local function escape(char) return escapes[char] or ("\\u%04x"):format(char:byte()) end

local function quote(text) return '"' .. text:gsub('[\0-\31"\\]', escape) .. '"' end

-- The text of a value that is no table.
function json.scalar(value)
  if value == document.null then return "null" end
  if type(value) == "string" then return quote(value) end
  if type(value) == "number" then return document.number(value, number_words) end
  return tostring(value)
end

local add

local function add_list(parts, list, line)
  for i, element in ipairs(list) do
    parts[#parts + 1] = (i > 1 and "," or "") .. line
    add(parts, element, line)
  end
end

local function add_object(parts, object, line)
  for i, key in ipairs(document.keys(object)) do
    parts[#parts + 1] = (i > 1 and "," or "") .. line .. quote(key) .. ": "
    add(parts, object[key], line)
  end
end

-- line: what begins a line at the depth of the value.
function add(parts, value, line)
  if type(value) ~= "table" then
    parts[#parts + 1] = json.scalar(value)
    return
  end
  local is_list = document.is_list(value)
  local first, last = is_list and "[" or "{", is_list and "]" or "}"
  if next(value) == nil then
    parts[#parts + 1] = first .. last
    return
  end
  parts[#parts + 1] = first;
  (is_list and add_list or add_object)(parts, value, line .. "    ")
  parts[#parts + 1] = line .. last
end

-- An empty object, which is what an operation without an answer gives, is not printed.
function json.print(value, settings)
  if document.is_empty_object(value) then return end
  local parts = {}
  add(parts, value, "\n")
  parts[#parts + 1] = "\n"
  settings.write(table.concat(parts))
end

return json
