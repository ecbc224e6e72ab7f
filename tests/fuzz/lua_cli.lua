-- What a person writes on the command line: JMESPath, shorthand, JSON. Nothing ends in another way than a value or an error
-- that says what is wrong, and what is read one way is what the other way reads.
--
-- Input: a letter, the text. j JMESPath; s shorthand; r JSON by both readers; i --cli-input-json of an operation; o a form of
-- output, whose next byte chooses it; v the words of an option, whose next two bytes choose it; t an answer as --debug shows it.

local ivs = require "ivs"
local input_json = require "ivs.cli.input_json"
local jmespath = require "ivs.jmespath"
local json = require "ivs.cli.json"
local ordered = require "ivs.ordered"
local output = require "ivs.cli.output"
local python = require "ivs.cli.python"
local shorthand = require "ivs.cli.shorthand"
local stop = require "ivs.cli.stop"
local trace = require "ivs.cli.trace"
local text_of = require "ivs.jmespath.text"
local validate = require "ivs.cli.validate"
local values = require "ivs.cli.values"

local operations = ivs.operations()
local documents = {
  [[{"channels":[{"arn":"arn:1","name":"a","tags":{"k":"v"},"n":1},{"arn":"arn:2","name":"é","authorized":false,"n":2.5}],"nextToken":"x"}]],
  [=[[1,-2.5,"b","a",null,true,[[],{}],{"a":{"b":[1,2,3]}}]]=],
  [[{"a":1,"b":{"a":2,"c":[{"a":3},{"a":"x"}]},"":[0]}]],
}
for i, text in ipairs(documents) do documents[i] = assert(json.read(text)) end

local kinds = {
  empty = true, lexer = true, parse = true, incomplete = true, arity = true, type = true, ["function"] = true,
  evaluation = true, depth = true,
}

-- A result, or the one kind of error that is for people.
local function run(what, ...)
  local result = table.pack(pcall(what, ...))
  if not result[1] then
    if not stop.is(result[2]) then error(result[2], 0) end
    assert(type(result[2].text) == "string" and math.type(result[2].code) == "integer")
    return nil
  end
  return table.unpack(result, 2, result.n)
end

local function is_file(text) return text:find "^%s*fileb?:" ~= nil end

local modes = {}

function modes.j(text)
  local expression, err = jmespath.compile(text)
  if not expression then
    assert(kinds[err.kind] and tostring(err) ~= "")
    local _, again = jmespath.compile(text)
    assert(tostring(again) == tostring(err))
    return
  end
  for _, document in ipairs(documents) do
    local value, problem = expression:search(document)
    if problem then
      assert(kinds[problem.kind] and tostring(problem) ~= "")
    else
      local shown = text_of.json(value)
      assert(text_of.json((expression:search(document))) == shown)
    end
  end
end

function modes.s(text)
  local value, problem = shorthand.parse(text)
  assert((value == nil) == (type(problem) == "string"), "a value or a problem")
  if value ~= nil then assert(python.repr(value) == python.repr((shorthand.parse(text)))) end
end

-- All but numbers, which are spelt in many ways.
local function same(a, b)
  if type(a) ~= "table" or type(b) ~= "table" or a == ivs.null or b == ivs.null then return a == b or type(a) == "number" end
  for k, v in pairs(a) do if not same(v, b[k]) then return false end end
  return true
end

function modes.r(text)
  local strict, err = ivs.json.decode(text)
  local lenient, problem, deep = json.read(text)
  if strict == nil then
    assert(type(tostring(err)) == "string")
  else
    assert(lenient ~= nil or deep, problem)
    assert(same(strict, lenient))
    local once = ivs.json.encode(strict)
    assert(ivs.json.encode((ivs.json.decode(once))) == once)
  end
  if lenient == nil then return assert(type(problem) == "string") end
  if not utf8.len(text) then return end -- what is written is an answer's, which is UTF-8
  local written = json.write(lenient)
  if not written:find "nan" and not written:find "inf" then assert(json.write((json.read(written))) == written) end
end

function modes.i(text)
  if is_file(text) then return end
  local op = operations[#text % #operations + 1]
  local loaded = run(input_json.read, { ["cli-input-json"] = text })
  if loaded == nil then return end
  local request = ordered.new()
  input_json.merge(request, loaded)
  run(validate.check, op, request)
end

function modes.o(text)
  local forms = { "json", "text", "table", "yaml", "yaml-stream" }
  local value = json.read(text:sub(2))
  if not python.is_object(value) or not ivs.json.decode(text:sub(2)) then return end -- what is shown is an answer
  local parts = {}
  local printer = output.new(forms[(text:byte() or 0) % #forms + 1], {
    operation = "ListChannels", write = function(piece) parts[#parts + 1] = piece end,
  })
  run(printer.print, printer, value)
  for _, part in ipairs(parts) do assert(type(part) == "string") end
end

function modes.v(text)
  local op = operations[(text:byte(1) or 0) % #operations + 1]
  local member = op.input[(text:byte(2) or 0) % math.max(#op.input, 1) + 1]
  local words = {}
  for word in text:sub(3):gmatch "[^\n]+" do
    if is_file(word) then return end
    words[#words + 1] = word
  end
  if not member or not member.kebab or #words == 0 then return end
  local value = run(values.from_words, "--" .. member.kebab, member, words)
  if value == nil then return end
  local request = ordered.new()
  ordered.put(request, member.name, value)
  run(validate.check, op, request)
end

-- What comes is shown before anybody has judged it.
function modes.t(text)
  local stderr, shown = io.stderr, {}
  io.stderr = { write = function(_, ...) shown[#shown + 1] = table.concat { ... } end }
  local told, more = trace.new(operations[#text % #operations + 1])
  local ok, problem = pcall(function()
    told("received", text:sub(1, #text // 2))
    told("received", text:sub(#text // 2 + 1))
    more.finish()
  end)
  io.stderr = stderr
  assert(ok, problem)
  assert(text == "" or #shown > 0)
end

return function(input)
  local mode = modes[input:sub(1, 1)]
  if mode then mode(input:sub(2)) end
end
