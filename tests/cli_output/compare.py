"""The output forms of the program against the AWS CLI's own formatters, byte for byte.

usage: tests/cli_output/compare.py

IVS_SEED repeats a random run; IVS_PROGRAM names another program than that of the build.
"""

import json
import os
import random
import subprocess
import sys
import unittest

import documents
import unicode_tables
from judge import TOP, VERSIONS, Case, case_lines, expected

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.abspath(os.environ.get("IVS_PROGRAM", os.path.join(os.environ.get("IVS_BUILD", os.path.join(TOP, "build")), "ivs")))
SEED = int(os.environ.get("IVS_SEED", str(random.SystemRandom().randrange(2**32))))
DEADLINE = 60  # s, for all cases of a test
FORMS = ("json", "text", "table", "yaml", "yaml-stream")


def printed_by_program(cases):
    """For each case: what is printed, and the message that ended it, or None."""
    lines = [line for case in cases for line in case_lines(case)]
    process = subprocess.run([PROGRAM, "run", os.path.join(HERE, "forms.lua")], input="\n".join(lines).encode() + b"\n",
                             capture_output=True, timeout=DEADLINE, check=False)
    assert process.returncode == 0, process.stderr.decode(errors="replace")[-2000:]
    results, rest = [], process.stdout
    for _ in cases:
        head, _, rest = rest.partition(b"\n")
        words = head.decode().split()
        size = int(words[1])
        if words[0] == "stopped":
            assert words[2] == "255", head
        results.append((rest[:size].decode("utf-8"), bytes.fromhex(words[3]).decode() if words[0] == "stopped" else None))
        rest = rest[size:]
    assert rest == b"", rest[:200]
    return results


class Forms(unittest.TestCase):
    maxDiff = 4000

    def check(self, cases):
        cases = list(cases)
        for case, (text, problem) in zip(cases, printed_by_program(cases)):
            wanted, wanted_problem = expected(case)
            self.assertEqual(text, wanted, "%r; it ended with %r" % (case, wanted_problem))
            self.assertEqual(problem is None, wanted_problem is None, "%r: we say %r, the AWS CLI %r" % (case, problem, wanted_problem))
            if problem and wanted_problem.startswith("Row should have"):
                self.assertEqual(problem, "\n" + wanted_problem)
        self.assertGreater(len(cases), 0)
        print("%s: %d cases" % (self.id().rpartition(".")[2], len(cases)))

    def check_in_all_forms(self, values, **settings):
        self.check(Case(form, value, **settings) for value in values for form in FORMS)

    def test_texts(self):
        texts = documents.YAML_WORDS + documents.YAML_TEXTS
        self.check_in_all_forms(texts)
        self.check_in_all_forms([[word] for word in texts])
        self.check_in_all_forms([{"key": word} for word in texts])
        self.check_in_all_forms([{word: ["value", {"deep": word}]} for word in texts])
        self.check_in_all_forms([{"a" * (70 + i): "b " * 20, "c": ["d" * (70 + i) + " e f", "'" + "d" * (70 + i) + " e f g"]} for i in range(15)])

    def test_numbers(self):
        self.check_in_all_forms(documents.NUMBERS)
        self.check_in_all_forms([[number] for number in documents.NUMBERS])
        self.check_in_all_forms([{"a": number, "b": [number]} for number in documents.NUMBERS])

    def test_shapes(self):
        self.check_in_all_forms(documents.shapes())

    def test_nothing(self):
        self.check_in_all_forms([{}, [], None, "", False, 0], operation="DeleteChannel")

    def test_every_property_of_characters(self):
        chars = documents.boundary_characters()
        lines = ["".join(chars[i:i + 40]) for i in range(0, len(chars), 40)]
        self.check_in_all_forms([lines, {"a": chars, "b": 1}, [{"a": lines}, {"a": 1}], {char: [1] for char in chars}])

    def test_tables_of_unicode_are_current(self):
        with open(os.path.join(TOP, "lua", "lib", "ivs", "cli", "output", "unicode.lua"), encoding="utf-8") as file:
            self.assertEqual(file.read(), unicode_tables.generated(), "run tests/cli_output/unicode_tables.py")

    def test_table_widths_and_colors(self):
        seeded = random.Random(SEED)
        values = list(documents.shapes()) + [documents.answer(seeded, name) for name in documents.MODEL["operations"]]
        for color in ("on", "off", "auto"):
            self.check(Case("table", value, color=color, terminal=terminal, operation="Üb" * (i % 30))
                       for i, value in enumerate(values) for terminal in (None, 0, 40, 100, 400))

    def test_answers(self):
        seeded = random.Random(SEED)
        answers = [(name, documents.answer(seeded, name)) for name in documents.MODEL["operations"] for _ in range(6)]
        self.check(Case(form, value, operation=name) for name, value in answers for form in FORMS)

    def test_queries(self):
        seeded = random.Random(SEED)
        values = [documents.answer(seeded, name) for name in ("GetChannel", "ListChannels", "GetStreamSession", "ListTagsForResource") for _ in range(2)]
        self.check(Case(form, value, query=query) for query in documents.QUERIES for value in values for form in FORMS)

    def test_pages(self):
        seeded = random.Random(SEED)
        cases = []
        for name, items in documents.paged_operations():
            for token in (None, "eyJuZXh0VG9rZW4iOiAiYSJ9"):
                pages = [documents.answer(seeded, name) for _ in range(seeded.randrange(1, 4))]
                pages += [{}, {"other": 1}]
                for form in FORMS:
                    for query in (None, items + "[].arn", items + "[0]", "[NextToken, %s]" % items, "NextToken"):
                        cases.append(Case(form, *pages, paged=items, token=token, operation=name, query=query))
                    cases.append(Case(form, {}, {"other": 1}, paged=items, token=token, operation=name))
        self.check(cases)

    def test_lines(self):
        """What --debug shows of a body, judged by Python's json."""
        seeded = random.Random(SEED)
        values = documents.NUMBERS + [2**63, -2**63 - 1, 10**40, 10 / 3] + documents.YAML_TEXTS + documents.boundary_characters()
        values += [*documents.shapes(), *(documents.anything(seeded) for _ in range(400))]
        cases = [Case("line", json.dumps({"a": [value]}, ensure_ascii=seeded.random() < 0.5)) for value in values]
        for case, (text, problem) in zip(cases, printed_by_program(cases)):
            self.assertIsNone(problem, case)
            self.assertEqual(text, json.dumps(json.loads(case.documents[0])), case)

    def test_anything(self):
        seeded = random.Random(SEED)
        self.check_in_all_forms([documents.anything(seeded) for _ in range(400)])


if __name__ == "__main__":
    print("%s; seed: IVS_SEED=%d" % (VERSIONS, SEED))
    sys.stdout.flush()
    unittest.main()
