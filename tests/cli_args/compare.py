"""Arguments of the command line: what the program makes of them, against the AWS CLI's own Python, byte for byte.

usage: tests/cli_args/compare.py

Compared are values and requests (by their repr), exit codes, what is written to stderr, skeletons, pages and their tokens.
IVS_SEED repeats a random run; IVS_PROGRAM names another program than that of the build.

Where we differ on purpose:
- What the AWS CLI falls over with an error of Python's has its exit code here, but a text of our own.
- The file behind file:// for a list has to hold a JSON list, and fileb:// gives none; the AWS CLI takes any other text
  apart into its characters.
- A starting token that is base64 of JSON, but of no object, is taken as the service's own; the AWS CLI falls over it.
- --cli-input-yaml takes JSON only, and --generate-cli-skeleton yaml-input is refused.
- Integers are read from the digits 0 to 9 only; Python knows those of other scripts.
"""

import base64
import itertools
import json
import os
import random
import subprocess
import sys
import unittest

import cases
import judge

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.environ.get("IVS_BUILD", os.path.join(judge.TOP, "build"))
PROGRAM = os.path.abspath(os.environ.get("IVS_PROGRAM", os.path.join(BUILD, "ivs")))
SEED = int(os.environ.get("IVS_SEED", str(random.SystemRandom().randrange(2**32))))
DEADLINE = 60  # s, for the cases of one test


def to_hex(text):
    return text.encode("utf-8", "surrogatepass").hex() or "-"


def from_hex(text):
    return "" if text == "-" else bytes.fromhex(text).decode("utf-8", "surrogatepass")


def answers(commands):
    """What the program answers to each command, a tuple of words: (kind, texts)."""
    lines = "".join(" ".join(map(to_hex, command)) + "\n" for command in commands)
    process = subprocess.run([PROGRAM, "run", os.path.join(HERE, "driver.lua")], input=lines.encode(), capture_output=True,
                             timeout=DEADLINE, check=False)
    assert process.returncode == 0, process.stderr.decode(errors="replace")[-2000:]
    found = []
    for line in process.stdout.decode().splitlines():
        kind, *texts = line.split(" ")
        if kind == "stop":
            kind, texts = "stop " + texts[0], texts[1:]
        found.append((kind, [from_hex(text) for text in texts]))
    assert len(found) == len(commands)
    return found


class Arguments(unittest.TestCase):
    maxDiff = 4000

    def setUp(self):
        self.rng = random.Random("%d %s" % (SEED, self.id()))

    def count(self, number):
        print("%s: %d cases" % (self.id().rpartition(".")[2], number))
        self.assertGreater(number, 0)

    def check_texts(self, command, wanted, texts):
        for (value, problem), text, (kind, ours) in zip(map(wanted, texts), texts, answers([(command, text) for text in texts])):
            self.assertEqual((kind, ours[0]), ("problem", problem) if problem is not None else ("value", value), repr(text))
        self.count(len(texts))

    def check_outcome(self, case, wanted, kind, ours):
        if not wanted.code:
            self.assertEqual((kind, ours), ("value", wanted.value), case)
            return
        self.assertEqual(kind, "stop %d" % wanted.code, "%r: %r; the AWS CLI: %r" % (case, ours, wanted))
        if wanted.text is not None:
            self.assertEqual(ours + "\n", wanted.text, case)

    def check_outcomes(self, command, wanted, tried, words):
        for case, (kind, ours) in zip(tried, answers([(command, *words(*case)) for case in tried])):
            self.check_outcome(case, judge.outcome(wanted, *case), kind, ours[0])
        self.count(len(tried))


class Texts(Arguments):
    def test_shorthand(self):
        self.check_texts("shorthand", judge.shorthand, cases.SHORTHAND)

    def test_shorthand_at_random(self):
        self.check_texts("shorthand", judge.shorthand, [cases.random_shorthand(self.rng) for _ in range(5000)])

    def test_json(self):
        self.check_texts("json", judge.read_json, cases.JSON)

    def test_json_at_random(self):
        self.check_texts("json", judge.read_json, [cases.random_json_text(self.rng) for _ in range(4000)])


def every_member():
    for operation in judge.OPERATIONS:
        for member, shape in judge.members(operation).items():
            if shape.type_name != "boolean":
                yield operation, member, shape


def element_shape(shape):
    return shape.member if shape.type_name == "list" else shape


def one_of_each():
    """A member for each shape that requests have at the top."""
    return {shape.name: (operation, member, shape) for operation, member, shape in every_member()}.values()


class Values(Arguments):
    def check_values(self, tried):
        self.check_outcomes("value", judge.value, tried, lambda operation, member, words: (operation, member, *words))

    def test_words(self):
        words = [word for word in cases.WORDS if word not in ("٣",)]
        self.check_values([(operation, member, [word]) for operation, member, _ in one_of_each() for word in words])

    def test_several_words(self):
        lists = [(operation, member) for operation, member, shape in one_of_each() if shape.type_name == "list"]
        tried = [(*member, []) for member in lists]
        tried += [(*member, list(pair)) for member in lists for pair in itertools.product(cases.WORDS[:60:3], cases.WORDS[:60:4])]
        self.check_values(tried + [(*member, ["a", "b", "c"]) for member in lists])

    def is_taken_apart(self, kind, word, wanted):
        """Whether the AWS CLI makes a list of the characters or bytes of a file."""
        if kind == ("list", "string"):
            is_json = word.startswith("file://") and word.endswith(("list.json", "list2.json"))
            return wanted.code == 255 or not wanted.code and not is_json
        of_first = wanted.text is not None and wanted.text.endswith("JSON received: {\n")
        return kind == ("list", "structure") and word.startswith("file://") and (wanted.code == 255 or of_first)

    def test_files(self):
        for name, content in cases.FILES.items():
            with open(os.path.join(judge.FOLDER.name, name), "wb") as file:
                file.write(content)
        os.environ.update(IVS_TEST_NAME="text", IVS_TEST_HOME="~")
        kinds = {(shape.type_name, element_shape(shape).type_name): (operation, member) for operation, member, shape in every_member()}
        tried, ours_alone = [], []
        for kind, member in kinds.items():
            for word in cases.file_words(judge.FOLDER.name):
                wanted = judge.outcome(judge.value, *member, [word])
                (ours_alone if self.is_taken_apart(kind, word, wanted) else tried).append((*member, [word]))
        self.check_values(tried)
        for case, (kind, ours) in zip(ours_alone, answers([("value", case[0], case[1], *case[2]) for case in ours_alone])):
            self.assertEqual(kind, "stop 252", case)
            self.assertRegex(ours[0], ": (the file has to hold a JSON list|fileb:// gives bytes, not a text; use file://)$")
        self.assertGreater(len(ours_alone), 5)

    def test_shorthand_by_the_model(self):
        tried = []
        structures = [member for member in one_of_each() if element_shape(member[2]).type_name == "structure"]
        for _ in range(2000):
            operation, member, shape = self.rng.choice(structures)
            count = self.rng.choice([1, 1, 2]) if shape.type_name == "list" else 1
            tried.append((operation, member, [cases.random_members(self.rng, element_shape(shape)) for _ in range(count)]))
        self.check_values(tried)


class Requests(Arguments):
    def check_requests(self, tried):
        self.check_outcomes("validate", lambda *case: repr(judge.check(*case)), tried, lambda operation, params: (operation, json.dumps(params)))

    def test_validation(self):
        tried = []
        for _ in range(4000):
            operation = self.rng.choice(list(judge.OPERATIONS))
            params = cases.random_params(self.rng, judge.model(operation).input_shape)
            tried.append((operation, params))
        self.check_requests(tried)

    def test_nothing_given(self):
        self.check_requests([(operation, {}) for operation in judge.OPERATIONS])

    def words(self, operation, given, extra):
        groups = [*given.items(), *((name, [word]) for name, word in extra.items())]
        return (operation, *itertools.chain.from_iterable((name, str(len(words)), *words) for name, words in groups))

    def test_whole_requests(self):
        tried = []
        for _ in range(2000):
            operation = self.rng.choice(list(judge.OPERATIONS))
            given = {}
            for member, shape in judge.members(operation).items():
                if shape.type_name == "boolean" or self.rng.random() < 0.4:
                    continue
                if shape.type_name == "structure":
                    given[member] = [cases.random_members(self.rng, shape)]
                else:
                    given[member] = [self.rng.choice(["a", "a=b", "1", "arn:aws:x", "[]", "{}", "é", "x=y,z=w", '{"a":null}', '["a"]'])]
            extra = {}
            if self.rng.random() < 0.6:
                shape = judge.model(operation).input_shape
                text = json.dumps(cases.random_params(self.rng, shape)) if self.rng.random() < 0.9 else self.rng.choice(cases.JSON)
                extra["cli-input-json"] = text
            tried.append((operation, given, extra))
        self.check_outcomes("request", judge.request, tried, self.words)

    def test_input_json(self):
        with open(os.path.join(judge.FOLDER.name, "request.json"), "wb") as file:
            file.write(b'\xef\xbb\xbf{"arn": "abc"}')
        texts = cases.JSON + ["{\"arn\":\"x\"}", "{\"arn\":null}", "{\"arn\":[]}", "{\"Arn\":1}", "[]", "1", "\"x\"", "1.5", "true", "null",
                              "file://nowhere", "fileb://nowhere", "file://~/request.json", "fileb://~/request.json"]
        tried = [("GetChannel", given, {"cli-input-json": text}) for text in texts for given in ({}, {"arn": ["y"]})]
        tried += [("GetChannel", {}, {"cli-input-yaml": '{"arn": "x"}'}), ("GetChannel", {}, {"cli-input-json": "{}", "cli-input-yaml": "{}"})]
        self.check_outcomes("request", judge.request, tried, self.words)

    def test_yaml_is_refused(self):
        (kind, ours), = answers([("request", *self.words("GetChannel", {}, {"cli-input-yaml": "arn: x"}))])
        self.assertEqual(kind, "stop 252")
        self.assertIn("only what is JSON too can be read here", ours[0])

    def test_yaml_is_refused_as_skeleton(self):
        for word, text in (("yaml-input", "yaml-input is not to be had here"), ("x", "Invalid choice, valid choices are:\n\ninput ")):
            (kind, ours), = answers([("kind", word)])
            self.assertEqual(kind, "stop 252")
            self.assertIn(text, ours[0])

    def test_skeletons(self):
        self.check_outcomes("skeleton", judge.skeleton, list(itertools.product(("input", "output"), judge.OPERATIONS)), lambda *case: case)


class Pages(Arguments):
    def params(self, result):
        config = {}
        if self.rng.random() < 0.6:
            config["MaxItems"] = self.rng.choice([0, 1, 2, 3, 4, 5, 6, 8, 10, 100, -1])
        if self.rng.random() < 0.3:
            config["PageSize"] = self.rng.choice([1, 5, 0])
        if self.rng.random() < 0.5:
            token = self.rng.choice(cases.TOKENS)
            if self.rng.random() < 0.6:
                token = base64.b64encode(json.dumps(self.rng.choice(cases.TOKEN_OBJECTS)).encode()).decode()
            config["StartingToken"] = token
        params = {"filterByName": "x"} if self.rng.random() < 0.2 else {}
        if config:
            params["PaginationConfig"] = config
        return params

    def cases(self, number):
        for _ in range(number):
            operation = self.rng.choice(list(judge.PAGINATORS))
            result = judge.PAGINATORS[operation]["result_key"]
            yield operation, cases.random_answers(self.rng, result), self.params(result)

    def check_pages(self, command, wanted, number):
        tried = list(self.cases(number))
        commands = [(command, operation, json.dumps(found), json.dumps(params)) for operation, found, params in tried]
        for case, (kind, ours) in zip(tried, answers(commands)):
            verdict, beside = wanted(*case)
            if verdict.text is None and verdict.code and "StartingToken" in case[2].get("PaginationConfig", {}):
                self.assertIn(kind, ("value", "stop 255"), case)
                continue
            self.check_outcome(case, verdict, kind, ours[0])
            self.assertEqual(ours[1:], beside, case)
        self.count(len(tried))

    def test_merged(self):
        self.check_pages("merged", judge.merged_pages, 2500)

    def test_one_by_one(self):
        self.check_pages("single", judge.single_pages, 1500)

    def test_going_on_gives_all(self):
        """From token to token, every element once."""
        answers_of = {"": {"channels": ["a", "b", "c"], "nextToken": "t1"},
                      "t1": {"channels": ["d", "e"], "nextToken": "t2"},
                      "t2": {"channels": ["f"]}}
        for size in range(1, 8):
            seen, token = [], None
            while token or not seen:
                config = {"MaxItems": size, **({"StartingToken": token} if token else {})}
                start = json.loads(base64.b64decode(token))["nextToken"] or "" if token else ""
                order = list(answers_of.values())[list(answers_of).index(start):]
                (kind, ours), = answers([("merged", "ListChannels", json.dumps(order), json.dumps({"PaginationConfig": config}))])
                self.assertEqual(kind, "value")
                found = eval(ours[0], {})  # a repr of texts and lists
                seen += found["channels"]
                token = found.get("NextToken")
                self.assertEqual(seen, list("abcdef")[:len(seen)])
                self.assertTrue(len(found["channels"]) == size or not token)
            self.assertEqual(seen, list("abcdef"))

    def test_wanted(self):
        givens = [{}, {"max-items": 0}, {"max-items": 3}, {"starting-token": ""}, {"starting-token": "x"},
                  {"page-size": 1, "max-items": 2}, {"page-size": 1, "max-items": 2, "starting-token": "t"}]
        chosen = [[], ["nextToken"], ["maxResults"], ["nextToken", "maxResults"], ["filterByName"]]
        tried = list(itertools.product(["ListChannels"], chosen, givens, chosen, [False, True]))
        found = answers([("wanted", operation, " ".join(by_option), json.dumps(given), " ".join(by_json), "no" if no_paginate else "yes")
                         for operation, by_option, given, by_json, no_paginate in tried])
        for case, (kind, ours) in zip(tried, found):
            self.check_outcome(case, judge.pages_wanted(*case), kind, ours[0])
        self.count(len(tried))

    def test_other_operations_have_none(self):
        others = [operation for operation in judge.OPERATIONS if operation not in judge.PAGINATORS]
        for operation, answer in zip(others, answers([("wanted", operation, "", "{}", "", "yes") for operation in others])):
            self.assertEqual(answer, ("value", ["False"]), operation)

    def test_integers(self):
        tried = [(name, word) for name in ("page-size", "max-items") for word in cases.WORDS if word != "٣"]
        for case, (kind, ours) in zip(tried, answers([("integer", *case) for case in tried])):
            value, problem = judge.integer_option(*case)
            self.assertEqual((kind, ours[0]), ("value", value) if problem is None else ("stop 252", problem), case)


if __name__ == "__main__":
    print("%s; %s; IVS_SEED=%d" % (judge.VERSIONS, PROGRAM, SEED))
    sys.stdout.flush()
    unittest.main()
