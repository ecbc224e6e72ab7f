-- ivs.json: strict both ways; what is decoded encodes to the same again.
package.path = "tests/lua/?.lua;" .. package.path
local check = require "check"
local ivs = require "ivs"
local encode, decode = ivs.json.encode, ivs.json.decode

-- Texts that come back as they were.
local function comes_back(text)
  local value, err = decode(text)
  check.ok(value ~= nil, text .. ": " .. tostring(err))
  check.equal(encode(value), text)
end
for _, text in ipairs {
  "null", "true", "false", "0", "-1", "9007199254740992", "-9007199254740992", "0.5", "1e+300", "1e-07", "123456789.125", '""', '"a"', '"\\"\\\\"', '"\\u0001"', '"ü€😀"', "[]", "{}", "[[]]", "[{}]", '{"a":[]}', '{"a":{}}',
  "[1,2.5,\"x\",null,true,[],{}]", '{"a":1,"b":{"c":[1,{"d":null}]}}', '[null,null]', '{"1":2}', '{"":0}',
} do
  comes_back(text)
end
if check.integers then
  for _, text in ipairs { "9223372036854775807", "-9223372036854775808", "-0.0", "2.0" } do comes_back(text) end
end

-- Texts that come back in another form.
for text, expected in pairs {
  [" [ 1 , 2 ]\r\n\t"] = "[1,2]", ['"\\u00e9\\n\\/"'] = '"é\\n/"', ['"\\ud83d\\ude00"'] = '"😀"', ["1E2"] = check.integers and "100.0" or "100",
  ['{"b":1,"a":2}'] = '{"a":2,"b":1}', ['{"a":1,"a":2}'] = '{"a":2}', ["9223372036854775808"] = "9.223372036854776e+18",
  ['"\\u0000"'] = '"\\u0000"', ["-0"] = "0",
} do
  check.equal(encode(decode(text)), expected, text)
end

-- Texts that are no JSON.
for _, text in ipairs {
  "", " ", "nul", "tru", "True", "NaN", "Infinity", "-", "+1", "01", "1.", ".5", "1e", "1e+", "0x10", "1 2", "[", "]", "[1", "[1,]",
  "[,1]", "[1,,2]", "[1 2]", "{", "}", "{a:1}", "{'a':1}", '{"a"}', '{"a":}', '{"a":1,}', '{"a":1 "b":2}', '{"a" 1}', '{1:2}',
  "[}", "{]", "[1}", '{"a":1]', '"', '"a', '"\n"', '"\t"', '"\\x"', '"\\u12"', '"\\u12g4"', '"\\ud800"', '"\\udc00"',
  '"\\ud800\\u0041"', '"\xff"', '"\xc0\x80"', '"\xed\xa0\x80"', "[1]x", "[1] []", "1\0", "[1]\0", "//x\n1", "[1]/**/", "\xef\xbb\xbf1",
  "[tru]", "[1.2.3]", "1e999", "-1e999", "[1e400]", '{"a":{"b":1e400}}', ("["):rep(33) .. ("]"):rep(33), ("["):rep(100000),
  ('{"a":'):rep(33) .. "1" .. ("}"):rep(33),
} do
  check.fails("NotJson", decode(text))
end
check.ok(decode(("["):rep(32) .. ("]"):rep(32)) ~= nil, "32 levels are taken")
check.has(tostring(select(2, decode("["))), "NotJson: the text is not JSON")
check.raises("string expected", decode, 1)
check.raises("string expected", decode)

-- Numbers keep their kind.
if check.integers then
  check.equal(math.type(decode("1")), "integer")
  check.equal(math.type(decode("1.0")), "float")
  check.equal(math.type(decode("1e0")), "float")
  check.equal(encode(1.0), "1.0")
  check.equal(encode(math.mininteger), "-9223372036854775808")
end
check.equal(encode(1), "1")
for _, v in ipairs { 0.1, 1 / 3, 1e15, 1e16, 1e17, 1e21, 123456.789e3, 5e-324, 1.7976931348623157e308, -2.5e-10, 2 ^ 53 } do
  check.equal(decode(encode(v)), v)
end

-- null, lists and maps.
check.equal(decode("null"), ivs.null)
check.equal(decode('{"a":null}').a, ivs.null)
check.equal(tostring(ivs.null), "null")
check.equal(encode { a = ivs.null, b = ivs.list {}, c = ivs.map {}, d = {} }, '{"a":null,"b":[],"c":{},"d":{}}')
check.equal(encode(ivs.list()), "[]")
check.equal(encode(ivs.map()), "{}")
check.equal(encode(ivs.list { 1 }), "[1]")
check.equal(encode(ivs.map { a = 1 }), '{"a":1}')
check.equal(encode(ivs.map(ivs.list {})), "{}")
local list = decode("[1]")
list[1] = nil
check.equal(encode(list), "[]", "a list stays one when it becomes empty")
check.raises("metatable of its own", ivs.list, setmetatable({}, {}))
check.raises("table expected", ivs.list, 1)

-- What cannot be said in JSON, with the place.
local loop = {}
loop.a = { loop }
local deep = {}
for _ = 1, 40 do deep = { deep } end
for _, case in ipairs {
  { print, "value is a function, which JSON has not" },
  { io.stdout, "value is a userdata" },
  { coroutine.create(function() end), "value is a thread" },
  { nil, "value is a nil" },
  { { a = { 1, { b = print } } }, 'value["a"][2]["b"] is a function' },
  { 1 / 0, "value is not a number that JSON has" },
  { -1 / 0, "is not a number that JSON has" },
  { { 0 / 0 }, "value[1] is not a number that JSON has" },
  { "\xff", "value is not UTF-8" },
  { { ["\xff"] = 1 }, "is not UTF-8" },
  { { 1, nil, 3 }, "value is a list with gaps" },
  { { [2] = 1 }, "value is a list with gaps" },
  { { [0] = 1 }, "value is a list with gaps" },
  { { 1, a = 2 }, "value has both numbers and names for keys" },
  { { [true] = 1 }, "value has a key that is no string" },
  { { [1.5] = 1 }, "value has a key that is no string" },
  { ivs.list { a = 1 }, "value is a list, but has names for keys" },
  { ivs.map { 1 }, "value is a map, but has numbers for keys" },
  { loop, 'value["a"][1] is a table that holds it' },
  { deep, "is nested too deep" },
} do
  check.raises(case[2], encode, case[1])
end
local shared = { 1 }
check.equal(encode { shared, shared }, "[[1],[1]]", "a table in two places is no loop")

-- Options.
check.equal(encode({ a = { 1, { b = 2 } }, c = {}, d = ivs.list {} }, { indent = 2 }),
  '{\n  "a": [\n    1,\n    {\n      "b": 2\n    }\n  ],\n  "c": {},\n  "d": []\n}')
check.equal(encode({ channel = { name = "x", zebra = 1, arn = "y", tags = { b = "2", a = "1" } } }, { operation = "GetChannel" }),
  '{"channel":{"arn":"y","name":"x","tags":{"a":"1","b":"2"},"zebra":1}}', "the API's order")
check.equal(encode({ channels = { { name = "x", arn = "y" } } }, { operation = "list-channels" }),
  '{"channels":[{"arn":"y","name":"x"}]}')
check.raises("'indent' must be an integer", encode, 1, { indent = -1 })
check.raises("'indent' must be an integer", encode, 1, { indent = 1.5 })
check.raises("'operation' must name an operation", encode, 1, { operation = "X" })
check.raises("the options are", encode, 1, { indnet = 1 })
check.raises("table expected", encode, 1, 2)
check.raises("value expected", encode)

-- Large ones.
local big = {}
for i = 1, 20000 do big[i] = { id = i, text = ("ü\n"):rep(i % 20) } end
check.same(decode(encode(big)), big, "20000 elements")

-- Random values come back.
math.randomseed(42)
local function random_value(depth)
  local kind = math.random(depth > 0 and 8 or 6)
  if kind == 1 then return ivs.null end
  if kind == 2 then return math.random() < 0.5 end
  if kind == 3 then return math.random(-2 ^ 30, 2 ^ 30) * 1000003 end
  if kind == 4 then return (math.random() - 0.5) * 10 ^ math.random(-300, 300) end
  if kind <= 6 then
    local text = {}
    for i = 1, math.random(0, 8) do
      local code = math.random(0, 0x10FFFF)
      if code >= 0xD800 and code <= 0xDFFF then code = 34 end
      text[i] = utf8.char(math.random() < 0.5 and code or math.random(0, 127))
    end
    return table.concat(text)
  end
  local t = kind == 7 and ivs.list {} or ivs.map {}
  for i = 1, math.random(0, 5) do t[kind == 7 and i or tostring(random_value(0)):gsub("[\x80-\xff]", "")] = random_value(depth - 1) end
  return t
end
for _ = 1, 3000 do
  local value = random_value(5)
  local text = encode(value)
  local back, err = decode(text)
  check.ok(back ~= nil, tostring(err))
  check.same(back, value, text)
  check.equal(encode(decode(encode(value, { indent = 3 }))), text)
end

check.finish()
