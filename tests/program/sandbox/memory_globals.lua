-- end: 124 more memory than it may
-- options: --cpu 10
-- All of it is still held when the line is written.
kept = {}
while true do kept[#kept + 1] = ("x"):rep(1000) .. #kept end
