-- What requests become on the wire: every kind of member, and the differences between absent, empty and false.
package.path = "tests/lua/?.lua;" .. package.path
local check = require "check"
local ivs = require "ivs"

check.with_server("echo", function(port)
  local client <close> = assert(ivs.client {
    region = "eu-west-1", access_key_id = "a", secret_access_key = "b", endpoint = "http://127.0.0.1:" .. port,
  })
  for _, case in ipairs {
    { "CreateChannel", nil, "POST /CreateChannel {}" },
    { "CreateChannel", {}, "POST /CreateChannel {}" },
    { "CreateChannel", { name = "", authorized = false, insecureIngest = true, tags = {} },
      'POST /CreateChannel {"name":"","authorized":false,"tags":{},"insecureIngest":true}' },
    { "CreateChannel", { tags = { ["a\"b"] = "ü\n" } }, 'POST /CreateChannel {"tags":{"a\\"b":"ü\\n"}}' },
    { "CreateChannel", { multitrackInputConfiguration = {} }, 'POST /CreateChannel {"multitrackInputConfiguration":{}}' },
    { "CreateChannel", { multitrackInputConfiguration = { enabled = false, policy = "ALLOW" } },
      'POST /CreateChannel {"multitrackInputConfiguration":{"enabled":false,"policy":"ALLOW"}}' },
    { "CreateRecordingConfiguration",
      { destinationConfiguration = { s3 = { bucketName = "abc" } }, thumbnailConfiguration = { storage = {}, targetIntervalSeconds = 5.0 } },
      'POST /CreateRecordingConfiguration {"destinationConfiguration":{"s3":{"bucketName":"abc"}},'
        .. '"thumbnailConfiguration":{"targetIntervalSeconds":5,"storage":[]}}' },
    { "CreateRecordingConfiguration", { destinationConfiguration = {}, recordingReconnectWindowSeconds = 0 },
      'POST /CreateRecordingConfiguration {"destinationConfiguration":{},"recordingReconnectWindowSeconds":0}' },
    { "BatchStartViewerSessionRevocation",
      { viewerSessions = { { channelArn = "c1", viewerId = "v1", viewerSessionVersionsLessThanOrEqualTo = -1 }, { channelArn = "c2", viewerId = "v2" } } },
      'POST /BatchStartViewerSessionRevocation {"viewerSessions":[{"channelArn":"c1","viewerId":"v1",'
        .. '"viewerSessionVersionsLessThanOrEqualTo":-1},{"channelArn":"c2","viewerId":"v2"}]}' },
    { "BatchStartViewerSessionRevocation", { viewerSessions = {} }, 'POST /BatchStartViewerSessionRevocation {"viewerSessions":[]}' },
    { "BatchGetChannel", { arns = { "a", "", "b" } }, 'POST /BatchGetChannel {"arns":["a","","b"]}' },
    { "BatchGetChannel", { arns = {} }, 'POST /BatchGetChannel {"arns":[]}' },
    { "ListStreams", { filterBy = { health = "STARVING" }, maxResults = 2 ^ 53 },
      'POST /ListStreams {"filterBy":{"health":"STARVING"},"maxResults":9007199254740992}' },
    { "ListTagsForResource", { resourceArn = "a:b/c d" }, "GET /tags/a%3Ab%2Fc%20d " },
    { "TagResource", { resourceArn = "x", tags = { k = "v" } }, 'POST /tags/x {"tags":{"k":"v"}}' },
    { "UntagResource", { resourceArn = "x", tagKeys = { "b k", "a" } }, "DELETE /tags/x?tagKeys=b%20k&tagKeys=a " },
    { "PutMetadata", { channelArn = "c", metadata = "\0\1" }, 'POST /PutMetadata {"channelArn":"c","metadata":"\\u0000\\u0001"}' },
  } do
    local err = check.fails("Echo", client:call(case[1], case[2]))
    check.equal(err.message, case[3], case[1])
  end

  -- Marked tables are tables like any other.
  local err = check.fails("Echo", client:batch_get_channel(ivs.json.decode('{"arns":["a"]}')))
  check.equal(err.message, 'POST /BatchGetChannel {"arns":["a"]}')
end)

check.finish()
