-- What the service receives of a stream: codecs, size and bit rates, as its session has them.

local ask = require "ivs.live.ask"

local report = {}

-- What the session of the channel's stream says: { streamId, startTime, video = { ... }, audio = { ... }, events }, with the members of
-- the API; video and audio are absent until the service knows them. Without a stream id: of the newest one.
function report.get(client, arn, stream_id)
  local got, err = ask(client, "get_stream_session", { channelArn = arn, streamId = stream_id })
  if not got then return nil, err end
  local session = got.streamSession
  local ingest = session.ingestConfiguration or {}
  return {
    streamId = session.streamId, startTime = session.startTime, endTime = session.endTime,
    video = ingest.video, audio = ingest.audio, events = session.truncatedEvents or {},
  }
end

local function kilobits(bits) return bits and bits > 0 and (bits + 500) // 1000 or nil end

-- In a few words: "1280x720 30 fps 2000+160 kbit/s", the sound behind the plus; "" if nothing is known.
function report.words(seen)
  local video, audio, parts = seen.video or {}, seen.audio or {}, {}
  if video.videoWidth and video.videoHeight then parts[#parts + 1] = ("%dx%d"):format(video.videoWidth, video.videoHeight) end
  if (video.targetFramerate or 0) > 0 then parts[#parts + 1] = ("%d fps"):format(video.targetFramerate) end
  local picture, sound = kilobits(video.targetBitrate), kilobits(audio.targetBitrate)
  if picture or sound then
    parts[#parts + 1] = ("%s%s kbit/s"):format(picture or "", sound and ("+%d"):format(sound) or "")
  end
  return table.concat(parts, " ")
end

-- Events that say that something went wrong since then (seconds since 1970), as text, the newest first; "" if there were none.
function report.troubles(seen, since)
  local ivs, found = require "ivs", {}
  for _, event in ipairs(seen.events) do
    local wrong = event.code or (event.name or ""):find "Failure" or event.type == "IVS Limit Breach"
    local at = event.eventTime and ivs.time(event.eventTime)
    if wrong and (not at or at >= since) then
      found[#found + 1] = event.code and ("%s (%s)"):format(event.name, event.code) or event.name
    end
  end
  return table.concat(found, ", ")
end

return report
