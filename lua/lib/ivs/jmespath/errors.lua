-- Errors of an expression: raised as objects, with the texts of python-jmespath.

local errors = {}

local Error = { __name = "ivs.jmespath.error" }
Error.__index = Error
function Error:__tostring() return self.text end

function errors.is(value) return getmetatable(value) == Error end

-- Raises an error of a kind that jmespath.lua lists.
function errors.raise(kind, text, ...)
  if select("#", ...) > 0 then text = text:format(...) end
  error(setmetatable({ kind = kind, text = text }, Error), 0)
end

-- The characters of a text, where each stray byte of broken UTF-8 may or may not count as one.
local function count_characters(text)
  local _, count = text:gsub("[^\x80-\xBF]", "")
  return count
end

-- Blanks that put a caret under the byte `at` of an expression.
local function caret(expression, at) return (" "):rep(count_characters(expression:sub(1, at - 1))) .. "^" end

-- No token can be made of what begins at byte `at`.
function errors.lexer(expression, at, message)
  errors.raise("lexer", "Bad jmespath expression: %s:\n%s\n%s", message, expression, caret(expression, at))
end

-- A token stands where it must not. Its text is that of Python's str().
function errors.parse(expression, at, token_text, token_type, message)
  local column = count_characters(expression:sub(1, at - 1))
  errors.raise("parse", '%s: Parse error at column %d, token "%s" (%s), for expression:\n"%s"\n %s',
    message, column, token_text, token_type:upper(), expression, caret(expression, at))
end

-- The expression ends too early.
function errors.incomplete(expression)
  errors.raise("incomplete", 'Invalid jmespath expression: Incomplete expression:\n"%s"\n %s',
    expression, caret(expression, #expression + 1))
end

-- A function is called with `actual` arguments.
function errors.arity(name, expected, actual, variadic)
  errors.raise("arity", "Expected %s%d %s for function %s(), received %d",
    variadic and "at least " or "", expected, expected == 1 and "argument" or "arguments", name, actual)
end

-- A function meets a value of the wrong type. All are texts.
function errors.type(name, value, expected, actual)
  errors.raise("type", 'In function %s(), invalid type for value: %s, expected one of: %s, received: "%s"',
    name, value, expected, actual)
end

errors.max_depth = 500 -- of an expression or a literal; no recursion goes deeper for it

function errors.too_deep()
  errors.raise("depth", "Bad jmespath expression: nested deeper than %d levels", errors.max_depth)
end

return errors
