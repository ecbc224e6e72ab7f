-- Values as text in the ways of Python: json.dumps(), which makes to_string, and str() and repr(), which make error messages.

local json = require "ivs.cli.json"
local python = require "ivs.cli.output.python"

return { json = json.write_compact, repr = python.repr, str = python.str }
