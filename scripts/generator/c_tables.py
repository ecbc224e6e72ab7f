"""core/src/tables.c: the model as read-only records; their format is <ivs/model.h>."""

from . import text
from .model import INT32_MAX, ModelError

LITERAL_MAX = 4095  # characters that C promises to take in one string literal
# Bits that the records of <ivs/model.h> have for a number that grows with the API.
FIELD_BITS = {"type": 6, "limit": 5}
TYPE_BITS = {"first": 9, "tokens": 7, "size": 11, "count": 5}
OP_BITS = {"name": 12}
HEAD = ["The API as data. The format is in <ivs/model.h>.",
        "Type 0 stands for requests and answers without members. Its size is 0: such a struct is neither"
        " read nor written, and may be NULL."]


def generate(model, words):
    del words
    names, starts = name_table(model)
    out = [text.notice_c()] + text.block(HEAD)
    out += ["#include <ivs/types.h>", "",
            '_Static_assert(sizeof(struct ivs_field) == 6, "ivs_field has padding");',
            '_Static_assert(sizeof(struct ivs_type) == 4, "ivs_type has padding");',
            '_Static_assert(sizeof(struct ivs_op) == 4, "ivs_op has padding");', ""]
    out += name_offsets(names, starts) + [""]
    out += name_literal(names) + [""]
    out += fields(model) + [""] + types(model) + [""] + limits(model) + [""] + operations(model)
    return "\n".join(out) + "\n"


def fit(of, bits, **numbers):
    """An error if a number needs more bits than its record has."""
    for part, number in numbers.items():
        if number >> bits[part]:
            raise ModelError("%s: %s %d needs more than the %d bits that <ivs/model.h> gives it" % (
                of, part, number, bits[part]))


def name_table(model):
    """Distinct names in the order of their first use, and where each begins."""
    names = {}
    at = 0
    for name in [op.name for op in model.operations] + [m.wire for s in model.structs for m in s.members]:
        if name not in names:
            if len(name) > 255:
                raise ModelError("the name %s is too long for its length byte" % name)
            names[name] = at
            at += 1 + len(name)
    if at > 65535:
        raise ModelError("the names need more than 65535 bytes")
    return list(names), names


def name_offsets(names, starts):
    out = ["/* Where the names begin in ivs_names. */", "enum {"]
    return out + ["  N_%s = %d%s" % (n, starts[n], "," if n != names[-1] else "") for n in names] + ["};"]


def name_literal(names, literal_max=LITERAL_MAX):
    """ivs_names as one string, or as single characters where it is longer than every compiler has to take."""
    total = sum(1 + len(n) for n in names)
    if total < literal_max:
        out = ["const char ivs_names[] ="]
        out += ['  "\\%03o" "%s"' % (len(n), n) for n in names]
        return out[:-1] + [out[-1] + ";"]
    out = ["const char ivs_names[] = {"]
    for n in names:
        length = "'\\%03o'" % len(n)
        out.append("  %s, %s," % (length, ", ".join("'%s'" % c for c in n)))
    return out + ["};"]


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
           "  {N_##wire, offsetof(struct ivs_##type, member), IVS_K_##kind, flags, of, limit}", "",
           "/* Structs that begin with the same members share the records of these. */",
           "const struct ivs_field ivs_fields[] = {"]
    for struct, _ in holders(model):
        out.append("  /* struct ivs_%s */" % struct.name)
        for m in struct.members:
            fit("%s.%s" % (struct.shape, m.wire), FIELD_BITS, type=model.of(m), limit=model.limit(m))
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
    _, starts = name_table(model)
    for op in model.operations:
        fit(op.name, OP_BITS, name=starts[op.name])
        expected = "/" + op.name
        if "{" not in op.facts["uri"] and op.facts["uri"] != expected:
            raise ModelError("%s: its path is %s, the tables can say %s only" % (op.name, op.facts["uri"], expected))
        out.append("  OP(%s, %s, %d, %d, %s, %s)," % (
            op.name, op.snake.upper(), op.request.index, op.answer.index, op.facts["method"], op.repeat))
    return out + ["};", "", "#undef OP"]
