-- Draws a table: sections below one another, in a border as wide as the widest. A section has a title, headers and rows.
--
-- A title of false takes the room of "None" and is not drawn; so the AWS CLI does where it has no name for a section.

local characters = require "ivs.cli.output.characters"
local python = require "ivs.cli.output.python"
local stop = require "ivs.cli.stop"

local grid = {}
grid.__index = grid

local EDGE <const> = "|"
local PADDING <const> = 4
local RESET <const>, BRIGHT_BLUE <const>, DIM_YELLOW <const> = "\27[0m", "\27[1m\27[34m", "\27[2m\27[33m"

local width_of = characters.width

local function new_section(title, depth)
  return { title = title, depth = depth, headers = {}, rows = {}, widths = {} }
end

function grid.new()
  return setmetatable({ sections = {} }, grid)
end

-- What is added comes into this section from here on.
function grid:begin(title, depth)
  self.current = new_section(title, depth)
  self.sections[#self.sections + 1] = self.current
end

local function widen(section, cells)
  local first = #section.widths == 0
  for i, cell in ipairs(cells) do
    if not first and not section.widths[i] then
      stop.stop("other", "\nThe table form has no columns for lists of different lengths. Choose --output json")
    end
    section.widths[i] = math.max(section.widths[i] or 0, width_of(cell))
  end
end

function grid:add_headers(headers)
  local section = self.current
  widen(section, headers)
  section.columns = section.columns or #headers
  section.headers = headers
end

local function add_row(section, values)
  section.columns = section.columns or #values
  if #values ~= section.columns then
    stop.stop("other", "\nRow should have %d elements, instead it has %d", section.columns, #values)
  end
  local row = {}
  for i, value in ipairs(values) do row[i] = python.str(value) end
  section.rows[#section.rows + 1] = row
  widen(section, row)
end

function grid:add_row(values)
  add_row(self.current, values)
end

-- ---------------------------------------------------------------- widths

local function total_width(section)
  local total = 2
  for _, width in ipairs(section.widths) do total = total + width + PADDING end
  return math.max(width_of(section.title or "None") + 2, total) + 2 * section.depth
end

local function widest(sections)
  local width = 0
  for _, section in ipairs(sections) do width = math.max(width, total_width(section)) end
  return width
end

-- To the nearest integer; to the even one from the middle.
local function round(number)
  local below = math.floor(number)
  local rest = number - below
  if rest > 0.5 or (rest == 0.5 and below % 2 == 1) then return below + 1 end
  return below
end

-- Takes away what is too much from the left, gives what is missing from the right, one column after the other.
local function settle(widths, missing)
  local step = missing > 0 and 1 or -1
  local at = step > 0 and #widths or 1
  while missing ~= 0 do
    widths[at] = widths[at] + step
    missing = missing - step
    at = at - step
    if at < 1 then at = #widths end
    if at > #widths then at = 1 end
  end
end

-- The widths of the columns, stretched to the width of the section.
local function column_widths(section, width)
  local sum, scaled, missing = 0, {}, width
  for _, column in ipairs(section.widths) do sum = sum + column + PADDING end
  if sum == 0 then return scaled end
  local factor = width / sum
  for i, column in ipairs(section.widths) do
    scaled[i] = round(factor * (column + PADDING))
    missing = missing - scaled[i]
  end
  settle(scaled, missing)
  return scaled
end

-- A single row below headers becomes a row for each header: narrower.
local function turn(section)
  if #section.rows ~= 1 or #section.headers == 0 then return section end
  local turned = new_section(section.title, section.depth)
  for i, header in ipairs(section.headers) do
    if section.rows[1][i] then add_row(turned, { header, section.rows[1][i] }) end
  end
  return turned
end

-- ---------------------------------------------------------------- drawing

local function spaces(n) return (" "):rep(n) end

local function center(text, width, left)
  local before = width // 2 - width_of(text) // 2 - 1
  local after = width - 1 - #left - before - width_of(text)
  return left .. spaces(before) .. text .. spaces(after) .. EDGE
end

local function align_left(text, width, left, styled)
  local room = width - width_of(text) - #left - 1
  local before = room >= 2 and 2 or 0
  return left .. spaces(before) .. styled .. spaces(room - before) .. EDGE
end

local function rule(widths)
  local parts = {}
  for i, width in ipairs(widths) do
    parts[i] = i == 1 and "+" .. ("-"):rep(width - 2) .. "+" or ("-"):rep(width - 1) .. "+"
  end
  return table.concat(parts)
end

-- Cells side by side; only the first has a left edge.
local function cells(widths, texts, draw)
  local parts = {}
  for i, width in ipairs(widths) do
    if texts[i] then parts[#parts + 1] = draw(texts[i], width, i == 1 and EDGE or "") end
  end
  return table.concat(parts)
end

local function draw_section(section, width, line, style)
  width = width - 2 * section.depth
  if section.title and section.title ~= "" then
    line(center(section.title, width, EDGE))
    if #section.headers == 0 and #section.rows == 0 then line("+" .. ("-"):rep(width - 2) .. "+") end
  end
  local widths = column_widths(section, width)
  if #section.headers > 0 then
    line(rule(widths))
    line(cells(widths, section.headers, center))
  end
  if #section.rows == 0 or #widths == 0 then return end
  line(rule(widths))
  for _, row in ipairs(section.rows) do
    line(cells(widths, row, function(text, cell, left) return align_left(text, cell, left, style(text)) end))
  end
  line(rule(widths))
end

-- With colours each piece of the output ends by a reset, also one that has no colour.
local function colored(write)
  return function(text) write(text .. RESET) end,
    function(text) return BRIGHT_BLUE .. text .. RESET end,
    DIM_YELLOW .. EDGE .. RESET
end

-- room: the width of the terminal.
function grid:draw(write, room, in_color)
  local style, edge = function(text) return text end, EDGE
  if in_color then write, style, edge = colored(write) end
  local width = widest(self.sections)
  if width > room then
    for i, section in ipairs(self.sections) do self.sections[i] = turn(section) end
    width = widest(self.sections)
  end
  write(("-"):rep(width) .. "\n")
  for _, section in ipairs(self.sections) do
    local edges = edge:rep(section.depth)
    draw_section(section, width, function(text)
      write(edges)
      write(text)
      write(edges)
      write("\n")
    end, style)
  end
end

return grid
