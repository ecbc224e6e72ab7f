-- The forms of --output, to the byte as the AWS CLI 2.9 prints them.
--
--   local printer = output.new("table", { operation = "GetChannel", color = "auto" })
--   printer:print(answer)
--
-- Values are those of ivs.json.decode and ivs.jmespath: ivs.null, booleans, integers, floats, strings of UTF-8. A table marked by
-- ivs.list or with an element 1 is a list, every other table an object, whose members have the order that ivs.ordered keeps for it,
-- or are sorted. A table that occurs twice becomes an anchor and an alias in YAML: a query has to share tables where
-- JMESPath does, and copy them where it does.
--
-- An answer of several pages is printed as they come by text and yaml-stream, and as one by the others:
--
--   for page in pages do printer:print_page(page) end
--   printer:finish(token)
--
-- What cannot be shown raises, as ivs.cli.stop does; text may have printed a part by then, as the AWS CLI has.

local ivs = require "ivs"
local ordered = require "ivs.ordered"

local output = {}

local modules = {
  json = "ivs.cli.output.json",
  text = "ivs.cli.output.text",
  table = "ivs.cli.output.table",
  yaml = "ivs.cli.output.yaml",
  ["yaml-stream"] = "ivs.cli.output.yaml_stream",
}

output.names = { "json", "text", "table", "yaml", "yaml-stream" }

local printer = {}
printer.__index = printer

local function write_to_stdout(text) io.stdout:write(text) end

-- A printer; nil if there is no such form. Settings, all optional:
--   operation  the title of a table
--   query      what --query stands for: a function from value to value
--   list       the member of a page that holds what the operation lists
--   color      "on", "off" or "auto": if there is a terminal
--   terminal   how many columns the terminal has that stdout is; nil: it is none
--   write      a function of text; stdout without it
function output.new(name, settings)
  if not modules[name] then return nil end
  local form = require(modules[name])
  local own = { query = settings.query, form = form, merged = ordered.new(), settings = {} }
  for key, value in pairs(settings) do own.settings[key] = value end
  own.settings.write = settings.write or write_to_stdout
  return setmetatable(own, printer)
end

local function select_by(self, value)
  if self.query then return self.query(value) end
  return value
end

-- Prints a whole answer.
function printer:print(answer)
  self.form.print(select_by(self, answer), self.settings)
end

-- All pages as one answer: an object that has the list, if a page had it.
local function merge(merged, name, items)
  if items == nil or items == ivs.null then return end
  if not merged[name] then ordered.put(merged, name, ivs.list()) end
  table.move(items, 1, #items, #merged[name] + 1, merged[name])
end

-- Takes a page of the answer.
function printer:print_page(page)
  local form, settings = self.form, self.settings
  if form.page then
    form.print_page(select_by(self, form.page(page, settings)), settings)
  else
    merge(self.merged, settings.list, page[settings.list])
  end
end

-- Ends the pages. token: what --starting-token can go on with; nil: there are no more.
function printer:finish(token)
  if not self.form.page then
    if token then ordered.put(self.merged, "NextToken", token) end
    self:print(self.merged)
  elseif token and self.form.token then
    self:print(self.form.token(token))
  end
end

return output
