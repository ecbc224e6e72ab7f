#!/usr/bin/env ivs
-- Channels from a CSV file, as many times as you like: a channel that is there, by its name, is only changed where it differs, and none
-- is made twice, also when the answer to a create is lost.
--
--   usage: fleet_provision.lua [--dry-run] FLEET.csv
--
--   name,type,latencyMode,authorized,insecureIngest,tag:site
--   cam-north,BASIC,LOW,false,true,Hall 1
--   cam-south,STANDARD,LOW,true,false,Hall 2
--
-- The first line names columns: name, and as wanted type, latencyMode, authorized, insecureIngest, preset, recordingConfigurationArn,
-- playbackRestrictionPolicyArn, adConfigurationArn, tag:KEY. Settings without a column stay as they are; so do those left empty.
--
-- Least policy: ivs:ListChannels, ivs:CreateChannel, ivs:UpdateChannel, ivs:TagResource on channels; ivs:CreateChannel on stream keys too.
-- With --dry-run ivs:ListChannels is enough.
-- Runs in the program ivs and in lua5.4. Prints a table. Exit code: 0 when every channel is as the file says, or would be; 1 when one is
-- not; 252 for a wrong file or command line, before anything was changed.

local ivs = require "ivs"

local PACE <const> = 0.25 -- s between two requests: the account has 5 a second
local TRIES <const> = 3 -- of a create, while its answers are lost

local function stop(code, text, ...)
  io.stderr:write("fleet_provision.lua: ", text:format(...), "\n")
  os.exit(code, true)
end

local dry_run = arg[1] == "--dry-run"
local file_name = arg[dry_run and 2 or 1]
if arg[1] == "--help" or arg[1] == "-h" then
  print "usage: fleet_provision.lua [--dry-run] FLEET.csv\nMakes and changes channels as the file says; its form is at the head of this script."
  os.exit(0, true)
end
if not file_name or #arg ~= (dry_run and 2 or 1) then stop(252, "usage: fleet_provision.lua [--dry-run] FLEET.csv") end

-- The fields of one line. They cannot have commas in them, which neither names nor tags may have.
local function split(line)
  local fields = {}
  for field in (line .. ","):gmatch "([^,]*)," do
    field = field:match "^%s*(.-)%s*$"
    fields[#fields + 1] = field:match '^"(.*)"$' or field
  end
  return fields
end

local kinds = {
  name = "text", type = "text", latencyMode = "text", preset = "text", recordingConfigurationArn = "text",
  playbackRestrictionPolicyArn = "text", adConfigurationArn = "text", authorized = "boolean", insecureIngest = "boolean",
}

-- A name, and what its channel has to be like, by column.
local function read_row(columns, fields, where)
  if #fields ~= #columns then stop(252, "%s: %d fields, but %d columns", where, #fields, #columns) end
  local wanted = {}
  for at, column in ipairs(columns) do
    local value = fields[at]
    if kinds[column] == "boolean" and value ~= "" then
      if value ~= "true" and value ~= "false" then stop(252, "%s: %s is true or false, not %s", where, column, value) end
      value = value == "true"
    end
    if value ~= "" then wanted[column] = value end
  end
  local name = wanted.name or ""
  if not name:find "^[%w_-]+$" then stop(252, "%s: a channel needs a name of letters, digits, - and _", where) end
  wanted.name = nil
  return { name = name, wanted = wanted }
end

local function read_fleet(name)
  local file, problem = io.open(name)
  if not file then stop(252, "%s", problem) end
  local columns, rows, lines, number = nil, {}, {}, 0
  for line in file:lines() do
    number = number + 1
    local where = ("%s:%d"):format(name, number)
    if not columns then line = line:gsub("^\xEF\xBB\xBF", "") end -- as Excel begins a CSV of UTF-8
    local fields = split(line)
    if not columns then
      columns = fields
      for _, column in ipairs(columns) do
        if not kinds[column] and not column:find "^tag:." then stop(252, "%s: there is no column %q", where, column) end
      end
    elseif line:find "%S" then
      local row = read_row(columns, fields, where)
      if lines[row.name] then stop(252, "%s: %s is in line %d already", where, row.name, lines[row.name]) end
      lines[row.name] = number
      rows[#rows + 1] = row
    end
  end
  file:close()
  if #rows == 0 then stop(252, "%s: no channels in it", name) end
  return rows
end

local rows = read_fleet(file_name)
local client <close> = assert(ivs.client {})

local has_process, process = pcall(require, "ivs.process")
local on_terminal = has_process and process.is_terminal(io.stderr)
local function show(text) if on_terminal then io.stderr:write("\r\27[K", text) end end

-- One request, not sooner than the account's rate allows.
local next_at = 0
local function call(method, request)
  local ok, err = ivs.sleep(math.max(0, next_at - ivs.monotonic()))
  if not ok then return nil, err end
  next_at = ivs.monotonic() + PACE
  return client[method](client, request)
end

-- Of all channels, or those of a name: lists by name, for names are not unique. Or nil and an error. Not by each_channel,
-- whose requests keep to no pace.
local function list(name)
  local found, request = {}, { filterByName = name, maxResults = 100 }
  repeat
    local page, err = call("list_channels", request)
    if not page then return nil, err end
    for _, channel in ipairs(page.channels) do
      local same = found[channel.name] or {}
      same[#same + 1], found[channel.name] = channel, same
    end
    request.nextToken = page.nextToken or "" -- either is the last page's
  until request.nextToken == ""
  return found
end

-- Columns as members of a request, and tags; either is nil if there are none of it.
local function members(columns)
  local settings, tags = {}, {}
  for column, value in pairs(columns) do
    local tag = column:match "^tag:(.+)$"
    if tag then tags[tag] = value else settings[column] = value end
  end
  return next(settings) and settings, next(tags) and tags or nil
end

-- When the answer is lost, the channel may be there or not.
local function create(row)
  local settings, tags = members(row.wanted)
  local request = settings or {}
  request.name, request.tags = row.name, tags
  local made, err
  for _ = 1, TRIES do
    made, err = call("create_channel", request)
    if made then return made.channel.arn end
    if err.code ~= "Unsure" then break end
    local found, problem = list(row.name)
    if not found then return nil, problem end
    if found[row.name] then return found[row.name][1].arn end
  end
  return nil, err
end

local function update(channel, row)
  local changes, names = {}, {}
  for column, value in pairs(row.wanted) do
    local tag, is = column:match "^tag:(.+)$", channel[column]
    if tag then is = (channel.tags or {})[tag] end
    if is ~= value then changes[column], names[#names + 1] = value, column end
  end
  table.sort(names)
  local what = table.concat(names, ", ")
  if what == "" then return "as it should be", true end
  if dry_run then return "would change " .. what, true end
  local settings, tags = members(changes)
  local ok, err = true, nil
  if settings then
    settings.arn = channel.arn
    ok, err = call("update_channel", settings)
  end
  if ok and tags then ok, err = call("tag_resource", { resourceArn = channel.arn, tags = tags }) end
  if ok then return "changed " .. what, true end
  if err.code == "ConflictException" then return "LIVE, not changed: " .. what, false end
  return tostring(err), false
end

-- The ARN if there is one, what was done, and whether all is well.
local function provision(row, found)
  if found and #found > 1 then return "-", ("%d channels have this name"):format(#found), false end
  if found then return found[1].arn, update(found[1], row) end
  if dry_run then return "-", "would be created", true end
  local arn, err = create(row)
  if arn then return arn, "created", true end
  return "-", tostring(err), false
end

show "listing channels ..."
local channels, problem = list()
if not channels then stop(1, "%s", problem) end
local width, all_well = 4, true
for _, row in ipairs(rows) do width = math.max(width, #row.name) end
local line = "%-" .. width .. "s  %-64s  %s"
show ""
print(line:format("NAME", "ARN", "DONE"))
for at, row in ipairs(rows) do
  show(("%d of %d: %s ..."):format(at, #rows, row.name))
  local arn, what, well = provision(row, channels[row.name])
  show ""
  print(line:format(row.name, arn, what))
  all_well = all_well and well
end
if not all_well then os.exit(1, true) end
