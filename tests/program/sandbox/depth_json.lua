-- end: 0
-- options: --cpu 10
local ivs = require "ivs"
local value, problem = ivs.json.decode(("["):rep(1000000))
assert(value == nil and problem, "decoded")
local loop = {}
loop.again = loop
assert(not pcall(ivs.json.encode, loop))
local deep = {}
for _ = 1, 100000 do deep = { deep } end
assert(not pcall(ivs.json.encode, deep))
print "contained"
