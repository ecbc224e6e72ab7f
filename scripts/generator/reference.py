"""core/OPERATIONS.md: the reference for people, of operations, structures, errors."""

from . import sizes, text
from .c_api import PAGE
from .names import macro_name

KIND_WORDS = {"STR": "string", "BOOL": "boolean", "INT": "integer", "TIME": "time", "STRS": "strings", "MAP": "tags"}
HEAD = """# Operations

The %d operations of Amazon IVS, API version %s. The same operation is `ivs_create_channel()` in C
(`<ivs/api.h>`), `client:create_channel { ... }` in Lua and `ivs create-channel` on the command line. A member
has its name from here in JSON and in Lua; in C it is in snake_case (`latency_mode`), and as an option it has
dashes (`--latency-mode`).

- *time*: text such as `2026-11-22T09:30:00Z`, UTC; *tags*: names with values, both text; a linked type is a
  [structure](#structures).
- Lengths count characters. "Secret" members are never in a log.
- The size of a request counts bytes of JSON, as `<ivs/types.h>` explains; its constants are in `<ivs/config.h>`.
- Besides the [errors](#errors) listed, every operation can be refused for its signature, credentials or rate.
"""


def generate(model, words):
    out = ["<!-- %s -->" % text.NOTICE, ""]
    out += (HEAD % (len(model.operations), model.facts["apiVersion"])).split("\n")
    out += contents(model, words)
    for op in model.operations:
        out += operation(model, words, op)
    out += ["## Structures", ""]
    for struct in sorted(model.nested.values(), key=lambda s: s.shape):
        out += ["### %s" % struct.shape, "", "%s In C `struct ivs_%s`." % (words.struct(struct), struct.name), ""]
        out += table(model, words, struct.members, required=struct.shape in model.in_requests) + [""]
    out += errors(model, words)
    return "\n".join(out).rstrip("\n") + "\n"


def contents(model, words):
    rows = ["| [%s](#%s) | %s |" % (op.name, op.name.lower(), words.operation(op)) for op in model.operations]
    return ["| Operation | In short |", "|---|---|"] + rows + [""]


def operation(model, words, op):
    out = ["## %s" % op.name, "", words.operation(op), ""]
    out += ["`%s %s`, answered with %d. [API reference](%s)" % (
        op.facts["method"], op.facts["uri"], op.facts["success"], PAGE % op.name), ""]
    out += ["Request, at most %s:" % size_words(sizes.request(model, op)), ""]
    out += table(model, words, op.request.members, required=True) + [""]
    if op.answer.members:
        out += ["Answer%s:" % (", in pages" if op.pages else ""), ""]
        out += table(model, words, op.answer.members, required=False) + [""]
    else:
        out += ["Answer: nothing.", ""]
    repeat = {"ONCE": " Not repeated when the answer is lost, as it could happen twice.",
              "CUE": " Repeated when the answer is lost, unless told otherwise: viewers may get it twice.",
              "FREE": ""}[op.repeat]
    return out + ["Errors: %s.%s" % (", ".join("`%s`" % code for code in op.facts["errors"]), repeat), ""]


def size_words(size):
    """12 bytes; 12 + 6 * IVS_UNBOUNDED_STRING bytes; 12 bytes and the tags."""
    tags = (sizes.TAGS,)
    rest = sizes.Size({key: n for key, n in size.terms.items() if key != tags}).text()
    words = "%s bytes" % (rest if rest.isdigit() else "`%s`" % rest.strip("()"))
    return words + " and the tags, at most `IVS_TAGS_MAX`" if tags in size.terms else words


def type_words(member):
    if member.kind == "STRUCT":
        return "[%s](#%s)" % (member.shape, member.shape.lower())
    if member.kind == "LIST":
        return "list of [%s](#%s)" % (member.element, member.element.lower())
    return KIND_WORDS[member.kind]


def member_words(model, words, member):
    parts = [words.member(member)]
    enum = model.enum_of(member.shape)
    if enum:
        parts.append("One of %s." % ", ".join("`%s`" % v for v in model.shapes[enum]["enum"]))
    if model.text_facts(member).get("sensitive"):
        parts.append("Secret.")
    return " ".join(parts).replace("|", "\\|")


def table(model, words, members, required):
    head = ["Member", "Type", "Limits"] + (["Required"] if required else []) + ["Meaning"]
    out = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for member in members:
        row = ["`%s`" % member.wire, type_words(member), text.limits(model, member)]
        row += ["yes" if member.required else ""] if required else []
        out.append("| " + " | ".join(row + [member_words(model, words, member)]) + " |")
    return out


def errors(model, words):
    out = ["## Errors", "", "| Code | HTTP status | Means | In C |", "|---|---|---|---|"]
    for code, status in sorted(model.errors.items()):
        out.append("| `%s` | %d | %s | `IVS_CODE_%s` |" % (
            code, status, words.error(code), macro_name(code)))
    return out
