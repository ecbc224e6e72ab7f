-- end: 1 first?
-- options: --cpu 10
error("first\27[2J\nsecond\nthird", 0)
