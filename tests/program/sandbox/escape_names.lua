-- end: 0
-- What is not there, by any name.
local gone = { "debug", "package", "dofile", "loadfile", "warn", "module", "setfenv" }
for _, name in ipairs(gone) do assert(_G[name] == nil and _ENV[name] == nil, name) end
for _, name in ipairs { "execute", "getenv", "remove", "rename", "tmpname", "setlocale" } do assert(os[name] == nil, name) end
for _, name in ipairs { "open", "popen", "tmpfile", "input", "output", "close", "type" } do assert(io[name] == nil, name) end
for _, name in ipairs { "ivs.process", "ivs.bounds", "ivs.terminal", "ivs.signature", "ivs.live.encoder", "ivs.cli.script", "debug", "package", "lfs" } do
  local ok, problem = pcall(require, name)
  assert(not ok and problem:find("is not there", 1, true), name)
end
local ivs = require "ivs"
for _, name in ipairs { "process", "token", "terminal", "bounds", "cli" } do assert(ivs[name] == nil, name) end
assert(not pcall(io.lines, "/etc/passwd"))
assert(not pcall(require, setmetatable({}, { __tostring = function() return "ivs.process" end })))
print "contained"
