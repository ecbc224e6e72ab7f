-- Runs a test in Lua 5.3, 5.1 or LuaJIT:  lua5.1 tests/lua/older.lua tests/lua/test_json.lua
--
-- The tests are written for Lua 5.4. What of its libraries they use is made up here, and what of its syntax the older ones
-- lack is rewritten before the test is loaded: a variable with <close> is closed when the test ends, by the collector, and
-- not at the end of its block. What cannot hold without 5.4 the tests skip by check.older.
local unpack = table.unpack or unpack

local function extend(library, functions)
  for name, f in pairs(functions) do library[name] = library[name] or f end
end

local function is_whole(v)
  return type(v) == "number" and v == math.floor(v) and v >= -2 ^ 53 and v <= 2 ^ 53
end

-- 5.1 has no kinds of numbers.
extend(math, {
  type = function(v) return type(v) == "number" and (is_whole(v) and "integer" or "float") or nil end,
  tointeger = function(v) return is_whole(v) and v or nil end,
  maxinteger = 2 ^ 53,
})
extend(table, {
  unpack = unpack,
  pack = function(...) return { n = select("#", ...), ... } end,
})

if not utf8 then
  local function character(code)
    if code < 0x80 then return string.char(code) end
    local tail, first = "", 0x40
    repeat
      tail = string.char(0x80 + code % 0x40) .. tail
      code, first = math.floor(code / 0x40), first / 2
    until code < first
    return string.char(0x100 - 2 * first + code) .. tail
  end
  utf8 = { char = character }
end

if not package.searchpath then
  function package.searchpath(name, path)
    for pattern in path:gmatch("[^;]+") do
      local file = pattern:gsub("%?", (name:gsub("%.", "/")))
      local found = io.open(file)
      if found then
        found:close()
        return file
      end
    end
  end
end

if _VERSION == "Lua 5.1" then
  local execute, exit, popen, open, format = os.execute, os.exit, io.popen, io.open, string.format
  local load_function = load

  load = function(chunk, ...) return (type(chunk) == "string" and loadstring or load_function)(chunk, ...) end

  function os.exit(code, close)
    exit(type(code) == "boolean" and (code and 0 or 1) or code, close)
  end

  -- The three results of 5.2 and later, of a status as of wait(2); LuaJIT may have them already.
  function os.execute(command)
    local status, how, code = execute(command)
    if type(status) ~= "number" then return status, how, code end
    if status % 256 == 0 then return status == 0 or nil, "exit", math.floor(status / 256) end
    return nil, "signal", status % 128
  end

  -- Formats "a" without a star; a pipe's close tells the exit code, which the shell leaves in a file.
  local function wrap(file, close)
    return setmetatable({}, {
      __index = function(_, name)
        if name == "close" then return close or function() return file:close() end end
        return function(_, first, ...)
          if name == "read" and type(first) == "string" then first = "*" .. first:gsub("^%*", "") end
          if name == "lines" then return file:lines() end
          return file[name](file, first, ...)
        end
      end,
    })
  end

  function io.open(...)
    local file, problem, code = open(...)
    if not file then return nil, problem, code end
    return wrap(file)
  end

  function io.popen(command, mode)
    local path = os.tmpname()
    local file = popen(("( %s\n); echo $? >%s"):format(command, path), mode)
    return wrap(file, function()
      file:close()
      local told = open(path)
      local code = told:read("*n")
      told:close()
      os.remove(path)
      return code == 0 or nil, "exit", code
    end)
  end

  function string.format(text, ...)
    local values = table.pack(...)
    local n = 0
    for kind in text:gsub("%%%%", ""):gmatch("%%[-+ #0]*%d*%.?%d*(%a)") do
      n = n + 1
      if kind == "s" then values[n] = tostring(values[n]) end
    end
    return format(text, unpack(values, 1, values.n))
  end
end

local function translated(text)
  text = text:gsub("(local [%w_]+) <close>", "%1"):gsub("(local [%w_]+) <const>", "%1")
  text = text:gsub("(%b()) // ([%w_]+)", "math.floor(%1 / %2)")
  if _VERSION == "Lua 5.1" then
    text = text:gsub("\\x(%x%x)", function(digits) return "\\" .. ("%03d"):format(tonumber(digits, 16)) end)
  end
  return text
end

-- check.lua among them, which is found by package.path.
local function load_file(path)
  local file = assert(io.open(path))
  local text = file:read("a")
  file:close()
  return assert((loadstring or load)(translated(text), "@" .. path))
end

package.preload.check = load_file("tests/lua/check.lua")

local test = table.remove(arg, 1)
arg[-2], arg[-1], arg[0] = arg[-1], arg[0], test
load_file(test)(unpack(arg))
