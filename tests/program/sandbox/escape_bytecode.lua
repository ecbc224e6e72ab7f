-- end: 0
-- No bytecode goes in or out; what is loaded runs in the script's own world.
assert(string.dump == nil and ("").dump == nil)
local header = "\27Lua\x54\0\x19\x93\r\n\x1a\n\4\8\8"
local function bytes() local given = header .. ("\0"):rep(100) header = "" return given end
local whole = header .. ("\0"):rep(100)
for _, mode in ipairs { "b", "bt", "t" } do
  local chunk, problem = load(whole, "=x", mode)
  assert(chunk == nil and problem:find("binary", 1, true), problem)
end
assert(load(bytes) == nil)
assert(load "return debug" () == nil and load("return package", "=x", "t") () == nil)
assert(load("return _G", "=x", nil) () == _G and load "return os.execute" () == nil)
assert(load("return x", "=x", "t", { x = 7 }) () == 7 and load("return print", "=x", "b", nil) == nil or true)
print "contained"
