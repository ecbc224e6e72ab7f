-- ivs metadata: lines of standard input become timed metadata of a channel, at the rate that the service takes.

local ivs = require "ivs"
local channel = require "ivs.live.channel"
local cues = require "ivs.cli.cues"
local status = require "ivs.cli.status"
local verb = require "ivs.cli.verb"

local NO_PROGRESS <const> = 30 -- s without an item that comes or goes, and the rest is given up
local AFTER_TTL <const> = 5 -- s; items that wait for the stream expire before they are given up
local REST <const> = 0.5 -- s
local BUFFER <const>, MOST <const> = 65536, 60 -- bytes of the queue, and items of 1 KB that surely fit

-- What all further items would meet as well.
local HOPELESS <const> = { AccessDeniedException = true, ResourceNotFoundException = true, ValidationException = true }

local SHORTEST_TTL <const> = 0.001 -- s

local function time_to_live(word)
  local seconds = verb.seconds(word)
  if seconds and seconds >= SHORTEST_TTL then return seconds end
  return nil, "must be 0.001 to 1000000 seconds, not " .. require "ivs.cli.python".repr(word)
end

local metadata = {
  positional = verb.channel,
  options = {
    { name = "--together", key = "together", takes = "none", value = true },
    { name = "--newest", key = "newest", takes = "none", value = true },
    { name = "--ttl", key = "ttl", takes = "one", convert = time_to_live },
  },
}

-- In an array, what is JSON goes as it is.
local function element(text) return ivs.json.decode(text) ~= nil and text or ivs.json.encode(text) end

local function new_queue(client, arn, given)
  return client:metadata_queue(arn, {
    coalesce = given.together or false, join = given.together and { "[", ",", "]" } or nil, buffer = BUFFER, refuse_offline = not given.ttl,
  })
end

local function push_options(given) return { key = given.newest and "newest" or nil, ttl = given.ttl } end

local function gone(n) return n.sent + n.replaced + n.expired + n.refused + n.dropped + n.unsure end

local OFFLINE <const> = "ChannelNotBroadcasting"

-- Without a time to live, items do not wait for a stream.
local function is_hopeless(err, given) return HOPELESS[err.code] or (err.code == OFFLINE and not given.ttl) end

local function patience(err, given)
  if not (given.ttl and err and err.code == OFFLINE) then return NO_PROGRESS end
  return math.max(NO_PROGRESS, given.ttl + AFTER_TTL)
end

-- Sends until the input has ended and the queue is empty. Why it gave up, or nil.
local function carry(queue, input, line, given)
  local before, since = 0, ivs.monotonic()
  repeat
    local pause = queue:step()
    local n = queue:counters()
    if gone(n) ~= before or n.pending == 0 then before, since = gone(n), ivs.monotonic() end
    local last = queue:last_error()
    if n.refused > 0 and last and is_hopeless(last, given) then return last end
    if ivs.monotonic() - since > patience(last, given) then return last or { code = "Timeout", message = "nothing goes out any more" } end
    line:show(("%d sent, %d waiting"):format(n.sent, n.pending))
    local room = not input.ended and input:take(math.min(pause or REST, REST))
    if not room and pause then ivs.sleep(math.min(pause, REST)) end
  until input.ended and #queue == 0
end

local function show(context, n, bad)
  if context.output == "json" then
    n.refused = n.refused + bad
    return context:print_json(n)
  end
  local parts = { ("%d sent in %d payload%s"):format(n.sent, n.payloads, n.payloads == 1 and "" or "s") }
  for _, fate in ipairs { "replaced", "expired", "refused", "dropped", "unsure", "pending" } do
    local count = n[fate] + (fate == "refused" and bad or 0)
    if count > 0 then parts[#parts + 1] = ("%d %s"):format(count, fate == "pending" and "not sent" or fate) end
  end
  print(table.concat(parts, ", "))
end

-- The exit code, or the end of the command, of what became of all items.
local function judge(context, n, input, last, given)
  if n.refused + n.expired + n.unsure + n.dropped + n.pending == 0 then return (input.bad > 0 or input.failed) and 255 or 0 end
  if last and last.status then last.operation = last.operation or "PutMetadata" end
  if last and last.code == OFFLINE then last.message = "the channel is not live" .. (given.ttl and "" or "; with --ttl, items wait for it") end
  if last then context:fail(last) end
  return 255
end

function metadata.run(given, context)
  local client = context.client
  local arn = context:check(channel.arn_of(client, given.channel))
  local queue <close> = new_queue(client, arn, given)
  local line <close> = status.new(io.stderr)
  local options = push_options(given)
  local function push(text) return queue:push(given.together and element(text) or text, options) end
  local function note(text)
    line:clear()
    context:note(text)
  end
  local input = cues.new(push, note, function() return #queue < MOST end)
  local ran, problem = pcall(carry, queue, input, line, given)
  line:clear()
  if not ran then cues.settle(function() return queue:step() end) end
  local n, last = queue:counters(), queue:last_error()
  queue:clear()
  show(context, n, input.bad)
  if not ran then error(problem, 0) end
  return judge(context, n, input, problem or last, given)
end

return metadata
