#!/usr/bin/env ivs
-- Goes live: finds or creates a channel, starts an encoder on it, pushes timed metadata while viewers watch, and ends
-- cleanly, also on errors and Ctrl-C. Region and credentials are those of the environment; see --help.

local ivs = require "ivs"
local live = require "ivs.live"
local process = require "ivs.process"
local story = require "ivs.live.story"

local usage = [[
usage: go_live.lua [--name NAME | --channel ARN] [--encoder 'COMMAND'] [--items N] [--seconds N] [--keep]
  --name NAME       the channel of that name; it is created if there is none (go-live)
  --channel ARN     an existing channel
  --encoder 'CMD'   the encoder; {server} is filled in, and {fpre}, {key_file} and {url_file} as names of files that have
                    the stream key in them. IVS_INGEST_URL is set in its environment.
                    Default: $IVS_ENCODER, or else a test pattern by ffmpeg
  --items N         items of metadata to push (20)
  --seconds N       stay live for at least that long (0)
  --keep            do not remove a channel that was created
]]

local function read_options(words)
  local options = { encoder = os.getenv "IVS_ENCODER", items = 20, seconds = 0 }
  local takes = { name = tostring, channel = tostring, encoder = tostring, items = math.tointeger, seconds = tonumber }
  local at = 1
  while words[at] do
    local name = words[at]:match "^%-%-(%a+)$"
    if name == "help" then
      io.write(usage)
      os.exit(0)
    elseif name == "keep" then
      options.keep = true
    else
      local value = takes[name] and words[at + 1]
      if takes[name] ~= tostring then value = tonumber(value) end
      options[name or ""] = value and takes[name](value)
      if not options[name] then
        io.stderr:write("go_live.lua: cannot use ", words[at], " ", words[at + 1] or "", "; --help lists the options\n")
        os.exit(252)
      end
      at = at + 1
    end
    at = at + 1
  end
  if not options.channel then options.name = options.name or "go-live" end
  return options
end

-- On a terminal the count is one line that changes, otherwise a line now and then.
local on_terminal = process.is_terminal(io.stdout)
local line_is_open = false

local function say(text, ...)
  if select("#", ...) > 0 then text = text:format(...) end
  io.write(line_is_open and "\n" or "", text, "\n")
  line_is_open = false
end

local function show_count(session, items)
  local text = ("Pushed metadata: %d of %d items, %d bytes"):format(session.sent, items, session.sent_bytes)
  local last = session.sent == items
  if not on_terminal then
    if last or session.sent % 5 == 0 then say(text) end
    return
  end
  io.write("\r", text, last and "\n" or "")
  line_is_open = not last
end

local function show_event(event, detail)
  local text, is_problem = story.tell(event, detail)
  if is_problem then io.stderr:write("go_live.lua: ", text, "\n") else say(text) end
end

local function show_health(session)
  local now = assert(session:health())
  say("Health: %s, viewers: %s", now.health or now.state, now.viewers or "not known yet")
end

local options = read_options(arg)
io.stdout:setvbuf(on_terminal and "no" or "line")
local session <close> = assert(live.start {
  client = assert(ivs.client()),
  name = options.name,
  channel = options.channel,
  encoder = options.encoder and assert(live.words(options.encoder)) or live.test_pattern(),
  temporary = not options.keep,
  on_event = show_event,
})

local began = ivs.monotonic()
for item = 1, options.items do
  assert(session:metadata { item = item, of = options.items, sent = os.date "!%Y-%m-%dT%H:%M:%SZ" })
  show_count(session, options.items)
end
show_health(session)
while ivs.monotonic() - began < options.seconds do
  assert(session:wait(math.min(5, options.seconds - (ivs.monotonic() - began))))
  show_health(session)
end

session:close()
if not session.deleted then say("Kept channel %s", session.channel.arn) end
