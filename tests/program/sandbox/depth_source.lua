-- end: 1 C stack overflow
-- options: --cpu 10
assert(load(("("):rep(100000) .. "1"))
