-- Words of the command line as values of a request, by what the model says of the member. Words may be JSON, shorthand, or name
-- a file; the AWS CLI's rules and messages decide. What it does not look at here is for ivs.cli.validate.

local ivs = require "ivs"
local kinds = require "ivs.cli.kinds"
local later = require "ivs.cli.later"
local ordered = require "ivs.ordered"
local stop = require "ivs.cli.stop"

local json = later "ivs.cli.json"
local paramfile = later "ivs.cli.paramfile"
local python = later "ivs.cli.python"
local shorthand = later "ivs.cli.shorthand"

local values = {}

local function refuse(option, text) stop.stop("usage", "\nError parsing parameter '%s': %s", option, text) end

-- What the AWS CLI falls over, with the exit code it has then.
local function give_up(option, text) stop.stop("other", "\nError parsing parameter '%s': %s", option, text) end

local function from_json(option, text)
  local value, problem, deep = json.read(text, kinds.ordered_dict)
  if deep then give_up(option, problem) end
  if problem then refuse(option, ("Invalid JSON: %s\nJSON received: %s"):format(problem, text)) end
  return value
end

local function begins_with(text, mark) return python.lstrip(text):sub(1, 1) == mark end

-- ---------------------------------------------------------------- scalars

local function integer(option, value)
  local text = kinds.is_bytes(value) and value.bytes or value
  if type(text) ~= "string" then give_up(option, "a whole number is wanted, not a list or a structure") end
  local number = python.int(text)
  if not number then stop.stop("other", "\ninvalid literal for int() with base 10: %s", python.repr(value)) end
  return number
end

-- Another text stays as it is, to be refused as no boolean.
local function boolean(option, text)
  if type(text) ~= "string" then give_up(option, "true or false is wanted, not a list or a structure") end
  local lower = text:lower()
  if lower == "true" or lower == "false" then return lower == "true" end
  return text
end

-- ---------------------------------------------------------------- shorthand

local fit_members

-- Makes of the text that shorthand gave what the member's kind asks for.
local function fit(option, object, member)
  local value = object[member.name]
  if value == nil then return end
  if member.kind == "integer" then
    ordered.put(object, member.name, integer(option, value))
  elseif member.kind == "boolean" then
    ordered.put(object, member.name, boolean(option, value))
  elseif member.kind == "structure" then
    fit_members(option, value, member.members)
  elseif member.kind == "list" and not kinds.is_list(value) then
    ordered.put(object, member.name, ivs.list { value })
  elseif member.members then
    for _, element in ipairs(value) do fit_members(option, element, member.members) end
  end
end

function fit_members(option, object, members)
  if not kinds.is_object(object) then return end
  for _, member in ipairs(members) do fit(option, object, member) end
end

-- All words are read before any is fitted, so that a mistake in writing is what is told.
local function from_shorthand(option, member, words)
  local objects = ivs.list()
  for i, word in ipairs(words) do
    local object, problem, deep = shorthand.parse(word)
    if deep then give_up(option, problem) end
    if problem then refuse(option, problem) end
    objects[i] = object
  end
  for _, object in ipairs(objects) do
    if member.members then fit_members(option, object, member.members) end
  end
  return objects
end

-- ---------------------------------------------------------------- by kind

local function object(option, member, text)
  if begins_with(text, "{") then return from_json(option, text) end
  if begins_with(text, "[") then refuse(option, "Invalid JSON:\n" .. text) end
  return from_shorthand(option, member, { text })[1]
end

-- The first word decides for all whether they are JSON.
local function list_of_structures(option, member, words)
  local as_json = words[1] and (begins_with(words[1], "{") or begins_with(words[1], "["))
  if not as_json then return from_shorthand(option, member, words) end
  local elements = ivs.list()
  for i, word in ipairs(words) do
    if begins_with(word, "{") then
      elements[i] = from_json(option, word)
    elseif python.strip(word) == "" then
      give_up(option, "an empty word is no JSON")
    else
      refuse(option, "Invalid JSON:\n" .. word)
    end
  end
  return elements
end

local function list(option, member, words)
  if #words == 1 and begins_with(words[1], "[") then return from_json(option, words[1]) end
  if member.of == "structure" then return list_of_structures(option, member, words) end
  return ivs.list(table.move(words, 1, #words, 1, {}))
end

-- A file gives the list as JSON. Shorthand there gives one object, for validate to refuse as no list.
local function list_from_file(option, member, text)
  if begins_with(text, "[") then return from_json(option, text) end
  if member.of == "structure" and not begins_with(text, "{") then
    return from_shorthand(option, { kind = "map" }, { text })[1]
  end
  refuse(option, "the file has to hold a JSON list")
end

local function from_bytes(option, member, bytes)
  if member.kind == "integer" then return integer(option, bytes) end
  if member.kind == "string" then return bytes end
  local tell = member.of == "string" and refuse or give_up
  tell(option, "fileb:// gives bytes, not a text; use file://")
end

-- The value that the words behind an option give to its member: a text, integer, list (ivs.list) or object (ivs.ordered), or
-- what is of a wrong type, for ivs.cli.validate to say so. Stops if the words cannot be read. Flags (--name, --no-name)
-- have none.
-- option: "--name", for messages. member: from ivs.operations(). words: one, or any number for a list.
function values.from_words(option, member, words)
  local loaded = #words == 1 and words[1]:find "^fileb?://" and paramfile.read(option, words[1])
  if loaded and kinds.is_bytes(loaded) then return from_bytes(option, member, loaded) end
  if member.kind == "list" then
    if loaded then return list_from_file(option, member, loaded) end
    return list(option, member, words)
  end
  local word = loaded or words[1]
  if member.kind == "integer" then return integer(option, word) end
  if member.kind == "map" or member.kind == "structure" then return object(option, member, word) end
  return word
end

return values
