-- What of the module is otherwise on a board, and what is the same; ends with an error if anything is not as it should be.
local ivs = require "ivs"

local function raises(part, f, ...)
  local ok, err = pcall(f, ...)
  if ok or not tostring(err):find(part, 1, true) then error(("'%s', not '%s'"):format(tostring(err), part), 2) end
end

local function fails(code, value, err)
  if value ~= nil or err.code ~= code then error(("%s, not %s"):format(tostring(err or value), code), 2) end
end

-- There are no files, and no environment.
raises("'profile' names a file, and this board has none", ivs.client, { profile = "stage" })
raises("'ca_bundle' names a file", ivs.client, { ca_bundle = "roots.pem" })
raises("'web_identity_token_file' names a file", ivs.client, { web_identity_token_file = "token" })
raises("'proxy' is not possible on this board", ivs.client, { proxy = false })
raises("'iot' is for the program of this board to give", ivs.client, { iot = {} })
raises("'role_arn' is for the program", ivs.client, { role_arn = "arn:aws:iam::123456789012:role/stage" })
raises("this board has no files", dofile, "story.lua")
raises("no script 'socket' in this image", require, "socket")
assert(os == nil and io == nil and package == nil and debug == nil)

-- Mistakes are found as everywhere.
raises("no option 'reigon'; did you mean 'region'?", ivs.client, { reigon = "eu-west-1" })
raises("'secret_access_key' is missing", ivs.client, { access_key_id = "AKID" })
raises("'max_attempts' must be a whole number from 1 to 255", ivs.client, { max_attempts = 0 })
fails("BadRegion", ivs.client { region = "eu west 1" })
fails("BadRegion", ivs.client { region = ("x"):rep(64) })
fails("BadEndpoint", ivs.client { endpoint = "localhost" })
fails("EndpointConflict", ivs.client { fips = true })
fails("NoCredentials", ivs.client { access_key_id = "", secret_access_key = "x" })

-- The board's settings, and options above them.
do
  local client <close> = assert(ivs.client {})
  assert(client:credentials().source == "board")
  raises("no member 'latency'", client.create_channel, client, { latency = "LOW" })
end
do
  local client <close> = assert(ivs.client {
    access_key_id = "AKID", secret_access_key = "secret", region = "eu-west-1", endpoint = "http://127.0.0.1:9", timeout = 2,
  })
  assert(client:credentials().source == "options")
  assert(tostring(client) == "ivs client (eu-west-1, http://127.0.0.1:9)")
  local answer, err = client:get_channel { arn = "arn:aws:ivs:eu-west-1:123456789012:channel/abcdefgh" }
  assert(answer == nil and err.retryable and err.operation == "GetChannel", err)
end

-- Numbers, texts and time.
assert(ivs.json.encode { 1, 2 ^ 53, 9007199254740993, 0.1, -1e-300, ivs.null } ==
  "[1,9007199254740992.0,9007199254740993,0.1,-1e-300,null]")
local values = assert(ivs.json.decode "[9223372036854775807, 0.30000000000000004, 1e999]" == nil
  and ivs.json.decode "[9223372036854775807, 0.30000000000000004]")
assert(values[1] == math.maxinteger and values[2] == 0.1 + 0.2)
local sevenths = ("7"):rep(190)
assert(tonumber("0." .. sevenths) == 7 / 9 and tonumber("0x0." .. sevenths) == 7 / 15)
assert(tonumber("\t0." .. sevenths .. " ") == 7 / 9 and ivs.json.decode("[0." .. sevenths .. "]")[1] == 7 / 9)
fails("NotJson", ivs.json.decode("[0." .. sevenths .. sevenths .. "]"))
assert(not tonumber("0." .. sevenths .. sevenths) and not tonumber("\t0x0." .. sevenths .. sevenths))
assert(("%5d|%-6s|%x|%.3f"):format(math.mininteger, "ü", 255, 1 / 3) == "-9223372036854775808|ü    |ff|0.333")
assert(ivs.time "2026-11-22T09:30:00Z" == 1795339800)
local now, ticks = ivs.now(), ivs.monotonic()
assert(ivs.sleep(0.05))
local slept = ivs.monotonic() - ticks
assert(slept > 0.049 and slept < 1 and ivs.now() > now, slept)
print "checks passed"
