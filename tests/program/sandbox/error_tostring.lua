-- end: 1 the script raised an error that cannot be shown
-- options: --cpu 10
error(setmetatable({}, { __tostring = function() error "again" end }))
