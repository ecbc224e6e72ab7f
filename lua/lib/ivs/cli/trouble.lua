-- Errors of calls as the AWS CLI tells them: its words and exit codes, which scripts look for, and after them what it does not say.

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
  if err.message:find "^profile " then stop.stop("configuration", "\n%s", err.message) end
  local reason = err.message:gsub("^no credentials: ", ""):gsub("^%l", string.upper)
  stop.stop("configuration", "\nUnable to locate credentials. %s", reason)
end

-- Of AWS_ENDPOINT_URL_IVS, which the AWS CLI 2.9 does not look at, it is the configuration that is wrong.
function configuration.BadEndpoint(err, options)
  if options.endpoint then stop.stop("other", "\nInvalid endpoint: %s", options.endpoint) end
  stop.stop("configuration", "\n%s", tostring(err))
end

function configuration.NoProfile(err) stop.stop("other", "\n%s", err.message) end

function configuration.BadConfigFile(err) stop.stop("other", "\nUnable to parse config file: %s", err.message) end

function configuration.BadSetting(err) stop.stop("configuration", "\n%s", tostring(err)) end

local function service(op, err)
  local more = {}
  more[#more + 1] = err.hint
  more[#more + 1] = err.request_id and "request id " .. err.request_id
  local rest = #more > 0 and (" (%s)"):format(table.concat(more, "; ")) or ""
  stop.stop("service", "\nAn error occurred (%s) when calling the %s operation: %s%s", err.code, op.name, err.message, rest)
end

-- What the AWS CLI says of these, with the address of the request.
local words = {
  CannotConnect = 'Could not connect to the endpoint URL: "%s"', HostNotFound = 'Could not connect to the endpoint URL: "%s"',
  TlsRoots = "SSL validation failed for %s", TlsTrust = "SSL validation failed for %s", TlsName = "SSL validation failed for %s",
  TlsDate = "SSL validation failed for %s",
}

-- The message begins with host and port, for an endpoint that was not named.
local function address(op, err, options)
  local endpoint = options.endpoint
  for _, name in ipairs { "AWS_ENDPOINT_URL_IVS", "AWS_ENDPOINT_URL" } do
    endpoint = endpoint or is_set(name) and os.getenv(name)
  end
  local host, port = err.message:match "^(.-):(%d+): "
  if not endpoint and host then endpoint = "https://" .. host .. (port == "443" and "" or ":" .. port) end
  return (endpoint or ""):gsub("/+$", "") .. "/" .. op.name
end

-- Ends the command because of an error of ivs.client or of a call. options: those of ivs.client.
function trouble.report(op, err, options)
  if configuration[err.code] then configuration[err.code](err, options) end
  if err.status and err.status >= 400 then service(op, err) end
  if not words[err.code] then stop.stop("other", "\n%s", tostring(err)) end
  stop.stop("other", "\n%s (%s)", words[err.code]:format(address(op, err, options)), tostring(err))
end

return trouble
