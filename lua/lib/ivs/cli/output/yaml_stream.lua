-- YAML, each page of an answer an element of one list, printed as it comes.

local document = require "ivs.cli.output.document"
local yaml = require "ivs.cli.output.yaml"
local ivs = require "ivs"

local stream = {}

function stream.print(value, settings)
  if not document.is_empty_object(value) then stream.print_page(value, settings) end
end

function stream.page(page) return page end

-- A page is printed also if it is empty.
function stream.print_page(page, settings)
  settings.write(yaml.encode(ivs.list { page }))
end

return stream
