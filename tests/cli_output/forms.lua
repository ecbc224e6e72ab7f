-- The side of the program in compare.py: reads cases from stdin, prints for each what the forms of ivs.cli.output make of it.
--
-- A case is a line of settings, documents in the notation of judge.py, and what ends it: a line "token WORD" or "end".
-- The answer is a line "done BYTES" or "stopped BYTES CODE HEX-OF-MESSAGE", then what was printed.

local ivs = require "ivs"
local json = require "ivs.cli.json"
local ordered = require "ivs.ordered"
local output = require "ivs.cli.output"
local stop = require "ivs.cli.stop"

local function unhex(text)
  return (text:gsub("%x%x", function(byte) return string.char(tonumber(byte, 16)) end))
end

local read -- a value that the given line begins; nil if it ends one

local function read_list(seen)
  local list = ivs.list()
  seen[#seen + 1] = list
  while true do
    local value = read(io.read(), seen)
    if value == nil then return list end
    list[#list + 1] = value
  end
end

local function read_object(seen)
  local object = ordered.new()
  seen[#seen + 1] = object
  while true do
    local key = io.read():match "^k (%x*)$"
    if not key then return object end
    ordered.put(object, unhex(key), read(io.read(), seen))
  end
end

local constants = { n = ivs.null, t = true, f = false }

function read(line, seen)
  local kind, rest = line:match "^(%S) ?(.*)$"
  if kind == "s" then return unhex(rest) end
  if kind == "i" then return math.tointeger(tonumber(rest)) end
  if kind == "d" then return rest == "nan" and 0 / 0 or rest == "inf" and math.huge or rest == "-inf" and -math.huge or tonumber(rest) * 1.0 end
  if kind == "&" then return seen[tonumber(rest)] end
  if kind == "[" then return read_list(seen) end
  if kind == "{" then return read_object(seen) end
  return constants[kind]
end

local function settings_of(line, parts)
  local settings = { write = function(text) parts[#parts + 1] = text end }
  for name, value in line:gmatch "(%w+)=(%S*)" do settings[name] = value end
  settings.terminal = math.tointeger(tonumber(settings.terminal))
  settings.operation = settings.operation and unhex(settings.operation)
  if settings.query then
    local expression = assert(require "ivs.jmespath".compile(unhex(settings.query)))
    settings.query = function(value)
      local result, err = expression:search(value)
      return err and error(tostring(err), 0) or result
    end
  end
  return settings
end

-- form=line: a document is the text of JSON that --debug shows, all of it on a line.
local function run(settings, documents, token)
  if settings.form == "line" then return settings.write(json.write(assert(json.read(documents[1])))) end
  local printer = output.new(settings.form, settings)
  if settings.paged == "no" then
    printer:print(documents[1])
    return
  end
  for _, page in ipairs(documents) do printer:print_page(page) end
  printer:finish(token)
end

local function read_case()
  local documents = {}
  while true do
    local line = io.read()
    if line == "end" then return documents end
    if line:find "^token " then return documents, line:sub(7) end
    documents[#documents + 1] = read(line, {})
  end
end

for line in io.lines() do
  local parts = {}
  local settings = settings_of(line, parts)
  local documents, token = read_case()
  local ok, problem = pcall(run, settings, documents, token)
  if not ok and not stop.is(problem) then error(problem, 0) end
  local text = table.concat(parts)
  if ok then
    io.write("done ", #text, "\n", text)
  else
    local hex = problem.text:gsub(".", function(char) return ("%02x"):format(char:byte()) end)
    io.write("stopped ", #text, " ", problem.code, " ", hex, "\n", text)
  end
end
