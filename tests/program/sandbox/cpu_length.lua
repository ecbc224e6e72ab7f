-- end: 124 computes more than it may
table.insert(setmetatable({}, { __len = function() return math.maxinteger - 1 end }), 1, 0)
