"""Expressions at random: from the grammar, and those with a few characters changed, which are mostly errors."""

NAMES = ["a", "b", "c", "list", "deep", "name", "n", "text", "missing", '"a"', '"two words"', '"\\u00e9"']
LITERALS = [
    "`1`", "`0`", "`-2`", "`2.5`", "`1.0`", "`true`", "`false`", "`null`", "`\"x\"`", "`x`", "`[]`", "`{}`", "`[1,2,3]`",
    "`[\"b\",\"a\"]`", "`{\"z\":1,\"a\":[true]}`", "`[{\"n\":2},{\"n\":1}]`", "'x'", "''", "'a\\'b'", "'é😀'",
    "`\"\\u00e9\"`",
]
COMPARATORS = ["==", "!=", "<", "<=", ">", ">="]
# Functions by the kinds of their arguments: v any value, s string, l list, n number, o object, e expression reference
FUNCTIONS = {
    "abs": "n", "avg": "l", "ceil": "n", "contains": "lv", "ends_with": "ss", "floor": "n", "join": "sl", "keys": "o",
    "length": "v", "map": "el", "max": "l", "max_by": "le", "merge": "o", "min": "l", "min_by": "le", "not_null": "vv",
    "reverse": "l", "sort": "l", "sort_by": "le", "starts_with": "ss", "sum": "l", "to_array": "v", "to_number": "v",
    "to_string": "v", "type": "v", "unknown": "v", "values": "o",
}
LIKELY = {
    "n": ["n", "`-1.5`", "length(list)"],
    "s": ["name", "'x'", "text"],
    "l": ["list", "@", "*", "list[*].n", "list[].name"],
    "o": ["deep", "@", "{x: n, a: b}"],
}
CHARACTERS = "abn.*[]{}(),:@|&!=<>`'\"\\-0123 \n?é\x01"


class Expressions:
    def __init__(self, random):
        self.random = random

    def one(self):
        """An expression, and the name of the document to evaluate it on."""
        text = self.expression(self.random.randint(1, 4))
        given = self.random.choice(["small", "mixed"])
        if given == "mixed" and self.random.random() < 0.5:
            text = "map(&%s, @)" % text
        return given, text if self.random.random() < 0.8 else self.changed(text)

    def changed(self, text):
        for _ in range(self.random.randint(1, 3)):
            at = self.random.randint(0, len(text))
            new = self.random.choice(["", self.random.choice(CHARACTERS), text[at:at + 5]])
            text = text[:at] + new + text[at + self.random.randint(0, 2):]
        return text

    def expression(self, depth):
        if depth <= 0:
            return self.random.choice([self.name, self.name, self.literal, lambda: "@", lambda: "*", lambda: "[0]"])()
        makers = [
            self.dotted, self.dotted, self.bracketed, self.bracketed, self.filtered, self.piped, self.compared, self.logical,
            self.negated, self.grouped, self.selected_list, self.selected_hash, self.called, self.called,
        ]
        return self.random.choice(makers)(depth - 1)

    def name(self):
        return self.random.choice(NAMES)

    def literal(self):
        return self.random.choice(LITERALS)

    def dotted(self, depth):
        rights = [self.name, lambda: "*", lambda: self.selected_list(depth - 1), lambda: self.selected_hash(depth - 1)]
        return self.expression(depth) + "." + self.random.choice(rights)()

    def number(self):
        return str(self.random.choice([0, 1, 2, 3, -1, -2, 10]))

    def part(self):
        return self.random.choice(["", "", self.number()])

    def bracketed(self, depth):
        tail = self.random.choice([
            "[*]", "[]", "[%s]" % self.number(), "[%s:%s]" % (self.part(), self.part()),
            "[%s:%s:%s]" % (self.part(), self.part(), self.part()),
        ])
        return (self.expression(depth) if self.random.random() < 0.9 else "") + tail

    def filtered(self, depth):
        return "%s[?%s]" % (self.expression(depth), self.expression(depth))

    def piped(self, depth):
        return "%s | %s" % (self.expression(depth), self.expression(depth))

    def compared(self, depth):
        sign = self.random.choice([" %s ", "%s"]) % self.random.choice(COMPARATORS)
        return self.expression(depth) + sign + self.expression(depth)

    def logical(self, depth):
        return self.expression(depth) + self.random.choice([" || ", " && "]) + self.expression(depth)

    def negated(self, depth):
        return "!" + self.expression(depth)

    def grouped(self, depth):
        return "(%s)" % self.expression(depth)

    def selected_list(self, depth):
        return "[%s]" % ", ".join(self.expression(depth) for _ in range(self.random.randint(1, 3)))

    def selected_hash(self, depth):
        pairs = ["%s: %s" % (self.name(), self.expression(depth)) for _ in range(self.random.randint(1, 3))]
        return "{%s}" % ", ".join(pairs)

    def argument(self, kind, depth):
        if self.random.random() < 0.05:
            return self.expression(depth)
        if kind == "e":
            return "&" + self.expression(depth)
        if kind in LIKELY and self.random.random() < 0.7:
            return self.random.choice(LIKELY[kind])
        return self.expression(depth)

    def called(self, depth):
        name = self.random.choice(sorted(FUNCTIONS))
        kinds = FUNCTIONS[name]
        if self.random.random() < 0.05 and name != "merge":
            kinds = kinds + "v"
        return "%s(%s)" % (name, ", ".join(self.argument(kind, depth) for kind in kinds))
