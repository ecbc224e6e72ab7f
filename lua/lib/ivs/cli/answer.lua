-- An answer as it is shown: members in the order of the API, times in the AWS CLI's form.

local ordered = require "ivs.ordered"

local answer = {}

-- The zone as +00:00, a fraction with six digits.
local function show_time(text)
  local seconds, fraction = text:match "^(%d+%-%d+%-%d+T%d+:%d+:%d+)(%.?%d*)Z$"
  if not seconds then return text end
  local digits = (fraction:sub(2) .. "000000"):sub(1, 6)
  return seconds .. (tonumber(digits) ~= 0 and "." .. digits or "") .. "+00:00"
end

local function shape_member(member, value)
  if member.kind == "timestamp" then return show_time(value) end
  if not member.members then return value end
  if member.kind == "structure" then return answer.shape(value, member.members) end
  for _, element in ipairs(value) do answer.shape(element, member.members) end
  return value
end

-- In place, by the description of the members. Returns the value.
function answer.shape(value, members)
  local keys = {}
  for _, member in ipairs(members) do
    local inner = value[member.name]
    if inner ~= nil then
      keys[#keys + 1] = member.name
      value[member.name] = shape_member(member, inner)
    end
  end
  return ordered.set(value, keys)
end

return answer
