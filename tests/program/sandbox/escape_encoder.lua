-- end: 0
-- options: --cpu 10
-- live: true
-- Neither a program nor a file by way of ivs.live.
local ivs = require "ivs"
local client = assert(ivs.client())
local touch = { "touch", "ESCAPED" }
local session, problem = ivs.live.start { client = client, channel = "mine", encoder = touch, wait = 1 }
assert(session == nil and problem.code == "EncoderNotAllowed", problem)
local turns = 0
local shifty = setmetatable({}, {
  __index = function(_, i) turns = turns + 1 return touch[i] end, __len = function() turns = turns + 1 return turns > 1 and 2 or 0 end,
})
local ran
ran, session = pcall(ivs.live.start, { client = client, channel = "mine", encoder = shifty, wait = 1 })
assert(not ran or session == nil, "an encoder of two faces was started")
assert(not pcall(ivs.live.start, { client = client, channel = "mine", log = "ESCAPED" }))
assert(not pcall(ivs.live.start, { client = { get_channel = print }, channel = "mine" }))
assert(ivs.live.allow_only == nil and ivs.live.words == nil)
print "contained"
