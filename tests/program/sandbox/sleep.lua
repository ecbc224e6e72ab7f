-- end: 124 ran for longer than it may
-- options: --cpu 10 --time 1
require "ivs".sleep(1e9)
