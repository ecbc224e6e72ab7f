-- end: 124 computes more than it may
-- Backtracking in C, where no hook is called.
("a"):rep(40):find((".-"):rep(30) .. "b")
