"""Random values of the model's shapes: all that the model allows, its corners above all."""

from datetime import datetime, timezone

from .patterns import draw
from .spelling import Pairs, some_number

INTEGERS = {"integer": (-2**31, 2**31 - 1), "long": (-2**63, 2**63 - 1)}
STRING_MAX = 2000  # where the model sets no bound
LAST_MOMENT = 253402300799  # the end of the year 9999
# Ranges of characters to draw from; surrogates are no characters.
FLAVOURS = (
    ((0x20, 0x7E),),
    ((0x20, 0x7E),),
    ((0x00, 0x1F), (0x22, 0x22), (0x2F, 0x2F), (0x5C, 0x5C), (0x7F, 0x9F)),
    ((0x20, 0x7E), (0xA0, 0x24F), (0x2028, 0x2029), (0x3040, 0x30FF)),
    ((0x00, 0x7F), (0x80, 0x7FF), (0x800, 0xD7FF), (0xE000, 0xFFFF), (0x10000, 0x10FFFF)),
    ((0x10000, 0x10FFFF), (0x1F300, 0x1F6FF)),
)


class Values:
    """Makes one answer. Each value comes twice: as expected of a client, and as put on the wire."""

    def __init__(self, model, rng):
        self._model = model
        self._rng = rng
        self._room = 2000  # leaves still to spend on long lists inside an answer
        self._sparse = rng.choice((0.0, 0.2, 0.4))  # how likely a member is absent, and null
        self._surplus = rng.choice((0.0, 0.0, 0.3, 1.0))  # how likely unknown members are

    def answer(self, shape_name):
        """(expected, wire) for an operation's output."""
        return self._structure(self._model.shape(shape_name), top=True)

    def _any(self, name, top=False):
        shape = self._model.shape(name)
        kind = shape["type"]
        if kind == "structure":
            return self._structure(shape)
        if kind == "list":
            return self._list(shape, top)
        if kind == "map":
            return self._map(shape)
        value = self._leaf(shape)
        self._room -= 1
        return value, value

    def _structure(self, shape, top=False):
        expected, wire = {}, Pairs()
        for member, use in shape["members"].items():
            fate = 1.0 if member in shape["required"] else self._rng.random()
            if fate < self._sparse:
                continue
            if fate < 2 * self._sparse:
                wire.append((member, None))
                continue
            expected[member], sent = self._any(use["shape"], top)
            wire.append((member, sent))
        if self._rng.random() < self._surplus:
            self._add_unknown(wire, shape["members"])
        if self._rng.random() < 0.5:
            self._rng.shuffle(wire)
        return expected, wire

    def _add_unknown(self, wire, members):
        taken = set(members)
        for _ in range(self._rng.randint(1, 3)):
            name = self._unknown_name(members)
            if name not in taken:
                taken.add(name)
                wire.insert(self._rng.randint(0, len(wire)), (name, self._unknown(6)))

    def _unknown_name(self, members):
        """Often close to one that is known."""
        known = self._rng.choice(list(members) or ["arn"])
        return self._rng.choice((self._characters(self._rng.randint(0, 12)), known.upper(),
                                 known[:-1], known + "s", known + "\0", "__type"))

    def _unknown(self, depth):
        kind = self._rng.randint(0, 6 if depth else 4)
        if kind < 2:
            return self._rng.choice((None, True, False))
        if kind == 2:
            return some_number(self._rng)
        if kind < 5:
            return self._characters(self._rng.randint(0, 20))
        inner = [self._unknown(depth - 1) for _ in range(self._rng.randint(0, 4))]
        return inner if kind == 5 else Pairs((f"{n}", value) for n, value in enumerate(inner))

    def _list(self, shape, top):
        low, high = shape.get("min", 0), shape.get("max", 100)
        both = [self._any(shape["member"])
                for _ in range(min(high, max(low, self._page() if top else self._count())))]
        return [expected for expected, _ in both], [wire for _, wire in both]

    def _page(self):
        return self._rng.choice((0, 1, 1, 2, self._rng.randint(3, 10), self._rng.randint(3, 10),
                                 self._rng.randint(11, 99), 100))

    def _count(self):
        """Of inner lists and maps: short, now and then long while there is room."""
        if self._rng.random() < 0.05:
            return min(max(self._room, 0), self._rng.choice((20, 50, 500)))
        return self._rng.choice((0, 1, 1, 2, 3))

    def _map(self, shape):
        value = {}
        for _ in range(min(shape.get("max", 100), self._count())):
            key, _ = self._any(shape["key"])
            value[key], _ = self._any(shape["value"])
        return value, Pairs(value.items())

    def _leaf(self, shape):
        kind = shape["type"]
        if kind == "boolean":
            return self._rng.random() < 0.5
        if kind in INTEGERS:
            return self._integer(shape, *INTEGERS[kind])
        if kind == "timestamp":
            return self._timestamp()
        if "enum" in shape:
            return self._rng.choice(shape["enum"])
        low, high = shape.get("min", 0), shape.get("max", STRING_MAX)
        if "pattern" in shape:
            return self._model.patterns.sample(shape["pattern"], self._rng, low, high)
        usual = self._rng.randint(low, min(high, low + 30))
        return self._characters(self._rng.choice((low, usual, usual, usual, usual, usual, usual,
                                                  high if self._room > 0 else usual)))

    def _integer(self, shape, least, most):
        least, most = shape.get("min", least), shape.get("max", most)
        near = [n for n in (0, 1, -1, 42, 2**31, 2**53 + 1) if least <= n <= most]
        return self._rng.choice((least, most, self._rng.randint(least, most), *near))

    def _timestamp(self):
        seconds = self._rng.choice((0, LAST_MOMENT, 2**31, self._rng.randint(0, LAST_MOMENT),
                                    self._rng.randint(1600000000, 1900000000)))
        text = datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
        digits = self._rng.choice((0, 0, 0, 1, 3, 3, 6, 9))
        fraction = "." + "".join(self._rng.choices("0123456789", k=digits)) if digits else ""
        return text + fraction + "Z"

    def _characters(self, count):
        return draw(self._rng, self._rng.choice(FLAVOURS), count)
