-- end: 1 ?[31m
-- os.exit, and the way out raises what is no line.
local stay <close> = setmetatable({}, { __close = function() error(("\27[31m"):rep(1000) .. "\n", 0) end })
os.exit(true)
