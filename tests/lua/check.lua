-- The Lua tests' own library: failures are printed with file, line and values, and finish() ends the test with exit code 1
-- if there was any.
local check = { failed = 0, count = 0 }

-- Lua before 5.4, which older.lua runs the tests in; and whether its numbers can be integers, which takes 5.3.
check.older = _VERSION ~= "Lua 5.4"
check.integers = _VERSION ~= "Lua 5.1"

-- The interpreter, and the words that run a test as this one was run.
check.interpreter = arg[-2] or arg[-1]
check.run = arg[-2] and arg[-2] .. " " .. arg[-1] or arg[-1]

local SHOWN = 20

local function report(ok, what)
  check.count = check.count + 1
  if ok then return true end
  check.failed = check.failed + 1
  if check.failed > SHOWN then return false end
  local level = 2
  local at = debug.getinfo(level, "Sl")
  while at.currentline < 0 or at.short_src:find("check.lua", 1, true) do
    level = level + 1
    at = debug.getinfo(level, "Sl")
  end
  io.stderr:write(("%s:%d: %s\n"):format(at.short_src, at.currentline, what))
  return false
end

local function show(v)
  return type(v) == "string" and ("%q"):format(v) or tostring(v)
end

function check.ok(value, what)
  return report(value, ("failed: %s"):format(what or "condition"))
end

function check.equal(got, expected, what)
  return report(rawequal(got, expected) or (got == expected and math.type(got) == math.type(expected)),
    ("%s: got %s, expected %s"):format(what or "value", show(got), show(expected)))
end

-- The text holds the plain string.
function check.has(text, part, what)
  return report(type(text) == "string" and text:find(part, 1, true) ~= nil,
    ("%s: %s does not hold %s"):format(what or "text", show(text), show(part)))
end

-- f(...) raises, and the error's text holds the plain string.
function check.raises(part, f, ...)
  local ok, err = pcall(f, ...)
  return report(not ok and tostring(err):find(part, 1, true) ~= nil,
    ok and ("did not raise: %s"):format(show(part)) or ("raised %s, not %s"):format(show(tostring(err)), show(part)))
end

-- The results of a call are nil and an error of that code; returns the error, or an empty table.
function check.fails(code, value, err)
  local right = value == nil and type(err) == "table" and err.code == code
  report(right, ("got %s and %s, expected nil and the error %s"):format(show(value), show(err), code))
  return right and err or {}
end

local function same(a, b)
  if type(a) ~= "table" or type(b) ~= "table" then return rawequal(a, b) or (a == b and math.type(a) == math.type(b)) end
  for k, v in pairs(a) do
    if not same(v, b[k]) then return false end
  end
  for k in pairs(b) do
    if a[k] == nil then return false end
  end
  return true
end

-- Two values, tables member by member.
function check.same(got, expected, what)
  return report(same(got, expected), ("%s: the tables differ"):format(what or "value"))
end

function check.finish()
  if check.failed > 0 then
    io.stderr:write(("%d of %d checks failed\n"):format(check.failed, check.count))
  else
    print(check.count .. " checks")
  end
  os.exit(check.failed == 0 and check.count > 0, true)
end

-- Runs the calling script once more under the simulator, unless it already is; its exit code is the script's.
function check.in_simulator(options)
  if os.getenv("IVS_SIM_CONTROL") then return end
  local _, _, code = os.execute(("scripts/ivs-sim --quiet %s --run %s %s"):format(options or "", check.run, arg[0]))
  os.exit(code)
end

-- What a shell command prints, and its exit code.
function check.output(command)
  local pipe = assert(io.popen(command))
  local text = pipe:read("a")
  local _, _, code = pipe:close()
  return text, code
end

-- Runs use(port) while odd_server.py serves as it does for that kind.
function check.with_server(kind, use)
  local path = os.tmpname()
  local server = assert(io.popen(("exec /usr/bin/python3 tests/lua/odd_server.py %s > %s"):format(kind, path), "w"))
  local port
  for _ = 1, 400 do
    local file = assert(io.open(path))
    port = file:read("n")
    file:close()
    if port then break end
    os.execute("sleep 0.05")
  end
  os.remove(path)
  if check.ok(port, kind .. ": the server did not start") then use(port) end
  server:close()
end

return check
