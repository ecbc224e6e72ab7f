-- end: 0
-- options: --cpu 10
-- Want of memory can be caught, and is over when what took it is let go.
for _ = 1, 5 do
  local ok, problem = pcall(function() local t = {} while true do t[#t + 1] = ("x"):rep(100000) .. #t end end)
  assert(not ok and problem == "not enough memory", problem)
end
print "contained"
