-- JMESPath, as python-jmespath 1.0.1 and so the AWS CLI have it: grammar, functions, oddities, and the text of the errors.
--
--   local expression, err = jmespath.compile "channels[?type == 'BASIC'].arn"
--   local value, err = expression:search(answer)
--
-- Values are those of ivs.json: ivs.null for null, marked tables for arrays, integers apart from floats. The order of an object's
-- members is that of ivs.ordered: the caller gives it to the objects that are searched, and objects in results have it. A result
-- may share tables with what was searched. It can be `false`: look at the error, which is nil unless something went wrong.
--
-- An error has a `kind`, and tostring gives the text to show:
--   empty, lexer, parse, incomplete       of the expression; all are found by compile
--   arity, type, function, evaluation     found by search: number or type of arguments, an unknown function, anything else
--   depth                                 nested too deep; either
--
-- What differs from Python: integers beyond 64 bits are floats; merge checks all its arguments, not the first alone; and a result
-- that holds an expression reference (&) is an error.

local errors = require "ivs.jmespath.errors"
local interpreter = require "ivs.jmespath.interpreter"
local parser = require "ivs.jmespath.parser"
local values = require "ivs.jmespath.values"

local jmespath = {}

local Expression = {}
Expression.__index = Expression

-- function(...) -> its result, or nil and what it raised by errors.raise. Anything else that is raised passes.
local function catch(run, ...)
  local ok, result = pcall(run, ...)
  if ok then return result end
  if errors.is(result) then return nil, result end
  error(result, 0)
end

-- Surrogates count as UTF-8: Python takes them.
local function parse(text)
  local _, at = utf8.len(text, 1, -1, true)
  if at then errors.lexer(text, at, "Not UTF-8") end
  return parser.parse(text)
end

-- Compiles a text. The expression, whose `text` it stays; or nil and an error.
function jmespath.compile(text)
  if type(text) ~= "string" then error("jmespath.compile: the expression must be a string, not " .. type(text), 2) end
  local tree, err = catch(parse, text)
  if err then return nil, err end
  return setmetatable({ text = text, tree = tree }, Expression)
end

local function search(tree, value)
  local result = interpreter.evaluate(tree, value)
  if values.holds_reference(result) then
    errors.raise("evaluation", "The result holds an expression reference (&), which is only good as a function's argument")
  end
  return result
end

-- What the expression selects from a value; or nil and an error.
function Expression:search(value)
  return catch(search, self.tree, value)
end

return jmespath
