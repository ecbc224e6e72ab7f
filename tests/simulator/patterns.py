"""The model's regular expressions: does a text match, and a random text that does."""

import functools
import re
import sys
import unicodedata

try:
    from re import _constants as codes, _parser as parser  # Python 3.11
except ImportError:
    import sre_constants as codes
    import sre_parse as parser

OPEN_END = 20  # how much longer than needed a sample usually gets


@functools.cache
def categories():
    """The general category (L, Z, N, ...) of every character, one after the other."""
    return "".join([unicodedata.category(chr(point))[0] for point in range(sys.maxunicode + 1)])


@functools.cache
def category_ranges(letter):
    """All characters of one general category as the inside of a character class."""
    return "".join(f"\\U{run.start():08x}-\\U{run.end() - 1:08x}"
                   for run in re.finditer(f"{letter}+", categories()))


def draw(rng, ranges, count):
    """Characters by chance: each from one of the ranges of code points."""
    return "".join(chr(first + int(rng.random() * (last - first + 1)))
                   for first, last in rng.choices(ranges, k=count))


class Slot:
    """Characters of one kind: `ranges` of code points, from `low` to `high` of them."""

    def __init__(self, ranges, low=1, high=1):
        self.low = low
        self.high = high
        self._ranges = ranges
        self._narrow = [r for r in ranges if r[0] < 128] or ranges

    def characters(self, rng, count):
        return draw(rng, self._narrow if rng.random() < 0.7 else self._ranges, count)

    def repeated(self, low, high):
        return Slot(self._ranges, low, high)


class Patterns:
    """Compiled patterns. \\p{L} and its like cost a walk over Unicode: done once, when needed."""

    def __init__(self):
        self._compiled = {}
        self._parsed = {}

    def matches(self, pattern, text):
        if pattern not in self._compiled:
            self._compiled[pattern] = re.compile(self._translate(pattern))
        return self._compiled[pattern].fullmatch(text) is not None

    def sample(self, pattern, rng, low, high):
        """A text that matches, of `low` to `high` characters, at times the fewest or most."""
        if pattern not in self._parsed:
            self._parsed[pattern] = _simplify(parser.parse(self._translate(pattern)))
        for _ in range(1000):
            slots = list(_choose(self._parsed[pattern], rng))
            shortest = max(low, sum(slot.low for slot in slots))
            longest = min(high, sum(slot.high for slot in slots))
            if shortest <= longest:
                break
        else:
            raise ValueError(f"no text of {low} to {high} characters matches {pattern}")
        usual = rng.randint(shortest, min(longest, shortest + OPEN_END))
        length = rng.choice((shortest, usual, usual, usual, usual, usual, usual, longest))
        counts = [slot.low for slot in slots]
        open_slots = [i for i, slot in enumerate(slots) if slot.high > slot.low]
        while sum(counts) < length:
            chosen = rng.choice(open_slots)
            room = min(slots[chosen].high - counts[chosen], length - sum(counts))
            counts[chosen] += rng.randint(0, room)
        return "".join(slot.characters(rng, n) for slot, n in zip(slots, counts))

    @staticmethod
    def _translate(pattern):
        return re.sub(r"\\p\{(\w)\}", lambda found: category_ranges(found.group(1)), pattern)


def _simplify(tree):
    """A parsed pattern as a list of slots, and of lists of alternatives that are such lists."""
    parts = []
    for code, value in tree:
        if code is codes.LITERAL:
            parts.append(Slot([(value, value)]))
        elif code is codes.IN:
            parts.append(Slot([_range(item) for item in value]))
        elif code is codes.MAX_REPEAT:
            low, high, inner = value
            (slot,) = _simplify(inner)
            parts.append(slot.repeated(low, min(int(high), 1 << 16)))
        elif code is codes.SUBPATTERN:
            parts += _simplify(value[-1])
        elif code is codes.BRANCH:
            parts.append([_simplify(alternative) for alternative in value[1]])
        elif code is not codes.AT:
            raise NotImplementedError(f"a pattern with {code}: teach _simplify in patterns.py")
    return parts


def _choose(parts, rng):
    for part in parts:
        if isinstance(part, Slot):
            yield part
        else:
            yield from _choose(rng.choice(part), rng)


def _range(item):
    code, value = item
    if code is codes.LITERAL:
        return value, value
    if code is codes.RANGE:
        return value
    raise NotImplementedError(f"a character class with {code}: teach _range in patterns.py")
