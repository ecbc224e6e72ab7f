-- Errors of calls as the AWS CLI tells them: its words and exit codes, which scripts look for, and after them what it does not say.

local ivs = require "ivs"
local stop = require "ivs.cli.stop"

local trouble = {}

local function is_set(name) return (os.getenv(name) or "") ~= "" end

local configuration = {}

function configuration.NoRegion()
  stop.stop("configuration", "\nYou must specify a region. Set AWS_REGION, or give --region.")
end

function configuration.BadRegion(_, options)
  local region = options.region or os.getenv "AWS_REGION" or os.getenv "AWS_DEFAULT_REGION"
  stop.stop("other", "\nProvided region_name %s doesn't match a supported format.", require "ivs.cli.python".repr(region))
end

function configuration.NoCredentials(err)
  if is_set "AWS_ACCESS_KEY_ID" and not is_set "AWS_SECRET_ACCESS_KEY" then
    stop.stop("other", "\nPartial credentials found in env, missing: AWS_SECRET_ACCESS_KEY")
  end
  local reason, none = err.message:gsub("^no credentials: ", "")
  if none == 1 then stop.stop("configuration", "\nUnable to locate credentials. %s", (reason:gsub("^%l", string.upper))) end
  stop.stop(err.message:find "^profile .*: no credentials in it" and "configuration" or "other", "\n%s", err.message)
end

-- Of AWS_ENDPOINT_URL_IVS, which the AWS CLI 2.9 does not look at, it is the configuration that is wrong.
function configuration.BadEndpoint(err, options)
  if options.endpoint then stop.stop("other", "\nInvalid endpoint: %s", options.endpoint) end
  stop.stop("configuration", "\n%s", tostring(err))
end

function configuration.NoProfile(err) stop.stop("other", "\n%s", err.message) end

function configuration.BadConfigFile(err) stop.stop("other", "\nUnable to parse config file: %s", err.message) end

function configuration.BadSetting(err) stop.stop("other", "\n%s", tostring(err)) end

function configuration.EndpointConflict(err) stop.stop("other", "\nInvalid configuration: %s", err.message) end

-- Where one sees what a call has made that nothing is known of.
local function how_to_find_out(op)
  local each = op.snake:gsub("^%a+", "each")
  for _, other in ipairs(ivs.operations()) do
    if other.each == each then return ("it may have been done: look with ivs %s before you repeat it"):format(other.kebab) end
  end
  return "it may have been done; repeated, it may be done twice"
end

-- The last of all attempts is told as the AWS CLI tells it, by the number of those before it.
local function service(op, err)
  local more = {}
  more[#more + 1] = err.hint
  more[#more + 1] = err.request_id and "request id " .. err.request_id
  local rest = #more > 0 and (" (%s)"):format(table.concat(more, "; ")) or ""
  local retries = err.exhausted and (" (reached max retries: %d)"):format(err.attempts - 1) or ""
  local code = err.code == "Unsure" and tostring(err.status) or err.code
  stop.stop("service", "\nAn error occurred (%s) when calling the %s operation%s: %s%s", code, op.name, retries, err.message, rest)
end

-- What the AWS CLI says of these, with the address of the request.
local words = {
  CannotConnect = 'Could not connect to the endpoint URL: "%s"', HostNotFound = 'Could not connect to the endpoint URL: "%s"',
  TlsRoots = "SSL validation failed for %s", TlsTrust = "SSL validation failed for %s", TlsName = "SSL validation failed for %s",
  TlsDate = "SSL validation failed for %s",
}

-- The message begins with host and port, for an endpoint that was not named. nil: it was not looked for, as the CA bundle cannot be read.
local function address(op, err, options)
  local endpoint = options.endpoint
  for _, name in ipairs { "AWS_ENDPOINT_URL_IVS", "AWS_ENDPOINT_URL" } do
    endpoint = endpoint or is_set(name) and os.getenv(name)
  end
  local host, port = err.message:match "^(%S-):(%d+):? "
  if not endpoint and host then endpoint = "https://" .. host .. (port == "443" and "" or ":" .. port) end
  return endpoint and endpoint:gsub("/+$", "") .. "/" .. op.name
end

local way_to_proxy = { CannotConnect = true, HostNotFound = true, Proxy = true }

-- The beginning that the AWS CLI has, or nil.
local function beginning(op, err, options)
  local proxy = way_to_proxy[err.code] and err.message:match " through the proxy (%S+): "
  if proxy then return ('Failed to connect to proxy URL: "%s"'):format(proxy) end
  if not words[err.code] then return nil end
  local where = address(op, err, options)
  return where and words[err.code]:format(where) or words[err.code]:gsub(" for %%s", "")
end

-- Ends the command because of an error of ivs.client or of a call. options: those of ivs.client.
function trouble.report(op, err, options)
  if configuration[err.code] then configuration[err.code](err, options) end
  if err.code == "Unsure" then err.hint = how_to_find_out(op) end
  if err.status and err.status >= 400 then service(op, err) end
  local begins = beginning(op, err, options)
  stop.stop("other", begins and "\n%s (%s)" or "\n%s%s", begins or "", tostring(err))
end

return trouble
