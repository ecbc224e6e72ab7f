-- Objects whose members have an order, which Lua's tables have not.
--
-- The order is kept beside the table, so that it stays a plain one: ivs.json.encode, next and indexing see no difference. An order
-- lives as long as its table. An object that was given none has its keys sorted by their bytes.

local ordered = {}

local orders = setmetatable({}, { __mode = "k" })

-- Gives the object an order: `keys` names each of its keys once, and is the order's from now on. Afterwards members are added by
-- ordered.put alone, and none is taken away. Returns the object.
function ordered.set(object, keys)
  orders[object] = keys
  return object
end

-- A new object, without members, that keeps the order in which ordered.put adds them.
function ordered.new() return ordered.set({}, {}) end

-- Sets a member of an object that has an order; a new one becomes the last.
function ordered.put(object, key, value)
  if object[key] == nil then
    local keys = orders[object]
    keys[#keys + 1] = key
  end
  object[key] = value
end

-- The keys of an object in their order. Not to be changed.
function ordered.keys(object)
  local keys = orders[object]
  if keys then return keys end
  keys = {}
  for key in next, object do keys[#keys + 1] = key end
  table.sort(keys)
  return keys
end

return ordered
