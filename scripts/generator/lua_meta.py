"""lua/meta/ivs.lua: types and documentation for editors with the Lua language server (LuaCATS)."""

from . import text
from .c_api import PAGE
from .names import snake_case

HEAD = """---@meta ivs
-- %s
-- For editors only: nothing here runs.

---Amazon IVS for Lua: `local ivs = require "ivs"`.
---@class ivs
local ivs = {}

---What went wrong. `tostring(err)` is one line for people.
---@class ivs.Error
---@field code string Code of the service, such as "ChannelNotBroadcasting", or of this library.
---@field message string
---@field status integer|nil HTTP status, if there was an answer.
---@field request_id string|nil What support at AWS asks for.
---@field retryable boolean Whether the same call may succeed later.

---A connection to the service, with region and credentials. Make it by `ivs.client`.
---@class ivs.Client
local Client = {}

---A new client.
---@param options? table Such as `{ region = "eu-west-1" }`.
---@return ivs.Client
function ivs.client(options) end

---@alias ivs.Operation
%s

---Any operation, by name.
---@param operation ivs.Operation
---@param request? table
---@return table|nil answer
---@return ivs.Error|nil error
function Client:call(operation, request) end
"""
KINDS = {"STR": "string", "BOOL": "boolean", "INT": "integer", "TIME": "string", "MAP": "table<string, string>"}


def generate(model, words):
    operations = "\n".join('---| "%s"' % op.snake for op in model.operations)
    out = (HEAD % (text.NOTICE, operations)).split("\n")
    for struct in model.nested.values():
        out += doc(words.struct(struct)) + class_of(model, words, struct, "ivs." + struct.shape, False)
    for op in model.operations:
        out += class_of(model, words, op.request, "ivs.%s" % op.request.shape, True)
        if op.answer.members:
            out += class_of(model, words, op.answer, "ivs.%s" % op.answer.shape, False)
        out += method(words, op)
        if op.pages:
            out += iterator(op)
    out.append("return ivs")
    return "\n".join(out) + "\n"


def doc(sentence):
    return ["---" + line for line in text.wrap(sentence, text.WIDTH - 3)]


def lua_type(model, member):
    if member.kind == "STRUCT":
        return "ivs." + member.shape
    if member.kind == "LIST":
        return "ivs.%s[]" % member.element
    enum = model.enum_of(member.shape)
    if enum:
        union = "|".join('"%s"' % v for v in model.shapes[enum]["enum"])
        return "(%s)[]" % union if member.kind == "STRS" else union
    return "string[]" if member.kind == "STRS" else KINDS[member.kind]


def class_of(model, words, struct, name, is_request):
    """Members of an answer may be absent; of a request, those that are not required."""
    out = ["---@class " + name]
    for m in struct.members:
        limit = text.sentence(text.limits(model, m))
        secret = "Secret: appears in no log." if model.text_facts(m).get("sensitive") else ""
        about = " ".join(part for part in (words.member(m), limit, secret) if part)
        optional = "" if m.required and (is_request or struct.role == "nested") else "?"
        out.append("---@field %s%s %s %s" % (m.wire, optional, lua_type(model, m), about))
    return out + [""]


def method(words, op):
    required = any(m.required for m in op.request.members)
    answer = "ivs." + op.answer.shape if op.answer.members else "table"
    out = doc(words.operation(op)) + ["---", "---Refused with: %s." % ", ".join(op.facts["errors"]), "---",
                                      "---[API reference](%s)" % (PAGE % op.name)]
    out += ["---@param request%s ivs.%s" % ("" if required else "?", op.request.shape),
            "---@return %s|nil answer%s" % (answer, "" if op.answer.members else " Empty."),
            "---@return ivs.Error|nil error",
            "function Client:%s(request) end" % op.snake, ""]
    return out


def resource(op):
    """ListPlaybackRestrictionPolicies -> playback_restriction_policy."""
    plural = snake_case(op.name)[len("list_"):]
    return plural[:-3] + "y" if plural.endswith("ies") else plural[:-1]


def iterator(op):
    element = "ivs." + op.main_list.element
    required = any(m.required for m in op.request.members)
    return ["---All pages of %s, one element at a time: `for %s in client:each_%s { ... } do`." % (
                op.snake, resource(op).split("_")[-1], resource(op)),
            "---@param request%s ivs.%s" % ("" if required else "?", op.request.shape),
            "---@return fun(): %s|nil" % element,
            "function Client:each_%s(request) end" % resource(op), ""]
