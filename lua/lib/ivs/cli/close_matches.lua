-- Names that come close to a misspelt one, by the measure of Python's difflib, so that the AWS CLI's suggestions are ours.

-- The longest run of bytes that a[from..to] and b[from..to] share, the first of several: where it begins in each, its length.
local function longest_run(a, b, a_from, a_to, b_from, b_to)
  local best_a, best_b, best = a_from, b_from, 0
  local above = {}
  for i = a_from, a_to do
    local row = {}
    for j = b_from, b_to do
      if a:byte(i) == b:byte(j) then
        local length = (above[j - 1] or 0) + 1
        row[j] = length
        if length > best then best_a, best_b, best = i - length + 1, j - length + 1, length end
      end
    end
    above = row
  end
  return best_a, best_b, best
end

local function shared(a, b, a_from, a_to, b_from, b_to)
  local at_a, at_b, length = longest_run(a, b, a_from, a_to, b_from, b_to)
  if length == 0 then return 0 end
  return length + shared(a, b, a_from, at_a - 1, b_from, at_b - 1) + shared(a, b, at_a + length, a_to, at_b + length, b_to)
end

local function likeness(a, b)
  local total = #a + #b
  return total == 0 and 1.0 or 2.0 * shared(a, b, 1, #a, 1, #b) / total
end

local ALIKE <const>, MOST <const>, LONGEST <const> = 0.8, 3, 100

-- At most three of the names, the likeliest first.
return function(wrong, names)
  local found = {}
  if #wrong > LONGEST then return found end
  for _, name in ipairs(names) do
    local ratio = likeness(name, wrong)
    if ratio >= ALIKE then found[#found + 1] = { ratio = ratio, name = name } end
  end
  table.sort(found, function(x, y)
    if x.ratio ~= y.ratio then return x.ratio > y.ratio end
    return x.name > y.name
  end)
  local close = {}
  for i = 1, math.min(#found, MOST) do close[i] = found[i].name end
  return close
end
