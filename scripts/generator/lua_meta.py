"""lua/meta/ivs.lua: types and documentation for editors with the Lua language server (LuaCATS)."""

import os

from . import text
from .c_api import PAGE
from .names import snake_case

# What does not follow from the model: the module's own functions. @NAMES@ stand for what does.
MODULE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "module.lua")
KINDS = {"STR": "string", "BOOL": "boolean", "INT": "integer", "TIME": "string", "MAP": "table<string, string>"}


def generate(model, words):
    out = module(model, words)
    for struct in model.nested.values():
        out += doc(words.struct(struct)) + class_of(model, words, struct)
    for op in model.operations:
        out += class_of(model, words, op.request)
        if op.answer.members:
            out += class_of(model, words, op.answer)
        out += method(words, op)
        if op.pages:
            out += iterator(op)
    out.append("return ivs")
    return "\n".join(out) + "\n"


def module(model, words):
    """Lines of the module's own part."""
    with open(MODULE, encoding="utf-8") as file:
        lines = file.read().rstrip("\n").replace("@NOTICE@", text.NOTICE)
    codes = ['---| "%s" # %s' % (code, words.error(code)) for code in sorted(model.errors)]
    operations = ['---| "%s" # %s' % (op.name, words.operation(op)) for op in model.operations]
    lines = lines.replace("@ERROR_CODES@", "\n".join(codes)).replace("@OPERATIONS@", "\n".join(operations))
    return lines.split("\n") + [""]


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


def class_of(model, words, struct):
    """A member that the model does not require may be left out of a request, and be absent from an answer."""
    out = ["---@class ivs." + struct.shape]
    for m in struct.members:
        limit = text.sentence(text.limits(model, m))
        secret = "Secret: appears in no log." if model.text_facts(m).get("sensitive") else ""
        about = " ".join(part for part in (words.member(m), limit, secret) if part)
        out.append("---@field %s%s %s %s" % (m.wire, "" if m.required else "?", lua_type(model, m), about))
    return out + [""]


def request_type(op):
    optional = "" if any(m.required for m in op.request.members) else "?"
    return "---@param request%s ivs.%s" % (optional, op.request.shape)


def method(words, op):
    answer = "ivs.%s? answer" % op.answer.shape if op.answer.members else "table? answer An empty table."
    out = doc(words.operation(op)) + ["---", "---Refused with: %s." % ", ".join(op.facts["errors"]), "---",
                                      "---[API reference](%s)" % (PAGE % op.name)]
    out += [request_type(op),
            "---@return " + answer,
            "---@return ivs.Error? error",
            "function Client:%s(request) end" % op.snake, ""]
    return out


def resource(op):
    """ListPlaybackRestrictionPolicies -> playback_restriction_policy."""
    plural = snake_case(op.name)[len("list_"):]
    return plural[:-3] + "y" if plural.endswith("ies") else plural[:-1]


def iterator(op):
    name = resource(op)
    return ["---All pages of %s, one element at a time: `for %s in client:each_%s { ... } do`. An error is raised, as an" % (
                op.snake, name.split("_")[-1], name),
            "---`ivs.Error`.",
            request_type(op),
            "---@return fun(): ivs.%s?" % op.main_list.element,
            "function Client:each_%s(request) end" % name, ""]
