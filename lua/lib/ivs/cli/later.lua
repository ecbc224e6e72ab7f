-- later "ivs.x" stands for what require "ivs.x" gives, a table, which is loaded when something of it is first used. Nothing may be put
-- into it.

return function(name)
  return setmetatable({}, { __index = function(self, key)
    local value = require(name)[key]
    self[key] = value
    return value
  end })
end
