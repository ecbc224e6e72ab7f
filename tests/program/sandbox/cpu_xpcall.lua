-- end: 124 computes more than it may
-- The handler of the error loops too.
xpcall(function() while true do end end, function() while true do end end)
