-- end: 124 computes more than it may
-- os.exit, and the way out loops.
local stay <close> = setmetatable({}, { __close = function() pcall(function() while true do end end) end })
os.exit(0)
