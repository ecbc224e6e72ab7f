-- A table with borders, for people. Which values share a section is the AWS CLI's rule; grid.lua draws.

local document = require "ivs.cli.output.document"
local grid = require "ivs.cli.output.grid"
local stop = require "ivs.cli.stop"

local WIDTH_WITHOUT_TERMINAL <const> = 80

local form = {}

local function is_scalar(value) return type(value) ~= "table" end

local function is_empty(value)
  return value == "" or (type(value) == "table" and next(value) == nil)
end

-- What Python takes for false.
local function is_falsy(value)
  return is_empty(value) or value == document.null or value == false or value == 0
end

-- The names of the members that hold scalars in one of the objects, and of those that hold tables, sorted.
local function group_members(objects)
  local scalars, tables = {}, {}
  for _, object in ipairs(objects) do
    for name, value in pairs(object) do
      local group = is_scalar(value) and scalars or tables
      group[name] = true
    end
  end
  return document.sorted_keys(scalars), document.sorted_keys(tables)
end

local function row_of(object, headers)
  local row = {}
  for i, header in ipairs(headers) do
    local value = object[header]
    if value == nil then value = "" end
    row[i] = value
  end
  return row
end

local build

local function build_object(to, object, depth)
  local headers, more = group_members { object }
  if #headers == 1 then
    to:add_row { headers[1], object[headers[1]] }
  elseif #headers > 1 then
    to:add_headers(headers)
    to:add_row(row_of(object, headers))
  end
  for _, name in ipairs(more) do build(to, name, object[name], depth + 1) end
end

local function refuse_mixed()
  stop.stop("other", "\nThe table form has no columns for a list that mixes objects with other values. Choose --output json")
end

-- The elements as objects. What is empty passes as one without members, which is good as long as no row has columns.
local function objects_of(list)
  local objects = {}
  for i, element in ipairs(list) do
    if not document.is_object(element) and not is_empty(element) then refuse_mixed() end
    objects[i] = document.is_object(element) and element or {}
  end
  return objects
end

local function build_objects(to, list, depth, title)
  local objects = objects_of(list)
  local headers, more = group_members(objects)
  to:add_headers(headers)
  for i, object in ipairs(objects) do
    if i > 1 and #more > 0 then
      to:begin(title, depth)
      to:add_headers(headers)
    end
    if #headers > 0 and not document.is_object(list[i]) then refuse_mixed() end
    to:add_row(row_of(object, headers))
    for _, name in ipairs(more) do
      if object[name] ~= nil then build(to, name, object[name], depth + 1) end
    end
  end
end

local function has_table(value)
  for _, element in ipairs(document.elements(value)) do
    if not is_scalar(element) then return true end
  end
  return false
end

local function build_list(to, list, depth, title)
  if document.is_object(list[1]) then
    build_objects(to, list, depth, title)
    return
  end
  for _, element in ipairs(list) do
    if is_scalar(element) then
      to:add_row { element }
    elseif has_table(element) then
      build(to, false, element, 0)
    else
      to:add_row(document.elements(element))
    end
  end
end

-- title: false continues the current section. Whether there is anything to show.
function build(to, title, value, depth)
  if is_falsy(value) then return false end
  if title then to:begin(title, depth) end
  if document.is_list(value) then
    build_list(to, value, depth, title)
  elseif document.is_object(value) then
    build_object(to, value, depth)
  end
  return true
end

function form.print(value, settings)
  local to = grid.new()
  if not build(to, settings.operation or "", value, 0) then return end
  local in_color = settings.color == "on" or (settings.color ~= "off" and settings.terminal ~= nil)
  to:draw(settings.write, settings.terminal or WIDTH_WITHOUT_TERMINAL, in_color)
end

return form
