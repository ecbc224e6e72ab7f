-- end: 0
-- live: true
-- What a script is for works: a channel, metadata, pages, JSON, its arguments, standard input.
-- options: --cpu 20
local ivs = require "ivs"
local client <close> = assert(ivs.client { timeout = 20 })
local made = assert(client:create_channel { name = "boxed", tags = { place = "box" } })
local names = {}
for channel in client:each_channel { filterByName = "boxed" } do names[#names + 1] = channel.name end
assert(#names == 1 and names[1] == "boxed")
assert(client:call("GetChannel", { arn = made.channel.arn }).channel.name == "boxed")
assert(client:delete_channel { arn = made.channel.arn })
assert(ivs.json.decode(ivs.json.encode { a = { 1, 2, ivs.null } }).a[2] == 2)
local event = assert(ivs.events.decode '{"source": "aws.ivs", "detail-type": "IVS Limit Breach", "detail": {"exceeded_by": 11}}')
assert(event.type == "limit_breach" and event.detail.exceeded_by == 11 and ivs.events.decode "{" == nil)
assert(select("#", ...) == 2 and arg[1] == "one" and arg[0]:find "works.lua$")
assert(io.read "l" == "a line" and io.read "l" == nil)
local f = assert(load("local a = ... return a + 1"))
assert(f(1) == 2 and pcall(f, 1) and os.time() > 0 and ("%d"):format(7) == "7")
local co = coroutine.wrap(function(a) local b = coroutine.yield(a + 1) return pcall(coroutine.yield, b) end)
assert(co(1) == 2 and co(5) == 5 and co() == true)
io.write("contained", "\n")
