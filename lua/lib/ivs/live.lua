-- Going live: from a channel's name to a running stream and back.
--
--   local session <close> = assert(live.start { client = client, name = "lobby", encoder = { "my-encoder", "{url}" } })
--   session:metadata { scene = 3 }
--
-- What the world does comes back as nil and an error (code, message, tostring); a mistake in the script raises.
-- However a session ends, by close, error or signal, the stream is stopped first and then the encoder.

local ivs = require "ivs"
local process = require "ivs.process"

local live = {}

local PORT = 443
local CUE_WAIT = 30 -- s until an item that cannot be sent is given up; a cue that comes later helps nobody
local FIRST_LOOK, LOOK_EVERY = 0.5, 1 -- s; far below the account's 5 requests a second
local WAIT_LIVE = 60 -- s
local WAIT_END = 90 -- s; a dropped stream is held for 30
local ENCODER_GRACE = 5 -- s from SIGTERM to SIGKILL

local Failure = {
  __tostring = function(self) return self.message end,
}

local function failure(code, text, ...)
  return setmetatable({ code = code, message = text:format(...), retryable = false }, Failure)
end

local Session = {}
Session.__index = Session

local function tell(session, event, detail)
  if session.on_event then session.on_event(event, detail or {}) end
end

-- ---------------------------------------------------------------- channel

-- Names are not unique, and the wrong channel must not go live.
local function find_by_name(client, name)
  local found, request = nil, { filterByName = name }
  repeat
    local page, err = client:list_channels(request)
    if not page then return nil, err end
    for _, channel in ipairs(page.channels) do
      if channel.name == name then
        if found then
          return nil, failure("AmbiguousName", "more than one channel is named %s: give the ARN of the one to use", name)
        end
        found = channel
      end
    end
    request.nextToken = page.nextToken
  until not request.nextToken
  return found
end

local function create(session)
  local made, err = session.client:create_channel { name = session.name }
  if not made then return nil, err end
  session.channel, session.created, session.key = made.channel, true, made.streamKey.value
  return true
end

local function find_or_create(session)
  local arn = session.arn
  if not arn then
    local found, err = find_by_name(session.client, session.name)
    if err then return nil, err end
    if not found then return create(session) end
    arn = found.arn
  end
  local got, err = session.client:get_channel { arn = arn }
  if not got then return nil, err end
  session.channel = got.channel
  return true
end

local function choose_channel(session)
  local ok, err = find_or_create(session)
  if not ok then return nil, err end
  local channel = session.channel
  tell(session, "channel", { name = channel.name, arn = channel.arn, created = session.created })
  return true
end

-- A stream that is there already is someone else's, or one of ours that the service still holds.
local function check_offline(session)
  if session.created then return true end
  local now, err = session:state()
  if not now then return nil, err end
  if now.state == "OFFLINE" then return true end
  return nil, failure("AlreadyLive", "the channel is live already: end that first, with ivs stop-stream --channel-arn %s",
    session.channel.arn)
end

-- ---------------------------------------------------------------- ingest

local function find_key(client, arn)
  local keys, err = client:list_stream_keys { channelArn = arn }
  if not keys then return nil, err end
  if #keys.streamKeys == 0 then return client:create_stream_key { channelArn = arn } end
  return client:get_stream_key { arn = keys.streamKeys[1].arn }
end

local function prepare_ingest(session)
  if not session.key then
    local got, err = find_key(session.client, session.channel.arn)
    if not got then return nil, err end
    session.key = got.streamKey.value
  end
  local host = session.channel.ingestEndpoint
  if not host:find(":%d+$") then host = host .. ":" .. PORT end
  session.server = "rtmps://" .. host .. "/app/"
  session.url = session.server .. session.key
  tell(session, "ingest", { server = session.server, url = session.server .. "[stream key]" })
  return true
end

-- ---------------------------------------------------------------- encoder

-- Only the words that ask for it get the key: other users of the machine can read a program's arguments.
local function fill_in(template, session)
  local values = { url = session.url, server = session.server, key = session.key }
  local argv = {}
  for i, word in ipairs(template) do argv[i] = word:gsub("{(%a+)}", values) end
  return argv
end

local function start_encoder(session)
  session.may_stream = true
  if not session.encoder_template then return true end
  local encoder, problem = process.start {
    argv = fill_in(session.encoder_template, session),
    env = { IVS_INGEST_URL = session.url, IVS_INGEST_SERVER = session.server, IVS_STREAM_KEY = session.key },
    log = session.log,
    redact = { session.key },
  }
  if not encoder then
    session.may_stream = false
    return nil, failure("EncoderNotStarted", "the encoder cannot be started: %s", problem)
  end
  session.encoder = encoder
  tell(session, "encoder", { program = session.encoder_template[1], pid = encoder:pid() })
  return true
end

local function said(encoder)
  local line = encoder:last_line()
  return line and ("; its last words: " .. line) or ""
end

-- The failure, if the encoder has ended by itself. Waits for that up to `seconds`.
local function encoder_ended(session, seconds)
  local status, how = session.encoder:wait(seconds)
  if not status then return nil end
  return failure("EncoderEnded", "the encoder ended (%s)%s", how, said(session.encoder))
end

local function pause(session, seconds)
  if not session.encoder then return ivs.sleep(seconds) end
  local ended = encoder_ended(session, seconds)
  return not ended, ended
end

-- ---------------------------------------------------------------- waiting

local function not_live(session, last_error)
  local reason = "no stream has reached it"
  if last_error then
    reason = tostring(last_error)
  elseif session.encoder then
    session.encoder:stop(ENCODER_GRACE)
    reason = "the encoder runs, but its stream did not arrive" .. said(session.encoder)
  end
  return failure("NotLive", "the channel was not live after %g s: %s", session.wait, reason)
end

local function wait_until_live(session)
  local began = ivs.monotonic()
  local look, last_error = FIRST_LOOK, nil
  repeat
    local ok, err = pause(session, look)
    if not ok then return nil, err end
    local now
    now, err = session:state()
    if now and now.state == "LIVE" then
      tell(session, "live", { seconds = ivs.monotonic() - began })
      return true
    end
    if err and not err.retryable then return nil, err end
    look, last_error = LOOK_EVERY, err
  until ivs.monotonic() - began >= session.wait
  return nil, not_live(session, last_error)
end

-- ---------------------------------------------------------------- session

-- What is known of the stream now: { state = "LIVE" or "OFFLINE", health, viewers, startTime }.
-- viewers is absent while the service does not know their number.
function Session:state()
  local got, err = self.client:get_stream { channelArn = self.channel.arn }
  if err and err.code == "ChannelNotBroadcasting" then return { state = "OFFLINE" } end
  if not got then return nil, err end
  local stream = got.stream
  local viewers = stream.viewerCount
  if viewers and viewers < 0 then viewers = nil end
  return { state = stream.state, health = stream.health, viewers = viewers, startTime = stream.startTime }
end

-- The same; and an encoder that has ended is an error.
function Session:health()
  local ended = self.encoder and encoder_ended(self, 0)
  if ended then return nil, ended end
  return self:state()
end

-- It keeps to the permitted rate and tries again what failed. Each item is a payload, as it is.
local function queue_of(session)
  session.queue = session.queue or session.client:metadata_queue(session.channel.arn, { coalesce = false, refuse_offline = true })
  return session.queue
end

-- Puts the text in and sees it out: true, or nil and why the service does not have it.
local function send(queue, text)
  local before = queue:counters().sent
  local ok, err = queue:push(text)
  if not ok then
    if err.code ~= "TooLong" then return nil, err end
    return nil, failure(err.code, "the metadata was refused: it has %d bytes, and the service takes at most 1 KB in one item", #text)
  end
  ok, err = queue:flush(CUE_WAIT)
  if not ok then
    queue:clear()
    return nil, err
  end
  if queue:counters().sent > before then return true end
  return nil, queue:last_error()
end

-- Sends one item: a text, or a table as JSON. Waits for its turn, and until the service has it. session.sent, .sent_bytes and .refused
-- count. For items that are not to be waited for there is client:metadata_queue(session.channel.arn).
function Session:metadata(item)
  local text = type(item) == "table" and ivs.json.encode(item) or item
  if type(text) ~= "string" then error("metadata must be a string or a table, not a " .. type(item), 2) end
  local ok, err = send(queue_of(self), text)
  if not ok then
    self.refused = self.refused + 1
    return nil, err
  end
  self.sent, self.sent_bytes = self.sent + 1, self.sent_bytes + #text
  return true
end

local function drop_queue(session)
  if session.queue then session.queue:clear() end
  session.queue = nil
  return true
end

-- Stops the stream, then the encoder. Both are tried; the first problem is the result.
function Session:stop()
  local problem
  local alive = self.encoder and self.encoder:alive()
  if self.may_stream then
    local ok, err = self.client:stop_stream { channelArn = self.channel.arn }
    self.may_stream = false
    if ok then
      tell(self, "stopped")
    elseif err.code ~= "ChannelNotBroadcasting" then
      problem = err
    end
  end
  if self.encoder then
    local _, how = self.encoder:stop(ENCODER_GRACE)
    self.encoder = nil
    if alive then tell(self, "encoder_ended", { how = how }) end
  end
  if problem then return nil, problem end
  return true
end

-- Removes the channel, and with it its stream key. The service refuses as long as the stream has not quite ended.
function Session:delete()
  local ok, err = self:stop()
  local until_then = ivs.monotonic() + WAIT_END
  while ok do
    ok, err = self.client:delete_channel { arn = self.channel.arn }
    if ok then
      self.deleted = true
      tell(self, "deleted", { arn = self.channel.arn })
      return true
    end
    if err.code ~= "ConflictException" or ivs.monotonic() > until_then then break end
    ok, err = ivs.sleep(LOOK_EVERY)
  end
  return nil, err
end

-- A signal raises one error, wherever the script is: a step of the way out that it hits is taken again.
local function certainly(session, step)
  local ran, ok, err = pcall(step, session)
  if not ran then ran, ok, err = pcall(step, session) end
  if not ran then ok, err = nil, ok end
  if not ok then tell(session, "problem", { message = tostring(err) }) end
end

-- The way out: also for <close>, after errors and signals. Removes the channel if it was made for this session only.
function Session:close()
  if self.closed then return end
  self.closed = true
  certainly(self, drop_queue)
  certainly(self, Session.stop)
  if self.temporary and self.created and not self.deleted then certainly(self, Session.delete) end
end

Session.__close = Session.close
Session.__gc = Session.close

-- ---------------------------------------------------------------- start

local kinds = {
  client = "userdata", name = "string", channel = "string", encoder = "table", log = "string", wait = "number",
  temporary = "boolean", on_event = "function",
}

local function check_options(options)
  if type(options) ~= "table" then error("live.start: a table of options is needed", 3) end
  for name, value in pairs(options) do
    local kind = kinds[name]
    if not kind then error(("live.start: there is no option %s"):format(name), 3) end
    if type(value) ~= kind and name ~= "client" then
      error(("live.start: %s must be a %s, not a %s"):format(name, kind, type(value)), 3)
    end
  end
  if not options.client then error("live.start: client is needed", 3) end
  if not options.name == not options.channel then error("live.start: give either name or channel, an ARN", 3) end
end

-- Goes live. Options:
--   client               of ivs.client
--   name or channel      the channel's name, which is created if there is none of that name; or its ARN
--   encoder              the encoder's program and arguments; {url}, {server} and {key} are filled in. The same are in its environment
--                        as IVS_INGEST_URL, IVS_INGEST_SERVER and IVS_STREAM_KEY, where other users cannot read them.
--                        None: the encoder is someone else's, and only waited for
--   log                  file that the encoder's output is appended to, with the key taken out
--   wait                 seconds until the stream has to be live (60)
--   temporary            a channel that was created is removed at the end
--   on_event             function(event, detail): channel, ingest, encoder, live, stopped, encoder_ended, deleted, problem
function live.start(options)
  check_options(options)
  local session = setmetatable({
    client = options.client, name = options.name, arn = options.channel,
    encoder_template = options.encoder, log = options.log, wait = options.wait or WAIT_LIVE,
    temporary = options.temporary, on_event = options.on_event,
    created = false, sent = 0, sent_bytes = 0, refused = 0,
  }, Session)
  local unfinished <close> = setmetatable({}, { __close = function() if not session.ready then session:close() end end })

  for _, step in ipairs { choose_channel, check_offline, prepare_ingest, start_encoder, wait_until_live } do
    local ok, err = step(session)
    if not ok then return nil, err end
  end
  session.ready = true
  return session
end

-- Splits a command line into words: at blanks, except in '...' and "..."; a backslash keeps the next character, not
-- within '...'. Nothing else of a shell. nil and an error if a quote is not closed.
function live.words(line)
  local words, word, quoted = {}, nil, nil
  local i = 1
  while i <= #line do
    local c = line:sub(i, i)
    if c == "\\" and quoted ~= "'" and i < #line then
      i = i + 1
      word = (word or "") .. line:sub(i, i)
    elseif c == quoted then
      quoted = nil
    elseif not quoted and (c == "'" or c == '"') then
      quoted, word = c, word or ""
    elseif not quoted and c:find "%s" then
      words[#words + 1], word = word, nil
    else
      word = (word or "") .. c
    end
    i = i + 1
  end
  words[#words + 1] = word
  if quoted then return nil, failure("OpenQuote", "a quote (%s) is not closed in: %s", quoted, line) end
  return words
end

return live
