"""JSON as nobody writes it but everybody has to read it: odd white space and escapes, by chance."""

import json

SPACES = ("", "", "", " ", "  ", "\n", "\r\n\t")
SHORT = {'"': '\\"', "\\": "\\\\", "/": "\\/", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r",
         "\t": "\\t"}


class Pairs(list):
    """An object as (name, value) pairs in the order to write them."""


class Number(str):
    """A number in the spelling to write it in."""


class Speller:
    """`loose`: white space between tokens, a different one each time."""

    def __init__(self, rng):
        self._rng = rng
        self._loose = rng.random() < 0.3

    def text(self, value):
        parts = []
        self._value(value, parts)
        return self._space() + "".join(parts) + self._space()

    def _value(self, value, parts):
        if isinstance(value, Pairs):
            self._sequence("{}", value, self._pair, parts)
        elif isinstance(value, list):
            self._sequence("[]", value, self._value, parts)
        elif isinstance(value, Number):
            parts.append(value)
        elif isinstance(value, str):
            parts.append(self._string(value))
        else:
            parts.append(json.dumps(value))

    def _sequence(self, brackets, items, write, parts):
        parts.append(brackets[0] + self._space())
        for index, item in enumerate(items):
            if index:
                parts.append("," + self._space())
            write(item, parts)
            parts.append(self._space())
        parts.append(brackets[1])

    def _pair(self, pair, parts):
        parts.append(self._string(pair[0]) + self._space() + ":" + self._space())
        self._value(pair[1], parts)

    def _space(self):
        return self._rng.choice(SPACES) if self._loose else ""

    def _string(self, text):
        style = self._rng.random()
        if style < 0.75:
            return json.dumps(text, ensure_ascii=style < 0.15)
        return '"' + "".join(map(self._character, text)) + '"'

    def _character(self, c):
        if c in SHORT and self._rng.random() < 0.5:
            return SHORT[c]
        if c >= " " and c not in '"\\' and self._rng.random() < 0.5:
            return c
        units = c.encode("utf-16-be")
        digits = "%04x" if self._rng.random() < 0.5 else "%04X"
        return "".join("\\u" + digits % int.from_bytes(units[i:i + 2], "big")
                       for i in range(0, len(units), 2))


def some_number(rng):
    """Any JSON number at all."""
    digit, exponent = rng.randint(1, 9), rng.randint(-9, 9)
    return Number(rng.choice((
        str(rng.randint(-9, 9)), str(rng.randint(-10**30, 10**30)), "-0", "0.0", "1E400", "-1e-400",
        "0e+0", f"{rng.uniform(-1, 1):.17g}", f"{digit}.{rng.randint(0, 999)}e{exponent}")))


def canonical(value):
    """The one spelling that expected values are shown in."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
