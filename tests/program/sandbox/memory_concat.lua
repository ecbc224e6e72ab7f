-- end: 124 more memory than it may
-- options: --cpu 10
local text = "x"
while true do text = text .. text end
