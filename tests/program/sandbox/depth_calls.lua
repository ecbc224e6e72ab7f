-- end: 1 stack overflow
-- options: --cpu 10 --memory 256
local function down() return 1 + down() end
down()
