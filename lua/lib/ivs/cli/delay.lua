-- What a client's trace says of a delay before another attempt: "SECONDS ATTEMPT ATTEMPTS WHY".

local delay = {}

local NOTICED <const> = 1 -- s

-- Seconds, which attempt comes next, of how many, and what became of the last one.
function delay.read(text)
  local seconds, attempt, attempts, why = text:match "^(%S+) (%d+) (%d+) (.*)$"
  return tonumber(seconds), attempt, attempts, (why:gsub("%c", "?"))
end

-- A line for whoever sits in front of the terminal, if the delay is one that is noticed.
function delay.show(text)
  local seconds, attempt, attempts, why = delay.read(text)
  if seconds <= NOTICED then return end
  io.stderr:write(("%s, trying again in %.0f s (attempt %s of %s)\n"):format(why, seconds, attempt, attempts))
end

return delay
