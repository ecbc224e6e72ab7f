-- Words of the command line as values of a request, by what the model says of the member.

local ivs = require "ivs"
local stop = require "ivs.cli.stop"

local values = {}

local function decode_json(option, text)
  local value, err = ivs.json.decode(text)
  if err then stop.stop("usage", "%s: this is not valid JSON: %s", option, tostring(err)) end
  return value
end

local function looks_like_json(word) return word:find "^%s*[%[{]" ~= nil end

local scalars = {}

function scalars.string(_, word) return word end

function scalars.integer(option, word)
  local number = word:find "^[-+]?%d+$" and math.tointeger(tonumber(word))
  if not number then stop.stop("usage", "%s takes a whole number, not '%s'", option, word) end
  return number
end

function scalars.boolean(option, word)
  if word == "true" then return true end
  if word == "false" then return false end
  stop.stop("usage", "%s takes true or false, not '%s'", option, word)
end

local function scalar(option, kind, word)
  if scalars[kind] then return scalars[kind](option, word) end
  stop.stop("usage", "%s: this part has to be given as JSON", option)
end

-- name=value,name=value; kind_of(name) says what kind of value belongs to a name.
local function shorthand(option, word, kind_of)
  local value = {}
  for part in (word .. ","):gmatch "([^,]*)," do
    local name, text = part:match "^([^=]+)=(.*)$"
    if not name then
      stop.stop("usage", "%s takes name=value,name=value or JSON; '%s' has no '='", option, part)
    end
    value[name] = scalar(option, kind_of(name), text)
  end
  return value
end

local function map(option, _, word)
  if looks_like_json(word) then return decode_json(option, word) end
  return shorthand(option, word, function() return "string" end)
end

local function structure(option, member, word)
  if looks_like_json(word) then return decode_json(option, word) end
  return shorthand(option, word, function(name)
    for _, inner in ipairs(member.members) do
      if inner.name == name then return inner.kind end
    end
    return "string" -- the request check names the member that there is not
  end)
end

-- One JSON array, or one word for each element.
local function list(option, member, words)
  if #words == 1 and words[1]:find "^%s*%[" then return decode_json(option, words[1]) end
  local value = {}
  for i, word in ipairs(words) do
    value[i] = member.members and structure(option, member, word) or word
  end
  return ivs.list(value)
end

-- The value that the words behind an option give to its member.
function values.from_words(option, member, words)
  if member.kind == "list" then return list(option, member, words) end
  if member.kind == "map" then return map(option, member, words[1]) end
  if member.kind == "structure" then return structure(option, member, words[1]) end
  return scalar(option, member.kind, words[1])
end

return values
