-- The options that every operation takes: what the AWS CLI has, what it makes of their values, and what of it there is here.

local stop = require "ivs.cli.stop"

local globals = {}

-- In the order of the AWS CLI, which messages show. What is not looked at in globals.resolve makes no difference here: there is no pager,
-- and the API has no binary members.
globals.options = {
  { name = "--debug", key = "debug", takes = "none", value = true },
  { name = "--endpoint-url", key = "endpoint_url", takes = "one" },
  { name = "--no-verify-ssl", key = "verify_ssl", takes = "none", value = false },
  { name = "--no-paginate", key = "paginate", takes = "none", value = false },
  { name = "--output", key = "output", takes = "one", choices = { "json", "text", "table", "yaml", "yaml-stream" } },
  { name = "--query", key = "query", takes = "one" },
  { name = "--profile", key = "profile", takes = "one" },
  { name = "--region", key = "region", takes = "one" },
  { name = "--color", key = "color", takes = "one", choices = { "on", "off", "auto" } },
  { name = "--no-sign-request", key = "sign_request", takes = "none", value = false },
  { name = "--ca-bundle", key = "ca_bundle", takes = "one" },
  { name = "--cli-read-timeout", key = "read_timeout", takes = "one" },
  { name = "--cli-connect-timeout", key = "connect_timeout", takes = "one" },
  { name = "--cli-binary-format", key = "binary_format", takes = "one", choices = { "base64", "raw-in-base64-out" } },
  { name = "--no-cli-pager", key = "no_cli_pager", takes = "none", value = true },
  { name = "--cli-auto-prompt", key = "cli_auto_prompt", takes = "none", value = true },
  { name = "--no-cli-auto-prompt", key = "no_cli_auto_prompt", takes = "none", value = true },
  { name = "--version", key = "version", takes = "none", value = true },
}

-- Whether the word asks for help: it does so anywhere among the words of a command.
function globals.is_help(word) return word == "--help" or word == "-h" end

-- The option that is written in full in the word; and whether its value is in it too.
function globals.find(word)
  local name = word:match "^(%-%-[^=]+)=" or word
  for _, option in ipairs(globals.options) do
    if option.name == name then return option, name ~= word end
  end
end

local function set(name)
  local value = os.getenv(name)
  return value ~= "" and value or nil
end

local function compile_query(text)
  local expression, err = require "ivs.jmespath".compile(text)
  if not expression then stop.stop("usage", "\nBad value for --query %s: %s", text, tostring(err)) end
  return function(value)
    local result, problem = expression:search(value)
    if problem then stop.stop("other", "\n%s", tostring(problem)) end
    return result
  end
end

local function check_endpoint(url)
  if url:find "^%a[%w+.-]*:" then return url end
  stop.stop("usage", '\nBad value for --endpoint-url "%s": scheme is missing.  Must be of the form '
    .. "http://<hostname>/ or https://<hostname>/", url)
end

local DEFAULT_TIMEOUT <const>, LONGEST_TIMEOUT <const> = 60, 1000000

local function seconds(text)
  if not text then return DEFAULT_TIMEOUT end
  local python = require "ivs.cli.python"
  local value = python.int(text)
  if not value then stop.stop("other", "\ninvalid literal for int() with base 10: %s", python.repr(text)) end
  if math.type(value) ~= "integer" or value < 0 or value > LONGEST_TIMEOUT then
    stop.stop("other", "\na timeout can be 0, which is no limit, or up to %d seconds, not %s", LONGEST_TIMEOUT, tostring(value))
  end
  return value
end

-- The limits of a call, where one was asked for: of the silences as for the AWS CLI, and of the whole so that they can be reached.
local function put_timeouts(client, given)
  if not given.read_timeout and not given.connect_timeout then return end
  client.read_timeout, client.connect_timeout = seconds(given.read_timeout), seconds(given.connect_timeout)
  local endless = client.read_timeout == 0 or client.connect_timeout == 0
  client.timeout = endless and LONGEST_TIMEOUT or math.min(client.read_timeout + client.connect_timeout, LONGEST_TIMEOUT)
end

local function refuse_prompt(given)
  if given.cli_auto_prompt and given.no_cli_auto_prompt then
    stop.stop("usage", "\nBoth --cli-auto-prompt and --no-cli-auto-prompt cannot be specified at the same time.")
  end
  if given.cli_auto_prompt then
    stop.stop("usage", "\n--cli-auto-prompt: there is no prompt here; ivs <operation> help shows the options of an operation")
  end
end

-- What the values mean that were given: { client = options of ivs.client, output = a form or nil, query = a function or nil, color,
-- paginate, debug }. Stops if one is impossible.
function globals.resolve(given)
  refuse_prompt(given)
  local settings = { client = {}, debug = given.debug, color = given.color or "auto", paginate = given.paginate ~= false }
  settings.query = given.query and compile_query(given.query)
  settings.client.endpoint = given.endpoint_url and check_endpoint(given.endpoint_url)
  settings.client.profile = given.profile ~= "" and given.profile or nil
  settings.client.region = given.region
  settings.client.ca_bundle = given.ca_bundle ~= "" and given.ca_bundle or nil
  settings.client.verify = given.verify_ssl
  settings.client.sign = given.sign_request
  put_timeouts(settings.client, given)
  settings.output = given.output or set "AWS_DEFAULT_OUTPUT"
  return settings
end

return globals
