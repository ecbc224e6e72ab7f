-- stop(code, text, ...) ends a command: it raises what ivs.cli turns into one line on stderr and the exit code.
-- The text is a format for the rest.

local Stop = {
  __tostring = function(self) return self.text end,
}

local codes = {
  script = 1, -- a script cannot be read, does not compile or raised
  limit = 124, -- a script reached a limit of its sandbox
  usage = 252,
  configuration = 253,
  service = 254,
  other = 255,
}

return {
  codes = codes,

  stop = function(kind, text, ...)
    if select("#", ...) > 0 then text = text:format(...) end
    error(setmetatable({ code = codes[kind], text = text }, Stop))
  end,

  is = function(value) return rawequal(getmetatable(value), Stop) end,
}
