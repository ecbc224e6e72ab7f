-- end: 124 computes more than it may
-- load catches what its reader raises.
while true do load(function() while true do end end) end
