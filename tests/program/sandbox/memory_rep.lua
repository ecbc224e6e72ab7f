-- end: 124 more memory than it may
-- options: --cpu 10
return ("x"):rep(1 << 30)
