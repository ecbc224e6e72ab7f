-- ivs help, and help on one operation, from the model.

local ivs = require "ivs"
local nearest = require "ivs.cli.nearest"
local stop = require "ivs.cli.stop"

local help = {}

help.usage = [[
usage: ivs run SCRIPT.lua [ARGUMENT...]      run a Lua script; - is standard input
       ivs -e 'CHUNK' [ARGUMENT...]          run a text as Lua
       ivs OPERATION [--member VALUE...]     call the service, print its answer as JSON
       ivs help [OPERATION]                  this, or the options of an operation
       ivs --version
]]

local environment = [[
Region and credentials come from AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.
Exit codes: 0, 1 a script failed, 130 Ctrl-C, 252 usage, 253 configuration, 254 refused by the service, 255 other.
]]

local general_help = {
  { "--region", "region of the service, such as eu-west-1" },
  { "--endpoint-url", "another address of the service" },
  { "--ca-bundle", "trusted roots, PEM, instead of the built-in ones" },
  { "--no-verify-ssl", "do not verify the server's certificate" },
  { "--no-sign-request", "send no signature" },
  { "--output", "the only form is json" },
  { "--debug", "say where in Lua an error came from" },
}

local function print_general(general)
  print "Options of every operation:"
  for _, line in ipairs(general_help) do
    local takes = general[line[1]].takes
    print(("  %-28s %s"):format(line[1] .. (takes and " " .. takes or ""), line[2]))
  end
end

local function print_overview(general)
  io.write(help.usage, "\n")
  print "Operations:"
  for _, op in ipairs(ivs.operations()) do print("  " .. op.kebab) end
  print ""
  print_general(general)
  io.write("\n", environment)
end

local function is_flat(members)
  for _, member in ipairs(members) do
    if member.members or member.kind == "map" or member.kind == "list" then return false end
  end
  return true
end

local forms = { string = "TEXT", integer = "NUMBER", map = "name=value,name=value" }

-- What follows the option, in a form that the command line takes.
local function form(member)
  if member.kind == "list" then return member.members and "JSON" or "TEXT..." end
  if member.kind ~= "structure" then return forms[member.kind] end
  if not is_flat(member.members) then return "JSON" end
  local parts = {}
  for i, inner in ipairs(member.members) do parts[i] = inner.name .. "=..." end
  return table.concat(parts, ",")
end

local function print_member(member)
  local name = "--" .. member.kebab
  if member.kind == "boolean" then name = name .. " | --no-" .. member.kebab else name = name .. " " .. form(member) end
  print("  " .. name .. (member.required and "  (required)" or ""))
end

local function print_operation(op, general)
  print(("usage: ivs %s [OPTION...]"):format(op.kebab))
  print ""
  if #op.input == 0 then print "It has no options of its own." end
  for _, member in ipairs(op.input) do print_member(member) end
  local names = {}
  for i, member in ipairs(op.output) do names[i] = member.name end
  print ""
  print(#names > 0 and "Prints: " .. table.concat(names, ", ") or "Prints nothing.")
  print ""
  print_general(general)
end

-- general: the options of every operation, as ivs.cli has them.
function help.print(command, general)
  if not command then return print_overview(general) end
  local commands = {}
  for i, op in ipairs(ivs.operations()) do
    if op.kebab == command then return print_operation(op, general) end
    commands[i] = op.kebab
  end
  stop.stop("usage", "help: there is no operation %s%s", command, nearest(command, commands))
end

return help
