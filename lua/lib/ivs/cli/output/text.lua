-- Lines of columns with a tab between: for cut, awk and read. A line of an object begins with the name of the member that holds it.

local characters = require "ivs.cli.output.characters"
local document = require "ivs.cli.output.document"
local python = require "ivs.cli.output.python"
local stop = require "ivs.cli.stop"

local text = {}

local function any(list, test)
  for _, element in ipairs(list) do
    if test(element) then return true end
  end
  return false
end

local function is_table(value) return type(value) == "table" end

-- The names of all members that hold no table in some element, sorted: the columns that the elements share.
-- Also as a set.
local function shared_columns(list)
  local seen = {}
  for _, object in ipairs(list) do
    if not document.is_object(object) then
      stop.stop("other", "\nThe text form has no lines for a list that mixes objects with other values. Choose --output json")
    end
    for name, value in pairs(object) do
      if not is_table(value) then seen[name] = true end
    end
  end
  return document.sorted_keys(seen), seen
end

local add

local function add_scalars(write, list, name)
  local shown = {}
  for i, value in ipairs(list) do shown[i] = python.str(value) end
  if not name then
    write(table.concat(shown, "\t") .. "\n")
    return
  end
  local prefix = characters.upper(name) .. "\t"
  for _, word in ipairs(shown) do write(prefix .. word .. "\n") end
end

local function add_list(write, list, name)
  if any(list, document.is_object) then
    local columns, is_column = shared_columns(list)
    for _, object in ipairs(list) do add(write, object, name, columns, is_column) end
    return
  end
  local scalars, tables = {}, {}
  for _, element in ipairs(list) do
    local kind = is_table(element) and tables or scalars
    kind[#kind + 1] = element
  end
  if #scalars > 0 then add_scalars(write, scalars, name) end
  for _, inner in ipairs(tables) do add(write, inner, name) end
end

local function add_object(write, object, name, columns, is_column)
  if not columns then columns, is_column = shared_columns { object } end
  local line = {}
  for i, column in ipairs(columns) do
    local value = object[column]
    line[i] = value == nil and "" or python.str(value)
  end
  if #line > 0 then
    if name then table.insert(line, 1, characters.upper(name)) end
    write(table.concat(line, "\t") .. "\n")
  end
  for _, member in ipairs(document.sorted_keys(object)) do
    if not is_column[member] then add(write, object[member], member) end
  end
end

-- name: of the member that holds the value; nil: none does.
function add(write, value, name, columns, is_column)
  if document.is_list(value) then
    add_list(write, value, name)
  elseif is_table(value) then
    add_object(write, value, name, columns, is_column)
  else
    write(python.str(value) .. "\n")
  end
end

function text.print(value, settings)
  add(settings.write, value)
end

text.print_page = text.print

-- Of a page only the list is shown, and the query sees no more of it either.
function text.page(page, settings)
  local items = page[settings.list]
  if items == nil then items = document.null end
  return { [settings.list] = items }
end

-- What tells where to go on; the query sees it like a page.
function text.token(token)
  return { NextToken = { NextToken = token } }
end

return text
