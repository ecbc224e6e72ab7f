-- end: 124 writes more than
-- options: --cpu 10
-- Nothing of it is on standard output.
while true do io.stderr:write(("\n"):rep(1000000)) end
