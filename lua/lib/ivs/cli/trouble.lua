-- Errors of calls as the AWS CLI tells them: its words and exit codes, which scripts look for, and after them what it does not say.

local ivs = require "ivs"
local stop = require "ivs.cli.stop"

local trouble = {}

local function is_set(name) return (os.getenv(name) or "") ~= "" end

local configuration = {}

function configuration.NoRegion()
  stop.stop("configuration", "\nYou must specify a region. Set AWS_REGION, or give --region.")
end

-- One that is too long to be kept was an option: of a setting, that is BadSetting.
function configuration.BadRegion(err, options)
  local region = err.region or options.region
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
  local code = (err.code == "Unsure" or err.status < 400) and tostring(err.status) or err.code
  stop.stop("service", "\nAn error occurred (%s) when calling the %s operation%s: %s%s", code, op.name, retries, err.message, rest)
end

-- What the AWS CLI says of these, with the address of the request.
local words = {
  CannotConnect = 'Could not connect to the endpoint URL: "%s"', HostNotFound = 'Could not connect to the endpoint URL: "%s"',
  TlsRoots = "SSL validation failed for %s", TlsTrust = "SSL validation failed for %s", TlsName = "SSL validation failed for %s",
  TlsDate = "SSL validation failed for %s",
}

local function encode(text)
  return (text:gsub("[^%w._~-]", function(char) return ("%%%02X"):format(char:byte()) end))
end

-- What a request, which need not have been checked yet, asks its endpoint for: operations on tags have a path of their own.
local function target(op, request)
  local path, query = "/" .. op.name, {}
  for _, member in ipairs(request and op.input or {}) do
    local value = request[member.name]
    if member.location == "path" then path = "/tags/" .. encode(tostring(value)) end
    for _, element in ipairs(member.location == "query" and type(value) == "table" and value or {}) do
      query[#query + 1] = member.name .. "=" .. encode(tostring(element))
    end
  end
  return path .. (query[1] and "?" or "") .. table.concat(query, "&")
end

local way_to_proxy = { CannotConnect = true, HostNotFound = true, Proxy = true }

-- The beginning that the AWS CLI has, or nil.
local function beginning(op, err, request)
  local proxy = way_to_proxy[err.code] and err.message:match " through the proxy (%S+): "
  if proxy then return ('Failed to connect to proxy URL: "%s"'):format(proxy) end
  if not words[err.code] or not err.endpoint then return nil end
  return words[err.code]:format(err.endpoint .. target(op, request))
end

-- What a hint calls by the name that it has in scripts.
local OPTIONS <const> = { ca_bundle = "--ca-bundle", timeout = "--cli-read-timeout", maxResults = "--page-size" }

-- The error, or text, in one line, with options of the command line where its hint names those of scripts.
function trouble.text(err)
  if type(err) == "table" and err.hint then err.hint = err.hint:gsub("%f[%w_-][%a_]+", OPTIONS) end
  return tostring(err)
end

-- Ends the command because of an error of ivs.client or of a call. options: those of ivs.client. request: nil, if it is not known.
function trouble.report(op, err, options, request)
  if configuration[err.code] then configuration[err.code](err, options) end
  if err.code == "Unsure" then err.hint = how_to_find_out(op) end
  if err.status and err.status >= 300 then service(op, err) end
  local begins = beginning(op, err, request)
  stop.stop("other", begins and "\n%s (%s)" or "\n%s%s", begins or "", trouble.text(err))
end

return trouble
