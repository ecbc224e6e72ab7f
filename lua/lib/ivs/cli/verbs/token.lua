-- ivs token: signs a viewer token for a private channel; ivs token verify: says what one holds.

local ivs = require "ivs"
local channel = require "ivs.live.channel"
local private_key = require "ivs.cli.private_key"
local stop = require "ivs.cli.stop"
local verb = require "ivs.cli.verb"

local function flag(name, key) return { name = name, key = key, takes = "none", value = true } end

local function one(name, key, convert, choices)
  return { name = name, key = key, takes = "one", convert = convert, choices = choices }
end

local function integer(word)
  local value = word:find "^-?%d+$" and math.tointeger(tonumber(word))
  if value then return value end
  return nil, ("must be a whole number of 64 bits, not %s"):format(require "ivs.cli.python".repr(word))
end

local token = {
  positional = verb.channel, -- or the word "verify"
  second = { key = "token" },
  options = {
    { name = "--key", key = "key", takes = "one", required = true },
    one("--expires-in", "expires_in", verb.whole_number(1, 1000000000)),
    one("--expires", "expires", verb.whole_number(0, math.maxinteger)),
    one("--allow-origin", "allow_origin"),
    flag("--strict-origin", "strict_origin"),
    { name = "--single-use", key = "single_use", takes = "optional", value = true },
    one("--viewer-id", "viewer_id"),
    one("--viewer-session-version", "viewer_session_version", integer),
    one("--maximum-resolution", "maximum_resolution", nil, { "SD", "HD", "FULL_HD" }),
    flag("--ads-opt-out", "ads_opt_out"),
    one("--ads-reporting-mode", "ads_reporting_mode", nil, { "CLIENT", "SERVER" }),
    one("--ads-playback-config-name", "ads_playback_config_name"),
    one("--ads-player-params", "ads_player_params"),
    flag("--url", "url"),
    flag("--service-time", "service_time"),
  },
}

-- In the order in which verify prints them.
local CLAIMS <const> = {
  "channel_arn", "expires", "allow_origin", "strict_origin", "single_use", "viewer_id", "viewer_session_version",
  "maximum_resolution", "ads_opt_out", "ads_reporting_mode", "ads_playback_config_name", "ads_player_params",
}

local function is_verify(given) return given.channel == "verify" end

-- The service is asked only for what is not on this machine.
function token.is_local(given)
  if given.service_time then return false end
  return is_verify(given) or (channel.is_arn(given.channel) and not given.url)
end

local function params_of(text)
  if not text then return nil end
  local value = text:find "^%s*{" and ivs.json.decode(text)
  if value then return value end
  value = {}
  for pair in (text .. ","):gmatch "([^,]*)," do
    local name, said = pair:match "^([^=]+)=(.*)$"
    if not name then stop.stop("usage", "token: --ads-player-params: give NAME=VALUE,... or a JSON object, not %s", text) end
    value[name] = said
  end
  return value
end

function token.check(given)
  if is_verify(given) then
    for key in pairs(given) do
      if key ~= "channel" and key ~= "token" and key ~= "key" and key ~= "service_time" then
        stop.stop("usage", "token: verify takes --key and --service-time only")
      end
    end
    return
  end
  if given.token then
    stop.stop("usage", "token: give one channel; to see what a token holds: ivs token verify TOKEN --key FILE")
  end
  if given.expires and given.expires_in then stop.stop("usage", "token: give either --expires or --expires-in") end
  given.ads_player_params = params_of(given.ads_player_params)
end

local function read_key(context, path)
  local text = context:check(private_key.read(path))
  local key, err = ivs.token.key(text)
  if not key then stop.stop("other", "%s: %s", path, err.message) end
  return key
end

-- Whose clock counts: the service's with --service-time, else this machine's, which must have been set.
local function clock_of(given, context)
  if given.service_time then context:check(context.client:learn_clock()) end
  return context.client
end

local OPTIONS <const> = {
  ["channel-arn"] = "CHANNEL", ["access-control-allow-origin"] = "--allow-origin", ["strict-origin-enforcement"] = "--strict-origin",
  ["single-use-uuid"] = "--single-use",
}

-- What is wrong with a claim, by the names of options.
local function in_options(text, given)
  text = text:gsub("(:?)aws:([%w-]+)", function(in_arn, claim) return in_arn == "" and (OPTIONS[claim] or "--" .. claim) or nil end)
  return (text:gsub("^exp ", given.expires and "--expires " or "--expires-in "))
end

-- kind: of what the claims say; "usage" unless it is given
local function refuse(err, kind)
  if err.code == "Clock" then
    stop.stop("other", "this machine's clock was never set: set it, or take the time from the service with --service-time")
  end
  stop.stop(err.code == "BadClaim" and (kind or "usage") or "other", "%s", err.message)
end

-- ---------------------------------------------------------------- verify

local function read_token(given)
  local text = given.token
  if not text or text == "-" then
    local problem
    text, problem = io.read "l"
    if problem then stop.stop("other", "standard input: %s", problem) end
  end
  text = text or ""
  return text:match "[?&]token=([^&#%s]+)" or text:match "^%s*(.-)%s*$"
end

local function print_claims(claims, now)
  for _, name in ipairs(CLAIMS) do
    local value = claims[name]
    if type(value) == "table" then value = ivs.json.encode(value) end
    if name == "expires" then value = ("%d (in %d s)"):format(value, value - math.floor(now)) end
    if value ~= nil then print(("%s\t%s"):format(name, value)) end
  end
end

local function verify(given, context, key)
  local client = clock_of(given, context)
  local claims, err = ivs.token.verify(read_token(given), key, { client = client })
  if not claims then refuse(err) end
  if context.output == "json" then return context:print_json(claims) end
  print_claims(claims, client and client:clock() or ivs.now())
end

-- ---------------------------------------------------------------- sign

-- Any channel, for claims that are tried out.
local SOME_ARN <const> = "arn:aws:ivs:us-west-2:123456789012:channel/abcdefghijkl"
local LATEST <const> = 10 ^ 11 -- s, of a clock

local function sign(options, given, kind)
  for _, name in ipairs(CLAIMS) do
    if options[name] == nil then options[name] = given[name] end
  end
  options.expires_in = given.expires_in
  local signed, err = ivs.token.sign(options)
  if signed then return signed end
  err.message = in_options(err.message, given)
  refuse(err, kind)
end

-- What is impossible at any time is said before anything is sent.
local function try_out(given, key)
  if token.is_local(given) then return end
  local now = given.expires and math.max(0, math.min(given.expires - 1, LATEST)) or 1 << 31
  sign({ key = key, channel_arn = channel.is_arn(given.channel) and given.channel or SOME_ARN, now = now }, given)
end

-- The channel as far as it is known: its ARN, and its URL if that is wanted.
local function find(given, context)
  if given.url then return context:check(channel.get(context.client, given.channel)) end
  local arn, err, found = channel.arn_of(context.client, given.channel)
  return found or { arn = context:check(arn, err) }
end

function token.run(given, context)
  local key <close> = read_key(context, given.key)
  if is_verify(given) then return verify(given, context, key) end
  try_out(given, key)
  local found = find(given, context)
  if found.authorized == false then context:note "the channel is not private: it plays without a token, too; see update-channel --authorized" end
  local signed = sign({ key = key, channel_arn = found.arn, client = clock_of(given, context) }, given, not token.is_local(given) and "other")
  local url = given.url and found.playbackUrl .. "?token=" .. signed or nil
  if context.output == "json" then return context:print_json { token = signed, channelArn = found.arn, url = url } end
  print(url or signed)
end

return token
