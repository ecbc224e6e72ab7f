-- A file in place of a value: file://PATH gives its text, fileb://PATH its bytes. In PATH, ~ is the home folder and $NAME and
-- ${NAME} are variables of the environment.

local python = require "ivs.cli.python"
local stop = require "ivs.cli.stop"

local paramfile = {}

-- ~ and ~/..., not the folder of another user.
local function expand_home(path)
  local home, rest = os.getenv "HOME", path:match "^~(.*)$"
  if not home or not rest or not (rest == "" or rest:find "^/") then return path end
  local expanded = home:gsub("/+$", "") .. rest
  return expanded ~= "" and expanded or "/"
end

-- A variable that is not set stays as it is written.
local function expand_variables(path)
  local out, at = {}, 1
  for _ = 1, #path do
    local dollar = path:find("$", at, true)
    if not dollar then break end
    local written = path:match("^%$[%w_]+", dollar) or path:match("^%${[^}]*}", dollar) or "$"
    local value = os.getenv((written:gsub("[${}]", "")))
    out[#out + 1] = path:sub(at, dollar - 1) .. (value or written)
    at = dollar + #written
  end
  return table.concat(out) .. path:sub(at)
end

local function refuse(option, text, ...)
  stop.stop("usage", "\nError parsing parameter '%s': " .. text, option, ...)
end

local function refuse_file(option, word, path, message, code)
  message = message:gsub("^" .. path:gsub("%p", "%%%0") .. ": ", "")
  refuse(option, "Unable to load paramfile %s: [Errno %d] %s: %s", word, code, message, python.repr(path))
end

local function read(option, word, path)
  local file <close>, message, code = io.open(path, "rb")
  if not file then refuse_file(option, word, path, message, code) end
  local text
  text, message, code = file:read "a"
  if not text then refuse_file(option, word, path, message, code) end
  return text
end

-- Lines of a text end in \n, whatever the file has.
local function as_text(option, path, bytes)
  if not utf8.len(bytes) then
    refuse(option, "Unable to load paramfile (%s), text contents could not be decoded.  If this is a binary file, "
      .. "please use the fileb:// prefix instead of the file:// prefix.", path)
  end
  return (bytes:gsub("\r\n?", "\n"))
end

-- What the file holds that the word behind an option names: a text, or bytes as in ivs.cli.python. nil if the word names none.
function paramfile.read(option, word)
  local kind, path = word:match "^(fileb?)://(.*)$"
  if not kind then return nil end
  path = expand_variables(expand_home(path))
  local bytes = read(option, word, path)
  if kind == "fileb" then return python.bytes(bytes) end
  return as_text(option, path, bytes)
end

return paramfile
