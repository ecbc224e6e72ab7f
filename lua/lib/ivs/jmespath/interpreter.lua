-- Evaluates the tree of an expression on a value.

local errors = require "ivs.jmespath.errors"
local functions = require "ivs.jmespath.functions"
local ordered = require "ivs.ordered"
local values = require "ivs.jmespath.values"

local null, is_array, is_true = values.null, values.is_array, values.is_true

local interpreter = {}

-- By the type of the node: function(node, value) -> value
local evaluators = {}

local function evaluate(node, value) return evaluators[node.type](node, value) end
interpreter.evaluate = evaluate

-- The operands one after the other, each on what the one before gave.
local function chain(node, value)
  for _, operand in ipairs(node) do value = evaluate(operand, value) end
  return value
end

evaluators.subexpression = chain
evaluators.index_expression = chain
evaluators.pipe = chain

function evaluators.identity(_, value) return value end
evaluators.current = evaluators.identity

function evaluators.literal(node) return node.value end

function evaluators.field(node, value)
  if not values.is_object(value) then return null end
  local member = value[node.value]
  if member == nil then return null end
  return member
end

-- ---------------------------------------------------------------- index and slice

function evaluators.index(node, value)
  if not is_array(value) then return null end
  local index = node.value
  local element = value[index < 0 and #value + index + 1 or index + 1]
  if element == nil then return null end
  return element
end

-- A bound of a slice, counted from the end if negative, within low and high.
local function clamp(bound, length, low, high)
  if bound < 0 then bound = bound + length end
  return math.max(low, math.min(bound, high))
end

function evaluators.slice(node, value)
  if not is_array(value) then return null end
  local bounds, length = node.value, #value
  local step = bounds.step or 1
  if step == 0 then errors.raise("evaluation", "slice step cannot be zero") end
  local low, high = 0, length
  if step < 0 then low, high = -1, length - 1 end
  local start = bounds.start and clamp(bounds.start, length, low, high) or (step > 0 and low or high)
  local stop = bounds.stop and clamp(bounds.stop, length, low, high) or (step > 0 and high or low)
  local part = values.array()
  for i = start, stop - (step > 0 and 1 or -1), step do part[#part + 1] = value[i + 1] end
  return part
end

-- ---------------------------------------------------------------- projections

-- What the node gives for each element, without null; only for those that meet the condition, if there is one.
local function project(elements, node, condition)
  local collected = values.array()
  for _, element in ipairs(elements) do
    if not condition or is_true(evaluate(condition, element)) then
      local result = evaluate(node, element)
      if result ~= null then collected[#collected + 1] = result end
    end
  end
  return collected
end

function evaluators.projection(node, value)
  local base = evaluate(node[1], value)
  if not is_array(base) then return null end
  return project(base, node[2])
end

function evaluators.filter_projection(node, value)
  local base = evaluate(node[1], value)
  if not is_array(base) then return null end
  return project(base, node[2], node[3])
end

function evaluators.value_projection(node, value)
  local base = evaluate(node[1], value)
  if not values.is_object(base) then return null end
  return project(values.members(base), node[2])
end

function evaluators.flatten(node, value)
  local base = evaluate(node[1], value)
  if not is_array(base) then return null end
  local merged = values.array()
  for _, element in ipairs(base) do
    if is_array(element) then table.move(element, 1, #element, #merged + 1, merged)
    else merged[#merged + 1] = element end
  end
  return merged
end

-- ---------------------------------------------------------------- multi-select

function evaluators.multi_select_list(node, value)
  if value == null then return null end
  local list = values.array()
  for i, operand in ipairs(node) do list[i] = evaluate(operand, value) end
  return list
end

function evaluators.multi_select_hash(node, value)
  if value == null then return null end
  local object = ordered.new()
  for _, pair in ipairs(node) do ordered.put(object, pair.value, evaluate(pair[1], value)) end
  return object
end

-- ---------------------------------------------------------------- logic

evaluators["or"] = function(node, value)
  local left = evaluate(node[1], value)
  if is_true(left) then return left end
  return evaluate(node[2], value)
end

evaluators["and"] = function(node, value)
  local left = evaluate(node[1], value)
  if not is_true(left) then return left end
  return evaluate(node[2], value)
end

evaluators["not"] = function(node, value) return not is_true(evaluate(node[1], value)) end

-- Numbers and strings have an order, other values compared by it give null.
local function is_comparable(value) return type(value) == "number" or type(value) == "string" end

local function comparator(sign, compare)
  return function(left, right)
    if not is_comparable(left) or not is_comparable(right) then return null end
    values.check_order(sign, left, right)
    return compare(left, right)
  end
end

local comparators = {
  eq = values.equal,
  ne = function(left, right) return not values.equal(left, right) end,
  lt = comparator("<", function(left, right) return left < right end),
  lte = comparator("<=", function(left, right) return left <= right end),
  gt = comparator(">", function(left, right) return left > right end),
  gte = comparator(">=", function(left, right) return left >= right end),
}

function evaluators.comparator(node, value)
  return comparators[node.value](evaluate(node[1], value), evaluate(node[2], value))
end

-- ---------------------------------------------------------------- functions

function evaluators.expref(node)
  return function(value) return evaluate(node[1], value) end
end

function evaluators.call(node, value)
  local arguments = {}
  for i, operand in ipairs(node) do arguments[i] = evaluate(operand, value) end
  return functions.call(node.value, arguments)
end

return interpreter
