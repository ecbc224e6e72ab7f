-- The module under odd values: the input chooses functions, methods and what they are given. Whatever it is, a call gives
-- something, or nil and an error that can be shown, or raises a text that names what is wrong; and the module goes on to work.
--
-- Input: bytes, taken as they are needed. There is a client on a port of this machine where nobody listens; no call goes
-- further, and none waits.

local ivs = require "ivs"

local NOWHERE = "http://127.0.0.1:1"
local ARN = "arn:aws:ivs:eu-west-1:123456789012:channel/AbCdEf123456"
local MOST_CALLS, DEEPEST, LONGEST = 12, 4, 0.01

local bytes, at

local function byte()
  at = at + 1
  return bytes:byte(at) or 0
end

local function choose(list) return list[byte() % #list + 1] end

-- ---------------------------------------------------------------- what can be called

local waits = { sleep = true } -- for as long as it is told

local function functions_of(name, t, found)
  local names = {}
  for key in pairs(t) do
    if type(key) == "string" then names[#names + 1] = key end
  end
  table.sort(names)
  for _, key in ipairs(names) do
    local value = t[key]
    if type(value) == "function" and not waits[key] then found[#found + 1] = value end
    if type(value) == "table" and name == "ivs" then functions_of(key, value, found) end
  end
  return found
end
local functions = functions_of("ivs", ivs, {})

local operations = ivs.operations()
local client_methods = {
  "call", "metadata_queue", "credentials", "clock", "clock_offset", "learn_clock", "tls_session", "counters", "close", "nothing",
}
for _, op in ipairs(operations) do
  client_methods[#client_methods + 1] = op.snake
  if op.each then client_methods[#client_methods + 1] = op.each end
end
local queue_methods = { "push", "step", "counters", "last_error", "clear", "close", "flush", "nothing" }
local option_names = {
  "region", "endpoint", "fips", "dual_stack", "access_key_id", "secret_access_key", "session_token", "role_arn",
  "role_session_name", "external_id", "duration_seconds", "web_identity_token_file", "iot", "ca_bundle", "proxy", "timeout",
  "max_attempts", "retry_mode", "metadata_once", "keep_clock", "sign", "connect_timeout", "read_timeout", "trace", "map_order",
  "map_names", "profile", "nothing",
}
local queue_options = { "rate", "account_rate", "coalesce", "join", "payload", "limit", "drop_oldest", "offline", "once", "key", "ttl" }

-- ---------------------------------------------------------------- odd values

local raised = setmetatable({}, { __tostring = function() return "raised by the harness" end })
local things -- objects of this run

local value

local function some_string()
  local n = byte()
  if n == 255 then return ("x"):rep(byte() * 40) end
  local text = bytes:sub(at + 1, at + n % 16)
  at = at + #text
  return text
end

local function some_table(depth)
  local t = {}
  for _ = 1, byte() % 4 do
    local key = choose { 1, 2, 3, "x", "arn", "name", "channelArn", "metadata", "tags", 0, -1, 1.5, true, some_string() }
    t[key] = value(depth + 1)
  end
  local how = byte() % 16
  if how == 1 then t.self = t end
  if how == 2 then return setmetatable(t, { __index = function() error(raised) end }) end
  if how == 3 then return setmetatable(t, { __len = function() return 1 << 60 end, __pairs = function() error(raised) end }) end
  if how == 4 then return ivs.list(t) end
  if how == 5 then return ivs.map(t) end
  if how == 6 then return setmetatable(t, { __tostring = function() return 1 end, __name = 5, __metatable = false }) end
  return t
end

local function fill(members, depth)
  local request = {}
  for _, m in ipairs(members or {}) do
    local how = byte() % 8
    if how == 0 then request[m.name] = value(depth)
    elseif m.required or how < 4 then
      if m.kind == "string" then request[m.name] = how == 1 and some_string() or ARN
      elseif m.kind == "boolean" then request[m.name] = how < 2
      elseif m.kind == "integer" then request[m.name] = byte()
      elseif m.kind == "structure" then request[m.name] = depth < DEEPEST and fill(m.members, depth + 1) or {}
      elseif m.kind == "map" then request[m.name] = { [some_string()] = "v" }
      else request[m.name] = { m.of == "string" and ARN or fill(m.members, depth + 1) } end
    end
  end
  return request
end

local makers = {
  function() return nil end,
  function() return true end,
  function() return false end,
  function() return byte() end,
  function() return -byte() end,
  function() return choose { 0 / 0, 1 / 0, -1 / 0, -0.0, 1.5, 1e300, 2 ^ 53, 2 ^ 63, math.mininteger, math.maxinteger, 1e-300 } end,
  some_string,
  function() return choose { "", "\0", "a\0b", "\xff", "\xed\xa0\x80", "arn:aws:ivs", ARN, "eu-west-1", NOWHERE, "x\r\ny: z", "{}", "[1]" } end,
  function() return ivs.null end,
  function() return print end,
  function() return function() error(raised) end end,
  function() return function(...) return ... end end,
  function() return coroutine.create(function() end) end,
  function() return io.stdout end,
  function() return things[byte() % (#things + 1) + 1] end,
  function(depth) return depth < DEEPEST and some_table(depth) or {} end,
  function(depth) return depth < DEEPEST and fill(choose(operations).input, depth) or {} end,
  function() return setmetatable({}, { __gc = function() error(raised) end, __close = function() error(raised) end }) end,
}
function value(depth) return choose(makers)(depth) end

-- ---------------------------------------------------------------- what has to hold

local function check(ok, first, second)
  if not ok then
    assert(type(first) == "string" or first == raised or (type(first) == "userdata" or type(first) == "table") and tostring(first),
      "raised something odd")
    return
  end
  if first ~= nil or second == nil or type(second) == "number" then return first end
  if type(second) == "string" or type(second) == "boolean" then return end
  local shown = tostring(second)
  assert(type(shown) == "string" and not shown:find "[\r\n]", "an error in one line")
  assert(type(second.code) == "string" and type(second.message) == "string")
end

local function keep(thing)
  if type(thing) == "userdata" and thing ~= ivs.null and #things < 8 then things[#things + 1] = thing end
end

local function odd_options()
  local options = { region = "eu-west-1", access_key_id = "AKID", secret_access_key = "secret" }
  for _ = 1, byte() % 4 do options[choose(option_names)] = value(1) end
  if type(options.endpoint) ~= "number" and type(options.endpoint) ~= "table" then options.endpoint = NOWHERE end
  if type(options.proxy) == "string" and options.proxy:find "%w" then options.proxy = NOWHERE end
  if type(options.iot) == "table" then options.iot = { endpoint = "https://127.0.0.1:1", role_alias = value(1) } end
  if options.max_attempts ~= nil and math.type(options.max_attempts) == "integer" then options.max_attempts = 1 end
  options.max_attempts = options.max_attempts or 1
  options.verify = nil
  return options
end

local function is_short(seconds) return type(seconds) ~= "number" or not (seconds > LONGEST) end

local steps = {
  function() keep(check(pcall(choose(functions), value(0), value(0), value(0)))) end,
  function() keep(check(pcall(ivs.client, odd_options()))) end,
  function(client)
    local name, request = choose(client_methods), value(0)
    local more = value(0)
    if name == "metadata_queue" then request = ARN end
    keep(check(pcall(function() return client[name](client, request, more) end)))
  end,
  function(client)
    local op = choose(operations)
    check(pcall(client.call, client, op.name, fill(op.input, 0)))
  end,
  function(client)
    local options = {}
    for _ = 1, byte() % 4 do options[choose(queue_options)] = value(1) end
    keep(check(pcall(client.metadata_queue, client, byte() % 4 == 0 and value(0) or ARN, options)))
  end,
  function(_, queue)
    local name, given = choose(queue_methods), value(0)
    if name == "flush" and not is_short(given) then return end
    local more = byte() % 2 == 0 and { key = value(1), ttl = value(1) } or value(0)
    check(pcall(function() return queue[name](queue, given, more) end))
  end,
  function(client, queue) check(pcall(function() return #choose { client, queue, ivs, things }, tostring(choose { client, queue }) end)) end,
  function() check(pcall(function() local thing <close> = value(0) return thing.x end)) end,
  function() check(pcall(coroutine.wrap(function() return ivs.client(odd_options()):get_channel(value(0)) end))) end,
}

-- Bits of each run are closed in the end, and queues emptied, so that none says on stderr that something was left.
local function close_all()
  for _, thing in ipairs(things) do
    pcall(function() thing:clear() end)
    pcall(function() thing:close() end)
  end
  things = {}
end

return function(input)
  bytes, at, things = input, 0, {}
  local client = assert(ivs.client {
    region = "eu-west-1", access_key_id = "AKID", secret_access_key = "secret", endpoint = NOWHERE, max_attempts = 1, timeout = 5,
  })
  local queue = client:metadata_queue(ARN, { limit = 1024 })
  things = { client, queue }
  for _ = 1, MOST_CALLS do
    if at >= #bytes then break end
    choose(steps)(client, queue)
  end
  close_all()
  pcall(queue.clear, queue)
  queue:close()
  client:close()
  assert(ivs.json.encode(assert(ivs.json.decode '{"a":[1,null]}')) == '{"a":[1,null]}')
end
