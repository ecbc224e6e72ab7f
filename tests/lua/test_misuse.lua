-- Requests that are wrong are refused where they are made, and never sent: every operation and every member of the API.
package.path = "tests/lua/?.lua;" .. package.path
local check = require "check"
local ivs = require "ivs"

local client = assert(ivs.client {
  region = "eu-west-1", access_key_id = "AKID", secret_access_key = "secret", endpoint = "http://127.0.0.1:9",
})

local wrong = {
  string = { 1, 1.5, true, {}, print, ivs.null, coroutine.create(function() end) },
  boolean = { 0, 1, "true", {}, print, ivs.null },
  integer = { "1", 1.5, 2 ^ 63, 1 / 0, 0 / 0, true, {}, ivs.null },
  structure = { 1, "x", true, print, ivs.null, { 1 }, { [true] = 1 } },
  list = { 1, "x", true, print, ivs.null, { x = 1 }, { [2] = "x" }, { "x", [3] = "y" }, { [1.5] = "x" } },
  map = { 1, "x", true, print, ivs.null, { 1 }, { x = 1 }, { x = true }, { x = {} }, { [1] = "x" } },
}
local text = {
  string = "a string", boolean = "a boolean", integer = "an integer", structure = "a table", list = "a list",
  map = "a string",
}

-- A value that the member takes.
local sample
local function sample_request(members)
  local request = {}
  for _, m in ipairs(members) do
    if m.required then request[m.name] = sample(m) end
  end
  return request
end
function sample(m)
  if m.kind == "string" then return "x" end
  if m.kind == "boolean" then return true end
  if m.kind == "integer" then return 1 end
  if m.kind == "map" then return { x = "y" } end
  if m.kind == "structure" then return sample_request(m.members) end
  return { m.of == "string" and "x" or sample_request(m.members) }
end

-- Tries the members of one struct. wrap(value) puts it into a request that is right otherwise; `at` is where it lies.
local function try_members(op, members, at, wrap)
  local function with(name, value)
    local t = sample_request(members)
    t[name] = value
    return wrap(t)
  end
  local function raises(part, name, value)
    check.raises(op.name .. ": " .. part, client.call, client, op.name, with(name, value))
  end
  for _, m in ipairs(members) do
    local place = at .. m.name
    for _, value in ipairs(wrong[m.kind]) do
      local ok, err = pcall(client.call, client, op.name, with(m.name, value))
      check.ok(not ok, ("%s: %s took a %s"):format(op.name, place, type(value)))
      check.has(err, op.name .. ": '" .. place)
      check.has(err, "must be ")
    end
    if m.kind ~= "map" then raises(("'%s' must be %s"):format(place, text[m.kind]), m.name, ivs.null) end
    if m.kind == "string" then raises(("'%s' is not UTF-8"):format(place), m.name, "a\xff") end
    if m.kind == "map" then
      raises(("a name in '%s' is not UTF-8"):format(place), m.name, { ["\xc0"] = "x" })
      raises(("'%s[\"a b\"]' is not UTF-8"):format(place), m.name, { ["a b"] = "\xed\xa0\x80" })
      raises(("'%s[\"a b\"]' must be a string, not a number"):format(place), m.name, { ["a b"] = 1 })
    end
    if m.of == "string" then
      raises(("'%s[2]' must be a string, not a number"):format(place), m.name, { "x", 2 })
      raises(("'%s[1]' is not UTF-8"):format(place), m.name, { "\x80" })
    end
    if m.required then
      raises(("required member '%s' is missing"):format(place), m.name, nil)
    end
    if m.kind == "structure" then
      try_members(op, m.members, place .. ".", function(value) return with(m.name, value) end)
    elseif m.of == "structure" then
      try_members(op, m.members, place .. "[2].", function(value)
        return with(m.name, { sample_request(m.members), value })
      end)
    end
    -- Misspelt: capitals wrong, as snake_case, a letter doubled.
    for _, misspelt in ipairs { m.name:upper(), m.name:gsub("%u", "_%0"), m.name:sub(1, 2) .. m.name:sub(2) } do
      local known = false
      for _, other in ipairs(members) do known = known or other.name == misspelt end
      if not known and type(misspelt) == "string" then
        local ok, err = pcall(client.call, client, op.name, with(misspelt, "x"))
        check.ok(not ok, op.name .. " took " .. misspelt)
        check.has(err, ("%s: no member '%s'"):format(op.name, misspelt))
        check.has(err, "did you mean '")
        if at ~= "" then check.has(err, " in '" .. at:sub(1, -2) .. "'") end
      end
    end
  end
  raises("no member 'qqqqqqqq'", "qqqqqqqq", 1)
  raises("no member ''", "", 1)
end

for _, op in ipairs(ivs.operations()) do
  try_members(op, op.input, "", function(t) return t end)
  check.raises("named members", client.call, client, op.name, { "x" })
  for _, value in ipairs { 1, "x", true, print } do
    check.raises(op.name .. ": the request must be a table", client[op.snake], client, value)
  end
end

-- Where: at the line of the script.
local function here() return debug.getinfo(2, "l").currentline end
local line = here() + 1
local _, err = pcall(function() client:get_channel { arm = "x" } end)
check.has(err, "test_misuse.lua:" .. line .. ": GetChannel: no member 'arm'; did you mean 'arn'?")
line = here() + 1
_, err = pcall(function() client:call("GetChannel", {}) end)
check.has(err, "test_misuse.lua:" .. line .. ": GetChannel: required member 'arn' is missing")
line = here() + 1
_, err = pcall(function() client:each_channel { maxresults = 1 } end)
check.has(err, "test_misuse.lua:" .. line .. ": ListChannels: no member 'maxresults'; did you mean 'maxResults'?")
line = here() + 1
_, err = pcall(function() client:creat_channel {} end)
check.has(err, "test_misuse.lua:" .. line .. ": ivs client: no operation 'creat_channel'; did you mean 'create_channel'?")
line = here() + 1
_, err = pcall(function() ivs.client { regoin = "eu-west-1" } end)
check.has(err, "test_misuse.lua:" .. line .. ": ivs.client: no option 'regoin'; did you mean 'region'?")

-- What a script names wrongly is shown, but neither at any length nor with control characters.
_, err = pcall(client.get_channel, client, { [("x"):rep(1000)] = 1 })
check.ok(#err < 200, "a long name is cut")
_, err = pcall(client.get_channel, client, { ["a\n\0b"] = 1 })
check.has(err, "no member 'a??b'")
_, err = pcall(client.get_channel, client, { ["\xff"] = 1 })
check.has(err, "no member '?'")

-- The self of methods.
check.raises("call methods with a colon", client.get_channel, { arn = "x" })
check.raises("call methods with a colon", client.call, "GetChannel")
check.raises("call methods with a colon", client.close)
check.raises("call methods with a colon", client.get_channel, io.stdout, {})
check.raises("no operation 'GetChanel'; did you mean", client.call, client, "GetChanel")
check.raises("no operation 'frobnicate'", client.call, client, "frobnicate")
check.raises("string expected", client.call, client)
check.raises("methods have names", function() return client[1] end)
check.raises("no operation 'each_tag'", function() return client.each_tag end)

-- Options.
for _, case in ipairs {
  { { region = 1 }, "'region' must be a string, not a number" },
  { { endpoint = true }, "'endpoint' must be a string" },
  { { verify = 0 }, "'verify' must be a boolean, not a number" },
  { { sign = "no" }, "'sign' must be a boolean" },
  { { timeout = "5" }, "'timeout' must be a number, not a string" },
  { { timeout = 0 }, "'timeout' must be 0.001 to 1e6 seconds" },
  { { timeout = -1 }, "'timeout' must be 0.001 to 1e6 seconds" },
  { { timeout = 0 / 0 }, "'timeout' must be 0.001 to 1e6 seconds" },
  { { timeout = math.huge }, "'timeout' must be 0.001 to 1e6 seconds" },
  { { "eu-west-1" }, "options have names" },
  { { caBundle = "x" }, "no option 'caBundle'; did you mean 'ca_bundle'?" },
  { { access_key_id = "x", region = "eu-west-1" }, "'secret_access_key' is missing" },
  { { secret_access_key = "x", region = "eu-west-1" }, "'access_key_id' is missing" },
  { { session_token = "x", region = "eu-west-1" }, "'access_key_id' is missing" },
  { { region = "eu\0west" }, "'region' holds a NUL" },
  { "eu-west-1", "ivs.client takes a table of options, not a string" },
} do
  check.raises(case[2], ivs.client, case[1])
end

-- None of it was sent.
check.equal(client:counters().calls, 0, "calls")
check.equal(client:counters().connections, 0, "connections")

check.finish()
