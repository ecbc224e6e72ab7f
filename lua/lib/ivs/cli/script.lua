-- Scripts: from a file, from standard input, or from the command line itself.

local _ENV <const> = require "ivs.cli.stock"

local stop = require "ivs.cli.stop"

local script = {}

-- A table without __tostring says nothing as "table: 0x...".
local function text_of(value)
  local meta = getmetatable(value)
  if type(value) == "string" or type(value) == "number" then return tostring(value) end
  if type(meta) == "table" and meta.__tostring then return tostring(value) end
  if type(value) == "table" and type(value.message) == "string" then return value.message end
  return ("the script raised a %s"):format(type(value))
end

-- The value's own code, which that may run, may raise as well. What Ctrl-C raises goes on, if it is given.
local function describe(value, interrupt)
  local shown, text = pcall(text_of, value)
  if not shown and interrupt and rawequal(text, interrupt) then error(text, 0) end
  return shown and text or "the script raised an error that cannot be shown"
end

local beside -- the script's folder, if modules are looked for there

-- Of "module 'x' not found" and the twenty places where it was looked for, one is told: the file that belongs beside the script.
local function shorten(text)
  return (text:gsub("(module '([^\n]*)' not found):\n.*", function(what, name)
    if not beside then return what end
    return ("%s: no %s/%s.lua, nor anything in package.path before it"):format(what, beside, (name:gsub("%.", "/")))
  end))
end

-- The handler of errors: with debug_mode it adds by which calls it came there. Otherwise it changes nothing, for functions such as load
-- catch errors that have been through it.
function script.on_error(debug_mode, ...)
  local kept = { ... }
  return function(value)
    if not debug_mode or stop.is(value) then return value end
    for _, one in ipairs(kept) do
      if rawequal(value, one) then return value end
    end
    return { text = debug.traceback(describe(value), 2) }
  end
end

-- Whatever a script put into it, a text is one line, and does nothing to the terminal.
function script.one_line(text)
  return (text:match "^%s*([^\n]*)":gsub("%c", "?"))
end

-- What is said of an error that came through the handler: one line, or several that have the calls. interrupt: nil, or what is raised if
-- Ctrl-C comes meanwhile.
function script.say(value, interrupt)
  local text = type(value) == "table" and getmetatable(value) == nil and value.text
  if type(text) == "string" then return (text:gsub("[^%C\n\t]", "?")) end
  return script.one_line(shorten(describe(value, interrupt)))
end

local function set_arguments(words, first)
  _G.arg = {}
  for i, word in pairs(words) do _G.arg[i - first] = word end
end

-- A syntax error names its file itself; a file that cannot be read, only in other words.
local function load_file(name)
  local chunk, problem = loadfile(name)
  if chunk then return chunk end
  stop.stop("script", "%s", script.one_line(problem:gsub("^cannot (%a+) ", "cannot %1 script ")))
end

local function run(chunk, options, host)
  local ok, value = xpcall(chunk, script.on_error(options.debug, host.interrupt), table.unpack(_G.arg, 1, #_G.arg))
  if ok then return 0 end
  if rawequal(value, host.interrupt) or stop.is(value) then error(value, 0) end
  stop.stop("script", "%s", script.say(value, host.interrupt))
end

-- Modules may lie beside the script, wherever it is started from. A folder with ; or ? in its name cannot stand in a path.
local function look_beside(name)
  local folder = name:match "^(.*)/[^/]*$" or "."
  if folder:find "[;?]" then return end
  beside = folder
  package.path = ("%s;%s/?.lua;%s/?/init.lua"):format(package.path, folder, folder)
end

-- words[at] names the script, "-" standard input; the words after it are the script's own.
function script.file(words, at, options, host)
  local name = words[at]
  local chunk = load_file(name ~= "-" and name or nil)
  if name ~= "-" then look_beside(name) end
  set_arguments(words, at)
  return run(chunk, options, host)
end

-- words[at] is the text of the script, which has the module in the global ivs.
function script.text(words, at, options, host)
  local chunk, problem = load(words[at], "=(command line)", "t")
  if not chunk then stop.stop("script", "%s", script.one_line(problem)) end
  set_arguments(words, at)
  _G.arg[0], _G.ivs = nil, require "ivs"
  return run(chunk, options, host)
end

return script
