-- --generate-cli-skeleton: a request to fill in, or an answer as it would look.

local ivs = require "ivs"
local ordered = require "ivs.ordered"
local stop = require "ivs.cli.stop"

local skeleton = {}

-- The first of the values that such a member of a request can have. The AWS CLI shows any one of them, by chance.
local choices = {
  containerFormat = "TS",
  health = "HEALTHY",
  latencyMode = "NORMAL",
  maximumResolution = "SD",
  policy = "ALLOW",
  preset = "HIGHER_BANDWIDTH_DELIVERY",
  recordingMode = "DISABLED",
  renditionSelection = "ALL",
  renditions = "SD",
  resolution = "SD",
  storage = "SEQUENTIAL",
  type = "BASIC",
}

-- What the elements of such a list of an answer are called.
local elements = {
  allowedCountries = "PlaybackRestrictionPolicyAllowedCountry",
  allowedOrigins = "PlaybackRestrictionPolicyAllowedOrigin",
  renditions = "RenditionConfigurationRendition",
  storage = "ThumbnailConfigurationStorage",
}

local function request_text(member) return choices[member.name] or "" end

local function answer_text(member)
  return member.kind == "list" and elements[member.name] or member.name
end

local sample_members

local function sample(member, text)
  if member.kind == "integer" then return 0 end
  if member.kind == "boolean" then return true end
  if member.kind == "timestamp" then return "1970-01-01T00:00:00" end
  if member.kind == "structure" then return sample_members(member.members, text) end
  if member.kind == "list" then
    return ivs.list { member.members and sample_members(member.members, text) or text(member) }
  end
  if member.kind == "map" then
    local map = ordered.new()
    ordered.put(map, "KeyName", "")
    return map
  end
  return text(member)
end

function sample_members(members, text)
  local object = ordered.new()
  for _, member in ipairs(members) do ordered.put(object, member.name, sample(member, text)) end
  return object
end

-- Which skeleton the word behind the option asks for, nil if none is there: "input" or "output". Stops for another.
function skeleton.kind(word)
  word = word or "input"
  if word == "input" or word == "output" then return word end
  if word == "yaml-input" then
    stop.stop("usage", "argument --generate-cli-skeleton: yaml-input is not to be had here; input gives JSON")
  end
  stop.stop("usage", "argument --generate-cli-skeleton: Invalid choice, valid choices are:\n\n%-40s | %-40s\n%-40s",
    "input", "output", "yaml-input")
end

-- The request's skeleton, an ordered object; to be shown as JSON, whatever --output says. op: from ivs.operations().
function skeleton.input(op)
  return sample_members(op.input, request_text)
end

-- The answer's skeleton, an ordered object; to be shown as an answer of the service is.
function skeleton.output(op)
  return sample_members(op.output, answer_text)
end

return skeleton
