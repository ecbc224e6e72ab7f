-- end: 0
-- options: --cpu 10
-- Where the service is, and as whom it is called, is not the script's to say.
local ivs = require "ivs"
local denied = {
  endpoint = "http://127.0.0.1:9", profile = "other", access_key_id = "AKIDEXAMPLE", secret_access_key = "x", session_token = "x",
  role_arn = "arn:aws:iam::123456789012:role/x", role_session_name = "x", external_id = "x", duration_seconds = 900,
  web_identity_token_file = "/etc/passwd", iot = { private_key = "/etc/passwd" }, ca_bundle = "/etc/passwd", proxy = "http://127.0.0.1:9",
  verify = false, sign = false, keep_clock = true, fips = true, dual_stack = true, trace = print,
}
for name, value in pairs(denied) do
  local ok, problem = pcall(ivs.client, { [name] = value })
  assert(not ok and problem:find(name, 1, true), name)
end
local options = setmetatable({}, { __index = denied, __pairs = function() return next, denied end })
local client = assert(ivs.client(options))
assert(tostring(client):find("://localhost:", 1, true) and not tostring(client):find(":9)", 1, true), tostring(client))
assert(not pcall(function() return client.tls_session end))
assert(client:credentials().secret_access_key == nil)
local other = assert(ivs.client { region = "us-east-1" })
assert(tostring(other):find("us-east-1", 1, true))
print "contained"
