-- end: 1 the script raised a table
error(setmetatable({}, { __metatable = {}, __name = "boo" }))
