-- Calls against the simulator: life of a channel, pages, errors, text of all kinds, answers that outgrow the workspace.
package.path = "tests/lua/?.lua;" .. package.path
local check = require "check"
check.in_simulator()
local ivs = require "ivs"

local client <close> = assert(ivs.client {})
local missing = "arn:aws:ivs:us-west-2:123456789012:channel/nosuchchanne"

-- Life of a channel.
local made = assert(client:create_channel {
  name = "lobby-1", latencyMode = "LOW", authorized = false, insecureIngest = true,
  tags = { ["ключ"] = "värde 日本 +-=._:/@", empty = "", a = "b" },
})
local channel, arn = made.channel, made.channel.arn
check.equal(channel.name, "lobby-1")
check.equal(channel.authorized, false, "false is not absent")
check.equal(channel.insecureIngest, true)
check.equal(channel.recordingConfigurationArn, "", "empty is not absent")
check.same(channel.tags, { ["ключ"] = "värde 日本 +-=._:/@", empty = "", a = "b" })
check.same(made.streamKey.tags, {}, "an empty map is a table")
check.equal(made.streamKey.channelArn, arn)
check.same(assert(client:get_channel { arn = arn }).channel, channel)
check.same(assert(client:call("GetChannel", { arn = arn })).channel, channel)
check.same(assert(client:call("get-channel", { arn = arn })).channel, channel)
check.equal(assert(client:update_channel { arn = arn, name = "", authorized = true }).channel.authorized, true)
check.equal(assert(client:get_channel { arn = arn }).channel.name, "")

-- Tags: the operations with a path and a query.
check.same(assert(client:tag_resource { resourceArn = arn, tags = { ["x y/=+@:"] = "1" } }), {})
check.equal(assert(client:list_tags_for_resource { resourceArn = arn }).tags["x y/=+@:"], "1")
check.same(assert(client:untag_resource { resourceArn = arn, tagKeys = { "x y/=+@:", "ключ", "empty" } }), {})
check.same(assert(client:list_tags_for_resource { resourceArn = arn }).tags, { a = "b" })
check.same(assert(client:untag_resource { resourceArn = arn, tagKeys = { "a" } }), {})
check.same(assert(client:list_tags_for_resource { resourceArn = arn }).tags, {})

-- Recording configurations: the create succeeds before anything is known of the bucket.
local function record_to(bucket)
  local made = assert(client:create_recording_configuration { destinationConfiguration = { s3 = { bucketName = bucket } } })
  return made.recordingConfiguration.arn
end
local ready, elsewhere = record_to "mine", record_to "in-other-region"
check.equal(assert(client:wait_recording_configuration(ready)).state, "ACTIVE")
local none, why = client:wait_recording_configuration(elsewhere, 10)
check.equal(none, nil)
check.equal(why.code, "RecordingFailed")
check.has(why.message, "the bucket in-other-region")
check.has(why.hint, "region")
check.equal(why.retryable, false)
none, why = client:wait_recording_configuration(record_to "slow", 0)
check.equal(why.code, "Timeout")
check.equal(why.retryable, true)

-- A look that is not answered takes no longer than the wait, but for a few seconds; the client has its own time again.
local slow, began = record_to "slow", ivs.monotonic()
local fault = ivs.json.encode { fault = "stall-before-work", operation = "GetRecordingConfiguration", seconds = 30, times = ivs.null }
check.output(("curl -sS '%s/fault' -d '%s'"):format(os.getenv "IVS_SIM_CONTROL", fault))
none, why = client:wait_recording_configuration(slow, 1)
check.equal(why.code, "Timeout")
check.ok(ivs.monotonic() - began < 25, "it ends soon")
check.equal(client:timeout(), 60.0)
check.output(("curl -sS '%s/fault' -d '{\"clear\": true}'"):format(os.getenv "IVS_SIM_CONTROL"))

none, why = client:wait_recording_configuration("arn:aws:ivs:us-west-2:123456789012:recording-configuration/nosuchrecord")
check.equal(why.code, "ResourceNotFoundException")
check.equal(pcall(client.wait_recording_configuration, client, ready, -1), false)
check.equal(pcall(client.wait_recording_configuration, client), false)

-- Batches, with errors within the answer.
local batch = assert(client:batch_get_channel { arns = { missing, arn } })
check.equal(#batch.channels, 1)
check.equal(batch.channels[1].arn, arn)
check.equal(#batch.errors, 1)
check.equal(batch.errors[1].arn, missing)

-- Offline is told by the code.
local err = check.fails("ChannelNotBroadcasting", client:get_stream { channelArn = arn })
check.equal(err.status, 404)
check.equal(err.retryable, false)
check.equal(err.operation, "GetStream")
check.ok(type(err.request_id) == "string" and #err.request_id > 10, "request id")
check.has(tostring(err), "GetStream: ChannelNotBroadcasting: ")
check.has(tostring(err), "(request id " .. err.request_id .. ")")
check.fails("ChannelNotBroadcasting", client:put_metadata { channelArn = arn, metadata = "x" })
check.fails("ResourceNotFoundException", client:get_channel { arn = missing })
check.fails("ServiceQuotaExceededException", client:create_stream_key { channelArn = arn })
err = check.fails("ValidationException", client:create_channel { name = "bad;name" })
check.equal(err.status, 400)
check.fails("ValidationException", client:list_channels { maxResults = 0 })
check.fails("ConflictException", client:list_channels { filterByName = "a", filterByRecordingConfigurationArn = "" })

-- Live, by an encoder; timestamps, integers and metadata.
local url = ("rtmps://%s/app/%s"):format(channel.ingestEndpoint, made.streamKey.value)
local encoder = assert(io.popen(("IVS_INGEST_URL='%s' scripts/stand-in-encoder >/dev/null 2>&1 & echo $!"):format(url)))
local pid = encoder:read("n")
local stream
for _ = 1, 100 do
  stream = client:get_stream { channelArn = arn }
  if stream then break end
  ivs.sleep(0.1)
end
check.ok(stream, "the stream is live")
if stream then
  check.equal(stream.stream.state, "LIVE")
  check.equal(math.type(stream.stream.viewerCount), "integer")
  check.ok(math.abs(ivs.time(stream.stream.startTime) - ivs.now()) < 60, "startTime")
  check.same(client:put_metadata { channelArn = arn, metadata = ivs.json.encode { cue = "ü" } }, {})
  local again = check.fails("ValidationException", client:put_metadata { channelArn = arn, metadata = ("x"):rep(1025) })
  check.ok(not tostring(again):find("xxx"), "metadata is not repeated")
  check.equal(#assert(client:list_streams { filterBy = { health = "HEALTHY" } }).streams, 1)
  check.same(assert(client:list_streams { filterBy = { health = "STARVING" } }).streams, {}, "an empty list is a table")
  for one in client:each_stream {} do check.equal(one.channelArn, arn) end
  local session = assert(client:get_stream_session { channelArn = arn }).streamSession
  check.equal(session.streamId, stream.stream.streamId)
  check.equal(session.endTime, nil, "absent is nil")
  check.ok(#session.truncatedEvents > 0, "events")
  check.ok(ivs.time(session.truncatedEvents[1].eventTime), "eventTime")
  check.fails("ConflictException", client:delete_channel { arn = arn })
  check.same(client:stop_stream { channelArn = arn }, {})
end
os.execute("kill " .. math.tointeger(pid) .. " 2>/dev/null")
for _ = 1, 100 do
  if client:delete_channel { arn = arn } then break end
  ivs.sleep(0.1)
end
check.fails("ResourceNotFoundException", client:get_channel { arn = arn })

-- Pages, and a page that the first workspace cannot hold.
check.equal(client:counters().workspace, 4096)
local names = {}
for i = 1, 100 do
  names[i] = ("channel-%03d"):format(i)
  local created
  repeat
    created, err = client:create_channel { name = names[i], tags = { n = tostring(i), filler = ("é"):rep(200), ["k" .. i] = "" } }
    if not created and err.retryable then ivs.sleep(0.2) end
  until created or not err.retryable
  check.ok(created, tostring(err))
end
local page = assert(client:list_channels { maxResults = 100 })
check.equal(#page.channels, 100)
check.equal(page.nextToken, nil)
local counters = client:counters()
check.ok(counters.workspace > 60000 and counters.workspace < 1000000, "workspace " .. counters.workspace)
check.ok(counters.high_water <= counters.workspace, "high water")
check.equal(counters.connections, counters.handshakes)
check.ok(counters.reused > 50, "the connection is kept")
local by_name = {}
for _, one in ipairs(page.channels) do by_name[one.name] = one end
check.equal(by_name["channel-042"].tags.n, "42")
check.equal(by_name["channel-042"].tags.filler, ("é"):rep(200))
for _, size in ipairs { 1, 7, 33, 99, 100.0 } do
  local seen, request = {}, { maxResults = size }
  local before = client:counters().requests
  for one in client:each_channel(request) do
    seen[#seen + 1] = one.name
    check.same(one, by_name[one.name])
  end
  table.sort(seen)
  check.same(seen, names, "pages of " .. size)
  check.equal(client:counters().requests - before, math.tointeger((100 + size - 1) // size), "pages of " .. size)
  check.same(request, { maxResults = size }, "the request is left alone")
end
for one in client:each_channel { filterByName = "channel-007" } do check.equal(one.name, "channel-007") end
check.equal(client:each_channel { filterByName = "none" }(), nil)
local iterator = client:each_channel { maxResults = 50 }
for _ = 1, 100 do check.ok(iterator(), "element") end
check.equal(iterator(), nil)
check.equal(iterator(), nil, "it stays at its end")
local first = assert(client:list_channels { maxResults = 60 })
local rest = 0
for _ in client:each_channel { nextToken = first.nextToken } do rest = rest + 1 end
check.equal(rest, 40)
check.equal(pcall(client:each_channel { nextToken = "nonsense" }), false)

-- Two clients, and calls between the pages of one.
local other <close> = assert(ivs.client { timeout = 10 })
local count = 0
for one in client:each_channel { maxResults = 10 } do
  local got = (count % 2 == 0 and client or other):get_channel { arn = one.arn }
  check.equal(got and got.channel.name, one.name)
  count = count + 1
end
check.equal(count, 100)

-- Large requests.
local arns = {}
for i = 1, 50 do arns[i] = page.channels[i].arn end
check.equal(#assert(client:batch_get_channel { arns = arns }).channels, 50)
for i = 51, 3000 do arns[i] = arns[1] end
check.fails("ValidationException", client:batch_get_channel { arns = arns })

-- With refused credentials: what to check.
local stranger <close> = assert(ivs.client { access_key_id = "AKIDSTRANGER", secret_access_key = "x" })
err = check.fails("UnrecognizedClientException", stranger:list_channels())
check.has(tostring(err), "check the access key id")
local forger <close> = assert(ivs.client { access_key_id = os.getenv("AWS_ACCESS_KEY_ID"), secret_access_key = "wrong" })
err = check.fails("InvalidSignatureException", forger:list_channels())
check.has(tostring(err), "check the secret access key and the region")
local unsigned <close> = assert(ivs.client { sign = false })
check.fails("MissingAuthenticationTokenException", unsigned:list_channels())

check.finish()
