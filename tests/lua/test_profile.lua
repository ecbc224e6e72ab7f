-- Profiles in ivs.client: what reaches it from the files, and that they are left alone where all is given.

package.path = "tests/lua/?.lua;" .. package.path
local check = require "check"

local config, credentials = os.tmpname(), os.tmpname()

local function write(name, text)
  local file = assert(io.open(name, "w"))
  file:write(text)
  file:close()
end

-- What a fresh interpreter prints for ivs.client(options), with the variables.
local function client(variables, options)
  local unset = {}
  for _, name in ipairs { "ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN", "SECURITY_TOKEN", "REGION", "DEFAULT_REGION", "PROFILE",
    "DEFAULT_PROFILE", "ENDPOINT_URL_IVS", "ENDPOINT_URL", "CA_BUNDLE", "WEB_IDENTITY_TOKEN_FILE", "ROLE_ARN", "ENDPOINT_URL_STS", "MAX_ATTEMPTS", "RETRY_MODE",
    "CONTAINER_CREDENTIALS_RELATIVE_URI", "CONTAINER_CREDENTIALS_FULL_URI", "USE_FIPS_ENDPOINT", "USE_DUALSTACK_ENDPOINT" } do
    unset[#unset + 1] = "-u AWS_" .. name
  end
  local output = check.output(("env %s AWS_EC2_METADATA_DISABLED=true AWS_CONFIG_FILE=%s AWS_SHARED_CREDENTIALS_FILE=%s %s %s -e 'print(require([[ivs]]).client(%s))' 2>&1")
    :format(table.concat(unset, " "), config, credentials, variables, check.interpreter, options))
  check.ok(not output:find "topsecret", "the secret is not shown")
  check.ok(select(2, output:gsub("\n", "")) == 1, "one line")
  return output
end

write(config, [==[
[default]
region = eu-west-1
[profile dev]
region = us-west-2
services = local
[profile ca]
region = us-west-2
ca_bundle = /nonexistent.pem
[profile typed]
region = eu-west-1 # here
[profile role]
region = us-west-2
role_arn = arn:aws:iam::123456789012:role/r
[profile assumed]
region = us-west-2
role_arn = arn:aws:iam::123456789012:role/r
source_profile = default
[profile process]
region = us-west-2
credential_process = sh -c 'echo topsecret; exit 7'
[profile bad]
services = nosuch
[services local]
ivs =
  endpoint_url = http://localhost:5
]==])
write(credentials, [==[
[default]
aws_access_key_id = AKID
aws_secret_access_key = topsecret
[dev]
aws_access_key_id = AKID
aws_secret_access_key = topsecret
[ca]
aws_access_key_id = AKID
aws_secret_access_key = topsecret
[half]
region = us-west-2
aws_access_key_id = AKID
]==])

for _, case in ipairs {
  { "", "", "ivs client (eu-west-1, https://ivs.eu-west-1.amazonaws.com)" },
  { "", "{profile=[[dev]]}", "ivs client (us-west-2, http://localhost:5)" },
  { "AWS_PROFILE=dev", "", "ivs client (us-west-2, http://localhost:5)" },
  { "AWS_PROFILE=dev", "{region=[[eu-west-1]], endpoint=[[http://localhost:6]]}", "ivs client (eu-west-1, http://localhost:6)" },
  { "AWS_REGION=eu-central-1", "{profile=[[dev]]}", "ivs client (eu-central-1, http://localhost:5)" },
  { "", "{profile=[[nosuch]]}", "nil\tNoProfile: The config profile (nosuch) could not be found" },
  { "", "{profile=[[]]}", "nil\tNoProfile: The config profile () could not be found" },
  { "", "{profile=[[half]]}", "nil\tNoCredentials: profile half: it has aws_access_key_id, but no aws_secret_access_key beside it" },
  { "", "{profile=[[role]]}", "nil\tNoCredentials: profile role: role_arn wants source_profile or credential_source beside it" },
  { "", "{profile=[[assumed]]}", "ivs client (us-west-2" },
  { "AWS_MAX_ATTEMPTS=x", "{profile=[[dev]]}", "nil\tBadSetting: AWS_MAX_ATTEMPTS must be a whole number of at least 1" },
  { "AWS_USE_FIPS_ENDPOINT=true", "", "ivs client (eu-west-1, https://ivs-fips.eu-west-1.amazonaws.com)" },
  { "AWS_USE_FIPS_ENDPOINT=true", "{fips=false}", "ivs client (eu-west-1, https://ivs.eu-west-1.amazonaws.com)" },
  { "AWS_USE_DUALSTACK_ENDPOINT=true", "{profile=[[dev]]}", "nil\tEndpointConflict: dual-stack endpoints are AWS's own" },
  { "", "{profile=[[dev]], retry_mode=[[lazy]]}", "nil\tBadSetting: retry_mode must be standard, adaptive or legacy" },
  { "", "{proxy=[[ftp://x]]}", "nil\tBadSetting: proxy wants a kind of proxy that is not supported" },
  { "HTTPS_PROXY=socks5://x", "{proxy=false}", "ivs client (eu-west-1" },
  { "", "{iot={endpoint=[[h]], role_alias=[[a]], certificate=[[/nonexistent]], private_key=[[/nonexistent]]}}",
    "nil\tNoCredentials: AWS IoT: cannot be read: /nonexistent" },
  { "", "{profile=[[role]], sign=false}", "ivs client (us-west-2" },
  { "AWS_ACCESS_KEY_ID=A AWS_SECRET_ACCESS_KEY=topsecret AWS_PROFILE=role", "", "ivs client (us-west-2" },
  { "AWS_ACCESS_KEY_ID=A AWS_SECRET_ACCESS_KEY=topsecret", "{profile=[[role]]}", "nil\tNoCredentials: profile role: role_arn" },
  { "", "{profile=[[ca]]}", "nil\tTlsRoots: no certificates can be read (No such file or directory): /nonexistent.pem" },
  { "", "{profile=[[typed]]}", "nil\tBadRegion: region of the profile is not the name of a region such as eu-west-1" },
  { "", "{profile=[[bad]]}", "nil\tBadSetting: profile bad: there is no [services] section" },
} do
  check.has(client(case[1], case[2]), case[3], case[1] .. " " .. case[2])
end

-- A source that fails does so with the first call, which is not sent.
check.has(client("", "{profile=[[process]]}):list_channels({}"), "nil\tListChannels: NoCredentials: profile process: credential_process: it ended with status 7")

-- The search for a region has the time of a call.
check.with_server("silent", function(port)
  local metadata = ("AWS_EC2_METADATA_DISABLED=false AWS_EC2_METADATA_SERVICE_ENDPOINT=http://127.0.0.1:%d AWS_METADATA_SERVICE_TIMEOUT=59 AWS_CONFIG_FILE=/dev/null")
    :format(port)
  check.has(client(metadata, "{access_key_id=[[a]], secret_access_key=[[b]], timeout=0.2}"),
    "nil\tTimeout: deadline passed while the instance metadata were asked for the region; set AWS_REGION, or give region")
end)

-- Malformed files are said, unless nothing is wanted from them.
write(config, "region = eu-west-1\n")
local given = "region=[[eu-west-1]], access_key_id=[[a]], secret_access_key=[[b]]"
check.has(client("", "{" .. given .. "}"), "nil\tBadConfigFile: " .. config .. ", line 1: a [section] must come first")
check.has(client("", "{" .. given .. ", endpoint=[[http://localhost:1]]}"), "ivs client (eu-west-1")
check.has(client("AWS_PROFILE=dev", "{" .. given .. ", endpoint=[[https://localhost:1]], ca_bundle=[[/nonexistent]]}"), "nil\tTlsRoots")
os.remove(config)
os.remove(credentials)
check.finish()
