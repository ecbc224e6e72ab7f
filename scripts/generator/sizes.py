"""How many bytes a request or an element of an answer can have, as an expression in C."""

import re

from .model import ModelError

UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
ANY = 6           # bytes of the longest character in JSON: a control character as \u0001
UTF8 = 4          # bytes of the longest character of UTF-8
TIMESTAMP = 30    # 2026-11-22T09:30:00.123456789Z
STRING, ITEMS, TAGS = "IVS_UNBOUNDED_STRING", "IVS_UNBOUNDED_ITEMS", "IVS_TAGS_MAX"


class Size:
    """A sum of products of the constants above: {(): 12, (STRING,): 6} is 12 + 6 * IVS_UNBOUNDED_STRING."""

    def __init__(self, terms):
        self.terms = {key: n for key, n in terms.items() if n}

    def __add__(self, other):
        other = as_size(other)
        terms = dict(self.terms)
        for key, n in other.terms.items():
            terms[key] = terms.get(key, 0) + n
        return Size(terms)

    __radd__ = __add__

    def __mul__(self, other):
        terms = {}
        for a, n in self.terms.items():
            for b, m in as_size(other).terms.items():
                key = tuple(sorted(a + b))
                terms[key] = terms.get(key, 0) + n * m
        return Size(terms)

    def text(self):
        """In C, in parentheses where it is more than a number."""
        parts = []
        for key in sorted(self.terms, key=lambda k: (len(k), k)):
            n = self.terms[key]
            factors = ([str(n)] if n != 1 or not key else []) + list(key)
            parts.append(" * ".join(factors))
        joined = " + ".join(parts) or "0"
        return joined if joined.isdigit() else "(%s)" % joined


def as_size(value):
    return value if isinstance(value, Size) else Size({(): value})


def symbol(name):
    return Size({(name,): 1})


# The pieces that a pattern is made of, and what stands in its brackets.
PIECE = re.compile(r"\\p\{\w+\}|\\[^\w]|\[(?!\^)[^\]]*\]|[+*|()^$]|[^\\\[\].?{}]")
IN_CLASS = re.compile(r"\\p\{\w+\}|\\[^\w]|\w-\w|[^\\]")


def parse_pattern(pattern):
    """
    What a pattern of the model allows: (characters that stand for themselves, set of those in brackets,
    whether all letters of Unicode are among them). Raises ModelError for what the model has not used so far.
    """
    pieces = PIECE.findall(pattern)
    brackets = "".join(piece[1:-1] for piece in pieces if piece[0] == "[")
    inside = [part for piece in pieces if piece[0] == "[" for part in IN_CLASS.findall(piece[1:-1])]
    if "".join(pieces) != pattern or "".join(inside) != brackets:
        raise ModelError("the pattern %s is not understood" % pattern)
    literals = [piece[-1] for piece in pieces if piece[0] not in "[+*|()^$" and not piece.startswith("\\p")]
    classes = set()
    for part in inside:
        if len(part) == 3:
            classes.update(chr(n) for n in range(ord(part[0]), ord(part[2]) + 1))
        elif not part.startswith("\\p"):
            classes.add(part[-1])
    return literals, classes, any(part.startswith("\\p") for part in pieces + inside)


def json_bytes(facts):
    """Bytes of the longest character of a text in JSON."""
    if "pattern" not in facts:
        return ANY
    literals, classes, wide = parse_pattern(facts["pattern"])
    longest = max((len(c.encode()) + (c in '"\\') for c in list(classes) + literals), default=1)
    return max(longest, UTF8 if wide else 1)


def string(facts):
    """A text in JSON, quotes included."""
    if "enum" in facts:
        return as_size(2 + max(len(v) for v in facts["enum"]))
    if "max" not in facts:
        return symbol(STRING) * ANY + 2
    return as_size(2 + facts["max"] * json_bytes(facts))


def integer(facts):
    if "max" in facts and "min" in facts:
        return as_size(max(len(str(facts["min"])), len(str(facts["max"]))))
    return as_size(len(str(2**63 - 1)) + (facts.get("min", -1) < 0))


def items(facts):
    return as_size(facts["max"]) if "max" in facts else symbol(ITEMS)


def array(facts, element):
    """n elements with a comma after each but the last, and two brackets."""
    return items(facts) * (element + 1) + 1


def tags(model):
    """The tags of a resource, braces included."""
    facts = model.shapes["Tags"]
    pair = string(model.shapes[facts["key"]]) + 1 + string(model.shapes[facts["value"]])
    return array(facts, pair)


def value(model, member, with_maps=True):
    """What stands behind the colon."""
    facts = member.facts
    if member.kind == "STR":
        return string(facts)
    if member.kind == "BOOL":
        return as_size(len("false"))
    if member.kind == "INT":
        return integer(facts)
    if member.kind == "TIME":
        return as_size(2 + TIMESTAMP)
    if member.kind == "MAP":
        if member.shape != "Tags":
            raise ModelError("%s.%s: a map that is not Tags" % (member.owner, member.wire))
        return symbol(TAGS)
    if member.kind == "STRS":
        return array(facts, string(model.shapes[member.element]))
    if member.kind == "LIST":
        return array(facts, struct(model, model.nested[member.element], with_maps))
    return struct(model, model.nested[member.shape], with_maps)


def struct(model, of, with_maps=True):
    """An object with all its members; those of path and query are not in it."""
    members = [m for m in of.members if not m.location and (with_maps or m.kind != "MAP")]
    total = as_size(2 + max(len(members) - 1, 0))
    for member in members:
        total += len(member.wire) + 3 + value(model, member, with_maps)
    return total


def percent_bytes(facts):
    """Bytes of the longest text of a pattern, percent-encoded."""
    literals, classes, wide = parse_pattern(facts["pattern"])
    if wide:
        return facts["max"] * UTF8 * 3
    if classes - UNRESERVED:
        return facts["max"] * 3
    return facts["max"] + 2 * sum(c not in UNRESERVED for c in literals)


def target(model, op):
    """Path and query of an operation whose path has a label."""
    total = len(op.facts["uri"])
    for member in op.request.members:
        if member.location == "uri":
            total += percent_bytes(member.facts) - len("{%s}" % member.wire)
        elif member.location == "querystring":
            total += member.facts["max"] * (len(member.wire) + 2 + percent_bytes(model.shapes[member.element]))
    return as_size(total)


def request(model, op):
    """The largest body, and with it the target where that depends on the request."""
    in_body = [m for m in op.request.members if not m.location]
    body = struct(model, op.request) if in_body else as_size(0)
    return body + target(model, op) if "{" in op.facts["uri"] else body


def element(model, op):
    """One element of the list that the answer is about, without its tags; None if there is no list."""
    main = op.main_list
    return None if main is None else struct(model, model.nested[main.element], with_maps=False)
