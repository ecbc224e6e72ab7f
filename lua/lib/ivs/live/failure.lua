-- What goes wrong here rather than in a call of the service. Like the errors of calls it has code, message and retryable, and tostring.

local Failure = {
  __tostring = function(self) return self.message end,
}

-- failure(code, text, ...): the text is a format for the rest.
return function(code, text, ...)
  if select("#", ...) > 0 then text = text:format(...) end
  return setmetatable({ code = code, message = text, retryable = false }, Failure)
end
