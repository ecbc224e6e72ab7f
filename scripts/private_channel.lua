#!/usr/bin/env ivs
-- A channel for invited viewers: its key pair, a URL for one viewer, and the end of what that viewer watches.
--
--   usage: private_channel.lua setup NAME KEY.pem
--          private_channel.lua url CHANNEL_ARN KEY.pem VIEWER_ID
--          private_channel.lua revoke CHANNEL_ARN VIEWER_ID
--
--   setup     makes the key pair unless the file is there, for its owner alone; imports the public half; and makes the channel of that
--             name private, which is created if there is none. Prints its ARN. Run twice, it changes nothing more
--   url       prints where VIEWER_ID can begin to watch within 10 minutes: needs the private key, which never leaves this machine
--   revoke    ends what VIEWER_ID watches, with any URL printed until now; one that is printed afterwards is good again
--
-- VIEWER_ID: up to 40 characters, a number of your own; not the person's name or address.
--
-- Least policy: for setup ivs:ImportPlaybackKeyPair on playback keys, ivs:ListChannels, ivs:UpdateChannel, ivs:CreateChannel on channels,
-- the last one on stream keys too; for url ivs:GetChannel, for revoke ivs:StartViewerSessionRevocation on the channel.
-- Runs in the program ivs; and in lua5.4, with a key file that is there: (umask 077; openssl ecparam -name secp384r1 -genkey -out KEY.pem).
-- Exit code: 0; 1 when it failed; 252 for a wrong command line.

local ivs = require "ivs"

local URL_SECONDS <const> = 600 -- the longest that the service takes for a token with a viewer's id

local function stop(code, text, ...)
  io.stderr:write("private_channel.lua: ", text:format(...), "\n")
  os.exit(code, true)
end

local function check(value, err)
  if not value then stop(1, "%s", err) end
  return value
end

local function read_file(name)
  local file = io.open(name)
  if not file then return nil end
  local text = file:read "a"
  file:close()
  return text
end

-- ---------------------------------------------------------------- setup

-- Plain Lua has no files that only their owner can read.
local function write_private(name, text)
  local has_process, process = pcall(require, "ivs.process")
  if not has_process then
    stop(1, "%s is not there, and lua5.4 cannot make a file for its owner alone: ivs run can, or openssl", name)
  end
  check(process.write_new(name, text))
end

local function load_or_make_key(name)
  local text = read_file(name)
  local key
  if text then
    local err
    key, err = ivs.token.key(text)
    if not key then stop(1, "%s: %s", name, err) end
  else
    key = check(ivs.token.key_pair())
    write_private(name, check(key:private_pem()))
  end
  return key
end

-- Each key is imported once: the service's refusal of another time says that it is there, as after an answer that was lost.
local function import(client, key, name)
  local request = { name = name, publicKeyMaterial = check(key:public_pem()) }
  local done, err = client:import_playback_key_pair(request)
  if not done and err.code == "Unsure" then done, err = client:import_playback_key_pair(request) end
  if not done and err.code ~= "ConflictException" then stop(1, "%s", err) end
end

-- The channel of that name; names are not unique.
local function find(client, name)
  local found
  for channel in client:each_channel { filterByName = name, maxResults = 100 } do
    if found and channel.name == name then stop(1, "more than one channel is named %s", name) end
    if channel.name == name then found = channel end
  end
  return found
end

local function make_private(client, name)
  local channel = find(client, name)
  if not channel then
    local made, err = client:create_channel { name = name, authorized = true }
    if made then return made.channel.arn end
    channel = err.code == "Unsure" and find(client, name)
    check(channel, err)
  end
  if not channel.authorized then
    local done, err = client:update_channel { arn = channel.arn, authorized = true }
    if not done and err.code == "ConflictException" then stop(1, "%s is live: stop its stream, and run this again", name) end
    check(done, err)
  end
  return channel.arn
end

local function setup(client, name, key_file)
  local key <close> = load_or_make_key(key_file)
  import(client, key, name)
  print(make_private(client, name))
end

-- ---------------------------------------------------------------- viewers

-- The version of a viewer's session is the second in which it was allowed: a revocation names all until now.
local function url(client, arn, key_file, viewer)
  local key = read_file(key_file)
  if not key then stop(1, "%s cannot be read", key_file) end
  local channel = check(client:get_channel { arn = arn }).channel -- the client's clock is right now
  local token = check(ivs.token.sign {
    key = key, client = client, channel_arn = arn, expires_in = URL_SECONDS, viewer_id = viewer,
    viewer_session_version = math.floor(client:clock()),
  })
  print(channel.playbackUrl .. "?token=" .. token)
end

local function revoke(client, arn, viewer)
  check(client:start_viewer_session_revocation {
    channelArn = arn, viewerId = viewer, viewerSessionVersionsLessThanOrEqualTo = math.floor(client:clock()),
  })
end

local commands = { setup = { setup, 2 }, url = { url, 3 }, revoke = { revoke, 2 } }
local command = commands[arg[1]]
if not command or #arg ~= command[2] + 1 then
  stop(252, "usage: private_channel.lua setup NAME KEY.pem | url CHANNEL_ARN KEY.pem VIEWER_ID | revoke CHANNEL_ARN VIEWER_ID")
end
if arg[1] ~= "setup" and not arg[2]:find "^arn:aws:ivs:.*:channel/" then
  stop(252, "%s is not the ARN of a channel; ivs list-channels shows them", arg[2])
end
local client <close> = assert(ivs.client {})
command[1](client, table.unpack(arg, 2))
