-- The globals as they were before anything ran that can change them: an environment for the code that such a chunk must not bring
-- down. _G is the true table of globals.

local stock = {}
for name, value in next, _G do stock[name] = value end
return stock
