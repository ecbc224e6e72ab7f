-- The module ivs as a script in the sandbox has it: clients of the endpoint, the credentials and the operations that the command line
-- says.

local failure = require "ivs.live.failure"
local ivs = require "ivs"
local stop = require "ivs.cli.stop"

local client = {}

local MOST_OPEN <const> = 8
local MOST_QUEUES <const> = 16
local WARNING <const> = 1024 -- bytes: counted as written for each queue, as one with items left over warns at its end

local PARTS <const> = { "version", "operations", "operation", "sleep", "now", "monotonic", "time", "null", "list", "map" }

-- Options that a script may choose; all others are the command line's.
local FREE <const> = {
  region = true, timeout = true, connect_timeout = true, read_timeout = true, max_attempts = true, retry_mode = true,
  metadata_once = true, map_order = true, map_names = true,
}

-- ---------------------------------------------------------------- operations

-- By every name that a client has for it, "CreateChannel" being one of them: the operation.
local function names_of_operations()
  local names = {}
  for _, op in ipairs(ivs.operations()) do
    names[op.name], names[op.snake], names[op.kebab] = op.name, op.name, op.name
    if op.each then names[op.each] = op.name end
  end
  return names
end

-- The operations of "put-metadata,GetStream", as a set; nil: all.
local function allowed_of(text, names)
  if not text then return nil end
  local allowed = {}
  for word in text:gmatch "[^,%s]+" do
    if not names[word] or word:find "^each_" then stop.stop("usage", "--allow: there is no operation %s", word) end
    allowed[names[word]] = true
  end
  if next(allowed) == nil then stop.stop("usage", "--allow names no operation") end
  return allowed
end

local function refusal(name)
  local err = failure("OperationNotAllowed", "%s is not among the operations that this script may use", name)
  err.operation = name
  return err
end

local function size(set)
  local n = 0
  for _ in pairs(set) do n = n + 1 end
  return n
end

local function restrict(methods, names, allowed, pay)
  local queues = setmetatable({}, { __mode = "k" })
  local maker = getmetatable(methods)
  local find, call, queue = maker.__index, methods.call, methods.metadata_queue
  local function is_refused(name) return allowed and names[name] and not allowed[names[name]] end

  function maker.__index(table_of_methods, name)
    if not is_refused(name) then return find(table_of_methods, name) end
    if names[name] and name:find "^each_" then return function() error(refusal(names[name]), 0) end end
    return function() return nil, refusal(names[name]) end
  end
  function methods.call(self, name, request)
    if is_refused(name) then return nil, refusal(names[name]) end
    return call(self, name, request)
  end
  function methods.metadata_queue(...)
    if is_refused "PutMetadata" then return nil, refusal "PutMetadata" end
    pay(WARNING)
    for _ = 1, size(queues) >= MOST_QUEUES and 2 or 0 do collectgarbage() end -- finalizers run in between
    if size(queues) >= MOST_QUEUES then
      return nil, failure("TooManyQueues", "a script in the sandbox may have %d metadata queues at a time", MOST_QUEUES)
    end
    local made, problem = queue(...)
    if made then queues[made] = true end
    return made, problem
  end
  methods.tls_session = nil -- keys of the connection, and a parser that trusts what it is given
end

-- ---------------------------------------------------------------- clients

local function check_options(options)
  if options ~= nil and type(options) ~= "table" then
    error(("ivs.client takes a table of options, not a %s"):format(type(options)), 3)
  end
  for name in next, options or {} do
    if not FREE[name] then
      error(("ivs.client: '%s' is not for a script in the sandbox to choose; the command line does"):format(tostring(name)), 3)
    end
  end
end

-- The given options, under those of the script.
local function merged(base, options)
  local all = {}
  for name, value in next, base do all[name] = value end
  for name, value in next, options or {} do all[name] = value end
  return all
end

local function is_open(value) return not tostring(value):find("(closed)", 1, true) end

local function count_open(clients)
  local open = 0
  for one in pairs(clients) do
    if is_open(one) then open = open + 1 end
  end
  return open
end

local function opener(base, names, allowed, pay)
  local clients = setmetatable({}, { __mode = "k" })
  local restricted = false
  return function(options)
    check_options(options)
    if count_open(clients) >= MOST_OPEN then collectgarbage() end
    if count_open(clients) >= MOST_OPEN then
      return nil, failure("TooManyClients", "a script in the sandbox may have %d clients at a time; close those that are not needed", MOST_OPEN)
    end
    local made, problem = ivs.client(merged(base, options))
    if not made then return nil, problem end
    if not restricted then
      restricted = true
      restrict(debug.getmetatable(made).__index, names, allowed, pay)
    end
    clients[made] = true
    return made
  end
end

-- base: options of ivs.client by the command line; allow: its list of operations, or nil; pay(bytes): counts what is written.
function client.new(base, allow, pay)
  local names = names_of_operations()
  local module = { json = { encode = ivs.json.encode, decode = ivs.json.decode }, events = { decode = ivs.events.decode } }
  for _, name in ipairs(PARTS) do module[name] = ivs[name] end
  module.client = opener(base, names, allowed_of(allow, names), pay)
  return module
end

return client
