-- What alloc_fail.c runs while memory runs out. Each part, from a line "--- NAME" to the next, is a script of its own; `url` is its
-- service. What a script leaves in `client` and `queue` has to work when memory is there again: the last part sees to that.

--- a client, pages that outgrow its workspace, an error
ivs = require "ivs"
client = assert(ivs.client { region = "eu-west-1", access_key_id = "a", secret_access_key = "b", endpoint = url })
local n = 0
for channel in client:each_channel { maxResults = 30 } do
  n = n + 1
  assert(channel.tags.a and channel.name == "café")
end
assert(n == 60)
local none, err = client:get_channel { arn = "missing" }
assert(not none and tostring(err) == "GetChannel: ResourceNotFoundException: none")

--- requests with all kinds of members, and wrong ones
ivs = require "ivs"
client = assert(ivs.client { region = "eu-west-1", access_key_id = "a", secret_access_key = "b", endpoint = url })
assert(client:create_recording_configuration {
  name = "x", destinationConfiguration = { s3 = { bucketName = "abc" } }, tags = { a = "b" },
  renditionConfiguration = { renditions = { "SD", "HD" } }, recordingReconnectWindowSeconds = 5,
})
assert(client:batch_start_viewer_session_revocation {
  viewerSessions = { { channelArn = "a", viewerId = "b" }, { channelArn = "c", viewerId = "d" } },
})
local ok, err = pcall(client.create_channel, client, { thumbnail = 1 })
if not err:find("not enough memory", 1, true) then assert(err:find "no member") end
local role = assert(ivs.client {
  region = "eu-west-1", access_key_id = "a", secret_access_key = "b", endpoint = url, role_arn = "arn:r", proxy = "http://localhost:1",
})
assert(role:credentials().source == "role" and role:clock() > 0)
role:close()
client:close()
client = nil

--- a metadata queue: its own call, one of the client's in between, what is left at the end
ivs = require "ivs"
client = assert(ivs.client {
  region = "eu-west-1", access_key_id = "a", secret_access_key = "b", endpoint = url, trace = function() local _ = {} end,
})
queue = client:metadata_queue("arn:1", { rate = 1000, limit = 1024, join = { "<", ",", ">" } })
for i = 1, 20 do assert(queue:push({ n = i, text = ("x"):rep(60) }, { key = "k" .. i, ttl = 60 })) end
assert(queue:step())
assert(client:get_channel { arn = "x" })
assert(queue:flush(10))
assert(#queue == 0 and queue:counters().sent == 20 and not queue:last_error())
assert(queue:push "left" and tostring(queue):find "1 waiting" and queue:clear() == 1)
queue:close()

--- tokens and events
ivs = require "ivs"
local key = assert(ivs.token.key_pair())
local arn = "arn:aws:ivs:eu-west-1:123456789012:channel/AbCdef1G2hij"
local token = assert(ivs.token.sign {
  key = key:private_pem(), channel_arn = arn, single_use = true, allow_origin = { "https://a", "https://b" },
  ads_player_params = { a = "b" },
})
local claims = assert(ivs.token.verify(token, key:public_pem()))
assert(claims.ads_player_params.a == "b" and claims.channel_arn == arn)
local none, err = ivs.token.sign { key = key, channel_arn = "x" }
assert(not none and tostring(err):find "BadClaim")
local event = assert(ivs.events.decode [[{"source":"aws.ivs","detail-type":"x","resources":["a\u0062"],"detail":{"n":[1,{}]}}]])
assert(event.type == "other" and event.detail.n[1] == 1)

--- JSON and descriptions
ivs = require "ivs"
local text = '{"a":[1,2.5,{"b":null}],"long":"' .. ("x"):rep(600) .. '"}'
assert(ivs.json.encode(ivs.json.decode(text)) == text)
assert(#ivs.operations() == 41)

--- afterwards, with all memory: of a queue all that it holds, and one more, can be sent
if queue and tostring(queue):find "waiting%)" then
  assert(queue:push "again" and queue:flush(10))
  assert(queue:counters().sent == queue:counters().pushed)
end
return client == nil or not tostring(client):find "http" or client:get_channel { arn = "x" }.channel.srt.endpoint == "x"
