-- Stream keys in a text, wherever they stand: somebody may have typed one where an ARN or a name belongs.

local HIDDEN <const> = "<hidden>"
local STREAM_KEY <const> = "sk_[a-z%-]+%d+_[%w_%-]+" -- sk_us-west-2_...

return function(text) return (text:gsub(STREAM_KEY, HIDDEN)) end
