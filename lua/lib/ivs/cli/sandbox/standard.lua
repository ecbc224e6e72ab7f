-- The standard library as a script in the sandbox has it: nothing that opens a file, starts a program or loads native code, no bytecode,
-- no debug library, no finalizers (which no limit could stop in time), and metatables only of its own tables.

local ivs = require "ivs"
local bounds = require "ivs.bounds"

local standard = {}

-- Bytes that may be written: so many, and so many more for each second that it runs.
local OUTPUT <const>, OUTPUT_RATE <const> = 16 << 20, 4096

local PLAIN <const> = {
  "assert", "error", "ipairs", "next", "pairs", "rawequal", "rawget", "rawlen", "rawset", "select", "tonumber", "tostring", "type", "_VERSION",
}
local LIBRARIES <const> = { "coroutine", "math", "string", "table", "utf8" }

-- The results of what catches errors: the mark of a limit is raised again.
local function passing(...)
  if bounds.reached() then error(bounds.mark, 0) end
  return ...
end

local function put_catching(environment)
  local pcall, xpcall, resume, close = pcall, xpcall, coroutine.resume, coroutine.close
  function environment.pcall(...) return passing(pcall(...)) end
  function environment.xpcall(...) return passing(xpcall(...)) end
  function environment.coroutine.resume(...) return passing(resume(...)) end
  function environment.coroutine.close(...) return passing(close(...)) end
end

local function put_metatables(environment)
  local mine = setmetatable({}, { __mode = "k" })
  local real = debug.getmetatable
  function environment.setmetatable(value, meta)
    if type(meta) == "table" then
      if rawget(meta, "__gc") ~= nil then error("setmetatable: there is no __gc in the sandbox", 2) end
      mine[meta] = true
    end
    return setmetatable(value, meta)
  end
  function environment.getmetatable(value)
    local meta = real(value)
    if meta == nil then return nil end
    return mine[meta] and getmetatable(value) or false
  end
end

local function put_load(environment)
  function environment.load(chunk, name, _, ...)
    local scope = environment
    if select("#", ...) > 0 then scope = ... end
    return passing(load(chunk, name, "t", scope))
  end
end

local written, begun = 0, ivs.monotonic()

-- To be told of what is written. Raises when it is too much.
function standard.pay(bytes)
  written = written + bytes
  if written > OUTPUT + OUTPUT_RATE * (ivs.monotonic() - begun) then bounds.reach_output() end
end

local function put_output(environment)
  local pay = standard.pay
  local function writer(file, self)
    return function(...)
      local words = table.pack(...)
      local first = self and 2 or 1
      for i = first, words.n do
        if type(words[i]) ~= "string" and type(words[i]) ~= "number" then
          error(("write: a string was expected, not a %s"):format(type(words[i])), 2)
        end
        pay(#tostring(words[i]))
      end
      local ok, problem, code = file:write(table.unpack(words, first, words.n))
      if not ok then return nil, problem, code end
      return self and words[1] or environment.io.stdout
    end
  end
  local function output(file)
    return { write = writer(file, true), flush = function() return file:flush() end, setvbuf = function() return true end }
  end
  local stdin = {}
  environment.io = {
    stdout = output(io.stdout), stderr = output(io.stderr), stdin = stdin, write = writer(io.stdout, false),
    read = function(...) return io.stdin:read(...) end,
    lines = function(name, ...)
      if name ~= nil then error("io.lines: a script in the sandbox opens no files; without a name it reads standard input", 2) end
      return io.stdin:lines(...)
    end,
  }
  function stdin:read(...) return io.stdin:read(...) end
  function stdin:lines(...) return io.stdin:lines(...) end
  function environment.print(...)
    local words = table.pack(...)
    for i = 1, words.n do words[i] = tostring(words[i]) end
    local line = table.concat(words, "\t") .. "\n"
    pay(#line)
    io.stdout:write(line)
  end
end

local function put_os(environment)
  environment.os = { clock = os.clock, date = os.date, difftime = os.difftime, time = os.time }
  function environment.os.exit(code) os.exit(code) end
  function environment.collectgarbage(what)
    if what == nil or what == "collect" or what == "count" then return collectgarbage(what) end
    error("collectgarbage: only collect and count are there in the sandbox", 2)
  end
end

local function put_require(environment, world)
  local modules = { _G = environment }
  for _, name in ipairs(LIBRARIES) do modules[name] = environment[name] end
  modules.io, modules.os = environment.io, environment.os
  function environment.require(name)
    if name == "ivs" or name == "ivs.live" then
      local found = world.client
      return name == "ivs" and found or found.live
    end
    if modules[name] then return modules[name] end
    error(("module '%s' is not there: this script runs in the sandbox"):format(tostring(name)), 2)
  end
end

-- world: client, what require "ivs" gives; live, what it has as live.
function standard.new(world)
  local environment = {}
  string.dump = nil -- also from ("").dump
  for _, name in ipairs(PLAIN) do environment[name] = _G[name] end
  for _, name in ipairs(LIBRARIES) do
    environment[name] = {}
    for key, value in pairs(_G[name]) do environment[name][key] = value end
  end
  environment._G = environment
  world.client.live = world.live
  put_catching(environment)
  put_metatables(environment)
  put_load(environment)
  put_output(environment)
  put_os(environment)
  put_require(environment, world)
  return environment
end

return standard
