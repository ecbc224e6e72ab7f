-- end: 124 computes more than it may
while true do end
