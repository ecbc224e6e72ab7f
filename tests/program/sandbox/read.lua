-- end: 124 ran for longer than it may
-- options: --cpu 10 --time 1
-- input: open
io.read "a"
while true do end
