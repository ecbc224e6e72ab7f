-- ivs.live as a script in the sandbox has it: the encoder and its log are the command line's, and of a session there is what scripts
-- call, not what it is made of.

local encoder = require "ivs.live.encoder"
local failure = require "ivs.live.failure"
local live = require "ivs.live"

local sandboxed = {}

local MOST_OPEN <const> = 2 -- each may have an encoder, which no limit of the script's holds for

local METHODS <const> = { "state", "health", "wait", "metadata", "push", "stop", "delete", "close", "count" }
local FIELDS <const> = { now = true, channel = true, created = true, name = true, sent = true, sent_bytes = true, refused = true }

-- A table that the script has no hand in, but for functions in it: each part is read once.
local function copied(value)
  if type(value) ~= "table" then return value end
  local copy = {}
  for key, part in next, value do copy[key] = copied(part) end
  return copy
end

local sessions = setmetatable({}, { __mode = "k" }) -- by what the script has of them
local opened = setmetatable({}, { __mode = "k" }) -- all of them
local starting = 0

local function method(name)
  return function(self, ...)
    local session = sessions[self]
    if not session then error(("a session was expected; call methods with a colon: session:%s()"):format(name), 2) end
    return session[name](session, ...)
  end
end

local methods = {}
for _, name in ipairs(METHODS) do methods[name] = method(name) end

local Face = { __close = methods.close, __metatable = false }

function Face:__index(name)
  if methods[name] then return methods[name] end
  if FIELDS[name] then return copied(sessions[self][name]) end
end

function Face.__newindex() error("a session cannot be changed", 2) end

local function face_of(session)
  local face = setmetatable({}, Face)
  sessions[face], opened[session] = session, true
  return face
end

local function count_open()
  local open = starting
  for session in pairs(opened) do
    if not session.closed or session.encoder then open = open + 1 end
  end
  return open
end

-- Of a coroutine that is never resumed, a session counts as starting for ever.
local function started(options)
  starting = starting + 1
  local _ <close> = setmetatable({}, { __close = function() starting = starting - 1 end })
  return live.start(options)
end

local function options_of(options, log)
  if type(options) ~= "table" then return options end
  local own = {}
  for name, value in next, options do own[name] = copied(value) end
  if own.log ~= nil then error("live.start: the log is not for a script in the sandbox to choose; run --sandbox --log FILE does", 3) end
  if own.client ~= nil and type(own.client) ~= "userdata" then error("live.start: client must be of ivs.client", 3) end
  own.log = log
  local on_event = own.on_event
  if type(on_event) == "function" then own.on_event = function(event, detail) on_event(event, copied(detail)) end end
  return own
end

-- words: of the encoder, or nil: none may be started. log: the file that its output goes to, or nil.
function sandboxed.new(words, log)
  encoder.allow_only(words or false)
  return {
    encoder = words and table.move(words, 1, #words, 1, {}) or nil,
    start = function(options)
      options = options_of(options, log)
      for _ = 1, count_open() >= MOST_OPEN and 2 or 0 do collectgarbage() end -- finalizers run in between
      if count_open() >= MOST_OPEN then
        return nil, failure("TooManySessions", "a script in the sandbox may have %d sessions at a time; close those that are not needed", MOST_OPEN)
      end
      local session, problem = started(options)
      if not session then return nil, problem end
      return face_of(session)
    end,
  }
end

return sandboxed
