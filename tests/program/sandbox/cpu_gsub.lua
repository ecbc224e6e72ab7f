-- end: 124 computes more than it may
local text = ("a"):rep(1000000)
while true do text:gsub("a", "b") end
