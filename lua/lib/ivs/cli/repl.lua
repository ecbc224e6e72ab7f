-- ivs repl: Lua line by line. On a terminal with editing, history and completion; else line by line from standard input.

local _ENV <const> = require "ivs.cli.stock"

local script = require "ivs.cli.script"
local show = require "ivs.cli.repl.show"
local stop = require "ivs.cli.stop"
local terminal = require "ivs.terminal"

local repl = {}

local HISTORY_MAX <const> = 1000

-- ---------------------------------------------------------------- history

local function history_file()
  local home = os.getenv "HOME"
  return home and home ~= "" and home .. "/.ivs_history" or nil
end

local function read_history(name)
  local lines = {}
  local file <close> = name and io.open(name)
  if not file then return lines end
  for line in file:lines() do
    if line ~= "" and utf8.len(line) then lines[#lines + 1] = line end
  end
  return table.move(lines, math.max(#lines - HISTORY_MAX + 1, 1), #lines, 1, {})
end

-- What may hold a secret, and what begins with a blank, stays out of the file.
local function is_private(line)
  local lower = line:lower()
  return line:find "^%s" or lower:find "secret" or lower:find "token" or lower:find "passphrase" or lower:find "sk_"
end

local function remember(history, name, line)
  if line == "" or history[#history] == line then return end
  history[#history + 1] = line
  if name and not is_private(line) then terminal.append(name, line .. "\n") end
end

-- ---------------------------------------------------------------- lines

-- Functions prompt -> line; nil at the end, nil and "cancelled" if the line was given up.

local function terminal_lines()
  local editor = require "ivs.cli.repl.editor"
  local name = history_file()
  local history = read_history(name)
  return function(prompt)
    local line, cancelled = editor.read { prompt = prompt, history = history, completer = require "ivs.cli.repl.complete" }
    if line then remember(history, name, line) end
    return line, cancelled
  end
end

local function plain_lines()
  return function()
    local line, problem = io.read()
    if problem then stop.stop("other", "standard input: %s", problem) end
    return line
  end
end

-- ---------------------------------------------------------------- chunks

local function is_incomplete(problem) return problem:find "<eof>$" ~= nil end

-- A text as a function: an expression gives its values. nil and what is wrong, and whether more lines would help.
local function compile(text)
  local chunk = load("return " .. text, "=input", "t")
  if chunk then return chunk end
  local problem
  chunk, problem = load(text, "=input", "t")
  return chunk, problem, not chunk and is_incomplete(problem)
end

-- The next chunk, of as many lines as it takes. nil at the end; a text that says what is wrong in place of the chunk.
local function read_chunk(next_line)
  local text
  while true do
    local line, cancelled = next_line(text and ">> " or "> ")
    if not line and not cancelled and not text then return nil end
    if cancelled then
      text = nil
    else
      if line then text = text and text .. "\n" .. line or line end
      local chunk, problem, incomplete = compile(text)
      if chunk or not incomplete or not line then return chunk or problem end
    end
  end
end

local function print_values(values)
  local parts = {}
  for i = 1, values.n do parts[i] = show(values[i]) end
  if #parts > 0 then io.write(table.concat(parts, "\t"), "\n") end
end

local function say(text)
  io.stdout:flush()
  io.stderr:write("ivs: ", text, "\n")
end

-- Runs a chunk and shows what it gives, which may run code of it too. A Ctrl-C ends the chunk, another signal the program.
local function run(chunk, settings, host)
  local on_error = script.on_error(settings.debug, host.interrupt)
  local ok, problem = xpcall(function() print_values(table.pack(chunk())) end, on_error)
  if ok then return end
  local said, text = pcall(script.say, problem, host.interrupt)
  if not terminal.go_on() then error(host.interrupt, 0) end
  say(said and text or "interrupted")
end

-- Until the input ends. The exit code.
function repl.run(settings, host)
  local interactive = terminal.interactive()
  local next_line = interactive and terminal_lines() or plain_lines()
  _G.ivs = require "ivs"
  if interactive then print(("ivs %s. ivs is loaded; Ctrl-D ends."):format(host.version)) end
  for chunk in read_chunk, next_line do
    if type(chunk) == "function" then run(chunk, settings, host) else say(chunk) end
  end
  return 0
end

return repl
