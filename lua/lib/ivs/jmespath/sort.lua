-- A stable sort, which table.sort is none.

-- Merges the two sorted runs of `from` that begin at `low` and at `middle`, the second up to before `high`, into `to`.
local function merge(from, to, keys, low, middle, high)
  local left, right = low, middle
  for at = low, high - 1 do
    if left < middle and (right >= high or not (keys[from[right]] < keys[from[left]])) then
      to[at], left = from[left], left + 1
    else
      to[at], right = from[right], right + 1
    end
  end
end

-- The elements in a new table, in the order of their keys, which are all numbers or all strings.
return function(elements, keys)
  local n = #elements
  local places, spare = {}, {}
  for i = 1, n do places[i] = i end
  local width = 1
  while width < n do
    for low = 1, n, 2 * width do
      merge(places, spare, keys, low, math.min(low + width, n + 1), math.min(low + 2 * width, n + 1))
    end
    places, spare = spare, places
    width = 2 * width
  end
  local sorted = {}
  for i = 1, n do sorted[i] = elements[places[i]] end
  return sorted
end
