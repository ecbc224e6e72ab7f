-- When to ask again. The account has 5 requests a second for all that its devices do with channels and streams, so nobody asks often,
-- many that were started at the same moment drift apart, and who is throttled asks less.

local ivs = require "ivs"

local pace = {}

local SPREAD <const> = 0.2 -- of an interval, either way
local SLOWEST <const> = 8 -- times slower, while the service says that it is too much
local LONGEST_BACK_OFF <const> = 30 -- s
local TICK <const> = 0.2 -- s

local function spread(seconds) return seconds * (1 - SPREAD + 2 * SPREAD * math.random()) end

local Pace = {}
Pace.__index = Pace

-- every: seconds, or a function of the seconds since the beginning. first: seconds until the first time, default 0.
function pace.new(every, first)
  local now = ivs.monotonic()
  return setmetatable({ every = every, began = now, slower = 1, at = now + (first or 0) }, Pace)
end

-- Seconds until it is time; 0: it is.
function Pace:due() return math.max(0, self.at - ivs.monotonic()) end

-- It was done. err: what the service said, or nil.
function Pace:done(err)
  local now = ivs.monotonic()
  local every = type(self.every) == "function" and self.every(now - self.began) or self.every
  local throttled = err and err.code == "ThrottlingException"
  self.slower = throttled and math.min(self.slower * 2, SLOWEST) or math.max(self.slower / 2, 1)
  self.at = now + spread(every * self.slower)
end

-- Asks for the state of one stream that somebody waits for: often at first, when it is likely to change.
function pace.impatient(seconds)
  if seconds < 10 then return 1 end
  return seconds < 30 and 2 or 5
end

-- Seconds before the n-th try of what went wrong: 1, 2, 4 and so on.
function pace.back_off(n) return spread(math.min(2.0 ^ (n - 1), LONGEST_BACK_OFF)) end

-- Sleeps; true, or nil and an error. tick(), if it is given, is called several times a second meanwhile.
function pace.rest(seconds, tick)
  if not tick then return ivs.sleep(seconds) end
  local until_then = ivs.monotonic() + seconds
  repeat
    tick()
    local ok, err = ivs.sleep(math.max(0, math.min(TICK, until_then - ivs.monotonic())))
    if not ok then return nil, err end
  until ivs.monotonic() >= until_then
  return true
end

return pace
