"""Random answers of the service as JSON text: everything that JSON allows, spelt in every way that it allows."""

import random

BLANKS = ("", "", "", "", " ", "\n", "\t", "\r\n", "  \n\t ")
SHORT = {'"': '"', "\\": "\\", "/": "/", "\b": "b", "\f": "f", "\n": "n", "\r": "r", "\t": "t"}
EDGES = "\0\x01\x1f\x7f\x80\u07ff\u0800\u2028\ud7ff\ue000\ufeff\uffff\U00010000\U0001f600\U0010ffff"
NUMBERS = ("0", "-0", "1", "-1", "1.5", "-0.25", "1e5", "1E-7", "2.5e+10", "123456789012345678901234567890")
WRONG = {
    "string": ("1", "true", "[]", "{}", "[\"a\"]"),
    "boolean": ("\"true\"", "1", "0", "[]", "{}"),
    "integer": ("\"1\"", "1.5", "1e3", "true", "[1]", "{}", "9223372036854775808", "-9223372036854775809"),
    "timestamp": ("true", "\"\"", "\"soon\"", "\"2026-13-01T00:00:00Z\"", "\"2026-11-22T09:30:00\"", "[]", "{}"),
    "structure": ("[]", "\"a\"", "1", "false"),
    "list": ("{}", "\"a\"", "1", "true"),
    "map": ("[]", "\"a\"", "1", "[[\"a\",\"b\"]]"),
}
WRONG["long"] = WRONG["integer"]


class Maker:
    """
    Makes answers of a shape of botocore's model. spoil: how many members go by before one gets a value of a wrong type;
    its name is then in spoilt. full: every member is there, and nothing that the reader skips.
    """

    def __init__(self, seed, full=False, spoil=None):
        self.random = random.Random(seed)
        self.full = full
        self.spoil = spoil
        self.spoilt = None

    def chance(self, one_in):
        return self.random.randrange(one_in) == 0

    def plain(self):
        return self.full or self.spoil is not None

    # ---- spelling ----

    def blank(self):
        return self.random.choice(BLANKS)

    def char(self, c):
        ways = [] if c < " " or c in '"\\' else [c, c, c]
        if c in SHORT:
            ways.append("\\" + SHORT[c])
        units = c.encode("utf-16-be").hex()
        escaped = "".join("\\u" + units[i:i + 4] for i in range(0, len(units), 4))
        ways.append(escaped)
        ways.append(escaped.upper().replace("\\U", "\\u"))
        return self.random.choice(ways)

    def spell(self, text):
        """A name or string with its quotes. Mostly as it is, so that both are met."""
        if self.chance(2) and text.isprintable() and '"' not in text and "\\" not in text:
            return '"%s"' % text
        return '"%s"' % "".join(map(self.char, text))

    def around(self, text):
        return self.blank() + text + self.blank()

    def container(self, brackets, parts):
        inside = ",".join(map(self.around, parts)) or self.blank()
        return brackets[0] + inside + brackets[1]

    def object(self, members):
        return self.container("{}", ["%s%s:%s%s" % (self.spell(name), self.blank(), self.blank(), value)
                                     for name, value in members])

    # ---- values ----

    def text(self):
        length = self.random.choice((0, 1, 2, 5, 12, 40) + ((3000,) if self.chance(50) else ()))
        return "".join(self.letter() for _ in range(length))

    def letter(self):
        kind = self.random.randrange(6)
        if kind == 0:
            return self.random.choice(EDGES)
        if kind == 1:
            return self.random.choice('"\\/\b\f\n\r\t[]{}:,u')
        if kind == 2:
            code = self.random.randrange(0x110000 - 0x800)
            return chr(code if code < 0xD800 else code + 0x800)
        return chr(self.random.randrange(0x20, 0x7F))

    def anything(self, depth=0):
        """JSON of any type, for members that the API does not have."""
        kind = self.random.randrange(7 if depth < 4 else 5)
        if kind < 3:
            return ("null", "true", "false")[kind]
        if kind == 3:
            return self.random.choice(NUMBERS)
        if kind == 4:
            return self.spell(self.text())
        parts = [self.anything(depth + 1) for _ in range(self.random.randrange(4))]
        if kind == 5:
            return self.container("[]", parts)
        return self.object([(self.text(), part) for part in parts])

    def string(self, _):
        return self.spell(self.text())

    def boolean(self, _):
        return self.random.choice(("true", "false"))

    def integer(self, _):
        edges = (0, 1, -1, 2**31, -2**31, 2**63 - 1, -2**63, self.random.getrandbits(40))
        return str(self.random.choice(edges))

    long = integer

    def timestamp(self, _):
        pick = self.random.randrange
        if self.chance(8):
            return str(pick(2**33)) + self.random.choice(("", ".0", ".5", ".125"))
        fraction = self.random.choice(("", ".0", ".25", ".999", ".123456", ".987654321"))
        zone = self.random.choice(("Z", "Z", "+00:00", "-00:00", "+05:30", "-11:45", "+14:00"))
        return self.spell("%04d-%02d-%02dT%02d:%02d:%02d%s%s" % (
            1971 + pick(150), 1 + pick(12), 1 + pick(28), pick(24), pick(60), pick(60), fraction, zone))

    def count(self):
        if self.plain():
            return 1 + self.random.randrange(3)
        return self.random.choice((0, 1, 2, 3, 100 if self.chance(10) else 5))

    def list(self, shape):
        parts = [self.value(shape.member) for _ in range(self.count())]
        if not self.plain() and self.chance(6):
            parts.insert(self.random.randrange(len(parts) + 1), "null")
        return self.container("[]", parts)

    def map(self, shape):
        pairs = [(self.text(), self.value(shape.value)) for _ in range(self.count())]
        if pairs and not self.plain() and self.chance(4):
            pairs.append((self.random.choice(pairs)[0], self.value(shape.value)))
        if not self.plain() and self.chance(6):
            pairs.insert(self.random.randrange(len(pairs) + 1), ("null %d" % len(pairs), "null"))
        return self.object(pairs)

    def structure(self, shape):
        members = []
        for name, inner in shape.members.items():
            if self.plain() or not self.chance(4):
                members.append((name, self.member(name, inner)))
            if not self.plain() and self.chance(12):
                members.append((name, "null"))
            if not self.plain() and self.chance(12):
                members.append((name, self.value(inner)))
        if not self.full and self.chance(2):
            self.random.shuffle(members)
        for _ in range(0 if self.full else self.random.randrange(3)):
            name = self.random.choice(("", "x", "Arn", "arn\0", self.text()))
            if name not in shape.members:
                members.insert(self.random.randrange(len(members) + 1), (name, self.anything()))
        return self.object(members)

    def member(self, name, shape):
        if self.spoil is not None and self.spoilt is None:
            self.spoil -= 1
            if self.spoil < 0:
                self.spoilt = name
                return self.random.choice(WRONG[shape.type_name])
        return self.value(shape)

    def value(self, shape):
        return getattr(self, shape.type_name)(shape)

    def answer(self, shape):
        text = self.around(self.structure(shape) if shape else self.object([]))
        return text.encode("utf-8")
