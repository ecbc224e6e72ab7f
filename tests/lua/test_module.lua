-- The module without a service: clock, settings, life of a client, descriptions, loading it twice.
package.path = "tests/lua/?.lua;" .. package.path
local check = require "check"
local ivs = require "ivs"

local keys = { region = "eu-west-1", access_key_id = "AKID", secret_access_key = "secret", endpoint = "http://127.0.0.1:9" }

-- Time.
check.ok(math.abs(ivs.now() - os.time()) < 2, "now")
check.equal(math.type(ivs.now()), "float")
local began = ivs.monotonic()
check.equal(ivs.sleep(0.05), true)
local slept = ivs.monotonic() - began
check.ok(slept >= 0.05 and slept < 5, "slept " .. slept)
check.equal(ivs.sleep(0), true)
check.raises("must be 0 to 1e9 seconds", ivs.sleep, -1)
check.raises("must be 0 to 1e9 seconds", ivs.sleep, 0 / 0)
check.raises("number expected", ivs.sleep)
check.equal(ivs.time("1970-01-01T00:00:00Z"), 0)
check.equal(ivs.time("2026-11-22T09:30:00Z"), 1795339800)
check.equal(ivs.time("2026-11-22T10:30:00.123+01:00"), 1795339800)
check.fails("NotATime", ivs.time("yesterday"))
check.fails("NotATime", ivs.time(""))
check.raises("string expected", ivs.time, 1)

-- A client's life.
local client = assert(ivs.client(keys))
check.equal(tostring(client), "ivs client (eu-west-1, http://127.0.0.1:9)")
check.equal(client.get_channel, client.get_channel, "methods are kept")
local iterator = client:each_channel {}
client:close()
client:close()
check.equal(tostring(client), "ivs client (closed)")
check.raises("the client is closed", client.get_channel, client, { arn = "x" })
check.raises("the client is closed", client.each_channel, client, {})
check.raises("the client is closed", iterator)
check.equal(client:counters().calls, 0)
do
  local scoped <close> = assert(ivs.client(keys))
  client = scoped
end
check.equal(tostring(client), check.older and "ivs client (eu-west-1, http://127.0.0.1:9)" or "ivs client (closed)",
  "closed at the end of its block, where Lua has that")
for _ = 1, 200 do assert(ivs.client(keys)) end
collectgarbage()

-- Network errors, without a network.
client = assert(ivs.client(keys))
local err = check.fails("CannotConnect", client:get_channel { arn = "arn:aws:ivs:eu-west-1:123456789012:channel/abcdefgh" })
check.equal(err.operation, "GetChannel")
check.equal(err.retryable, true)
check.equal(err.status, nil)
check.has(tostring(err), "GetChannel: CannotConnect: 127.0.0.1:9: cannot connect: Connection refused; check the network")
check.has("it failed: " .. err, "it failed: GetChannel: CannotConnect")
check.has(err .. "!", "endpoint!")
for n = 900, 1100 do -- across the size of Lua's buffers
  err.message = ("x"):rep(n)
  check.has(tostring(err), "CannotConnect: " .. err.message .. "; " .. err.hint)
end
local ok, raised = pcall(function() for _ in client:each_channel {} do check.ok(false, "an element from nowhere") end end)
check.equal(ok, false)
check.equal(raised.code, "CannotConnect", "an iterator raises the error object")
check.equal(raised.operation, "ListChannels")

-- A client is not used in the middle of its own call: here by a finalizer that runs during it.
local seen
local function trap()
  setmetatable({}, { __gc = function() seen = seen or { pcall(client.list_channels, client, {}) } end })
end
if not check.older then
  collectgarbage("generational")
  for _ = 1, 200 do
    for _ = 1, 20 do trap() end
    client:create_channel { tags = { a = ("x"):rep(256) }, name = "n" }
  end
  collectgarbage("incremental")
  check.ok(seen, "a finalizer ran")
end

-- Wrong settings are said, not raised.
err = check.fails("BadRegion", ivs.client { region = "eu west 1", access_key_id = "a", secret_access_key = "b" })
check.equal(err.region, "eu west 1")
check.fails("BadRegion", ivs.client { region = ("x"):rep(64), access_key_id = "a", secret_access_key = "b" })
for _, url in ipairs { "", "localhost", "ftp://localhost", "http://", "http://user@host", "http://h:99999", "https://h/?q", ("x"):rep(600) } do
  check.fails("BadEndpoint", ivs.client { region = "eu-west-1", endpoint = url, access_key_id = "a", secret_access_key = "b" })
end
check.fails("NoCredentials", ivs.client { region = "eu-west-1", access_key_id = "a\nb", secret_access_key = "b" })
check.fails("NoCredentials", ivs.client { region = "eu-west-1", access_key_id = "a", secret_access_key = ("b"):rep(200) })
check.fails("NoCredentials", ivs.client { region = "eu-west-1", access_key_id = "", secret_access_key = "b" })
for _, file in ipairs { "/nonexistent.pem", "/", "/dev/null", "tests/lua/check.lua", "" .. ("x"):rep(2000) } do
  err = check.fails("TlsRoots", ivs.client { region = "eu-west-1", access_key_id = "a", secret_access_key = "b", ca_bundle = file })
  check.ok(not tostring(err):find("\n"), "one line")
end

-- What the environment gives, each case in a fresh interpreter: variables, what is printed.
local function with_environment(variables, options)
  local unset = {}
  for _, name in ipairs { "ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN", "REGION", "DEFAULT_REGION", "ENDPOINT_URL_IVS",
    "ENDPOINT_URL", "CA_BUNDLE" } do
    unset[#unset + 1] = "-u AWS_" .. name
  end
  return (check.output(("env %s %s %s -e 'print(require([[ivs]]).client(%s))' 2>&1")
    :format(table.concat(unset, " "), variables, check.interpreter, options or "")))
end
local creds = " AWS_ACCESS_KEY_ID=AKID AWS_SECRET_ACCESS_KEY=topsecret "
for _, case in ipairs {
  { creds, "nil\tNoRegion: no region: set AWS_REGION, or give region" },
  { creds .. "AWS_REGION=", "NoRegion" },
  { creds .. "AWS_REGION=eu-west-1", "ivs client (eu-west-1, https://ivs.eu-west-1.amazonaws.com)" },
  { creds .. "AWS_DEFAULT_REGION=eu-west-1", "(eu-west-1," },
  { creds .. "AWS_REGION=us-west-2 AWS_DEFAULT_REGION=eu-west-1", "(us-west-2," },
  { creds .. "AWS_REGION= AWS_DEFAULT_REGION=cn-north-1", "https://ivs.cn-north-1.amazonaws.com.cn" },
  { creds .. "AWS_REGION=us-west-2", "(eu-west-1,", "{region=[[eu-west-1]]}" },
  { creds .. "AWS_REGION=" .. ("x"):rep(64), "BadSetting: AWS_REGION is too long" },
  { creds .. "AWS_REGION='a b'", "BadRegion" },
  { creds .. "AWS_REGION=eu-west-1 AWS_ENDPOINT_URL=http://localhost:1", "http://localhost:1)" },
  { creds .. "AWS_REGION=eu-west-1 AWS_ENDPOINT_URL=http://localhost:1 AWS_ENDPOINT_URL_IVS=http://localhost:2", "http://localhost:2)" },
  { creds .. "AWS_REGION=eu-west-1 AWS_ENDPOINT_URL_IVS= AWS_ENDPOINT_URL=http://[::1]:1", "http://[::1]:1)" },
  { creds .. "AWS_REGION=eu-west-1 AWS_ENDPOINT_URL_IVS=nonsense", "BadEndpoint: AWS_ENDPOINT_URL_IVS is not a URL" },
  { creds .. "AWS_REGION=eu-west-1 AWS_ENDPOINT_URL=http://localhost:1", "http://localhost:3)", "{endpoint=[[http://localhost:3]]}" },
  { creds .. "AWS_REGION=eu-west-1 AWS_CA_BUNDLE=/nonexistent", "TlsRoots: no certificates can be read (No such file or directory): /nonexistent; give" },
  { creds .. "AWS_REGION=eu-west-1 AWS_CA_BUNDLE=/", "TlsRoots: no certificates can be read (Is a directory): /; give" },
  { creds .. "AWS_REGION=eu-west-1 AWS_CA_BUNDLE=/" .. ("d"):rep(250) .. "/" .. ("e"):rep(250),
    "TlsRoots: no certificates can be read (No such file or directory): /ddd" },
  { creds .. "AWS_REGION=eu-west-1 AWS_CA_BUNDLE=/dev/null", "TlsRoots: no certificates can be read: /dev/null; give" },
  { creds .. "AWS_REGION=eu-west-1 AWS_CA_BUNDLE=", "ivs client (eu-west-1" },
  { "AWS_REGION=eu-west-1", "nil\tNoCredentials: no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY" },
  { "AWS_REGION=eu-west-1 AWS_ACCESS_KEY_ID=AKID", "NoCredentials: AWS_ACCESS_KEY_ID is set, but not AWS_SECRET_ACCESS_KEY" },
  { "AWS_REGION=eu-west-1 AWS_SECRET_ACCESS_KEY=topsecret", "NoCredentials: AWS_SECRET_ACCESS_KEY is set, but not AWS_ACCESS_KEY_ID" },
  { "AWS_REGION=eu-west-1 AWS_ACCESS_KEY_ID=AKID AWS_SECRET_ACCESS_KEY='topsecret '", "is malformed" },
  { "AWS_REGION=eu-west-1", "ivs client", "{sign=false}" },
  { "AWS_REGION=eu-west-1 AWS_ACCESS_KEY_ID=AKID", "ivs client", "{access_key_id=[[a]], secret_access_key=[[b]]}" },
  { creds .. "AWS_REGION=eu-west-1 AWS_ENDPOINT_URL=http://example.invalid",
    "ivs: warning: example.invalid: http: requests and answers are not encrypted" },
  { creds .. "AWS_REGION=eu-west-1 AWS_ENDPOINT_URL=https://example.invalid",
    "ivs: warning: example.invalid: the certificate is not verified", "{verify=false}" },
} do
  local output = with_environment(case[1], case[3])
  check.has(output, case[2], case[1])
  check.ok(not output:find("topsecret"), "the secret is not shown")
  local _, lines = output:gsub("\n", "")
  check.ok(lines == (output:find("warning") and 2 or 1), "one line, and one for a warning")
end
check.ok(not with_environment(creds .. "AWS_REGION=x AWS_ENDPOINT_URL=http://127.0.0.1:1"):find("warning"), "loopback needs no TLS")

-- Descriptions.
local operations = ivs.operations()
check.equal(#operations, 41)
local by_name, pages = {}, {}
for _, op in ipairs(operations) do
  by_name[op.name] = op
  if op.each then pages[#pages + 1] = op.each .. "=" .. op.pages end
end
table.sort(pages)
check.equal(table.concat(pages, " "), "each_ad_configuration=adConfigurations each_channel=channels each_playback_key_pair=keyPairs "
  .. "each_playback_restriction_policy=playbackRestrictionPolicies each_recording_configuration=recordingConfigurations "
  .. "each_stream=streams each_stream_key=streamKeys each_stream_session=streamSessions")
local put = by_name.PutMetadata
check.equal(put.snake, "put_metadata")
check.equal(put.kebab, "put-metadata")
check.equal(put.repeats, "cue")
check.equal(#put.output, 0)
check.same(put.input[2], { name = "metadata", kebab = "metadata", kind = "string", required = true, sensitive = true, min = 1 })
check.equal(by_name.UntagResource.input[1].location, "path")
check.equal(by_name.UntagResource.input[2].location, "query")
check.equal(by_name.UntagResource.input[2].of, "string")
check.equal(by_name.CreateChannel.repeats, "once")
check.equal(by_name.ListTagsForResource.method, "GET")
for _, op in ipairs(operations) do
  for _, form in ipairs { op.name, op.snake, op.kebab } do check.same(ivs.operation(form), op) end
end
for _, no_name in ipairs { "", "put", "putmetadata", "PutMetadatas", "put_metadata " } do check.equal(ivs.operation(no_name), nil) end
check.ok(not pcall(ivs.operation), "a name is wanted")

-- The module's table.
check.equal(ivs.no_such_part, nil)
if _VERSION ~= "Lua 5.1" then
  package.preload["ivs.part"] = function() return { made = true } end
  check.equal(ivs.part.made, true, "a part that the host has put into package.preload")
  check.equal(ivs.part, require "ivs.part")
end
check.ok(ivs.version:find("^%d+%.%d+%.%d+$"), "version")

-- Loaded once more, it works with what the first gave.
package.loaded.ivs = nil
local again = require "ivs"
check.ok(again ~= ivs, "another table")
check.equal(again.null, ivs.null)
check.equal(again.json.encode(ivs.list { ivs.null }), "[null]")
check.has(tostring(again.client(keys)), "eu-west-1")

-- A second copy of the library in the same state has clients of its own.
local copy = os.tmpname()
local library = assert(io.open(assert(package.searchpath("ivs", package.cpath)), "rb"))
local file = assert(io.open(copy, "wb"))
file:write(library:read("a"))
file:close()
library:close()
local second = assert(package.loadlib(copy, "luaopen_ivs"))()
os.remove(copy)
check.ok(second.null ~= ivs.null, "a null of its own")
check.raises("a client was expected", second.client(keys).get_channel, ivs.client(keys), { arn = "x" })
check.fails("CannotConnect", second.client(keys):list_channels())
check.fails("CannotConnect", ivs.client(keys):list_channels())

check.finish()
