-- end: 1 the script raised a table
-- options: --cpu 10
error(setmetatable({}, { __eq = function() error "again" end }))
