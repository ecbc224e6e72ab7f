-- Tokens as a tree, by precedence: each token has a rule for where it begins an expression (prefix), or one for where it goes on
-- with what is left of it (infix), or both.
--
-- A node is { type =, value =, depth = levels below and with it, its operands as 1, 2, ... }. The types are those that
-- interpreter.lua lists.

local errors = require "ivs.jmespath.errors"
local lexer = require "ivs.jmespath.lexer"
local text = require "ivs.jmespath.text"

-- How strongly a token binds to what is left of it; not at all where it is not here.
local binding = {
  pipe = 1, ["or"] = 2, ["and"] = 3,
  eq = 5, gt = 5, lt = 5, gte = 5, lte = 5, ne = 5,
  flatten = 9, star = 20, filter = 21, dot = 40, ["not"] = 45, lbrace = 50, lbracket = 55, lparen = 60,
}
local projection_stop = 10 -- tokens that bind less end a projection

local prefix, infix = {}, {}

local Parser = {}
Parser.__index = Parser

-- ---------------------------------------------------------------- nodes

local function add_operand(node, operand)
  node[#node + 1] = operand
  node.depth = math.max(node.depth, operand.depth + 1)
  if node.depth > errors.max_depth then errors.too_deep() end
end

local function new_node(type, value, ...)
  local node = { type = type, value = value, depth = 1 }
  for _, operand in ipairs { ... } do add_operand(node, operand) end
  return node
end

local function identity() return new_node "identity" end

-- ---------------------------------------------------------------- tokens

-- The token that comes next, or one that is `ahead` of it; its type.
function Parser:token(ahead) return self.tokens[self.at + (ahead or 0)] end
function Parser:next(ahead) return self:token(ahead).type end

-- Takes the next token.
function Parser:take()
  local token = self:token()
  self.at = self.at + 1
  return token
end

-- Refuses a token.
function Parser:refuse(token, message)
  errors.parse(self.text, token.start, token.digits or text.str(token.value), token.type, message)
end

-- Takes the next token, which must be of this type; `expected` names several at once, as a set of their names would be shown.
function Parser:expect(type, expected)
  if self:next() == type then return self:take() end
  if self:next() == "eof" then errors.incomplete(self.text) end
  self:refuse(self:token(), ("Expecting: %s, got: %s"):format(expected or type, self:next()))
end

-- ---------------------------------------------------------------- expressions

-- An expression, up to the first token that binds no stronger than `power`.
function Parser:expression(power)
  self.depth = self.depth + 1
  if self.depth > errors.max_depth then errors.too_deep() end
  local first = self:take()
  if first.type == "eof" then errors.incomplete(self.text) end
  local begin = prefix[first.type]
  if not begin then self:refuse(first, "invalid token") end
  local left = begin(self, first)
  while (binding[self:next()] or 0) > power do
    local go_on = infix[self:next()]
    if not go_on then self:refuse(self:token(), "invalid token") end
    self:take()
    left = go_on(self, left)
  end
  self.depth = self.depth - 1
  return left
end

function prefix.literal(_, token) return new_node("literal", token.value) end
function prefix.current() return new_node "current" end
function prefix.unquoted_identifier(_, token) return new_node("field", token.value) end

function prefix.quoted_identifier(self, token)
  if self:next() == "lparen" then
    local paren = self:token()
    errors.parse(self.text, 1, paren.value, paren.type, "Quoted identifier not allowed for function names.")
  end
  return new_node("field", token.value)
end

function prefix.expref(self) return new_node("expref", nil, self:expression(0)) end
prefix["not"] = function(self) return new_node("not", nil, self:expression(binding["not"])) end

function prefix.lparen(self)
  local inside = self:expression(0)
  self:expect "rparen"
  return inside
end

-- ---------------------------------------------------------------- two operands

local function operator(type, token_type)
  return function(self, left) return new_node(type, token_type, left, self:expression(binding[token_type])) end
end

infix.pipe = operator("pipe", "pipe")
infix["or"] = operator("or", "or")
infix["and"] = operator("and", "and")
for _, comparator in ipairs { "eq", "ne", "lt", "lte", "gt", "gte" } do
  infix[comparator] = operator("comparator", comparator)
end

-- ---------------------------------------------------------------- projections

-- What is done with each element of a projection, as far as it goes.
function Parser:projected(power)
  local next = self:next()
  if (binding[next] or 0) < projection_stop then return identity() end
  if next == "lbracket" or next == "filter" then return self:expression(power) end
  if next ~= "dot" then self:refuse(self:token(), "syntax error") end
  self:take()
  return self:after_dot(power)
end

function prefix.star(self)
  local each = self:next() == "rbracket" and identity() or self:projected(binding.star)
  return new_node("value_projection", nil, identity(), each)
end

function infix.flatten(self, left)
  return new_node("projection", nil, new_node("flatten", nil, left), self:projected(binding.flatten))
end

function prefix.flatten(self) return infix.flatten(self, identity()) end

function infix.filter(self, left)
  local condition = self:expression(0)
  self:expect "rbracket"
  local each = self:next() == "flatten" and identity() or self:projected(binding.filter)
  return new_node("filter_projection", nil, left, each, condition)
end

function prefix.filter(self) return infix.filter(self, identity()) end

-- ---------------------------------------------------------------- dots

local after_dot_expected = "['quoted_identifier', 'unquoted_identifier', 'lbracket', 'lbrace']"

function Parser:after_dot(power)
  local next = self:next()
  if next == "quoted_identifier" or next == "unquoted_identifier" or next == "star" then return self:expression(power) end
  if next ~= "lbracket" and next ~= "lbrace" then
    self:refuse(self:token(), ("Expecting: %s, got: %s"):format(after_dot_expected, next))
  end
  self:take()
  return next == "lbracket" and self:multi_select_list() or self:multi_select_hash()
end

function infix.dot(self, left)
  if self:next() == "star" then
    self:take()
    return new_node("value_projection", nil, left, self:projected(binding.dot))
  end
  local right = self:after_dot(binding.dot)
  if left.type ~= "subexpression" then return new_node("subexpression", nil, left, right) end
  add_operand(left, right)
  return left
end

-- ---------------------------------------------------------------- brackets

-- The rest of [start:stop:step].
function Parser:slice()
  local parts, n = {}, 1
  while self:next() ~= "rbracket" do
    local token = self:take()
    if token.type == "colon" and n < 3 then n = n + 1
    elseif token.type == "number" then parts[n] = token.value
    else self:refuse(token, "syntax error") end
  end
  self:expect "rbracket"
  return new_node("slice", { start = parts[1], stop = parts[2], step = parts[3] })
end

-- The rest of [number] or of a slice.
function Parser:index()
  if self:next() == "colon" or self:next(1) == "colon" then return self:slice() end
  local index = new_node("index", self:take().value)
  self:expect "rbracket"
  return index
end

-- A slice is a projection; but not, as python-jmespath has it, right behind another index.
function Parser:indexed(left)
  local index = self:index()
  if left.type == "index_expression" then
    add_operand(left, index)
    return left
  end
  local node = new_node("index_expression", nil, left, index)
  if index.type ~= "slice" then return node end
  return new_node("projection", nil, node, self:projected(binding.star))
end

function Parser:is_index() return self:next() == "number" or self:next() == "colon" end

function Parser:list_projection(left)
  self:expect "star"
  self:expect "rbracket"
  return new_node("projection", nil, left, self:projected(binding.star))
end

function infix.lbracket(self, left)
  if self:is_index() then return self:indexed(left) end
  return self:list_projection(left)
end

function prefix.lbracket(self)
  if self:is_index() then return self:indexed(identity()) end
  if self:next() == "star" and self:next(1) == "rbracket" then return self:list_projection(identity()) end
  return self:multi_select_list()
end

-- ---------------------------------------------------------------- multi-select

function Parser:multi_select_list()
  local list = new_node "multi_select_list"
  while true do
    add_operand(list, self:expression(0))
    if self:next() == "rbracket" then break end
    self:expect "comma"
  end
  self:expect "rbracket"
  return list
end

local key_expected = "['quoted_identifier', 'unquoted_identifier']"

-- key: expression
function Parser:pair()
  local quoted = self:next() == "quoted_identifier"
  local key = self:expect(quoted and "quoted_identifier" or "unquoted_identifier", key_expected).value
  self:expect "colon"
  return new_node("pair", key, self:expression(0))
end

-- The comma between pairs may be missing.
function Parser:multi_select_hash()
  local hash = new_node "multi_select_hash"
  while true do
    add_operand(hash, self:pair())
    local next = self:next()
    if next == "comma" or next == "rbrace" then self:take() end
    if next == "rbrace" then return hash end
  end
end

function prefix.lbrace(self) return self:multi_select_hash() end

-- ---------------------------------------------------------------- functions

-- The comma between arguments may be missing, or come last.
function infix.lparen(self, left)
  if left.type ~= "field" then
    local before = self:token(-2)
    local name = before.digits or text.str(before.value)
    self:refuse(before, ("Invalid function name '%s'"):format(name))
  end
  local call = new_node("call", left.value)
  while self:next() ~= "rparen" do
    add_operand(call, self:expression(0))
    if self:next() == "comma" then self:take() end
  end
  self:expect "rparen"
  return call
end

-- ---------------------------------------------------------------- the whole

local parser = {}

-- The tree of an expression. Raises what errors.lua has.
function parser.parse(expression)
  local self = setmetatable({ text = expression, tokens = lexer.tokens(expression), at = 1, depth = 0 }, Parser)
  local tree = self:expression(0)
  local rest = self:token()
  if rest.type ~= "eof" then
    self:refuse(rest, "Unexpected token: " .. (rest.digits or text.str(rest.value)))
  end
  return tree
end

return parser
