-- end: 124 computes more than it may
while true do pcall(string.find, ("a"):rep(40), (".-"):rep(30) .. "b") end
