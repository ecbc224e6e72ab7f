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
  local reason = err.message:gsub("^no credentials: ", ""):gsub("^%l", string.upper)
  stop.stop("configuration", "\nUnable to locate credentials. %s", reason)
end

local function service(op, err)
  local hint = err.hint and "; " .. err.hint or ""
  local id = err.request_id and (" (request id %s)"):format(err.request_id) or ""
  stop.stop("service", "\nAn error occurred (%s) when calling the %s operation: %s%s%s", err.code, op.name, err.message, hint, id)
end

local unreachable = { CannotConnect = true, HostNotFound = true }

-- Ends the command because of an error of ivs.client or of a call. options: those of ivs.client.
function trouble.report(op, err, options)
  if configuration[err.code] then configuration[err.code](err, options) end
  if err.status and err.status >= 400 then service(op, err) end
  if unreachable[err.code] then stop.stop("other", "\nCould not connect to the endpoint URL: %s", tostring(err)) end
  stop.stop("other", "\n%s", tostring(err))
end

return trouble
