-- Ctrl-C in the stock interpreter: a call or sleep under way ends at once, by the debug hook that its signal handler sets.
package.path = "tests/lua/?.lua;" .. package.path
local check = require "check"
local ivs = require "ivs"

-- As a child: a call has to wait for one of a queue's, or to learn the time first, of which half an answer comes; and is interrupted
-- before it begins. Prints its error, which is to know nothing of that answer.
local function call_late(what, port)
  local client = assert(ivs.client {
    region = "eu-west-1", access_key_id = "a", secret_access_key = "b", endpoint = "http://127.0.0.1:" .. port, timeout = 20,
  })
  if what == "queue" then
    local queue = client:metadata_queue "arn:aws:ivs:eu-west-1:123456789012:channel/abcdefgh"
    queue:push "cue"
    for _ = 1, 10 do ivs.sleep(queue:step()) end
  else
    client:clock_offset(-1.6e9)
  end
  local call = coroutine.wrap(function()
    local _, err = client:create_channel {}
    print(err, err.status, err.request_id, err.attempts, err.exhausted)
  end)
  os.execute "(sleep 0.5; kill -INT $PPID) >/dev/null 2>&1 &"
  print(pcall(call))
end

-- The port of a server that never answers, as arg[2]; what to do as arg[1].
if arg[1] == "sleep" then
  print(select(2, pcall(function() print(ivs.sleep(60)) end)))
  os.exit(true, true)
elseif arg[1] == "region" then
  print(select(2, pcall(function() print(ivs.client { access_key_id = "a", secret_access_key = "b" }) end)))
  os.exit(true, true)
elseif arg[1] == "call" or arg[1] == "coroutine" then
  local client = assert(ivs.client {
    region = "eu-west-1", access_key_id = "a", secret_access_key = "b", endpoint = "http://127.0.0.1:" .. arg[2],
  })
  local function call() print(client:list_channels()) end
  if arg[1] == "coroutine" then call = coroutine.wrap(call) end
  local ok, err = pcall(call)
  print(ok, err)
  if ok then print(pcall(string.rep, "x")) end
  os.exit(true, true)
elseif arg[1] then
  call_late(arg[1], arg[2])
  os.exit(true, true)
end

check.with_server("silent", function(port)
  local metadata = ("env -u AWS_REGION -u AWS_DEFAULT_REGION AWS_CONFIG_FILE=/dev/null AWS_EC2_METADATA_DISABLED=false " ..
    "AWS_EC2_METADATA_SERVICE_ENDPOINT=http://127.0.0.1:%d AWS_METADATA_SERVICE_TIMEOUT=59 "):format(port)
  for _, what in ipairs { "sleep", "call", "coroutine", "region" } do
    local began = ivs.monotonic()
    local text = check.output(("%s%s tests/lua/test_interrupt.lua %s %d 2>&1 & sleep 0.7; kill -INT $!; wait $!")
      :format(what == "region" and metadata or "", check.run, what, port))
    local took = ivs.monotonic() - began
    check.ok(took < 5, what .. " took " .. took)
    check.has(text, "interrupted!", what .. ": Lua's own error follows")
  end
end)

for _, what in ipairs { "queue", "lesson" } do
  check.with_server("stall", function(port)
    local text = check.output(("%s tests/lua/test_interrupt.lua %s %d 2>&1"):format(check.run, what, port))
    if not jit then -- whose hooks are in coroutines too
      check.has(text, "CreateChannel: Interrupted: interrupted before the call began\tnil\tnil\t0\tfalse\n", what)
    end
    check.has(text, "interrupted!", what)
  end)
end

check.finish()
