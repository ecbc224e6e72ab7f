"""core/include/ivs/types.h: operation numbers, constants, structs, sizes."""

from . import sizes, text
from .names import enum_prefix, macro_name

HEAD = [
    "Requests and answers of all operations as structs, and the constants that go with them.",
    "A zeroed struct means that everything is absent; absent, empty, zero and false differ on the wire. Texts and"
    " lists are views: those of a request are the caller's, those of an answer lie in the workspace and die at"
    " the next call. A nested struct of an answer is there if its member `present` is true. One of a request is"
    " sent if anything in it is set; `present` is for one in which nothing is, which is sent as {}.",
    "IVS_<OPERATION>_REQUEST_MAX: bytes of the largest request within the limits of the API: the JSON as this"
    " library writes it, every character in the longest form that the API allows there (escaped, or several"
    " bytes of UTF-8); of the operations on /tags the path and query too, percent-encoded. A text without a"
    " limit in the API counts as IVS_UNBOUNDED_STRING bytes, all escaped, and a list without one as"
    " IVS_UNBOUNDED_ITEMS elements: see <ivs/config.h>. Tags are most of it: subtract IVS_TAGS_MAX if you"
    " send none.",
    "IVS_<OPERATION>_ELEMENT_MAX: bytes of JSON, counted in the same way, of one element of the list that the"
    " answer is about, without its tags.",
]
DECLARATION_MAX = 46  # a longer declaration has its comment above


def generate(model, words):
    out = [text.notice_c()] + text.block(HEAD)
    out += ["#ifndef IVS_TYPES_H", "#define IVS_TYPES_H", "", "#include <ivs/model.h>", "",
            "#ifdef __cplusplus", 'extern "C" {', "#endif", ""]
    out += operation_numbers(model) + enumerations(model) + error_codes(model)
    for struct in model.nested.values():
        out += [""] + text.comment(words.struct(struct))
        out += struct_body(model, words, struct)
        if struct in model.list_elements:
            out += [""] + list_struct(struct)
    for op in model.operations:
        out += [""] + operation_structs(model, words, op)
    out += [""] + size_macros(model)
    out += ["", "#ifdef __cplusplus", "}", "#endif", "", "#endif"]
    return "\n".join(out) + "\n"


def operation_numbers(model):
    out = ["/* The operations; the index of ivs_ops. The numbers are not stable between versions of the API. */",
           "enum ivs_op_id {"]
    out += ["  IVS_OP_%s%s," % (op.snake.upper(), " = 0" if op.index == 0 else "") for op in model.operations]
    return out + ["  IVS_OP_COUNT", "};", ""]


def enumerations(model):
    out = ["/* Values of enumerated members. A service newer than this file may answer with others. */"]
    rows = [("IVS_%s_%s" % (prefix, macro_name(value)), '"%s"' % value, "")
            for prefix, _, values in model.enums for value in values]
    return out + defines(rows) + [""]


def error_codes(model):
    out = text.comment("Codes of the errors that the service answers with, and their HTTP status. <ivs/api.h> tells"
                       " which operation has which.")
    return out + defines([("IVS_CODE_" + macro_name(code), '"%s"' % code, "/* %d */" % status)
                          for code, status in sorted(model.errors.items())])


def defines(rows):
    name = max(len(r[0]) for r in rows)
    value = max(len(r[1]) for r in rows)
    return [("#define %-*s %-*s %s" % (name, r[0], value, r[1], r[2])).rstrip() for r in rows]


def describe(model, words, struct, member):
    """The comment beside a member."""
    parts = [words.member(member), text.sentence(text.limits(model, member))]
    shape = model.enum_of(member.shape)
    if shape:
        values = ", ".join(model.shapes[shape]["enum"])
        parts.append("%s (IVS_%s_...)." % (values, enum_prefix(model, member.wire, shape)))
    if member.facts.get("sensitive"):
        parts.append("Secret: never in a log.")
    if member.required and (struct.role == "in" or struct.shape in model.in_requests):
        parts.insert(0, "Required.")
    return " ".join(part for part in parts if part)


def struct_body(model, words, struct):
    out = ["struct ivs_%s {" % struct.name]
    rows = [("  %s %s;" % (model.c_type(m), m.name), describe(model, words, struct, m)) for m in struct.members]
    short = [len(code) for code, _ in rows if len(code) <= DECLARATION_MAX]
    column = max(short, default=0) + 1
    if struct.role == "nested":
        out.append("  bool present;")
    if not rows:
        out.append("  char unused;")
    for code, about in rows:
        if len(code) <= DECLARATION_MAX:
            out += text.beside(code, about, column)
        else:
            out += text.comment(about, "  ") + [code]
    return out + ["};"]


def list_struct(struct):
    return ["struct ivs_%s_list {" % struct.name, "  const struct ivs_%s *items;" % struct.name,
            "  size_t count;", "  ivs_span rest;", "};"]


def operation_structs(model, words, op):
    out = ["/* %s */" % op.name]
    out += struct_body(model, words, op.request) + [""]
    return out + struct_body(model, words, op.answer)


def size_macros(model):
    out = ["/* Sizes: see the head of this file. */"]
    rows = [("IVS_TAGS_MAX", sizes.tags(model).text())]
    for op in model.operations:
        rows.append(("IVS_%s_REQUEST_MAX" % op.snake.upper(), sizes.request(model, op).text()))
        element = sizes.element(model, op)
        if element is not None:
            rows.append(("IVS_%s_ELEMENT_MAX" % op.snake.upper(), element.text()))
    for name, value in rows:
        line = "#define %s %s" % (name, value)
        out += [line] if len(line) <= text.WIDTH else ["#define %s \\" % name, "  " + value]
    return out
