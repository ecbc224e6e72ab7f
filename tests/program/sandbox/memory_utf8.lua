-- end: 124 more memory than it may
-- options: --cpu 10
local all = {}
for i = 1, 60000 do all[i] = 0x7fffffff end
local out = {}
while true do out[#out + 1] = utf8.char(table.unpack(all)) .. #out end
