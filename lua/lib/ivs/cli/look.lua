-- What is to be seen of a stream, in one line.

local ivs = require "ivs"
local report = require "ivs.live.report"

local look = {}

local function clock(seconds)
  local whole = math.floor(seconds)
  return ("%d:%02d:%02d"):format(whole // 3600, whole // 60 % 60, whole % 60)
end

local function plural(n, word) return ("%d %s%s"):format(n, word, n == 1 and "" or "s") end

-- now: of ivs.live.channel's state; seen: of ivs.live.report, or nil; sent: items of metadata, or nil; at: seconds since 1970.
function look.line(now, seen, sent, at)
  local parts = { now.state }
  if now.state == "LIVE" then
    local began = now.startTime and ivs.time(now.startTime)
    if began then parts[1] = "LIVE " .. clock(math.max(0, at - began)) end
    parts[#parts + 1] = now.health
    parts[#parts + 1] = now.viewers and plural(now.viewers, "viewer") or "viewers not known yet"
    local words = seen and report.words(seen) or ""
    if words ~= "" then parts[#parts + 1] = words end
  end
  if sent then parts[#parts + 1] = plural(sent, "cue") .. " sent" end
  return table.concat(parts, ", ")
end

-- The same for machines.
function look.event(now, seen, sent)
  local event = {}
  for name, value in pairs(now) do event[name] = value end
  if seen and now.state == "LIVE" then event.video, event.audio = seen.video, seen.audio end
  event.metadataSent = sent
  event.time = os.date "!%Y-%m-%dT%H:%M:%SZ"
  return event
end

-- Looks at the session of a stream when it is new, and again while the service does not know yet what it receives.
local AGAIN <const> = 15 -- s

local Watcher = {}
Watcher.__index = Watcher

function look.watcher(client, arn) return setmetatable({ client = client, arn = arn }, Watcher) end

-- What the session has, or nil.
function Watcher:see(now)
  if now.state ~= "LIVE" then
    self.seen = nil
    return nil
  end
  local known = self.seen and self.stream == now.streamId and self.seen.video
  if known or (self.stream == now.streamId and ivs.monotonic() < self.again_at) then return self.seen end
  self.stream, self.again_at = now.streamId, ivs.monotonic() + AGAIN
  self.seen = report.get(self.client, self.arn, now.streamId)
  return self.seen
end

return look
