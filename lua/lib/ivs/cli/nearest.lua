-- The name that was probably meant by a misspelt one.

-- Letters to insert, delete, replace or swap with their neighbour, to make b of a.
local function distance(a, b)
  local before, row = nil, {}
  for j = 0, #b do row[j] = j end
  for i = 1, #a do
    local above2, above = before, row
    before, row = above, { [0] = i }
    for j = 1, #b do
      local same = a:byte(i) == b:byte(j)
      row[j] = math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (same and 0 or 1))
      local swapped = i > 1 and j > 1 and a:byte(i) == b:byte(j - 1) and a:byte(i - 1) == b:byte(j)
      if swapped then row[j] = math.min(row[j], above2[j - 2] + 1) end
    end
  end
  return row[#b]
end

-- Separators and case are not what a name is misspelt by.
local function letters(name) return name:lower():gsub("[-_]", "") end

-- "; did you mean NAME?", or "" if no name comes near.
return function(wrong, names)
  local best, best_distance
  wrong = letters(wrong:sub(1, 64))
  for _, name in ipairs(names) do
    local plain = letters(name)
    local d = distance(wrong, plain)
    if d <= math.max(#wrong, #plain) // 3 and (not best or d < best_distance) then
      best, best_distance = name, d
    end
  end
  return best and ("; did you mean %s?"):format(best) or ""
end
