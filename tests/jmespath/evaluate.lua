-- Evaluates what compare.py sends, by ivs.jmespath.
--
-- Input, a JSON text per line: first the documents by name, then { given = name, expression = text }. Output, likewise: { result = value }
-- or { error = kind, text = message }. With the argument "plain" the documents are read by ivs.json, so that their objects have no order.

local ivs = require "ivs"
local jmespath = require "ivs.jmespath"
local json = require "ivs.cli.json"
local text = require "ivs.jmespath.text"

local function evaluate(expression, value)
  local compiled, err = jmespath.compile(expression)
  if err then return nil, err end
  return compiled:search(value)
end

local first = io.read "L"
local documents, wrong
if arg[1] == "plain" then documents, wrong = ivs.json.decode(first) else documents, wrong = json.read(first, nil, tonumber) end
assert(not wrong, wrong)

for line in io.lines() do
  local case = json.read(line, nil, tonumber)
  local value, err = evaluate(case.expression, documents[case.given])
  io.write(text.json(err and { error = err.kind, text = tostring(err) } or { result = value }), "\n")
end
