-- end: 1 first?
error("first\27[2J\nsecond\nthird", 0)
