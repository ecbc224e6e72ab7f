-- Words of the command line sorted into options and the rest, by the rules of Python's argparse, on which the AWS CLI stands: unique
-- beginnings of options count, `--name=value` is `--name value`, of a repeated option the last counts, and after `--` nothing is an
-- option.
--
-- A parser is a table:
--   options      a list of { name = "--region", key = "region", takes = ... }:
--                takes "none" (then `value` is what it gives), "one", "optional" (`value` without a word), "many" (a list)
--                required; choices, a list; convert(word), the value or nil and what is wrong; act(), called when it is met
--   positional   { key = "command", name = ..., optional = whether it may be absent, choices: a list, or a function from word to list }
--
-- arguments.parse(parser, words) -> values by key, and the words that are left. It stops with the usage if they do not fit.

local usage = require "ivs.cli.later" "ivs.cli.usage"

local arguments = {}

local CHOICES_PER_LINE <const> = 2

local function refuse(name, text) usage.refuse(("argument %s: %s"):format(name, text)) end

local function refuse_choice(name, word, choices)
  local lines = { "Invalid choice, valid choices are:\n" }
  for i = 1, #choices, CHOICES_PER_LINE do
    local line = {}
    for _, choice in ipairs(table.move(choices, i, math.min(i + CHOICES_PER_LINE - 1, #choices), 1, {})) do
      line[#line + 1] = ("%-40s"):format(choice)
    end
    lines[#lines + 1] = table.concat(line, " | ")
  end
  local matches = require "ivs.cli.close_matches"(word, choices)
  if #matches > 0 then
    lines[#lines + 1] = ("\n\nInvalid choice: %s, maybe you meant:\n"):format(require "ivs.cli.python".repr(word))
    for _, choice in ipairs(matches) do lines[#lines + 1] = "  * " .. choice end
  end
  refuse(name, table.concat(lines, "\n"))
end

local function check_choice(name, word, choices)
  if type(choices) == "function" then choices = choices(word) end
  if not choices then return end
  for _, choice in ipairs(choices) do
    if choice == word then return end
  end
  refuse_choice(name, word, choices)
end

-- ---------------------------------------------------------------- what a word is

local function begins_with(text, start) return text:sub(1, #start) == start end

-- The options that the word can stand for: one by its full name, else all that begin with it; and the value behind "=".
local function candidates(options, word)
  local name, inline = word:match "^([^=]*)=(.*)$"
  local found = {}
  for _, option in ipairs(options) do
    if option.name == word then return { option } end
  end
  for _, option in ipairs(options) do
    if option.name == name then return { option }, inline end
  end
  if not begins_with(word, "--") then return found end
  for _, option in ipairs(options) do
    if begins_with(option.name, name or word) then found[#found + 1] = option end
  end
  return found, inline
end

local function refuse_ambiguous(word, found)
  local names = {}
  for i, option in ipairs(found) do names[i] = option.name end
  usage.refuse(("ambiguous option: %s could match %s"):format(word, table.concat(names, ", ")))
end

local function is_negative_number(word) return word:find "^%-%d+$" or word:find "^%-%d*%.%d+$" end

-- What a word is: { option =, inline = } with the option nil if the parser has none of that name; nil if it is a value.
local function as_option(options, word)
  if word:sub(1, 1) ~= "-" or #word == 1 then return nil end
  local found, inline = candidates(options, word)
  if #found > 1 then refuse_ambiguous(word, found) end
  if #found == 1 then return { option = found[1], inline = inline } end
  if is_negative_number(word) or word:find(" ", 1, true) then return nil end
  return {}
end

-- For each word "O" for an option, "A" for a value, "-" for the first "--"; and what the options are, by place.
local function sort_words(options, words)
  local kinds, found = {}, {}
  local ended = false
  for i, word in ipairs(words) do
    found[i] = not ended and word ~= "--" and as_option(options, word) or nil
    if found[i] then
      kinds[i] = "O"
    else
      kinds[i] = not ended and word == "--" and "-" or "A"
    end
    ended = ended or word == "--"
  end
  return table.concat(kinds), found
end

-- ---------------------------------------------------------------- parsing

local patterns = { none = "^()", one = "^A()", optional = "^A?()", many = "^A*()" }
local too_few = { one = "expected one argument" }

local function convert(name, argument, word)
  local value = word
  if argument.convert then
    local problem
    value, problem = argument.convert(word)
    if value == nil then refuse(name, problem) end
  end
  check_choice(name, word, argument.choices)
  return value
end

local function value_of(option, taken)
  if option.takes == "none" then return option.value end
  if option.takes ~= "many" then
    if #taken == 0 then return option.value end
    return convert(option.name, option, taken[1])
  end
  for i, word in ipairs(taken) do taken[i] = convert(option.name, option, word) end
  return taken
end

local Run = {}
Run.__index = Run

-- Takes the option at `at` and its words. Where the next word is.
function Run:take_option(at)
  local option, inline = self.found[at].option, self.found[at].inline
  if not option then
    self.left[#self.left + 1] = self.words[at]
    return at + 1
  end
  local taken, after
  if inline then
    if option.takes == "none" then
      refuse(option.name, "ignored explicit argument " .. require "ivs.cli.python".repr(inline))
    end
    taken, after = { inline }, at + 1
  else
    after = self.kinds:match(patterns[option.takes], at + 1)
    if not after then refuse(option.name, too_few[option.takes]) end
    taken = table.move(self.words, at + 1, after - 1, 1, {})
  end
  self.seen[option.name] = true
  if option.act then option.act() end
  self.values[option.key] = value_of(option, taken)
  return after
end

-- Takes the positional from the values at `at`, if it is still wanted. Where the next word is.
function Run:take_positional(at)
  local positional = self.positional
  if not positional then return at end
  local after = self.kinds:match(positional.optional and "^%-?A?%-?()" or "^%-?A%-?()", at)
  if not after then return at end
  self.positional = nil
  for i = at, after - 1 do
    if self.kinds:sub(i, i) == "A" then
      self.values[positional.key] = convert(positional.name or positional.key, positional, self.words[i])
    end
  end
  return after
end

function Run:leave(from, to)
  table.move(self.words, from, to, #self.left + 1, self.left)
end

-- Whether a required option was not there is only asked at the end, by argparse as here.
local function check_required(run, parser)
  local missing = {}
  for _, option in ipairs(parser.options) do
    if option.required and not run.seen[option.name] then missing[#missing + 1] = option.name end
  end
  local positional = run.positional
  if positional and not positional.optional then missing[#missing + 1] = positional.name or positional.key end
  if #missing > 0 then usage.refuse("the following arguments are required: " .. table.concat(missing, ", ")) end
end

-- see the head of the file
function arguments.parse(parser, words)
  local kinds, found = sort_words(parser.options, words)
  local run = setmetatable({
    words = words, kinds = kinds, found = found, positional = parser.positional, values = {}, left = {}, seen = {},
  }, Run)
  local at = 1
  while true do
    local option_at = kinds:find("O", at, true)
    if not option_at then break end
    if at < option_at then
      local after = run:take_positional(at)
      if after == at then
        run:leave(at, option_at - 1)
        after = option_at
      end
      at = after
    end
    if found[at] then at = run:take_option(at) end
  end
  at = run:take_positional(at)
  run:leave(at, #words)
  check_required(run, parser)
  return run.values, run.left
end

return arguments
