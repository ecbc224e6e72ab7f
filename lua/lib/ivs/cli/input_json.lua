-- --cli-input-json and --cli-input-yaml: a request as one text. Members that have an option of their own on the command line win.

local json = require "ivs.cli.json"
local ordered = require "ivs.ordered"
local paramfile = require "ivs.cli.paramfile"
local python = require "ivs.cli.python"
local stop = require "ivs.cli.stop"

local input_json = {}

local names = { "cli-input-json", "cli-input-yaml" }

-- JSON is YAML, and all of YAML that is read here.
local function refuse_text(name)
  if name == "cli-input-json" then
    stop.stop("usage", "\nError parsing parameter '%s': Invalid JSON received.", name)
  end
  stop.stop("usage", "\nError parsing parameter '%s': of YAML only what is JSON too can be read here.", name)
end

local function text_of(word, option)
  local loaded = paramfile.read(option, word)
  if not loaded then return word end
  if not python.is_bytes(loaded) then return loaded end
  return (loaded.bytes:gsub("^\xEF\xBB\xBF", ""))
end

-- The object that the word behind --cli-input-json or --cli-input-yaml gives. Stops if it gives none. name: without the dashes.
local function load(name, word)
  local option = "--" .. name
  local text = text_of(word, option)
  local value, problem = json.read(text)
  if problem then refuse_text(name) end
  if not python.is_object(value) then
    stop.stop("usage", "\nError parsing parameter '%s': Invalid type: expecting map, received %s", option, python.class(value))
  end
  return value
end

-- The object that given[option without dashes] = word asks for; nil if neither option is there.
function input_json.read(given)
  if given[names[1]] and given[names[2]] then stop.stop("usage", "\nOnly one --cli-input- parameter may be specified.") end
  for _, name in ipairs(names) do
    if given[name] then return load(name, given[name]) end
  end
end

-- Adds what `loaded` says to an ordered request, but for members that it has.
function input_json.merge(request, loaded)
  for _, name in ipairs(ordered.keys(loaded)) do
    if request[name] == nil then ordered.put(request, name, loaded[name]) end
  end
end

return input_json
