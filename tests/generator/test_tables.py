"""core/src/tables.c as a C program reads it, against the model file as it is."""

import json
import os
import unittest

from support import HERE, MODEL, ROOT, SHAPES, run_c

STR, BOOL, INT, TIME, STRUCT, LIST, STRS, MAP = range(8)
REQUIRED, SENSITIVE, PATH, QUERY, ARN = 1, 2, 4, 8, 16
METHODS = {"GET": 0, "POST": 1, "DELETE": 2}
INT32_MAX = 2**31 - 1
KINDS = {"string": STR, "boolean": BOOL, "integer": INT, "long": INT, "timestamp": TIME, "structure": STRUCT,
         "map": MAP}
LOCATIONS = {None: 0, "uri": PATH, "querystring": QUERY}


def kind_of(shape):
    facts = SHAPES[shape]
    if facts["type"] != "list":
        return KINDS[facts["type"]]
    return LIST if SHAPES[facts["member"]]["type"] == "structure" else STRS


def flags_of(owner, wire, use):
    facts = SHAPES[use["shape"]]
    flags = LOCATIONS[use.get("location")]
    flags |= REQUIRED if wire in owner["required"] else 0
    flags |= SENSITIVE if facts.get("sensitive") else 0
    text = SHAPES[facts["member"]] if facts["type"] == "list" else facts
    return flags | (ARN if text.get("pattern", "").startswith(("arn:", "^$|^arn:")) else 0)


def limit_of(shape):
    """As the table has it: no entry where it would forbid nothing."""
    facts = SHAPES[shape]
    lowest = -2**31 if facts["type"] in ("integer", "long") else 0
    limit = [facts.get("min", lowest), facts.get("max", INT32_MAX)]
    return None if limit == [lowest, INT32_MAX] else limit


def repeat_of(operation):
    if operation.startswith("Create") or operation in ("ImportPlaybackKeyPair", "InsertAdBreak"):
        return 1
    return 2 if operation == "PutMetadata" else 0


class Tables(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tables = json.loads(run_c(os.path.join(HERE, "print_tables.c"), os.path.join(ROOT, "core/src/tables.c")))
        cls.types = cls.tables["types"]
        cls.seen = set()

    def test_operations(self):
        ops = self.tables["ops"]
        self.assertEqual([op["name"] for op in ops], sorted(MODEL["operations"]))
        for op in ops:
            facts = MODEL["operations"][op["name"]]
            self.assertEqual(op["method"], METHODS[facts["method"]], op["name"])
            self.assertEqual(op["repeat"], repeat_of(op["name"]), op["name"])
            self.compare(op["in"], facts["input"], False)
            self.compare(op["out"], facts["output"], False)
        self.assertEqual({number for number, _ in self.seen}, set(range(len(self.types))), "types that nothing uses")

    def test_type_0_is_empty(self):
        self.assertEqual(self.types[0], {"size": 0, "fields": []})

    def compare(self, number, shape, nested):
        """The type, and all that it contains, says what the shape says."""
        if (number, shape) in self.seen:
            return
        self.seen.add((number, shape))
        owner = SHAPES[shape] if shape else {"members": {}, "required": []}
        entry = self.types[number]
        self.assertEqual([f["name"] for f in entry["fields"]], list(owner["members"]), shape)
        end = 1 if nested else 0  # behind `bool present`
        for field, (wire, use) in zip(entry["fields"], owner["members"].items()):
            where = "%s.%s" % (shape, wire)
            kind = kind_of(use["shape"])
            self.assertEqual(field["kind"], kind, where)
            self.assertEqual(field["flags"], flags_of(owner, wire, use), where)
            self.assertEqual(field["limit"], limit_of(use["shape"]), where)
            facts = SHAPES[use["shape"]]
            self.assertEqual(field["elements"], limit_of(facts["member"]) if kind == STRS else
                             limit_of(facts["key"]) if kind == MAP else None, where)
            self.assertEqual(field["values"], limit_of(facts["value"]) if kind == MAP else None, where)
            inner = {STRUCT: use["shape"], LIST: SHAPES[use["shape"]].get("member")}.get(kind)
            if inner:
                self.compare(field["type"], inner, True)
            elif kind not in (STRS, MAP):
                self.assertEqual(field["type"], 0, where)
            # In the model's order, none over another, all inside.
            self.assertGreaterEqual(field["offset"], end, where)
            size = self.types[field["type"]]["size"] if kind == STRUCT else self.tables["kind_sizes"][kind]
            end = field["offset"] + size
        self.assertLessEqual(end, entry["size"], shape)


if __name__ == "__main__":
    unittest.main()
