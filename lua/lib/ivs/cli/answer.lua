-- An answer as it is shown: members in the order of the API, times in the form that the profile wants.

local ordered = require "ivs.ordered"

local answer = {}

-- ---------------------------------------------------------------- times

local BEYOND <const> = 2.5e11 -- s from 1970 on; years have four digits until then

-- Seconds since 1970, as the AWS CLI shows these: in the zone of this machine.
local function show_seconds(seconds)
  if math.abs(seconds) > BEYOND then return nil end
  local whole = math.floor(seconds)
  local micro = ("%.0f"):format((seconds - whole) * 1e6)
  if micro == "1000000" then whole, micro = whole + 1, "0" end
  local fraction = micro ~= "0" and (".%06d"):format(micro) or ""
  local zone = os.date("%z", whole):gsub("%d%d$", ":%0")
  return os.date("%Y-%m-%dT%H:%M:%S", whole) .. fraction .. zone
end

local function show_text(text)
  local seconds, fraction, zone = text:match "^(%d+%-%d+%-%d+T%d+:%d+:%d+)(%.?%d*)([Z+-][%d:]*)$"
  if not seconds then return nil end
  zone = zone == "Z" and "+00:00" or zone:gsub("(%d%d)(%d%d)$", "%1:%2")
  local micro = (fraction:sub(2) .. "000000"):sub(1, 6)
  return seconds .. (tonumber(micro) ~= 0 and "." .. micro or "") .. zone
end

-- A time that came as a number and not as text.
local function number(time) return time:find "^%-?[%d.]+$" and tonumber(time) or nil end

-- The values of cli_timestamp_format: functions of a time as it came.
answer.time_forms = {
  wire = function(time) return number(time) or time end,

  -- The zone as +00:00, a fraction with six digits.
  iso8601 = function(time)
    local seconds = number(time)
    return (seconds and show_seconds(seconds) or show_text(time)) or time
  end,
}

-- ---------------------------------------------------------------- members

local function shape_member(member, value, show_time)
  if member.kind == "timestamp" then return show_time(value) end
  if not member.members then return value end
  if member.kind == "structure" then return answer.shape(value, member.members, show_time) end
  for _, element in ipairs(value) do answer.shape(element, member.members, show_time) end
  return value
end

-- In place, by the description of the members. show_time: one of answer.time_forms. Returns the value.
function answer.shape(value, members, show_time)
  local keys = {}
  for _, member in ipairs(members) do
    local inner = value[member.name]
    if inner ~= nil then
      keys[#keys + 1] = member.name
      value[member.name] = shape_member(member, inner, show_time)
    end
  end
  return ordered.set(value, keys)
end

return answer
