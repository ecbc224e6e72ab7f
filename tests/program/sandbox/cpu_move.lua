-- end: 124 computes more than it may
table.move({}, 1, math.maxinteger - 1, 2)
