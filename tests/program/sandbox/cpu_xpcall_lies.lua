-- end: 124 computes more than it may
-- Takes the mark of the limit for its own.
local kept
xpcall(function() while true do end end, function(mark) kept = mark end)
while true do pcall(error, kept) end
