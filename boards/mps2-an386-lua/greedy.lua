-- Takes all memory there is, in each way that a script can. Lua refuses, and goes on; so does its host when nobody catches
-- the last error.
local ivs = require "ivs"

local function refused(what, expected, take)
  local ok, err = pcall(take)
  local right = not ok and tostring(err):find(expected, 1, true) ~= nil
  print("greedy-" .. what .. " " .. (right and "refused" or tostring(err)))
  collectgarbage()
end

local function fill()
  local all = {}
  for i = 1, math.maxinteger do all[i] = "an item, number " .. i end
end

refused("table", "not enough memory", fill)
refused("string", "not enough memory", function() return ("x"):rep(1 << 24) end)
refused("doubling", "not enough memory", function()
  local text = "x"
  while true do text = text .. text end
end)
refused("calls", "not enough memory", function()
  local function deeper() return 1 + deeper() end
  return deeper()
end)

-- Nothing takes more C stack than a call of the service at the end of such a row.
local levels = 0
local function deeper()
  levels = levels + 1
  return (("x"):gsub("x", deeper))
end
refused("patterns", "stack overflow", deeper)
local levels_of_call, reached = 6
local function deep(left)
  if left > 0 then return (("x"):gsub("x", function() return deep(left - 1) end)) end
  local client <close> = assert(ivs.client { timeout = 20 })
  assert(client:learn_clock())
  reached = assert(client:list_channels {}).channels
end
print("greedy-deep " .. tostring(pcall(deep, levels - levels_of_call)) .. " " .. type(reached))

refused("repetitions", "pattern too complex", function() return ("x"):rep(200):find(("x?"):rep(100)) end)
refused("coroutines", "not enough memory", function()
  local all = {}
  while true do
    all[#all + 1] = coroutine.create(fill)
    coroutine.resume(all[#all], all)
  end
end)
-- A long numeral may cost no more memory than its text has.
local function sevens(n) return ("7"):rep(n) end
for what, before in pairs {
  numeral = "3.", fraction = "0.", hexadecimal = "0x0.", exponent = "1e", blanks = " \t\n0.", sign = "-0.",
} do
  refused(what, "is no number", function() return assert(tonumber(before .. sevens(9000)), "it is no number") end)
end
refused("script", "malformed number", function() return assert(load("return 0x0." .. sevens(3000))) end)
refused("json", "NotJson", function() return assert(ivs.json.decode("[0." .. sevens(3000) .. "]")) end)

-- Numbers have memory of their own to become text.
local shown
local ok = pcall(function()
  local all = {}
  while true do
    all[#all + 1] = "x" .. #all
    local longest = -1.7976931348623157e308 / (1 + #all)
    shown = ("%.17g %.99f"):format(longest, longest)
    assert(tonumber("0." .. ("7"):rep(150) .. "e-300") and tonumber(("7"):rep(150) .. "e-170"))
    assert(tonumber("0x0." .. ("7"):rep(190) .. "p-9"))
  end
end)
print("greedy-numbers " .. tostring(ok) .. " " .. #shown)

fill()
