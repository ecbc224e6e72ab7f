-- unanswered(say, call, ...): what call(...) returns. say() is called if it does not return: a signal came, and what it changes may have
-- been changed all the same.
return function(say, call, ...)
  local guard <close> = setmetatable({}, { __close = function(self) if not self.answered then say() end end })
  local result, err = call(...)
  guard.answered = true
  return result, err
end
