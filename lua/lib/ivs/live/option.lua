-- An option of ivs.live.start as the reader of a message writes it: "restart" in a script, "--restart" behind ivs go-live; and a text of
-- an error, whose hint may name options of the client.

local option = { form = "%s", text = tostring }

return setmetatable(option, { __call = function(_, name) return option.form:format(name) end })
