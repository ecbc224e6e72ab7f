-- What the world does: servers that answer oddly, certificates that are wrong, clocks that are off. Each is an error with its code,
-- one line of text that says what to do, and in time.
package.path = "tests/lua/?.lua;" .. package.path
local check = require "check"
local ivs = require "ivs"

local ARN = "arn:aws:ivs:eu-west-1:123456789012:channel/abcdefgh"

-- As the child of a simulator: one call; prints the code and the text.
if arg[1] == "call" then
  local options = arg[2] and load("return " .. arg[2])() or {}
  local client, err = ivs.client(options)
  local answer
  if client then answer, err = client:list_channels() end
  print(answer and "ok" or err.code, tostring(err))
  os.exit(true, true)
end

-- Under a simulator with these options, the call ends with the code, and its text holds the part.
local function simulate(options, code, part, client_options)
  local text = check.output(("scripts/ivs-sim --quiet %s --run %s tests/lua/test_trouble.lua call '%s'")
    :format(options, check.run, client_options or "{}"))
  check.has(text, code .. "\t", options)
  check.has(text, part, options)
  local _, lines = text:gsub("\n", "")
  check.equal(lines, 1, options .. ": lines")
end

simulate("", "ok", "nil")
simulate("--session-token TOKEN", "ok", "nil")
simulate("--tls 1.2 --key-type rsa", "ok", "nil")
simulate("--certificate other-ca", "TlsTrust",
  "certificate not signed by a trusted root: chain ends at no trusted root; give the right bundle with AWS_CA_BUNDLE or ca_bundle")
simulate("--certificate wrong-host", "TlsName", "certificate is for another host")
simulate("--certificate expired", "TlsDate", "this machine's clock says 20")
simulate("--certificate not-yet-valid", "TlsDate", "this machine's clock says 20")
simulate("--certificate expired", "ok", "nil", "{ verify = false }")
simulate("--certificate other-ca", "ok", "nil", "{ verify = false }")
simulate("", "TlsTrust", "localhost:", '{ ca_bundle = "/etc/ssl/certs/ca-certificates.crt" }')

-- A clock that is off is put right by the first refusal; what was done is said when that does not help, or is not wanted.
simulate("--clock-skew 3600", "ok", "nil")
simulate("--clock-skew -86400", "ok", "nil")
simulate("--clock-skew 200", "ok", "nil")
simulate("--clock-skew 3600", "InvalidSignatureException", "this machine's clock says 20", "{ keep_clock = true }")
simulate("--clock-skew 3600", "InvalidSignatureException", "and it is not to be corrected: set this machine's", "{ keep_clock = true }")
simulate("--clock-skew 3600", "InvalidSignatureException", " s slow: set it, or allow more than one attempt", "{ max_attempts = 1 }")
simulate("--clock-skew 3600", "InvalidSignatureException", "did not help: check the secret access key and the region",
  '{ access_key_id = os.getenv "AWS_ACCESS_KEY_ID", secret_access_key = "wrong" }')

-- A proxy is named, without its password.
simulate("", "CannotConnect", "through the proxy http://127.0.0.1:1: cannot connect", '{ proxy = "http://me:hidden@127.0.0.1:1" }')
simulate("--proxy --proxy-user me:hidden", "ok", "nil")
simulate("--proxy --proxy-user me:hidden", "Proxy", "refused by the proxy",
  '{ proxy = (os.getenv("HTTPS_PROXY"):gsub("//.*@", "//")) }')

-- A server of odd_server.py, and a client for it.
local function with_server(kind, use, options)
  check.with_server(kind, function(port)
    local all = { region = "eu-west-1", access_key_id = "a", secret_access_key = "b", endpoint = "http://127.0.0.1:" .. port, timeout = 20 }
    for name, value in pairs(options or {}) do all[name] = value end
    local client <close> = assert(ivs.client(all))
    use(client, "127.0.0.1:" .. port)
  end)
end

local function odd(kind, code, part, retryable)
  with_server(kind, function(client, address)
    local err = check.fails(code, client:list_channels())
    check.has(tostring(err), "ListChannels: " .. code .. ": ", kind)
    check.has(tostring(err), part:gsub("ADDRESS", address), kind)
    check.ok(not tostring(err):find("\n"), kind .. ": one line")
    check.equal(err.retryable, retryable, kind .. ": retryable")
    check.equal(err.attempts, retryable and 3 or 1, kind .. ": attempts")
    check.equal(err.exhausted, retryable, kind .. ": exhausted")
    check.fails(code, client:list_channels())
  end)
end

odd("close", "ConnectionClosed", "ADDRESS: connection closed by the other side; try again later, or check the endpoint and the network", true)
odd("half", "ConnectionClosed", "ADDRESS: connection closed by the other side; try again later, or check the endpoint and the network", true)
odd("reset", "NetworkError", "ADDRESS: network error: Connection reset by peer; try again later, or check the network", true)
odd("garbage", "BadAnswer", "answer is not HTTP/1.1; is the endpoint that of the service", false)
odd("html", "BadAnswer", "answer is not JSON", false)
odd("type", "BadAnswer", "channels: member of the answer has another type", false)
odd("nested-type", "BadAnswer", "another type", false)
odd("huge", "AnswerTooLarge", "the answer needs more than 16 MB", false)
odd("redirect", "Redirect", "redirect refused; give the endpoint that was meant", false)
odd("unmodified", "BadAnswer", "HTTP status 304, which the service does not use; is the endpoint that of the service?", false)
odd("bare", "503", "HTTP status 503, and no message (request id r-1)", true)
odd("throttle", "ThrottlingException", "slow down", true)

with_server("unmodified", function(client)
  local queue <close> = client:metadata_queue(ARN)
  queue:push "cue"
  check.fails("Timeout", queue:flush(0.2))
  local err = queue:last_error()
  check.equal(err.code .. ": " .. err.message, "BadAnswer: HTTP status 304, which the service does not use")
  queue:clear()
end)

with_server("silent", function(client, address)
  local began = ivs.monotonic()
  local err = check.fails("Timeout", client:list_channels())
  local took = ivs.monotonic() - began
  check.ok(took > 0.29 and took < 5, "took " .. took)
  check.has(tostring(err), address .. ": deadline passed; check the network, or give more time with timeout")
  -- What must not be done twice is in doubt when no answer came.
  err = check.fails("Unsure", client:create_channel {})
  check.equal(err.attempts, 1, "what may have been done is not repeated")
  check.equal(err.retryable, false)
  check.has(tostring(err), "request left, outcome unknown: deadline passed; it may have been done: look with each_channel before")
  check.has(tostring(select(2, client:create_stream_key { channelArn = ARN })), "look with each_stream_key before")
  check.has(tostring(select(2, client:import_playback_key_pair { publicKeyMaterial = "x" })), "look with each_playback_key_pair before")
  check.has(tostring(select(2, client:insert_ad_break { channelArn = ARN, durationSeconds = 5 })), "called again, it may be done twice")
end, { timeout = 0.3 })

with_server("close", function(client, address)
  check.equal(check.fails("ConnectionClosed", client:list_channels()).endpoint, "http://" .. address)
  check.has(tostring(select(2, client:create_channel {})), address .. ": request left, outcome unknown: ")
end)

with_server("loop", function(client)
  local n = 0
  local ok, err = pcall(function() for _ in client:each_channel {} do n = n + 1 end end)
  check.equal(ok, false)
  check.equal(err.code, "BadAnswer")
  check.has(tostring(err), "ListChannels: BadAnswer: the service gave the same nextToken twice")
  check.equal(n, 1, "what came before the error")
end)

with_server("empty-token", function(client)
  local n = 0
  for channel in client:each_channel {} do n = n + #channel.arn end
  check.equal(n, 1, "an empty nextToken is that of the last page")
end)

with_server("nulls", function(client)
  check.same(client:list_channels(), { channels = { {} } }, "null counts as absent, unknown members are skipped")
end)

with_server("hop", function(client)
  check.same(client:list_channels(), { channels = { {}, {} } }, "interim answer, chunks")
end)

-- A clock that was never set: the lesson of time and the call have one deadline together.
with_server("silent", function(plain, address)
  plain:close()
  local client <close> = assert(ivs.client {
    region = "eu-west-1", access_key_id = "a", secret_access_key = "b", endpoint = "http://" .. address, timeout = 2,
  })
  client:clock_offset(-1.6e9)
  local began = ivs.monotonic()
  check.fails("Timeout", client:list_channels())
  check.ok(ivs.monotonic() - began < 5, "took " .. ivs.monotonic() - began)
end)

-- A host that does not exist; a port that speaks no TLS.
local client <close> = assert(ivs.client {
  region = "eu-west-1", access_key_id = "a", secret_access_key = "b", endpoint = "https://no-such-host.invalid", timeout = 30,
})
local err = check.fails("HostNotFound", client:list_channels())
check.has(tostring(err), "no-such-host.invalid:443: host name not found")
with_server("garbage", function(plain, address)
  plain:close()
  local tls <close> = assert(ivs.client {
    region = "eu-west-1", access_key_id = "a", secret_access_key = "b", endpoint = "https://" .. address, timeout = 1,
  })
  local _, problem = tls:list_channels()
  check.ok(problem and (problem.code == "Timeout" or problem.code == "Tls" or problem.code == "ConnectionClosed"), tostring(problem))
end)

check.finish()
