"""core/src/tables.c: the model as read-only records; their format is <ivs/model.h>."""

from . import text
from .model import INT32_MAX, ModelError

LITERAL_MAX = 4095  # characters that C promises to take in one string literal
# Bits that the records of <ivs/model.h> have for a number that grows with the API.
FIELD_BITS = {"name": 11, "name_n": 7, "type": 6, "limit": 5}
TYPE_BITS = {"first": 9, "tokens": 7, "size": 11, "count": 5}
OP_BITS = {"name": 12}
HEAD = ["The API as data. The format is in <ivs/model.h>.",
        "Type 0 stands for requests and answers without members. Its size is 0: such a struct is neither"
        " read nor written, and may be NULL."]


def generate(model, words):
    del words
    pieces, members = member_names(model)
    operation_names = op_names(model)
    out = [text.notice_c()] + text.block(HEAD)
    out += ["#include <ivs/types.h>", "",
            '_Static_assert(sizeof(struct ivs_field) == 6, "ivs_field has padding");',
            '_Static_assert(sizeof(struct ivs_type) == 4, "ivs_type has padding");',
            '_Static_assert(sizeof(struct ivs_op) == 4, "ivs_op has padding");', ""]
    out += name_starts("members in ivs_member_names", members) + [""]
    out += name_starts("operations in ivs_op_names", operation_names) + [""]
    out += ["/* Those that are part of another lie in it. */"] + literal("ivs_member_names", pieces, False) + [""]
    out += literal("ivs_op_names", list(operation_names), True) + [""]
    out += fields(model) + [""] + types(model) + [""] + limits(model) + [""] + operations(model)
    return "\n".join(out) + "\n"


def fit(of, bits, **numbers):
    """An error if a number needs more bits than its record has."""
    for part, number in numbers.items():
        if number >> bits[part]:
            raise ModelError("%s: %s %d needs more than the %d bits that <ivs/model.h> gives it" % (
                of, part, number, bits[part]))


def member_names(model):
    """The names of members run together, as the pieces of the text, and where each name begins in it."""
    names = list(dict.fromkeys(m.wire for struct in model.structs for m in struct.members))
    pieces = [name for name in names if not any(name in other for other in names if other != name)]
    whole = "".join(pieces)
    return pieces, {name: whole.index(name) for name in names}


def op_names(model):
    """Where the name of each operation begins, behind the byte with its length."""
    starts, at = {}, 0
    for op in model.operations:
        if len(op.name) > 255:
            raise ModelError("the name %s is too long for its length byte" % op.name)
        starts[op.name] = at
        at += 1 + len(op.name)
    return starts


def name_starts(what, starts):
    rows = ["  N_%s = %d," % (name, at) for name, at in starts.items()]
    return ["/* Where the names of %s begin. */" % what, "enum {"] + rows[:-1] + [rows[-1][:-1], "};"]


def literal(array, names, with_length):
    """An array of these names, one on a line."""
    if sum(len(name) + with_length for name in names) > LITERAL_MAX:
        raise ModelError("%s has more than the %d characters that every compiler takes" % (array, LITERAL_MAX))
    rows = ['  "\\%03o" "%s"' % (len(name), name) if with_length else '  "%s"' % name for name in names]
    return ["const char %s[] =" % array] + rows[:-1] + [rows[-1] + ";"]


def flags(model, member):
    found = []
    if member.required:
        found.append("IVS_F_REQUIRED")
    if model.is_sensitive(member):
        found.append("IVS_F_SENSITIVE")
    if member.location == "uri":
        found.append("IVS_F_PATH")
    if member.location == "querystring":
        found.append("IVS_F_QUERY")
    if model.is_arn(member):
        found.append("IVS_F_ARN")
    return " | ".join(found) or "0"


def holder(model, struct):
    """The struct in whose records those of this one lie: the longest that begins with the same members, mostly itself."""
    return max((t for t in model.types if model.begins_like(struct, t)), key=lambda t: (len(t.members), t is struct))


def holders(model):
    """(struct, where in ivs_fields its records begin) of all that have records of their own."""
    found, first = [], 0
    for struct in model.types:
        if holder(model, struct) is struct:
            found.append((struct, first))
            first += len(struct.members)
    return found


def fields(model):
    out = ["#define FIELD(wire, type, member, kind, flags, of, limit) \\",
           "  {flags, N_##wire, limit, offsetof(struct ivs_##type, member), IVS_K_##kind, sizeof(#wire) - 1, of}", "",
           "/* Structs that begin with the same members share the records of these. */",
           "const struct ivs_field ivs_fields[] = {"]
    _, starts = member_names(model)
    for struct, _ in holders(model):
        out.append("  /* struct ivs_%s */" % struct.name)
        for m in struct.members:
            fit("%s.%s" % (struct.shape, m.wire), FIELD_BITS, name=starts[m.wire], name_n=len(m.wire),
                type=model.of(m), limit=model.limit(m))
            row = "  FIELD(%s, %s, %s, %s, %s, %d, %d)," % (
                m.wire, struct.name, m.name, m.kind, flags(model, m), model.of(m), model.limit(m))
            # Flags stay together on a line: a no-break space is none that wrap() knows.
            lines = text.wrap(row.replace(" | ", "\xa0|\xa0"), text.WIDTH, "        ")
            out += [line.replace("\xa0", " ") for line in lines]
    return out + ["};", "", "#undef FIELD"]


def tokens(model):
    """
    By struct, the JSON tokens that reading one needs: one for itself and two a member, with those of the structs that
    it holds, which are open at the same time; at the top of an answer, not less than an element of any of its lists.
    """
    need = {}
    for struct in model.structs:
        inside = [need[m.shape] for m in struct.members if m.kind == "STRUCT"]
        elements = [need[m.element] for m in struct.members if m.kind == "LIST"]
        own = 1 + 2 * len(struct.members) + max(inside, default=0)
        need[struct.shape] = max([own] + elements)
    return need


def same_layout(model):
    """What has to be true of structs that share: the compiler says it."""
    out = ["/* The last member that two structs share; those before it are of the same types. */",
           "#define SAME_PLACE(one, other, last)                                        \\",
           "  _Static_assert(offsetof(struct ivs_##one, last) ==                        \\",
           "                     offsetof(struct ivs_##other, last),                    \\",
           '                 "ivs_" #one " and ivs_" #other " differ in their layout")',
           "#define SAME_SIZE(one, other)                                               \\",
           "  _Static_assert(sizeof(struct ivs_##one) == sizeof(struct ivs_##other),    \\",
           '                 "ivs_" #one " and ivs_" #other " differ in their size")', ""]
    for struct in model.structs:
        held, alike = holder(model, struct), model.types[struct.index - 1]
        if held is not struct:
            out += text.wrap("SAME_PLACE(%s, %s, %s);" % (struct.name, held.name, struct.members[-1].name), text.WIDTH, "           ")
        if alike is not struct:
            out += text.wrap("SAME_SIZE(%s, %s);" % (struct.name, alike.name), text.WIDTH, "          ")
    return out + ["", "#undef SAME_PLACE", "#undef SAME_SIZE"]


def types(model):
    need = tokens(model)
    begin = {struct.index: first for struct, first in holders(model)}
    out = ["/* What the bits of a size can say; an offset is smaller than the size. */",
           "#define FITS(type) \\",
           '  _Static_assert(sizeof(struct ivs_##type) >> %d == 0, "ivs_" #type " is too large")' % TYPE_BITS["size"], ""]
    out += ["FITS(%s);" % s.name for s in model.types]
    out += ["", "#undef FITS", ""] + same_layout(model)
    out += ["", "#define TYPE(first, type, count, tokens) {first, tokens, sizeof(struct ivs_##type), count}", "",
            "const struct ivs_type ivs_types[] = {", "  {0, 0, 0, 0},"]
    for struct in model.types:
        first = begin[holder(model, struct).index]
        fit(struct.shape, TYPE_BITS, first=first, tokens=need[struct.shape], count=len(struct.members))
        out.append("  TYPE(%d, %s, %d, %d), /* %d */" % (
            first, struct.name, len(struct.members), need[struct.shape], struct.index))
    return out + ["};", "", "#undef TYPE"]


def limits(model):
    out = ["/* Read by the request check alone: without it the linker leaves them out. */",
           "const struct ivs_limit ivs_limits[] = {"]
    rows = ["{%s, %s}," % (bound(limit[0]), bound(limit[1])) for limit in model.limits[1:]]
    for index, row in enumerate(["{0, 0},"] + rows):
        out.append("  %-16s /* %d%s */" % (row, index, "" if index else ": none"))
    return out + ["};"]


def bound(value):
    if value == INT32_MAX:
        return "INT32_MAX"
    return "INT32_MIN" if value == -INT32_MAX - 1 else str(value)


def operations(model):
    out = ["#define OP(name, id, in, out, method, repeat) \\",
           "  [IVS_OP_##id] = {N_##name, IVS_##method, IVS_##repeat, in, out}", "",
           "const struct ivs_op ivs_ops[IVS_OP_COUNT] = {"]
    starts = op_names(model)
    for op in model.operations:
        fit(op.name, OP_BITS, name=starts[op.name])
        expected = "/" + op.name
        if "{" not in op.facts["uri"] and op.facts["uri"] != expected:
            raise ModelError("%s: its path is %s, the tables can say %s only" % (op.name, op.facts["uri"], expected))
        out.append("  OP(%s, %s, %d, %d, %s, %s)," % (
            op.name, op.snake.upper(), op.request.index, op.answer.index, op.facts["method"], op.repeat))
    return out + ["};", "", "#undef OP"]
