-- ivs help, and help on one operation or verb. What is said comes from the model, by way of ivs.cli.words.

local nearest = require "ivs.cli.nearest"
local stop = require "ivs.cli.stop"
local words = require "ivs.cli.words"

local help = {}

local WIDTH <const>, INDENT <const> = 100, 6

local function print_wrapped(text, indent)
  local line = (" "):rep(indent)
  local empty = line
  for word in text:gmatch "%S+" do
    if line ~= empty and #line + 1 + #word > WIDTH then
      print(line)
      line = empty
    end
    line = line .. (line == empty and "" or " ") .. word
  end
  print(line)
end

local function head(option)
  local name, takes = option[1], option[2]
  if option.opposite then name = name .. " | " .. option.opposite end
  return "  " .. name .. (takes ~= "" and " " .. takes or "") .. (option.required and "  (required)" or "")
end

local function print_members(members, indent)
  for _, member in ipairs(members) do print_wrapped(member[1] .. ": " .. member[2], indent) end
end

local function print_options(title, options)
  print("\n" .. title)
  for _, option in ipairs(options) do
    print(head(option))
    print_wrapped(option[3], INDENT)
    if option.inner then print_members(option.inner, INDENT + 2) end
  end
end

local function kebab_names()
  local names = {}
  for name in pairs(words.operations) do names[#names + 1] = name end
  table.sort(names)
  return names
end

-- What is typed, without a blank where nothing follows the name.
local function with_form(name, form)
  return form ~= "" and name .. " " .. form or name
end

local function print_command(command)
  local name, form, text = table.unpack(command)
  print(("usage: ivs %s\n"):format(with_form(name, form)))
  print_wrapped(text, 0)
  if #command.options > 0 then print_options("Its options:", command.options) end
  if command.verb then print "\nOptions that go with it as with every operation: ivs help. --output is text or json." end
end

local function print_overview()
  print "usage: ivs [options] <operation> [parameters]"
  for _, command in ipairs(words.commands) do print("       ivs " .. with_form(command[1], command[2])) end
  print "\nOperations:"
  for _, name in ipairs(kebab_names()) do
    print("  " .. name)
    print_wrapped(words.operations[name].text, INDENT)
  end
  print_options("Options of every operation, before or after it:", words.general)
  print [[

Region and credentials come from AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or from a profile.

Exit codes:]]
  print_members(words.exit_codes, 2)
end

local function print_operation(name, operation)
  print(("usage: ivs %s [parameters]\n"):format(name))
  print_wrapped(operation.text, 0)
  print_options("Its options:", operation.options)
  if #operation.options == 0 then print "  none" end
  if operation.paged then print_options("Pages:", words.paging) end
  print_options("The request as a whole:", words.common)
  print(#operation.answer > 0 and "\nIt prints:" or "\nIt prints nothing.")
  print_members(operation.answer, 2)
  print "\nOptions that go with every operation: ivs help"
end

local function all_names()
  local names = kebab_names()
  for _, command in ipairs(words.commands) do names[#names + 1] = command[1] end
  return names
end

-- name: of an operation, verb or another command; nil for the overview.
function help.print(name)
  if not name then return print_overview() end
  local operation = words.operations[name]
  if operation then return print_operation(name, operation) end
  if words.commands[name] then return print_command(words.commands[name]) end
  stop.stop("usage", "help: there is no operation %s%s", name, nearest(name, all_names()))
end

return help
