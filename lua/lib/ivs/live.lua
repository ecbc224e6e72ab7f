-- Going live: from a channel's name to a running stream and back.
--
--   local session <close> = assert(live.start { client = client, channel = "lobby", encoder = { "my-encoder", "{url}" } })
--   session:metadata { scene = 3 }
--   session:wait(60)
--
-- What the world does comes back as nil and an error (code, message, tostring); a mistake in the script raises.
-- However a session ends, by close, error or signal, the stream is stopped first and then the encoder.

local ivs = require "ivs"
local ask = require "ivs.live.ask"
local brief = require "ivs.live.brief"
local channel = require "ivs.live.channel"
local encoder = require "ivs.live.encoder"
local failure = require "ivs.live.failure"
local feed = require "ivs.live.feed"
local ingest = require "ivs.live.ingest"
local option = require "ivs.live.option"
local Session = require "ivs.live.session"
local supervise = require "ivs.live.supervise"
local tell = require "ivs.live.tell"
local wait = require "ivs.live.wait"

local live = { words = encoder.words, test_pattern = encoder.test_pattern, allow_only = encoder.allow_only }

local WAIT_LIVE <const> = 60 -- s
local RETRIES <const> = 10
local MAY_BE_DONE <const> = { Unsure = true, Interrupted = true, BadAnswer = true }

-- ---------------------------------------------------------------- steps

-- The channel, its stream key if that is known, and whether the channel was created. session.creating: what became of that is not known.
local function find_or_create(session)
  local found, err = channel.get(session.client, session.name)
  if found then return found end
  if err.code ~= "NoChannel" then return nil, err end
  session.creating = true
  local made, key = channel.create(session.client, session.name, session.settings)
  if not made then session.creating = session.temporary and MAY_BE_DONE[key.code] end
  return made, key, true
end

local function choose_channel(session)
  local found, key, created
  if session.name then
    found, key, created = find_or_create(session)
  else
    found, key = channel.get(session.client, session.arn)
  end
  if not found then return nil, key end
  session.channel, session.key, session.created = found, key, created or false
  session.creating = nil
  tell(session, "channel", { name = found.name, arn = found.arn, created = session.created })
  return true
end

-- Progress while a step waits.
local function ticker(session, text)
  return session.tick and function() session.tick(text) end
end

local function end_stream(session)
  tell(session, "stopping")
  return channel.end_stream(session.client, session.channel.arn, ticker(session, "waiting for the end of the stream"))
end

-- A stream that is there already is someone else's, or one of ours that the service still holds.
local function make_room(session)
  if session.created then return true end
  local now, err = session:state()
  if not now then return nil, err end
  local request, changes = channel.change(session.channel, session.settings)
  if now.state ~= "LIVE" then return true, request, changes end
  if session.restart then
    local ended
    ended, err = end_stream(session)
    if ended == nil then return nil, err end
    return true, request, changes
  end
  if request then
    return nil, failure("LiveChange", "the channel is live, and cannot be changed before its stream is stopped: %s. "
      .. "Allow that with %s", changes, option "restart")
  end
  if session.takeover then
    session.priority = session.first_priority or math.min(math.floor(session.client:clock()), ingest.PRIORITY_MAX)
    return true
  end
  return nil, failure("AlreadyLive", "the channel is live already, since %s and %s: another encoder sends, or the last stream is still "
    .. "held, for up to 30 s. Wait; or end it with %s, or take it over with %s",
    now.startTime or "some time", now.health or "of unknown health", option "restart", option "takeover")
end

local function settle_channel(session)
  local ok, request, changes = make_room(session)
  if not ok then return nil, request end
  if not request then return true end
  local updated, err = ask(session.client, "update_channel", request)
  if not updated then return nil, err end
  session.channel = updated.channel
  tell(session, "changed", { changes = changes })
  return true
end

local function see_it_live(session)
  local ok, err = wait.until_live(session)
  if not ok then return nil, err end
  supervise.begin(session)
  tell(session, "live", { seconds = ivs.monotonic() - session.encoder_began })
  return true
end

-- ---------------------------------------------------------------- options

local kinds = {
  client = "userdata", name = "string", channel = "string", settings = "table", encoder = "table", protocol = "string", log = "string",
  wait = "number", retries = "number", restart = "boolean", takeover = "boolean", priority = "number", temporary = "boolean",
  on_event = "function", on_progress = "function",
}

local function refuse(text, ...) error(("live.start: " .. text):format(...), 4) end

local function check_kinds(options)
  if type(options) ~= "table" then refuse "a table of options is needed" end
  for name, value in pairs(options) do
    local kind = kinds[name]
    if not kind then refuse("there is no option %s", name) end
    if type(value) ~= kind then refuse("%s must be a %s, not a %s", name, kind, type(value)) end
  end
end

local function one_of(name, value, all)
  for _, one in ipairs(all) do
    if value == one then return end
  end
  refuse("%s must be one of %s", name, table.concat(all, ", "))
end

-- Members of a channel that can be set, and are not its name.
local function check_settings(settings)
  local members = ivs.operation "CreateChannel".input
  for member in pairs(settings) do
    local known = false
    for _, one in ipairs(members) do known = known or (one.name == member and member ~= "name") end
    if not known then refuse("settings: a channel has no %s that could be set", member) end
  end
end

local function check_range(options, name, least, most)
  local value = options[name]
  if value and not (value >= least and value <= most) then refuse("%s must be %d to %d", name, least, most) end
end

local function check_words(words)
  if #words == 0 or words[1] == "" then refuse "encoder must name a program; without it, one from elsewhere is waited for" end
  for i = 1, #words do
    if type(words[i]) ~= "string" then refuse("encoder must be a list of texts; word %d is a %s", i, type(words[i])) end
    if words[i]:find("\0", 1, true) then refuse("encoder: word %d has a zero byte in it", i) end
  end
end

local function check_options(options)
  check_kinds(options)
  for _, name in ipairs { "name", "channel", "log" } do
    if options[name] == "" then refuse("%s must not be empty", name) end
  end
  check_range(options, "wait", 0, 1000000)
  check_range(options, "retries", 0, 1000000)
  if options.encoder then check_words(options.encoder) end
  if not options.client then refuse "client is needed" end
  if not options.name == not options.channel then refuse "give either name or channel, a name or an ARN" end
  if options.protocol then one_of("protocol", options.protocol, ingest.protocols) end
  if options.settings then check_settings(options.settings) end
  local priority = options.priority
  if priority and (math.type(priority) ~= "integer" or priority < 1 or priority > ingest.PRIORITY_MAX) then
    refuse("priority must be an integer, 1 to %d", ingest.PRIORITY_MAX)
  end
end

-- ---------------------------------------------------------------- start

-- Goes live. Options:
--   client               of ivs.client
--   channel              the channel's ARN, or its name; one of that name is created if there is none. name: only ever a name
--   settings             what the channel has to be like, with the API's names: { latencyMode = "LOW", insecureIngest = true }. A channel
--                        that is found is changed, but not while it is live, unless restart allows to stop it
--   encoder              the encoder's program and arguments, with place-holders: {server}, {url}, {key}, {srt_url}, {passphrase};
--                        {key_file}, {url_file}: names of files with these; {fpre}: one for ffmpeg's option -fpre. In its environment are
--                        IVS_INGEST_URL, IVS_INGEST_SERVER, IVS_STREAM_KEY and IVS_SRT_PASSPHRASE. Other users of the machine can
--                        read arguments, but neither these files nor the environment.
--                        None: the encoder is someone else's, and only waited for
--   protocol             rtmps (default), rtmp or srt: what {url}, {server} and {key} are of
--   log                  file that the encoder's output is appended to, with the secrets taken out
--   wait                 seconds until the stream has to be live (60)
--   retries              how often in a row the encoder is started again when it ends with an error, with longer and longer pauses (10)
--   restart              a stream that is live already, or still held, is stopped first
--   takeover             such a stream is taken over, which viewers do not notice; also when the encoder is started again. The picture has
--                        to be of the same kind. Otherwise it is stopped
--   priority             of the takeover, 1 to 2147483647, above that of the stream; default: the seconds since 1970
--   temporary            a channel that was created is removed at the end
--   on_event             function(event, detail): channel, stopping, changed, ingest, encoder, live, state, encoder_lost, trouble, stopped,
--                        encoder_ended, deleted, problem. None: a problem is a warning on standard error
--   on_progress          function(text): what is waited for, several times a second
function live.start(options)
  check_options(options)
  local known, held = true, nil
  if options.encoder then known, held = encoder.check(options.encoder, options.log) end
  if not known then return nil, held end
  local is_name = options.name or (not channel.is_arn(options.channel) and options.channel)
  local session = setmetatable({
    client = options.client, brief = brief(options.client), streams = {}, settings = options.settings or {},
    name = is_name or nil, arn = not is_name and options.channel or nil,
    template = options.encoder, protocol = options.protocol or "rtmps", log = options.log, held_log = held,
    patience = options.wait or WAIT_LIVE, retries = options.retries or RETRIES,
    restart = options.restart, takeover = options.takeover, first_priority = options.priority,
    temporary = options.temporary, on_event = options.on_event, tick = options.on_progress,
    news = {}, created = false, sent = 0, sent_bytes = 0, refused = 0,
  }, Session)
  local unfinished <close> = setmetatable({}, { __close = function() if not session.ready then session:close() end end })

  for _, step in ipairs { choose_channel, settle_channel, feed.prepare, feed.start, see_it_live } do
    local ok, err = step(session)
    if not ok then return nil, err end
  end
  session.ready = true
  return session
end

return live
