-- lua/README.md: its examples run, and its tables name what there is.
package.path = "tests/lua/?.lua;" .. package.path
local check = require "check"
check.in_simulator()
local ivs = require "ivs"

local function read(path)
  local file = assert(io.open(path))
  local text = file:read("a")
  file:close()
  return text
end

local readme = read("lua/README.md")

-- A channel that is live, for the example with metadata.
local stage <close> = assert(ivs.client {})
local arn = assert(stage:create_channel { name = "stage" }).channel.arn
check.output(("curl -sS '%s/live' -d '%s'"):format(os.getenv "IVS_SIM_CONTROL", ivs.json.encode { channelArn = arn, live = true }))

local examples = 0
for code in readme:gmatch("```lua\n(.-)```") do
  examples = examples + 1
  local printed = {}
  local environment = setmetatable({ print = function(...) printed[#printed + 1] = table.concat({ tostring((...)) }) end }, { __index = _G })
  local example = assert(load(code, "=lua/README.md, example " .. examples, "t", environment))
  local ok, err = pcall(example)
  check.ok(ok, tostring(err))
  if examples == 1 then
    check.equal(#printed, 2, "what example 1 prints")
    check.equal(printed[1], printed[2], "the channel made is the channel found")
  elseif code:find "metadata_queue" then
    check.equal(#printed, 0, "all metadata was sent")
    check.has(check.output(("curl -sS '%s/metadata'"):format(os.getenv "IVS_SIM_CONTROL")), "half time")
  end
end
check.equal(examples, 6)

-- Codes: those of the sources and those of the table.
local documented, used = {}, { Internal = true }
for row in readme:match("| Code | Means.-\n\n?$"):gmatch("\n| (`[^|]+) |") do
  for code in row:gmatch("`(%w+)`") do documented[code] = true end
end
for code in read("lua/src/ivs_error.c"):gmatch('{IVS_ERR_[%u_]+,%s+"(%w+)"') do used[code] = true end
for path in check.output("ls lua/src/ivs_*.c"):gmatch "[^\n]+" do
  local source = read(path)
  for code in source:gmatch('ivs_push_failure%(L, "(%w+)"') do used[code] = true end
  for code in source:gmatch('[?:] "(%u%w+)"') do used[code] = true end
end
for code in pairs(used) do check.ok(documented[code], code .. " is not in the README") end
for code in pairs(documented) do check.ok(used[code], code .. " is in the README only") end

-- Names: everything in the module, every iterator, every counter.
for name in pairs(ivs) do check.has(readme, "`ivs." .. name, name) end
local client <close> = assert(ivs.client {})
for name in pairs(client:counters()) do check.has(readme, name) end
local queue <close> = client:metadata_queue(arn)
for name in pairs(queue:counters()) do check.has(readme, name) end
for name in pairs(getmetatable(queue).__index) do check.has(readme, "`queue:" .. name .. "(") end
for _, op in ipairs(ivs.operations()) do
  if op.each then check.has(readme, "`" .. op.each .. "`") end
end

check.finish()
