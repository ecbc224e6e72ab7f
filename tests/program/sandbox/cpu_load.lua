-- end: 124 computes more than it may
while true do load(("x = 1 "):rep(100000)) end
