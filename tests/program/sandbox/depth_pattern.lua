-- end: 1 too complex
-- options: --cpu 10
("x"):rep(300000):find(("(.-"):rep(1) .. ")" .. ("x?"):rep(300000) .. ".-y")
