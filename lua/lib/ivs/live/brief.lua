-- A client that does not wait long: a service that hangs must hold up neither the encoder nor the way out.

local ivs = require "ivs"

local LONGEST <const> = 5 -- s, of a call with its attempts
local ROUNDING <const> = 0.05 -- s

local Brief = {}

-- Of an error that the limit made: no option gives a call more time.
local function correct_hint(err, began, limit)
  if err and err.code == "Timeout" and ivs.monotonic() - began >= limit - ROUNDING then err.hint = "check the network" end
end

-- The client's methods, with less time for each call.
function Brief:__index(name)
  local client, left = rawget(self, "client"), rawget(self, "left")
  local function call(_, ...)
    local before, began = client:timeout(), ivs.monotonic()
    local restored <close> = setmetatable({}, { __close = function() client:timeout(before) end })
    local limit = math.min(LONGEST, left and left() or LONGEST)
    client:timeout(math.min(before, limit))
    local answer, err = client[name](client, ...)
    correct_hint(err, began, limit)
    return answer, err
  end
  self[name] = call
  return call
end

-- left(), if it is given: the seconds that a call may take now, if that is less.
return function(client, left) return setmetatable({ client = client, left = left }, Brief) end
