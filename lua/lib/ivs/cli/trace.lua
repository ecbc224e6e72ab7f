-- --debug: what goes to the service and comes back, with times, on standard error. Secrets are not shown: signatures, session tokens,
-- whatever the model calls sensitive, such as metadata and passphrases, and stream keys wherever they stand.

local ivs = require "ivs"
local delay = require "ivs.cli.delay"
local hide_keys = require "ivs.cli.hide"
local json = require "ivs.cli.json"
local signature = require "ivs.signature"

local trace = {}

local HIDDEN <const> = "<hidden>"

-- ---------------------------------------------------------------- hiding

-- A secret keeps its kind, so that one sees what was there; all texts of a list or map of them go.
local function hide(value)
  if type(value) ~= "table" then return HIDDEN end
  for key in pairs(value) do value[key] = HIDDEN end
  return value
end

-- In place.
local function hide_members(value, members)
  if type(value) ~= "table" then return value end
  for _, member in ipairs(members) do
    local inner = value[member.name]
    if inner ~= nil and inner ~= ivs.null then
      if member.sensitive then
        value[member.name] = hide(inner)
      elseif member.kind == "structure" then
        hide_members(inner, member.members)
      elseif member.members and type(inner) == "table" then
        for _, element in ipairs(inner) do hide_members(element, member.members) end
      end
    end
  end
  return value
end

-- A body that is no JSON is not shown, for nobody knows what is in it.
local function show_body(body, members)
  if body == "" then return "(no body)" end
  local value, problem = json.read(body)
  if problem or type(value) ~= "table" or not utf8.len(body) then return ("(%d bytes that are not a JSON object)"):format(#body) end
  return json.write(hide_members(value, members))
end

local function show_header(name, value)
  if name:lower() == "x-amz-security-token" then return HIDDEN end
  return (value:gsub("(Signature=)%x+", "%1" .. HIDDEN))
end

-- ---------------------------------------------------------------- messages of HTTP

-- The first line, the headers as a list of names each followed by its value, and the body.
local function split(message)
  local head, body = message:match "^(.-\r\n)\r\n(.*)$"
  if not head then return nil end
  local first, headers = nil, {}
  for line in head:gmatch "([^\r\n]*)\r\n" do
    local name, value = line:match "^([^:]+):%s*(.-)%s*$"
    if not first then first = line
    elseif name then headers[#headers + 1], headers[#headers + 2] = name, value end
  end
  return first, headers, body
end

local function find(headers, wanted)
  for i = 1, #headers, 2 do
    if headers[i]:lower() == wanted then return headers[i + 1] end
  end
end

local function show_head(say, first, headers)
  say("  " .. first)
  for i = 1, #headers, 2 do say(("  %s: %s"):format(headers[i], show_header(headers[i], headers[i + 1]))) end
end

-- Chunks are joined, so that the text can be read. Their sizes are as they came: nobody has judged them yet.
local function plain_body(headers, body)
  if (find(headers, "transfer-encoding") or ""):lower() ~= "chunked" then return body end
  local parts, at = {}, 1
  while true do
    local size, start = body:match("^(%x+)[^\r\n]*\r\n()", at)
    size = size and math.min(tonumber(size, 16), #body)
    if not size or size <= 0 then return table.concat(parts) end
    parts[#parts + 1] = body:sub(start, start + size - 1)
    at = start + size + 2
  end
end

-- Of operations that have no path of their own, those on tags, nothing is secret.
local UNKNOWN <const> = { input = {}, output = {} }

-- The operation that a request is for, by its first line.
local function operation_of(first)
  local path = first:match "^%S+ /(%w+)"
  return path and ivs.operation(path) or UNKNOWN
end

-- ---------------------------------------------------------------- what was signed

local function signed_headers(headers, names)
  local signed = {}
  for name in names:gmatch "[^;]+" do
    signed[#signed + 1], signed[#signed + 2] = name, find(headers, name) or ""
  end
  return signed
end

local function show_signing(say, first, headers, body)
  local authorization = find(headers, "authorization")
  if not authorization then return say "not signed" end
  local scope, names = authorization:match "Credential=[^/]+/([^,]+), *SignedHeaders=([^,]+)"
  local method, target = first:match "^(%S+) (%S+)"
  local path, query = target:match "^([^?]*)%??(.*)$"
  local canonical = signature.canonical(method, path, query, signed_headers(headers, names), body)
  local token = find(headers, "x-amz-security-token")
  say "canonical request:"
  for line in (canonical .. "\n"):gmatch "(.-)\n" do
    say("  " .. ((token and line == "x-amz-security-token:" .. token) and "x-amz-security-token:" .. HIDDEN or line))
  end
  say "string to sign:"
  for _, line in ipairs { "AWS4-HMAC-SHA256", find(headers, "x-amz-date"), scope, signature.sha256(canonical) } do say("  " .. line) end
end

-- ---------------------------------------------------------------- the function that is told

local function write(text) io.stderr:write("ivs: debug: ", hide_keys(text), "\n") end

-- A whole request or answer is shown at once: what has come of it is kept until then.
local Trace = {}
Trace.__index = Trace

-- at: when it was, by ivs.monotonic; nil: now.
function Trace:say(text, at)
  write(("%.3f s: %s"):format((at or ivs.monotonic()) - self.began, text))
end

function Trace:show_request()
  if self.sent == "" then return end
  local first, headers, body = split(self.sent)
  self.sent = ""
  if not first then return end
  show_signing(write, first, headers, body)
  self:say("request:", self.sent_at)
  show_head(write, first, headers)
  self.op = self.fixed or operation_of(first)
  write("  " .. show_body(body, self.op.input))
end

function Trace:show_answer()
  if self.received == "" then return end
  local first, headers, body = split(self.received)
  local length = #self.received
  self.received = ""
  if not first then return self:say(("answer: %d bytes that are not HTTP"):format(length), self.received_at) end
  self:say("answer:", self.received_at)
  show_head(write, first, headers)
  write("  " .. show_body(plain_body(headers, body), self.op.output))
end

local events = {}

function events.connecting(self, host) self:say("connecting to " .. host) end
function events.connected(self) self:say "connected" end

function events.sent(self, bytes)
  self:show_answer()
  self.sent, self.sent_at = self.sent .. bytes, ivs.monotonic()
end

function events.received(self, bytes)
  self:show_request()
  self.received, self.received_at = self.received .. bytes, ivs.monotonic()
end

function events.clock(self, text) self:say("the time was taken from the service: " .. text) end

function events.waiting(self, text)
  self:show_answer()
  local seconds, attempt, attempts, why = delay.read(text)
  self.waited = self.waited + seconds
  self:say(("%s; attempt %s of %s follows in %.3f s"):format(why, attempt, attempts, seconds))
end

function Trace:show_rest()
  self:show_request()
  self:show_answer()
end

-- What the call that has ended did, as far as the client counts it.
function Trace:show_counters(client)
  local now, before = client:counters(), self.counters
  local function grown(name) return now[name] - (before[name] or 0) end
  self:show_rest()
  self:say(("attempts %d, delays %.3f s, connections %d, reused %d, handshakes %d, resumed %d, bytes sent %d, received %d"):format(
    grown "retries" + 1, self.waited, grown "connections", grown "reused", grown "handshakes", grown "resumed", grown "sent", grown "received"))
  self.counters, self.waited = now, 0
end

-- For one client that calls this operation, or if that is nil any: what ivs.client wants as `trace`, and a table of functions that show
-- what was not shown yet: call_ended(client) after each call, finish() at the end.
function trace.new(op)
  local self = setmetatable({ fixed = op, op = op or UNKNOWN, began = ivs.monotonic(), sent = "", received = "", waited = 0, counters = {} }, Trace)
  return function(event, text) events[event](self, text) end, {
    call_ended = function(client) self:show_counters(client) end,
    finish = function() self:show_rest() end,
  }
end

return trace
