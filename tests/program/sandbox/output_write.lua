-- end: 124 writes more than
-- options: --cpu 10
while true do pcall(io.write, ("x"):rep(1000000)) end
