-- An option of ivs.live.start as the reader of a message writes it: "restart" in a script, "--restart" behind ivs go-live.

local option = { form = "%s" }

return setmetatable(option, { __call = function(_, name) return option.form:format(name) end })
