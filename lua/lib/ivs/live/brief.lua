-- A client that does not wait long: a service that hangs must hold up neither the encoder nor the way out.

local LONGEST <const> = 5 -- s, of a call with its attempts

local Brief = {}

-- The client's methods, with less time for each call.
function Brief:__index(name)
  local client = rawget(self, "client")
  local function call(_, ...)
    local before = client:timeout()
    local restored <close> = setmetatable({}, { __close = function() client:timeout(before) end })
    client:timeout(math.min(before, LONGEST))
    local answer, err = client[name](client, ...)
    return answer, err
  end
  self[name] = call
  return call
end

return function(client) return setmetatable({ client = client }, Brief) end
