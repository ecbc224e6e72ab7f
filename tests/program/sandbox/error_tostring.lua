-- end: 1 the script raised an error that cannot be shown
error(setmetatable({}, { __tostring = function() error "again" end }))
