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
    "DEFAULT_PROFILE", "ENDPOINT_URL_IVS", "ENDPOINT_URL", "CA_BUNDLE", "WEB_IDENTITY_TOKEN_FILE" } do
    unset[#unset + 1] = "-u AWS_" .. name
  end
  local output = check.output(("env %s AWS_CONFIG_FILE=%s AWS_SHARED_CREDENTIALS_FILE=%s %s /usr/bin/lua5.4 -e 'print(require([[ivs]]).client(%s))' 2>&1")
    :format(table.concat(unset, " "), config, credentials, variables, options))
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
  { "", "{profile=[[role]]}", "nil\tNoCredentials: profile role: assuming a role (role_arn) is not supported" },
  { "", "{profile=[[role]], sign=false}", "ivs client (us-west-2" },
  { "AWS_ACCESS_KEY_ID=A AWS_SECRET_ACCESS_KEY=topsecret AWS_PROFILE=role", "", "ivs client (us-west-2" },
  { "AWS_ACCESS_KEY_ID=A AWS_SECRET_ACCESS_KEY=topsecret", "{profile=[[role]]}", "nil\tNoCredentials: profile role: assuming" },
  { "", "{profile=[[process]]}", "nil\tNoCredentials: profile process: credential_process: it ended with status 7" },
  { "", "{profile=[[ca]]}", "nil\tTlsRoots: /nonexistent.pem: no certificates can be read from it" },
  { "", "{profile=[[typed]]}", "nil\tBadRegion: region of the profile is not the name of a region such as eu-west-1" },
  { "", "{profile=[[bad]]}", "nil\tBadSetting: profile bad: there is no [services] section" },
} do
  check.has(client(case[1], case[2]), case[3], case[1] .. " " .. case[2])
end

-- Malformed files are said, unless nothing is wanted from them.
write(config, "region = eu-west-1\n")
local given = "region=[[eu-west-1]], access_key_id=[[a]], secret_access_key=[[b]]"
check.has(client("", "{" .. given .. "}"), "nil\tBadConfigFile: " .. config .. ", line 1: a [section] must come first")
check.has(client("", "{" .. given .. ", endpoint=[[http://localhost:1]]}"), "ivs client (eu-west-1")
check.has(client("AWS_PROFILE=dev", "{" .. given .. ", endpoint=[[https://localhost:1]], ca_bundle=[[/nonexistent]]}"), "nil\tTlsRoots")
os.remove(config)
os.remove(credentials)
check.finish()
