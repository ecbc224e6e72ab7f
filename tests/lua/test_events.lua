-- Events: the published ones, newer ones, texts that are none. The C side has more: tests/core/test_event.c.
package.path = "tests/lua/?.lua;" .. package.path
local check = require "check"
local ivs = require "ivs"

local published, count = {}, 0
for line in io.lines "tests/vectors/event/published.txt" do
  local name, text = line:match "^(.-)\t(.*)$"
  local event = assert(ivs.events.decode(text))
  published[name], count = event, count + 1
  local whole = assert(ivs.json.decode(text))
  check.equal(ivs.json.encode(event.detail), ivs.json.encode(whole.detail), name)
  check.equal(ivs.json.encode(event.resources), ivs.json.encode(whole.resources), name)
  for ours, theirs in pairs { id = "id", source = "source", detail_type = "detail-type", account = "account", region = "region",
                              time = "time" } do
    check.equal(event[ours], whole[theirs], name .. ", " .. ours)
  end
  check.equal(event.channel_arn, whole.resources[1], name)
  check.equal(event.seconds, ivs.time(event.time), name)
  check.equal(event.type, event.detail_type:gsub("^IVS ", ""):gsub(" Change$", ""):gsub(" ", "_"):lower(), name)
end
check.equal(count, 19)
check.equal(published["Concurrent Viewers"].channel_arn, nil)
check.equal(published["Recording End"].detail.recording_session_stream_ids[2], "st-1A2b3c4D5e6F78ghij9Klmn")

-- Newer, odd, or somebody else's.
local event = assert(ivs.events.decode [[{"source":"aws.ivs","detail-type":"IVS Moon Phase","time":"soon","resources":null,
  "detail":{"phase":{"name":"full \"\u263e\"","of":[1,2.5]},"none":null}}]])
check.equal(event.type, "other")
check.equal(event.detail.phase.name, "full \"☾\"")
check.equal(event.detail.phase.of[2], 2.5)
check.equal(event.detail.none, ivs.null)
check.ok(event.time == nil and event.seconds == nil and event.resources == nil, "what has another type is not there")
event = assert(ivs.events.decode [[{"source":"aws.\u0069vs","detail-type":"IVS Limit Breach","resources":[7,"arn"],
  "detail":{"limit_value":1.5}}]])
check.equal(event.type, "limit_breach")
check.equal(event.channel_arn, "arn")
check.equal(event.detail.limit_value, 1.5)
check.equal(assert(ivs.events.decode [[{"source":"my.app","detail-type":"IVS Limit Breach","detail":{}}]]).type, "other")

-- Texts that are no events.
check.fails("NotJson", ivs.events.decode "")
check.fails("NotJson", ivs.events.decode "{")
check.fails("NotJson", ivs.events.decode("{\"a\":" .. ("["):rep(40) .. ("]"):rep(40) .. "}"))
local err = check.fails("NotAnEvent", ivs.events.decode "[]")
check.has(err.hint, "whole event")
check.fails("NotAnEvent", ivs.events.decode [[{"event_name":"Stream Start"}]])
check.fails("NotAnEvent", ivs.events.decode [[{"source":"aws.ivs","detail-type":"IVS Limit Breach","detail":[]}]])
check.raises("string expected", ivs.events.decode)
check.raises("string expected", ivs.events.decode, {})

check.finish()
