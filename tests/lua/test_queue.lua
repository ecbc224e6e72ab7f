-- client:metadata_queue against the simulator, which takes 5 PutMetadata a second and channel: nothing is refused for that, nothing is
-- lost, and what became of each item is counted.
package.path = "tests/lua/?.lua;" .. package.path
local check = require "check"
local ivs = require "ivs"

local ARN <const> = "arn:aws:ivs:us-west-2:123456789012:channel/abcdefgh"
local HERE <const> = { region = "us-west-2", access_key_id = "a", secret_access_key = "b" }

-- As a child: Ctrl-C in a flush that waits for a server that never answers, as arg[2] says.
if arg[1] == "interrupted" then
  HERE.endpoint = "http://127.0.0.1:" .. arg[2]
  local queue = assert(ivs.client(HERE)):metadata_queue(ARN)
  queue:push "x"
  local ok, err = pcall(function() print(queue:flush(60)) end)
  print(ok, err)
  if ok then print(pcall(string.rep, "x")) end
  print(#queue)
  os.exit(true, true)
elseif arg[1] == "forgotten" then
  local queue = assert(ivs.client(HERE)):metadata_queue(ARN)
  for i = 1, tonumber(arg[2]) do queue:push { i } end
  if arg[3] == "clear" then print(queue:clear()) end
  if arg[3] == "collect" then queue = nil collectgarbage() collectgarbage() end
  if arg[3] == "close" then queue:close() queue:close() end
  return
end

check.in_simulator "--session-token TOKEN"

local function control(path, body)
  local command = ("curl -sS '%s/%s'"):format(os.getenv "IVS_SIM_CONTROL", path)
  if body then command = command .. (" -d '%s'"):format(ivs.json.encode(body)) end
  return assert(ivs.json.decode((check.output(command))))
end

local client <close> = assert(ivs.client {})

local function live_channel(name)
  local arn = assert(client:create_channel { name = name }).channel.arn
  control("live", { channelArn = arn, live = true })
  return arn
end

-- The texts that the service took for a channel, in their order.
local function accepted(arn)
  local texts = {}
  for _, one in ipairs(control("metadata").metadata) do
    if one.channelArn == arn then texts[#texts + 1] = one.metadata end
  end
  return texts
end

-- The same, from payloads that are arrays.
local function accepted_items(arn)
  local items = {}
  for _, text in ipairs(accepted(arn)) do
    for _, item in ipairs(ivs.json.decode(text)) do items[#items + 1] = item end
  end
  return items
end

local function refused_since(number)
  local codes = {}
  for _, request in ipairs(control("requests").requests) do
    if request.number > number and request.operation == "PutMetadata" and request.code ~= "" then codes[#codes + 1] = request.code end
  end
  return codes
end

local function last_number()
  local requests = control("requests").requests
  return #requests > 0 and requests[#requests].number or 0
end

-- pushed is the sum of all that can become of an item, always.
local function balanced(queue)
  local n = queue:counters()
  check.equal(n.pushed, n.sent + n.replaced + n.expired + n.refused + n.dropped + n.unsure + n.pending, "items accounted for")
  check.equal(n.pending, #queue)
  return n
end

-- Items of both kinds share payloads, in order; a table is JSON, a string becomes a JSON string.
local arn = live_channel "together"
do
  local queue <close> = client:metadata_queue(arn)
  check.equal(queue:push { cue = "goal", by = ivs.null }, true)
  check.equal(queue:push 'say "hi" größe', true)
  check.equal(queue:push(ivs.list {}), true)
  check.equal(#queue, 3)
  check.has(tostring(queue), "(" .. arn .. ", 3 waiting)")
  check.equal(queue:flush(5), true)
  check.equal(#queue, 0)
  check.same(accepted(arn), { '[{"by":null,"cue":"goal"},"say \\"hi\\" größe",[]]' })
  local n = balanced(queue)
  check.equal(n.sent, 3)
  check.equal(n.coalesced, 3)
  check.equal(n.payloads, 1)
  check.equal(n.bytes, #accepted(arn)[1])
  queue:push "alone"
  check.equal(queue:flush(5), true)
  check.equal(accepted(arn)[2], '["alone"]', "one item is an array too")
  check.equal(queue:flush(0), true, "an empty queue is flushed")
  check.equal(queue:last_error(), nil)
end

-- 100 items one by one: 5 a second, none refused, all in order. In the meantime the client serves other calls, over the same connection.
arn = live_channel "hundred"
do
  local before, connections = last_number(), client:counters().connections
  local queue <close> = client:metadata_queue(arn, { coalesce = false })
  for i = 1, 100 do assert(queue:push(("item %d"):format(i))) end
  local began, steps, calls, wait = ivs.monotonic(), 0, 0, queue:step()
  while wait do
    check.ok(wait >= 0 and wait <= 1.1, "a step asks for the next one in " .. wait)
    if steps % 20 == 7 then
      calls = calls + 1
      check.equal(assert(client:get_channel { arn = arn }).channel.name, "hundred")
    end
    ivs.sleep(wait)
    steps, wait = steps + 1, queue:step()
  end
  local took = ivs.monotonic() - began
  check.ok(took > 18 and took < 40, "100 items took " .. took)
  check.ok(calls > 5, "other calls: " .. calls)
  check.equal(table.concat(refused_since(before), " "), "", "nothing was refused")
  local texts = accepted(arn)
  check.equal(#texts, 100)
  for i, text in ipairs(texts) do check.equal(text, ("item %d"):format(i)) end
  check.equal(balanced(queue).sent, 100)
  check.equal(client:counters().connections, connections, "one connection for all")
end

-- 100 small items together: a few payloads, none over the limit.
arn = live_channel "packed"
do
  local queue <close> = client:metadata_queue(arn, { limit = 200 })
  for i = 1, 100 do assert(queue:push { n = i }) end
  check.equal(queue:flush(10), true)
  local items = accepted_items(arn)
  check.equal(#items, 100)
  for i, item in ipairs(items) do check.equal(item.n, i) end
  for _, text in ipairs(accepted(arn)) do check.ok(#text <= 200, "a payload of " .. #text) end
  check.ok(#accepted(arn) < 10, #accepted(arn) .. " payloads")
  balanced(queue)
end

-- Of items with one key the newest counts; what is too old is not sent.
arn = live_channel "newest"
do
  local queue <close> = client:metadata_queue(arn)
  queue:push({ score = 1 }, { key = "score" })
  queue:push("short-lived", { ttl = 0.05 })
  queue:push("other", { key = "other", ttl = 60 })
  queue:push({ score = 2 }, { key = "score" })
  ivs.sleep(0.1)
  check.equal(queue:flush(5), true)
  check.same(accepted(arn), { '["other",{"score":2}]' })
  local n = balanced(queue)
  check.equal(n.replaced, 1)
  check.equal(n.expired, 1)
end

-- Throttling, trouble of the service and a channel that is offline for a while: the items stay, and go out later.
arn = live_channel "trouble"
do
  local queue <close> = client:metadata_queue(arn)
  for _, fault in ipairs { "throttled", "unavailable", "internal-error", "reset-before-work" } do
    control("fault", { fault = fault, operation = "PutMetadata" })
    queue:push(fault)
    check.equal(queue:flush(15), true, fault)
  end
  check.same(accepted_items(arn), { "throttled", "unavailable", "internal-error", "reset-before-work" })
  local n = balanced(queue)
  check.equal(n.throttled, 1)
  check.equal(n.sent, 4)
  local err = queue:last_error()
  check.ok(err and err.retryable == true and err.code, "the last failure is told")
end

-- A flush that does not get through in time: what is left stays, is told, and is sent when that becomes possible.
do
  local queue <close> = client:metadata_queue(arn)
  control("fault", { fault = "unavailable", operation = "PutMetadata", times = ivs.null })
  queue:push "a"
  queue:push "b"
  local began = ivs.monotonic()
  local err = check.fails("Timeout", queue:flush(0.5))
  check.ok(ivs.monotonic() - began < 2, "the flush ends in time")
  check.equal(err.pending, 2)
  check.equal(err.retryable, true)
  check.equal(err.message, "2 items are left after 0.5 s; the last failure was ServiceUnavailable")
  check.fails("Timeout", queue:flush(0))
  check.equal(queue:last_error().status, 503)
  check.ok(tostring(queue:last_error()):find "^PutMetadata: ServiceUnavailable: .*request id", "all is told")
  check.equal(queue:last_error().attempts, 1)
  client:get_channel { arn = arn }
  check.equal(tostring(queue:last_error()):find "request id", nil, "the service's words are those of another call now")
  check.equal(queue:last_error().status, 503)
  control("fault", { clear = true })
  check.equal(queue:flush(20), true)
  balanced(queue)
end

-- A plain call while one of the queue's is under way waits for that, and then is made.
do
  local queue <close> = client:metadata_queue(arn)
  control("fault", { fault = "stall-before-answer", operation = "PutMetadata", seconds = 0.5 })
  queue:push "under way"
  while not (queue:step() == 0.02) do end
  local began = ivs.monotonic()
  check.equal(assert(client:get_channel { arn = arn }).channel.name, "trouble")
  check.ok(ivs.monotonic() - began > 0.2, "the queue's call came first")
  check.equal(balanced(queue).sent, 1, "and was not lost")
end

-- Two queues of a client take turns, also when one's call is under way as the other is flushed.
do
  local one <close> = client:metadata_queue(live_channel "one", { account_rate = 155 })
  local two <close> = client:metadata_queue(live_channel "two", { account_rate = 155 })
  control("fault", { fault = "stall-before-answer", operation = "PutMetadata", seconds = 0.3 })
  one:push "1"
  two:push "2"
  while not (one:step() == 0.02) do end
  check.equal(two:flush(5), true)
  check.equal(one:flush(5), true)
  check.equal(balanced(one).sent + balanced(two).sent, 2)
  check.raises("'account_rate' is 155 for another queue", client.metadata_queue, client, arn, { account_rate = 10 })
end

-- An answer that is lost: sent again, or with at_most_once not.
arn = live_channel "lost"
do
  local queue <close> = client:metadata_queue(arn)
  control("fault", { fault = "close-before-answer", operation = "PutMetadata" })
  queue:push "twice"
  check.equal(queue:flush(10), true)
  check.equal(#accepted(arn), 2)
  local once <close> = client:metadata_queue(arn, { at_most_once = true })
  control("fault", { fault = "close-before-answer", operation = "PutMetadata" })
  once:push "once"
  local unsure = check.fails("Unsure", once:flush(10))
  check.equal(unsure.refused, 1)
  check.equal(unsure.retryable, false)
  check.equal(#accepted(arn), 3)
  check.equal(balanced(once).unsure, 1)
  check.equal(once:last_error().code, "Unsure")
end

-- Refusals that are about the items: counted, not tried again, and told by the next flush that leaves nothing. An offline channel is
-- one, if so wanted.
do
  local queue <close> = client:metadata_queue(arn:gsub("%w+$", "doesNotExist"), { refuse_offline = true, coalesce = false })
  queue:push "x"
  local err = check.fails("ResourceNotFoundException", queue:flush(5))
  check.equal(err.status, 404)
  check.equal(err.refused, 1)
  check.equal(err.retryable, false)
  check.has(tostring(err), "1 item was not accepted: ")
  check.equal(balanced(queue).refused, 1)
  check.equal(queue:last_error().code, "ResourceNotFoundException")
  check.equal(queue:flush(5), true, "nothing was refused since")
  queue:push "stepped"
  local wait = queue:step()
  while wait do
    ivs.sleep(wait)
    wait = queue:step()
  end
  queue:push "y"
  check.equal(check.fails("ResourceNotFoundException", queue:flush(5)).refused, 2, "what the steps met is told too")
  check.fails("TooLong", queue:push(("x"):rep(1025)))
  check.equal(queue:flush(5), true, "what the push refused was told by it")
  check.equal(balanced(queue).refused, 4)
  control("live", { channelArn = arn, live = false })
  local offline <close> = client:metadata_queue(arn, { refuse_offline = true })
  offline:push "x"
  check.fails("ChannelNotBroadcasting", offline:flush(5))
  check.equal(offline:last_error().code, "ChannelNotBroadcasting")
  local patient <close> = client:metadata_queue(arn)
  patient:push "x"
  check.has(tostring(select(2, patient:flush(0.2))), "ChannelNotBroadcasting")
  check.equal(patient:clear(), 1)
  check.equal(balanced(patient).dropped, 1)
end

-- A refusal is told although a later payload failed otherwise, and then was accepted; a flush that ends before does not use it up.
do
  local queue <close> = client:metadata_queue(arn, { refuse_offline = true })
  queue:push "refused"
  while #queue > 0 do ivs.sleep(queue:step() or 0) end
  control("live", { channelArn = arn, live = true })
  control("fault", { fault = "unavailable", operation = "PutMetadata" })
  queue:push "accepted"
  check.fails("Timeout", queue:flush(0))
  check.equal(check.fails("ChannelNotBroadcasting", queue:flush(10)).refused, 1)
  check.equal(queue:last_error().code, "ServiceUnavailable")
  check.equal(balanced(queue).sent, 1)
end

-- What does not fit is refused by the push; a full queue too, unless the oldest make room.
do
  local queue <close> = client:metadata_queue(arn, { coalesce = false, limit = 100 })
  check.has(tostring(check.fails("TooLong", queue:push(("x"):rep(101)))), "at most 100 bytes")
  check.fails("Empty", queue:push "")
  check.equal(queue:push(("x"):rep(100)), true)
  check.equal(queue:clear(), 1)
  local together <close> = client:metadata_queue(arn, { limit = 100, buffer = 256 })
  check.fails("TooLong", together:push(("x"):rep(97)))
  check.equal(together:push(("x"):rep(96)), true, "with quotes and brackets it fits")
  check.equal(together:push(("x"):rep(96)), true)
  local err = check.fails("QueueFull", together:push(("x"):rep(96)))
  check.equal(err.retryable, true)
  check.has(tostring(err), "the queue is full: 2 items wait; ")
  check.equal(balanced(together).refused, 2)
  together:clear()
  local small <close> = client:metadata_queue(arn, { buffer = 256 })
  check.equal(small:push(("x"):rep(243)), true)
  check.fails("QueueFull", small:push(("x"):rep(244)))
  for _ = 1, 2 do
    local never = check.fails("TooLong", small:push(("x"):rep(500)))
    check.equal(never.retryable, false)
    check.has(tostring(never), "; give the queue a buffer of at least 512 bytes")
    small:clear()
  end
  check.fails("TooLong", small:push(("x"):rep(243), { key = "ab" }))
  check.equal(small:push(("x"):rep(242), { key = "ab" }), true)
  small:clear()
  local newest <close> = client:metadata_queue(arn, { limit = 100, buffer = 256, drop_oldest = true })
  for i = 1, 10 do check.equal(newest:push(tostring(i % 10):rep(90)), true) end
  newest:clear()
end

-- A joiner of one's own: strings go as they are, and so do the texts around and between.
arn = live_channel "joined"
do
  local queue <close> = client:metadata_queue(arn, { join = { "<", "|", ">" } })
  queue:push "a"
  queue:push { b = 1 }
  queue:push "c"
  check.equal(queue:flush(5), true)
  check.same(accepted(arn), { '<a|{"b":1}|c>' })
end

-- Mistakes raise where they are made.
do
  local queue = client:metadata_queue(arn)
  check.raises("no option 'raet'; did you mean 'rate'?", client.metadata_queue, client, arn, { raet = 5 })
  check.raises("'rate' must be an integer, 1 to 1000", client.metadata_queue, client, arn, { rate = 0 })
  check.raises("'rate' must be an integer", client.metadata_queue, client, arn, { rate = 2.5 })
  check.raises("'limit' must be an integer, 16 to 1024", client.metadata_queue, client, arn, { limit = 2000 })
  check.raises("'coalesce' must be a boolean, not a string", client.metadata_queue, client, arn, { coalesce = "no" })
  check.raises("'join' must be three texts", client.metadata_queue, client, arn, { join = { "a", "b" } })
  check.raises("options have names", client.metadata_queue, client, arn, { "x" })
  for _, wrong in ipairs { "lobby", "arn:" .. ("x"):rep(200), "arn:\n" } do
    check.raises("must be the ARN of a channel", client.metadata_queue, client, wrong)
  end
  check.raises("string expected", client.metadata_queue, client, 5)
  check.raises("a client was expected", client.metadata_queue, arn)
  check.raises("an item is a string or a table, not a number", queue.push, queue, 5)
  check.raises("the item is not UTF-8", queue.push, queue, "\xff")
  check.raises('ivs.json.encode: value["f"] is a function', queue.push, queue, { f = print })
  check.raises("the options are 'key' and 'ttl'", queue.push, queue, "x", { kye = "x" })
  check.raises("'key' must be a string of at most 255 bytes", queue.push, queue, "x", { key = ("k"):rep(256) })
  check.raises("'ttl' must be 0.001 to 1e6 seconds", queue.push, queue, "x", { ttl = 0 })
  check.raises("'ttl' must be 0.001 to 1e6 seconds", queue.push, queue, "x", { ttl = "soon" })
  check.raises("must be 0 to 1e6 seconds", queue.flush, queue, -1)
  check.raises("number expected", queue.flush, queue)
  check.raises("call methods with a colon", queue.flush, 5)
  check.equal(#queue, 0, "nothing of that was taken")
  queue:close()
  queue:close()
  check.raises("the metadata queue is closed", queue.push, queue, "x")
  check.raises("the metadata queue is closed", queue.step, queue)
  check.equal(queue:counters().pushed, 1, "counters outlive it: the item that was not UTF-8 was offered")
end

-- A client that is closed under its queue.
do
  local other = assert(ivs.client {})
  local queue = other:metadata_queue(arn)
  control("fault", { fault = "stall-before-answer", operation = "PutMetadata", seconds = 0.5 })
  queue:push "x"
  while not (queue:step() == 0.02) do end
  other:close()
  check.raises("the client is closed", queue.flush, queue, 1)
  check.raises("the client is closed", queue.step, queue)
  check.raises("the client is closed", queue.push, queue, "y")
  check.equal(queue:clear(), 1)
  balanced(queue)
end

-- A trace that fails in the middle of a queue's call ends that call, not the queue; it cannot pull the queue away either.
do
  local queue, fail, closing
  local traced <close> = assert(ivs.client { trace = function(event)
    if fail and event == "sent" then fail = false error "trace failed" end
    if closing and event == "connected" then closing = false queue:close() end
  end })
  queue = traced:metadata_queue(arn)
  fail = true
  queue:push "traced"
  check.raises("trace failed", queue.flush, queue, 5)
  check.equal(#queue, 1)
  check.equal(queue:flush(5), true)
  check.equal(assert(traced:get_channel { arn = arn }).channel.name, "joined")
  closing = true
  local again = assert(ivs.client { trace = function() if closing then closing = false queue:close() end end })
  queue = again:metadata_queue(arn)
  queue:push "x"
  check.raises("in the middle of a call", queue.flush, queue, 5)
  queue:clear()
end

-- A clock that was never set: the queue takes the time from the service first, without blocking, and again when that fails.
do
  local other <close> = assert(ivs.client {})
  other:clock_offset(-1.6e9)
  local queue <close> = other:metadata_queue(arn)
  queue:push "in time"
  control("fault", { fault = "reset-connect" })
  local began, wait = ivs.monotonic(), queue:step()
  while wait and ivs.monotonic() - began < 10 do
    ivs.sleep(wait)
    wait = queue:step()
  end
  check.ok(ivs.monotonic() - began >= 1, "a pause after the failure")
  check.equal(balanced(queue).sent, 1)
  check.ok(math.abs(other:clock() - ivs.now()) < 5, "the time was learned")
  local asked <close> = assert(ivs.client {})
  asked:clock_offset(-1.6e9)
  local interrupted <close> = asked:metadata_queue(arn)
  interrupted:push "x"
  check.equal(interrupted:step(), 0.02, "the time is asked for")
  check.ok(asked:get_channel { arn = arn }, "a plain call goes on after that")
  check.equal(interrupted:flush(5), true)
  local again <close> = assert(ivs.client {})
  again:clock_offset(-1.6e9)
  local cleared <close> = again:metadata_queue(arn)
  cleared:push "x"
  cleared:step()
  check.equal(cleared:clear(), 1)
  check.ok(again:get_channel { arn = arn }, "a lesson that was cut short is in nobody's way")
end

-- Items that a program forgets are told, once; those that it cleared are not.
local function forgotten(words)
  return (check.output(check.run .. " tests/lua/test_queue.lua forgotten " .. words .. " 2>&1"))
end
check.equal(forgotten "1", ("ivs: warning: metadata for %s: 1 item was not sent, for the queue was closed\n"):format(ARN))
for _, how in ipairs { "", "collect", "close" } do
  check.equal(forgotten("3 " .. how), ("ivs: warning: metadata for %s: 3 items were not sent, for the queue was closed\n"):format(ARN), how)
end
check.equal(forgotten "3 clear", "3\n")
check.equal(forgotten "0", "")

-- Ctrl-C ends a flush at once.
check.with_server("silent", function(port)
  local began = ivs.monotonic()
  local text = check.output(("%s tests/lua/test_queue.lua interrupted %d 2>&1 & sleep 0.7; kill -INT $!; wait $!"):format(check.run, port))
  check.ok(ivs.monotonic() - began < 5, "took " .. ivs.monotonic() - began)
  check.has(text, "interrupted!", "Lua's own error follows")
  check.has(text, "\n1\n", "the item is still there")
end)

check.finish()
