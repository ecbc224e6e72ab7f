-- Viewer tokens: options, claims and their limits, keys, the clock that counts. What they look like to others is in
-- tests/platform/test_token.py.
package.path = "tests/lua/?.lua;" .. package.path
local check = require "check"
local ivs = require "ivs"

local sign, verify = ivs.token.sign, ivs.token.verify
local ARN = "arn:aws:ivs:eu-west-1:123456789012:channel/AbCdef1G2hij"
local key = assert(ivs.token.key_pair())
local private, public = assert(key:private_pem()), assert(key:public_pem())

-- Keys.
check.equal(tostring(key), "ivs key (P-384, private)")
check.has(private, "-----BEGIN EC PRIVATE KEY-----\n")
check.has(public, "-----BEGIN PUBLIC KEY-----\n")
local half = assert(ivs.token.key(public))
check.equal(tostring(half), "ivs key (P-384, public)")
check.equal(assert(half:public_pem()), public)
check.equal(assert(assert(ivs.token.key(private)):private_pem()), private)
check.has(check.fails("BadKey", half:private_pem()).message, "public key")
check.ok(assert(ivs.token.key_pair()):public_pem() ~= public, "each pair is another")
for _, text in ipairs { "", "key", private:sub(1, 100), "\0", (public:gsub("BEGIN PUBLIC", "BEGIN SECRET")) } do
  check.fails("BadKey", ivs.token.key(text))
end
check.raises("string expected", ivs.token.key)
check.raises("string expected", ivs.token.key, 7)
check.raises("a key is expected, not a nil", key.public_pem, nil)
check.raises("a key is expected, not a userdata", key.public_pem, io.stdout)

-- All options become claims, and all claims options.
local function options(more)
  local all = { key = private, channel_arn = ARN }
  for name, value in pairs(more or {}) do all[name] = value end
  return all
end
local said = {
  allow_origin = "https://a.example,https://*.b.example", strict_origin = true,
  single_use = "00112233-4455-6677-8899-aabbccddeeff",
  viewer_id = "viewer \"7\" €", viewer_session_version = -7, maximum_resolution = "FULL_HD", ads_opt_out = false,
  ads_reporting_mode = "CLIENT", ads_playback_config_name = "mine", ads_player_params = { a = "b", c = "" },
}
local token = assert(sign(options(said)))
local claims = assert(verify(token, public))
check.equal(claims.channel_arn, ARN)
check.ok(math.abs(claims.expires - (ivs.now() + 600)) < 60, "ten minutes unless given")
for name, value in pairs(said) do
  if type(value) ~= "table" then check.equal(claims[name], value, name) end
end
check.equal(claims.ads_player_params.a .. claims.ads_player_params.c, "b")
check.ok(token:find "^[%w_-]+%.[%w_-]+%.[%w_-]+$" and #token:match "[^.]*$" == 128, token)
for _, one in ipairs { key, half, private, public } do check.ok(verify(token, one), "either half verifies") end

-- Few options, few claims.
claims = assert(verify(assert(sign(options())), key))
local names = {}
for name in pairs(claims) do names[#names + 1] = name end
table.sort(names)
check.equal(table.concat(names, " "), "channel_arn expires")

-- Forms of options.
token = assert(sign(options { allow_origin = { "https://a", "https://b" }, expires_in = 5, now = 1795000000 }))
claims = assert(verify(token, key, { now = 1795000000 }))
check.equal(claims.allow_origin, "https://a,https://b")
check.equal(claims.expires, 1795000005)
claims = assert(verify(assert(sign(options { expires = 4102444800 })), key))
check.equal(claims.expires, 4102444800)
local one = assert(verify(assert(sign(options { single_use = true })), key)).single_use
local other = assert(verify(assert(sign(options { single_use = true })), key)).single_use
check.ok(one:find "^%x+%-%x+%-4%x+%-[89ab]%x+%-%x+$" and #one == 36, one)
check.ok(one ~= other, "each single_use = true is another UUID")
check.equal(assert(verify(assert(sign(options { single_use = false })), key)).single_use, nil)
check.ok(sign { key = key, channel_arn = ARN }, "a key that was loaded")

token = assert(sign(options()))

-- Limits.
local function refused(more, words)
  check.has(check.fails("BadClaim", sign(options(more))).message, words)
end
refused({ channel_arn = "lobby" }, "ARN of a channel")
refused({ expires_in = 601, viewer_id = "7" }, "10 minutes")
refused({ expires_in = 601, single_use = true }, "10 minutes")
refused({ expires = 1 }, "over already")
refused({ expires = 1795000000 * 1000 }, "milliseconds")
refused({ viewer_id = ("x"):rep(41) }, "40 characters")
refused({ viewer_id = "\xff" }, "UTF-8")
refused({ single_use = "once" }, "UUID")
refused({ allow_origin = "a.example" }, "SCHEME://HOST")
refused({ allow_origin = {} }, "SCHEME://HOST")
refused({ strict_origin = true }, "needs aws:access-control-allow-origin")
refused({ maximum_resolution = "UHD" }, "SD, HD or FULL_HD")
refused({ ads_reporting_mode = "" }, "CLIENT or SERVER")
refused({ ads_player_params = { a = 1 } }, "object of texts")
refused({ ads_player_params = { a = ("x"):rep(1000) } }, "1000 bytes")
refused({ allow_origin = "https://" .. ("x"):rep(2000) }, "2048 characters")
check.has(check.fails("BadKey", sign(options { key = public })).message, "private")
check.fails("BadKey", sign(options { key = "no key" }))

-- Mistakes of a script raise.
check.raises("no option 'viewer'; did you mean 'viewer_id'?", sign, options { viewer = "7" })
check.raises("options have names", sign, { ARN })
check.raises("'key' is missing", sign, { channel_arn = ARN })
check.raises("'channel_arn' is missing", sign, { key = key })
check.raises("'key' must be a PEM text or a key, not a table", sign, options { key = {} })
check.raises("a key is expected, not a userdata", sign, options { key = io.stdout })
check.raises("'viewer_id' must be a string, not a number", sign, options { viewer_id = 7 })
check.raises("'strict_origin' must be a boolean, not a string", sign, options { strict_origin = "yes" })
check.raises("'single_use' must be a boolean or a UUID, not a number", sign, options { single_use = 1 })
check.raises("'allow_origin' must be a string or a list of them", sign, options { allow_origin = { 1 } })
check.raises("'expires' must be a whole number", sign, options { expires = 1.5 })
check.raises("'expires_in' must be 1 to 1e9 seconds", sign, options { expires_in = 0 })
check.raises("not both", sign, options { expires = 4102444800, expires_in = 5 })
check.raises("'now' must be in seconds", sign, options { now = -1 })
check.raises("'now' must be in seconds", sign, options { now = 1795000000000 })
check.raises("table expected", sign)
check.raises("no option 'viewer_id'", verify, token, key, { viewer_id = "7" })
check.raises("string expected", verify, nil, key)
check.raises("a key is expected, not a nil", verify, token, nil)

-- Tokens that are none, of another key, or over.
check.fails("BadToken", verify("", key))
check.fails("BadToken", verify(token:sub(1, -2), key))
check.fails("BadToken", verify(token:sub(1, 60) .. (token:sub(61, 61) == "A" and "B" or "A") .. token:sub(62), key))
check.has(check.fails("BadToken", verify(token, assert(ivs.token.key_pair()))).message, "not signed by this key")
check.fails("BadKey", verify(token, "no key"))
check.fails("TokenOver", verify(token, key, { now = ivs.now() + 601 }))
check.ok(verify(token, key, { now = ivs.now() + 500 }))

-- The clock of a client counts where it is given.
do
  local client <close> = assert(ivs.client { region = "eu-west-1", access_key_id = "a", secret_access_key = "b",
    endpoint = "http://127.0.0.1:9" })
  client:clock_offset(86400)
  local ahead = assert(sign(options { client = client, viewer_id = "7" }))
  check.ok(math.abs(assert(verify(ahead, key)).expires - (ivs.now() + 86400 + 600)) < 60, "ten minutes by the client's clock")
  check.ok(verify(ahead, key, { client = client }))
  check.fails("TokenOver", verify(token, key, { client = client }))
  client:clock_offset(-ivs.now())
  local err = check.fails("Clock", sign(options { client = client }))
  check.has(err.hint, "learn_clock")
  check.fails("Clock", verify(token, key, { client = client }))
  check.raises("'client' must be a client, not a string", sign, options { client = "x" })
  client:close()
  check.raises("closed", sign, options { client = client })
end

-- Keys are freed, also when something raises.
do
  local scoped <close> = assert(ivs.token.key_pair())
  key = scoped
end
for _ = 1, 300 do
  assert(ivs.token.key(private))
  pcall(sign, options { allow_origin = { 1 } })
end
collectgarbage()

check.finish()
