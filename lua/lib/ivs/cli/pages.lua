-- All pages of a list, as the AWS CLI fetches them: --max-items, --page-size, --starting-token, --no-paginate, and the
-- NextToken that it puts in place of the service's. That one is base64 of JSON: the service's token for the page to begin
-- with, and how many of its elements were shown already.

local ivs = require "ivs"
local base64 = require "ivs.cli.base64"
local json = require "ivs.cli.json"
local ordered = require "ivs.ordered"
local paramfile = require "ivs.cli.paramfile"
local python = require "ivs.cli.python"
local stop = require "ivs.cli.stop"

local pages = {}

-- Other operations that answer with pages have no options for them in the AWS CLI.
local paginated = {
  ListAdConfigurations = true, ListChannels = true, ListPlaybackKeyPairs = true,
  ListRecordingConfigurations = true, ListStreamKeys = true, ListStreams = true,
}
local token, limit, shown = "nextToken", "maxResults", "boto_truncate_amount"

-- The options in the order of messages, and what a request calls them until the pages are fetched.
pages.options = {
  { name = "starting-token", key = "StartingToken" },
  { name = "page-size", key = "PageSize", integer = true },
  { name = "max-items", key = "MaxItems", integer = true },
}

-- The member of the answer that holds the list; nil if the operation has no options for pages.
function pages.result(op)
  return paginated[op.name] and op.pages or nil
end

local function take_away(object, name)
  if object[name] == nil then return end
  local keys = {}
  for _, key in ipairs(ordered.keys(object)) do
    if key ~= name then keys[#keys + 1] = key end
  end
  object[name] = nil
  ordered.set(object, keys)
end

-- ---------------------------------------------------------------- options

-- The value of the word behind one of pages.options.
function pages.value(option, word)
  if option.integer then
    local number = python.int(word)
    if not number then stop.stop("usage", "argument --%s: invalid int value: %s", option.name, python.repr(word)) end
    return number
  end
  local loaded = paramfile.read("--" .. option.name, word)
  return loaded and (python.is_bytes(loaded) and loaded.bytes or loaded) or word
end

-- Puts the values given by option name, { ["max-items"] = 3 }, into an ordered request, under PaginationConfig.
function pages.put(request, given)
  local config = ordered.new()
  for _, option in ipairs(pages.options) do
    if given[option.name] ~= nil then ordered.put(config, option.key, given[option.name]) end
  end
  if next(config) ~= nil then ordered.put(request, "PaginationConfig", config) end
end

local function refuse_options(given)
  local used = {}
  for _, option in ipairs(pages.options) do
    local value = given[option.name]
    if value ~= nil and value ~= 0 and value ~= "" then used[#used + 1] = "--" .. option.name end
  end
  if #used == 0 then return end
  stop.stop("usage", "\nCannot specify --no-paginate along with pagination arguments: %s", table.concat(used, ", "))
end

-- Whether pages are to be fetched. request: of the options alone; given: as for pages.put; merged: the request with
-- what --cli-input-json adds; wanted: false for --no-paginate. A member that chooses a page by hand is as --no-paginate.
function pages.wanted(op, request, given, merged, wanted)
  if not pages.result(op) then return false end
  local by_hand = request[token] ~= nil or request[limit] ~= nil
  if by_hand or not wanted then
    refuse_options(given)
    return false
  end
  return merged[token] == nil and merged[limit] == nil
end

-- ---------------------------------------------------------------- tokens

local function bad_token(value)
  stop.stop("other", "\nBad starting token: %s", python.str(value))
end

-- "token___3", as older versions of the AWS CLI wrote it; any other text is the service's own token.
local function old_token(text)
  local first, count = text:match "^(.-)___(.*)$"
  local index = 0
  if first and not count:find("___", 1, true) then
    index = python.int(count)
    if not index then first, index = text, 0 end
  elseif first then
    bad_token(text)
  end
  local tokens = ordered.new()
  first = first or text
  ordered.put(tokens, token, first == "None" and ivs.null or first)
  return tokens, index
end

-- The service's tokens that a starting token holds, and how many elements of the first page to leave out.
local function decode_token(text)
  local inner = base64.decode(text)
  local tokens = inner and utf8.len(inner) and json.read(inner) or nil
  if not python.is_object(tokens) then return old_token(text) end
  if tokens.boto_encoded_keys ~= nil then bad_token(text) end
  local index = tokens[shown]
  take_away(tokens, shown)
  if index == nil or index == ivs.null then index = 0 end
  if math.type(index) ~= "integer" then bad_token(text) end
  return tokens, index
end

local function encode_token(tokens)
  local names = {}
  for _, name in ipairs(ordered.keys(tokens)) do
    if name ~= shown then names[#names + 1] = name end
  end
  if #names ~= 1 or names[1] ~= token then bad_token(tokens) end
  return base64.encode(json.write(tokens))
end

local function put_tokens(request, tokens)
  for _, name in ipairs(ordered.keys(tokens)) do
    local value = tokens[name]
    if value == ivs.null or value == "None" then take_away(request, name)
    else ordered.put(request, name, value) end
  end
end

-- ---------------------------------------------------------------- fetching

-- Elements from (counted from 0) up to before `to` of a list; negative ones count from the end.
local function slice(list, from, to)
  local n = #list
  local function place(i) return i < 0 and math.max(n + i, 0) or math.min(i, n) end
  return ivs.list(table.move(list, place(from) + 1, place(to or n), 1, {}))
end

local function whole_number(value)
  if value == nil or value == ivs.null or math.type(value) == "integer" then return value ~= ivs.null and value or nil end
  local number = type(value) == "string" and python.int(value) or nil
  if math.type(number) == "integer" then return number end
  stop.stop("other", "\ninvalid literal for int() with base 10: %s", python.repr(value))
end

local Run = {}
Run.__index = Run

-- Begins to fetch the pages of a list. request: ordered, with PaginationConfig if there is one; it is used up. call(request)
-- gives the answer, a table, or raises. run:next() gives page by page, each holding no more of the list than was asked for,
-- then nil; run.resume_token is then where to go on, nil if all was given.
function pages.start(op, request, call)
  local config = request.PaginationConfig or {}
  if not python.is_object(config) then stop.stop("other", "\nPaginationConfig has to be a JSON object") end
  take_away(request, "PaginationConfig")
  local run = setmetatable({
    request = request, call = call, result = pages.result(op),
    max = whole_number(config.MaxItems), total = 0, first = true, left_out = 0,
    tokens = ordered.new(),
  }, Run)
  ordered.put(run.tokens, token, ivs.null)
  local start = config.StartingToken
  if start ~= nil and start ~= ivs.null then
    run.tokens, run.left_out = decode_token(python.str(start))
    run.started = true
    put_tokens(request, run.tokens)
  end
  local size = whole_number(config.PageSize)
  if size then ordered.put(request, limit, size) end
  return run
end

-- Leaves out of the first page what was shown before.
local function skip_shown(run, page)
  local list = page[run.result]
  page[run.result] = python.is_list(list) and slice(list, run.left_out) or ivs.null
end

local function truncate(run, page, list, excess)
  local keep = #list - excess
  page[run.result] = slice(list, 0, keep)
  ordered.put(run.tokens, shown, keep + run.left_out)
  run.resume_token = encode_token(run.tokens)
  run.ended = true
end

-- After a page that is shown in full: the next one, or the end.
local function go_on(run, page)
  local following = page[token]
  if following == nil or following == "" or following == ivs.null then
    run.ended = true
    return
  end
  run.tokens = ordered.new()
  ordered.put(run.tokens, token, following)
  if run.max == run.total then
    run.resume_token = encode_token(run.tokens)
    run.ended = true
    return
  end
  run.repeated = run.previous == following
  run.previous = following
  put_tokens(run.request, run.tokens)
end

function Run:next()
  if self.ended then return nil end
  if self.repeated then
    stop.stop("other", "\nError during pagination: The same next token was received twice: %s", python.repr(self.tokens))
  end
  local page = self.call(self.request)
  if self.first and self.started then skip_shown(self, page) end
  if not self.first then self.left_out = 0 end
  self.first = false
  local list = python.is_list(page[self.result]) and page[self.result] or {}
  local excess = self.max and self.total + #list - self.max or 0
  if excess > 0 then
    truncate(self, page, list, excess)
  else
    self.total = self.total + #list
    go_on(self, page)
  end
  return page
end

-- All pages as one answer, an ordered object: the list, and NextToken if it was cut short. Arguments as of pages.start.
function pages.all(op, request, call)
  local run, answer, list = pages.start(op, request, call), ordered.new(), nil
  for page in run.next, run do
    local elements = page[run.result]
    if python.is_list(elements) then
      list = list or ivs.list()
      table.move(elements, 1, #elements, #list + 1, list)
    end
  end
  if list then ordered.put(answer, run.result, list) end
  if run.resume_token then ordered.put(answer, "NextToken", run.resume_token) end
  return answer
end

return pages
