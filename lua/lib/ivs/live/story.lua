-- The events of a session as lines for people.

local story = {}

-- What an encoder said last, to be put behind what is said of its end; "" if it said nothing.
function story.last_words(words)
  return words ~= "" and "; its last words: " .. words:gsub("\n", " | ") or ""
end

local lines = {
  channel = function(e) return ("%s channel %s (%s)"):format(e.created and "Created" or "Found", e.name, e.arn) end,
  stopping = function() return "Stopping the stream that is live already" end,
  changed = function(e) return "Changed the channel: " .. e.changes end,
  ingest = function(e) return "Ingest URL for the encoder: " .. e.url end,
  encoder = function(e) return ("Started encoder %s (process %d); waiting for its stream"):format(e.program, e.pid) end,
  live = function(e) return ("%s after %.1f s"):format(e.again and "LIVE again" or "LIVE", e.seconds) end,
  state = function(e)
    if e.state ~= "LIVE" then return "The stream is away" end
    return ("State: LIVE, health: %s, viewers: %s"):format(e.health or "not known", e.viewers or "not known yet")
  end,
  encoder_lost = function(e)
    return ("The encoder ended (%s)%s. Starting it again in %.0f s"):format(e.how, story.last_words(e.words), e.seconds)
  end,
  stopped = function() return "Stopped the stream" end,
  encoder_ended = function() return "Ended the encoder" end,
  deleted = function() return "Removed the channel" end,
}

local problems = {
  trouble = function(e) return e.message end,
  problem = function(e) return e.message end,
}

-- The line of the event; and whether it is a problem.
function story.tell(event, detail)
  if problems[event] then return problems[event](detail), true end
  return lines[event](detail), false
end

return story
