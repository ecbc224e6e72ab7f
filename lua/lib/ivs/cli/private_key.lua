-- Files with private keys.

local process = require "ivs.process"

local private_key = {}

local MOST <const> = 65536 -- bytes; a key has some hundred

-- What the file holds; or nil and why it cannot be read.
function private_key.read(path)
  local file <close>, problem = io.open(path, "rb")
  if not file then return nil, problem end
  local text
  text, problem = file:read(MOST)
  return text, ("%s: %s"):format(path, problem or "the file is empty")
end

-- Makes a file that only its owner can read. True; or nil and why not: there is one already, for instance.
function private_key.write(path, text)
  local done, problem, errno = process.write_new(path, text)
  if done then return true end
  local EEXIST <const> = 17
  return nil, errno == EEXIST and path .. ": the file is there already; a key is never overwritten" or problem
end

return private_key
