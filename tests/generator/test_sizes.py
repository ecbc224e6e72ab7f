"""IVS_*_REQUEST_MAX and IVS_*_ELEMENT_MAX against the largest there is, made here from the model."""

import json
import re
import unittest
from urllib.parse import quote

from support import MODEL, SHAPES, run_c
from generator.names import snake_case

WIDE = [chr(0x10400 + n) for n in range(60)]  # letters of four bytes in UTF-8
CONTROL = "\x01"                              # six bytes in JSON
LAST = "2026-11-22T09:30:00.123456789Z"


def printed_macros():
    """The sizes as the compiler sees them, and the two constants they depend on."""
    with_list = [name for name, op in MODEL["operations"].items() if op["output"] and main_list(op)]
    macros = ["IVS_%s_REQUEST_MAX" % snake_case(name).upper() for name in MODEL["operations"]]
    macros += ["IVS_%s_ELEMENT_MAX" % snake_case(name).upper() for name in with_list]
    macros += ["IVS_UNBOUNDED_STRING", "IVS_UNBOUNDED_ITEMS", "IVS_TAGS_MAX"]
    lines = "\n".join('  printf("%s %%ld\\n", (long)(%s));' % (name, name) for name in macros)
    text = "#include <ivs/types.h>\n#include <stdio.h>\nint main(void) {\n%s\n  return 0;\n}\n" % lines
    return {name: int(value) for name, value in (line.split() for line in run_c(text=text).splitlines())}


def main_list(op):
    """The wire name of the list that an answer is about."""
    members = SHAPES[op["output"]]["members"]
    lists = [wire for wire, use in members.items() if SHAPES[use["shape"]]["type"] == "list"]
    key = op.get("pagination", {}).get("result_key")
    return key if key in lists else lists[0] if lists else None


def fill(pattern, length):
    """A text of that length that the pattern allows, and that is as long in bytes as any it allows."""
    if r"\p{" in pattern:
        return WIDE[0] * length
    pattern = pattern.split("|")[-1].strip("^$")
    pieces = re.split(r"(\[[^]]*\][+*]?)", pattern)
    text = [("a" if "a-z" in piece else "0") if piece.startswith("[") else piece for piece in pieces]
    last = max(n for n, piece in enumerate(pieces) if piece.startswith("["))
    text[last] *= length - sum(len(piece) for piece in text) + 1
    text = "".join(text)
    assert len(text) == length and re.fullmatch(pattern, text), (pattern, text)
    return text


class Largest:
    """Values of shapes, as large as the model and the constants of the configuration let them be."""

    def __init__(self, constants):
        self.string = constants["IVS_UNBOUNDED_STRING"]
        self.items = constants["IVS_UNBOUNDED_ITEMS"]

    def value(self, shape, tags=True):
        facts = SHAPES[shape]
        kind = facts["type"]
        if kind == "string":
            return self.text(facts)
        if kind == "boolean":
            return False
        if kind in ("integer", "long"):
            return max((facts.get("min", -2**63), facts.get("max", 2**63 - 1)), key=lambda n: len(str(n)))
        if kind == "timestamp":
            return LAST
        if kind == "list":
            return [self.value(facts["member"], tags)] * facts.get("max", self.items)
        if kind == "map":
            return self.tags(facts)
        return {wire: self.value(use["shape"], tags) for wire, use in facts["members"].items()
                if "location" not in use and (tags or SHAPES[use["shape"]]["type"] != "map")}

    def text(self, facts):
        if "enum" in facts:
            return max(facts["enum"], key=len)
        if "max" not in facts:
            return CONTROL * self.string
        return fill(facts["pattern"], facts["max"]) if "pattern" in facts else CONTROL * facts["max"]

    def tags(self, facts):
        key, value = self.text(SHAPES[facts["key"]]), self.text(SHAPES[facts["value"]])
        return {key[:-1] + WIDE[n]: value for n in range(facts["max"])}


def json_bytes(value):
    return len(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode())


class Sizes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.macros = printed_macros()
        cls.largest = Largest(cls.macros)

    def target(self, op):
        """Bytes of path and query of the operations whose path says what they work on."""
        path, query = op["uri"], []
        for wire, use in SHAPES[op["input"]]["members"].items():
            value = self.largest.value(use["shape"])
            if use.get("location") == "uri":
                path = path.replace("{%s}" % wire, quote(value, safe=""))
            elif use.get("location") == "querystring":
                query += ["%s=%s" % (wire, quote(text, safe="")) for text in value]
        return len(path) + (1 + len("&".join(query)) if query else 0)

    def test_requests(self):
        for name, op in MODEL["operations"].items():
            members = SHAPES[op["input"]]["members"].values()
            has_body = any("location" not in use for use in members)
            bytes_ = json_bytes(self.largest.value(op["input"])) if has_body else 0
            if "{" in op["uri"]:
                bytes_ += self.target(op)
            self.assertEqual(self.macros["IVS_%s_REQUEST_MAX" % snake_case(name).upper()], bytes_, name)

    def test_elements(self):
        compared = 0
        for name, op in MODEL["operations"].items():
            wire = main_list(op) if op["output"] else None
            if wire:
                element = SHAPES[SHAPES[op["output"]]["members"][wire]["shape"]]["member"]
                self.assertEqual(self.macros["IVS_%s_ELEMENT_MAX" % snake_case(name).upper()],
                                 json_bytes(self.largest.value(element, tags=False)), name)
                compared += 1
        self.assertEqual(compared, 11)

    def test_tags(self):
        self.assertEqual(self.macros["IVS_TAGS_MAX"], json_bytes(self.largest.value("Tags")))


if __name__ == "__main__":
    unittest.main()
