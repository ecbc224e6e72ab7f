-- The encoder: any program, started from a template of its command line.

local failure = require "ivs.live.failure"
local nearest = require "ivs.cli.nearest"
local process = require "ivs.process"

local encoder = {}

local PLACE_HOLDER <const> = "(%$?){([%a_]+)}" -- ${name} is a shell's
local NAMES <const> = { "server", "url", "key", "srt_url", "passphrase", "key_file", "url_file", "fpre" }
local SECRET <const> = { url = true, key = true, srt_url = true, passphrase = true }

-- What ffmpeg 5 reads with -fpre: options of the output, one on a line. The URL on its command line can then go without a key.
local function ffmpeg_options(place)
  if place.protocol ~= "srt" then return ("rtmp_playpath=%s\n"):format(place.key) end
  local lines = ("srt_streamid=%s\n"):format(place.key)
  return place.passphrase and ("%spassphrase=%s\n"):format(lines, place.passphrase) or lines
end

-- The words of the template with the place-holders filled in; the texts of the files that they name; and whether one of the words has a
-- secret in it, which other users of the machine can read there.
function encoder.fill_in(template, place, srt)
  local values = { url = place.url, server = place.server, key = place.key, passphrase = place.passphrase, srt_url = srt and srt.url }
  local contents = { key_file = place.key, url_file = place.url, fpre = ffmpeg_options(place) }
  local argv, files, names, shown = {}, {}, {}, false
  local function value_of(shells, name)
    if shells ~= "" then return nil end
    if contents[name] and not names[name] then
      files[#files + 1] = contents[name]
      names[name] = process.file_name(#files)
    end
    if SECRET[name] and values[name] then shown = true end
    return names[name] or values[name]
  end
  for i, word in ipairs(template) do argv[i] = word:gsub(PLACE_HOLDER, value_of) end
  return argv, files, shown
end

local function is_known(name)
  for _, one in ipairs(NAMES) do
    if one == name then return true end
  end
  return false
end

local function check_place_holders(template)
  for _, word in ipairs(template) do
    for shells, name in word:gmatch(PLACE_HOLDER) do
      if shells == "" and not is_known(name) then
        return nil, failure("NoPlaceHolder", "the encoder's words have {%s}, which is no place-holder%s What is to stay as it is has "
          .. "blanks: { %s }", name, nearest(name, NAMES):gsub("did you mean ([%a_]+)", "did you mean {%1}"):gsub("^$", "."), name)
      end
    end
  end
  return true
end

-- The place-holder that the template asks for and that has no value here.
local function missing(template, place, srt)
  local has = { passphrase = place.passphrase, srt_url = srt }
  for _, word in ipairs(template) do
    for shells, name in word:gmatch(PLACE_HOLDER) do
      if shells == "" and (name == "passphrase" or name == "srt_url") and not has[name] then return name end
    end
  end
end

local allowed -- nil: any; false: none; or the words of the only one

local function same_words(a, b) return table.concat(a, "\0") == table.concat(b, "\0") end

-- From now on only this template is started, or with false none. It cannot be taken back: for whoever runs scripts that come from
-- elsewhere.
function encoder.allow_only(template)
  if allowed == nil then allowed = template and table.move(template, 1, #template, 1, {}) or false end
end

local function check_allowed(template)
  if allowed == nil or (allowed and same_words(template, allowed)) then return true end
  return nil, failure("EncoderNotAllowed", "this script may not start an encoder of its own")
end

local function not_started(problem) return failure("EncoderNotStarted", "the encoder cannot be started: %s", problem) end

-- True, and of a log that is a named pipe a file, without which its reader would leave before the encoder comes; or nil and why an
-- encoder of these words, with that log or none, would not start. Nobody has been asked for anything by then.
function encoder.check(template, log)
  local ok, problem = check_allowed(template)
  if ok then ok, problem = check_place_holders(template) end
  if not ok then return nil, problem end
  if template[1]:find(PLACE_HOLDER) then return true end
  local can, held = process.can_start { argv = template, log = log }
  if not can then return nil, not_started(held) end
  return true, held
end

-- What the account is used with. It is not for encoders, nor for their logs, should one print its environment.
local ACCOUNT <const> = {
  "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN",
}
local PIECE <const>, SHORTEST <const> = 1024, 8 -- bytes that can be taken out of a log at once, and that are told from common words

local function environment(place)
  local changes = {
    IVS_INGEST_URL = place.url, IVS_INGEST_SERVER = place.server, IVS_STREAM_KEY = place.key, IVS_SRT_PASSPHRASE = place.passphrase,
  }
  for _, name in ipairs(ACCOUNT) do changes[name] = false end
  return changes
end

-- The secrets and those of the account: a program may get at them in other ways. A token may be longer than what is taken out at once.
local function with_account(secrets)
  local all = table.move(secrets, 1, #secrets, 1, {})
  for _, name in ipairs(ACCOUNT) do
    local value = os.getenv(name) or ""
    for from = 1, #value, PIECE do
      local piece = value:sub(from, from + PIECE - 1)
      if #piece >= SHORTEST then all[#all + 1] = piece end
    end
  end
  return all
end

-- Starts it: the process, and whether a secret shows. places: of ivs.live.ingest; log: a file, or nil.
function encoder.start(template, place, places, secrets, log)
  template = table.move(template, 1, #template, 1, {}) -- read once: what is checked is what is started
  local ok, problem = check_allowed(template)
  if not ok then return nil, problem end
  local name = missing(template, place, places.srt)
  if name then return nil, failure("NoSrt", "the encoder asks for {%s}, which this channel does not have", name) end
  local argv, files, shown = encoder.fill_in(template, place, places.srt)
  local started
  started, problem = process.start {
    argv = argv,
    files = files,
    env = environment(place),
    log = log,
    redact = with_account(secrets),
  }
  if not started then return nil, not_started(problem) end
  return started, shown
end

-- Of an encoder that has ended: the lines that it said last.
function encoder.last_words(ended) return table.concat(ended:last_lines(), "\n") end

-- Splits a command line into words: at blanks, except in '...' and "..."; a backslash keeps the next character, not
-- within '...'. Nothing else of a shell. nil and an error if a quote is not closed.
function encoder.words(line)
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

-- A test picture with a tone, as the service asks encoders to send it, by ffmpeg.
function encoder.test_pattern(protocol)
  return assert(encoder.words([[
    ffmpeg -hide_banner -loglevel warning -nostdin -re
    -f lavfi -i testsrc2=size=1280x720:rate=30 -f lavfi -i sine=frequency=440:sample_rate=44100
    -c:v libx264 -pix_fmt yuv420p -profile:v main -preset veryfast -tune zerolatency
    -x264opts nal-hrd=cbr:no-scenecut -b:v 2500k -maxrate 2500k -bufsize 2500k -g 60
    -c:a aac -b:a 160k -ar 44100 -fpre {fpre} -f ]] .. (protocol == "srt" and "mpegts" or "flv") .. " {server}"))
end

return encoder
