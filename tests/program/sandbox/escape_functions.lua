-- end: 0
-- options: --cpu 10
-- What the script changes is changed for the script alone: the library does not run its functions.
local function theirs() error "the library ran a function of the script" end
for _, name in ipairs { "format", "gsub", "find", "match", "rep", "sub", "byte", "gmatch" } do string[name] = theirs end
for _, name in ipairs { "concat", "move", "unpack", "insert", "sort", "pack" } do table[name] = theirs end
math.min, math.max, os.time = theirs, theirs, theirs
local ivs = require "ivs"
local start = ivs.live.start
local client = assert(ivs.client())
ivs.client, ivs.sleep, ivs.monotonic, ivs.operations, ivs.json.encode, ivs.json.decode = theirs, theirs, theirs, theirs, theirs, theirs
tostring, ipairs, pairs, next, type, select, setmetatable, error = theirs, theirs, theirs, theirs, theirs, theirs, theirs, nil
local session, problem = start { client = client, channel = "plain", wait = 0.2 }
assert(session == nil and problem.code == "NotLive" or session == nil, problem and problem.message)
print "contained"
