-- end: 124 computes more than it may
-- The way out loops.
local stay <close> = setmetatable({}, { __close = function() while true do pcall(function() while true do end end) end end })
while true do end
