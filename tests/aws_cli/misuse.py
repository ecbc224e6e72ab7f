"""Command lines that nobody should write, made from the model: every one ends with a clear error and sends nothing that it should not.

usage: tests/aws_cli/misuse.py        (IVS_SEED repeats a run)

Each is a process. The service that they would reach writes down every request; what is refused here must not arrive there.
"""

import json
import os
import random
import re
import signal
import subprocess
import unittest
from concurrent.futures import ThreadPoolExecutor

from compare import COMMANDS, LEAST, MODEL, SEED, clients, kebab
from world import World

DEADLINE = 20  # s, for one command
SHOWN = 6000  # bytes on stderr, beside the words themselves
DEEP, HUGE = 25000, 120000  # a word of a command has at most 128 KB
INTERNAL = re.compile(rb"stack traceback|\.lua:\d+|attempt to |a nil value|table: 0x|\(\.\.\.tail calls\)|assertion failed")
BINARY = (b"\xff\xfe", b"a\x80b", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xe2\x82")
DEEP_JSON = ("[" * DEEP, '{"a":' * DEEP, "[" * DEEP + "]" * DEEP, '{"a":' * 1000 + "1" + "}" * 1000, '[{"a":' * 2000)
BROKEN_JSON = ("{", "[", '{"a"', '{"a":}', '{"a":1,}', "{'a': 'b'}", '{"a":"b"', '["a" "b"]', "[1,,2]", '{"a":01}', '{"a":"\\x"}',
               '{"a":"\\ud8"}', "{} {}", '[tru]', "{a:1}", '{"a":"b"}}', '["\n"]')
NO_NUMBERS = ("", "x", "1.5", "1e3", "0x10", "--", "1 2", "one", "true", "null", "{}", "1" + "0" * 30, "-" + "9" * 25,
              "9" * 5000, "9223372036854775808", "\u0663x", "+", "1_", "NaN", "inf")
QUERIES = ("[", "foo(", "a..b", "a[", "{", "{a}", "{a:}", "`", "'a", "&", "a b", "[?", "[?a=", "*.", "|", "a|", "a[1:2:3:4]",
           "\"", "a.1", "@ @", "(" * 5000, "[" * 5000, "!" * 20000, "a." * 20000, "`" + "[" * 5000)


def structures(name):
    """The shape of a member of a structure or list of structures, or None."""
    shape = MODEL["shapes"][name]
    shape = MODEL["shapes"][shape["member"]] if shape["type"] == "list" else shape
    return shape if shape["type"] == "structure" else None


def misspell(rng, word):
    at = rng.randrange(1, len(word))
    return rng.choice((word[:at] + "q" + word[at:], word[:at] + "qx" + word[at + 1:], word + "x", word[:at] + "_" + word[at:]))


class Maker:
    """Cases as (what is wrong, words). All of them have to be refused before anything is sent."""

    def __init__(self, rng, folder):
        self.rng, self.folder, self.cases = rng, folder, []

    def add(self, what, command, *words):
        self.cases.append((what, [command, *words]))

    def required(self, shape, without):
        """The options that an operation needs, but for one."""
        words = []
        for member in shape.get("required", []):
            if member != without:
                words += ["--" + kebab(member), *LEAST.get(member, "x").split()]
        return words

    def make(self):
        for command, operation in zip(COMMANDS, MODEL["operations"].values()):
            shape = MODEL["shapes"][operation["input"]]
            self.operation(command, shape)
            for member, use in shape["members"].items():
                self.member(command, shape, member, use["shape"])
        for word in (*COMMANDS[:20], "create"):
            self.add("a misspelt operation", misspell(self.rng, word))
        return self.cases

    def operation(self, command, shape):
        good = self.required(shape, None)
        self.add("an unknown option", command, *good, "--no-such-option", "x")
        self.add("a stray word", command, "stray", *good)
        self.add("an option that begins with one dash", command, *good, "-name", "x")
        for member in shape.get("required", []):
            self.add("without " + member, command, *self.required(shape, member))
        for text in self.rng.sample(BROKEN_JSON, 3):
            self.add("broken --cli-input-json", command, "--cli-input-json", text)
        self.add("deep --cli-input-json", command, "--cli-input-json", self.rng.choice(DEEP_JSON))
        self.add("an unknown member in --cli-input-json", command, *good, "--cli-input-json", '{"no-such": 1}')
        self.add("bytes in --cli-input-json", command, *good, "--cli-input-json", b'{"x": "' + self.rng.choice(BINARY) + b'"}')
        self.add("no query", command, *good, "--query", self.rng.choice(QUERIES[:-6]))
        if command in ("get-channel", "list-channels"):
            for query in QUERIES:
                self.add("no query", command, *good, "--query", query)

    def member(self, command, shape, member, name):
        option, rest = "--" + kebab(member), self.required(shape, member)
        kind = MODEL["shapes"][name]["type"]
        wrong = misspell(self.rng, option)
        self.add("a misspelt option", command, *rest, wrong, "x")
        if kind == "boolean":
            self.add("a value for a switch", command, *rest, option + "=true")
            self.add("a value for a switch", command, *rest, option, "true")
            self.add("a switch with a wrong no", command, *rest, "--not-" + kebab(member))
            return
        if kind != "list":
            self.add("no value", command, *rest, option)
        self.add("a file that is not there", command, *rest, option, "file:///nonexistent/x")
        self.add("a folder as a file", command, *rest, option, "file://" + self.folder)
        self.add("bytes that are no text", command, *rest, option, self.rng.choice(BINARY))
        self.add("a file of such bytes", command, *rest, option, "file://" + os.path.join(self.folder, "binary"))
        for text in getattr(self, kind, lambda *_: ())(name):
            self.add("a wrong " + kind, command, *rest, option, text)
        self.add("a wrong type in --cli-input-json", command, *rest, "--cli-input-json", json.dumps({member: self.other(kind)}))

    def other(self, kind):
        wrong = {"string": [1, [], {}, True, ["a"]], "integer": ["1", 1.5, [], {}, True], "list": ["a", {}, 1, True],
                 "map": ["a", [], 1, {"a": 1}, {"a": None}], "structure": ["a", [], 1, {"no-such": 1}], "boolean": ["true", 1, [], {}]}
        return self.rng.choice(wrong[kind])

    def integer(self, _name):
        return self.rng.sample([text for text in NO_NUMBERS if not text.lstrip("-").isdecimal()], 5)

    def map(self, _name):
        return ["novalue", "=", "a=b,c", "a={", "a=[b", '{"a": 1}', '{"a": []}', "[1]", "a='b", 'a="b',
                *self.rng.sample(BROKEN_JSON, 2), self.rng.choice(DEEP_JSON), "a=" + "{b=" * 5000]

    def structure(self, name):
        known = list(MODEL["shapes"][name]["members"])
        return ["novalue", misspell(self.rng, known[0]) + "=x", json.dumps({misspell(self.rng, known[0]): 1}), known[0] + "={",
                json.dumps({known[0]: [[{}]]}), *self.rng.sample(BROKEN_JSON, 2), self.rng.choice(DEEP_JSON), "a=" + "[" * 5000]

    def list(self, name):
        inner = structures(name)
        texts = ["[1]", "[{}]" if not inner else "[[]]", "[null]", *self.rng.sample([text for text in BROKEN_JSON if text[0] == "["], 2),
                 "[" * DEEP, "[" * 500 + "]" * 500]
        if inner:
            texts += self.structure(MODEL["shapes"][name]["member"])
        return texts


def may_be_sent():
    """What the AWS CLI leaves to the service: nothing is wrong with its type."""
    for command in ("get-channel", "delete-channel", "get-stream-key"):
        for text in ("a" * HUGE, "\u20ac" * 30000, "\x01\x02", "../../etc", "%s%n%d", "'; --", "\U0001f600", "x" * 129, "a\nb",
                     "a\r\nX-Y: z", "a\tb"):
            yield "an unlikely text", [command, "--arn", text]
    for number in (2**31, 2**31 - 1, 2**63 - 1, 301, 10**18):
        yield "a large number", ["insert-ad-break", "--channel-arn", "x", "--duration-seconds", str(number)]
        yield "a large number", ["list-channels", "--max-results", str(number), "--no-paginate"]
    yield "many elements", ["batch-get-channel", "--arns", *["x"] * 3000]
    yield "many tags", ["tag-resource", "--resource-arn", "x", "--tags", ",".join("k%d=v" % i for i in range(3000))]
    yield "a large file", ["import-playback-key-pair", "--public-key-material", "file://large"]
    for number in ("9223372036854775808", "1" + "0" * 30, "-" + "9" * 25, "9" * 4000):
        yield "a number beyond all", ["insert-ad-break", "--channel-arn", "x", "--duration-seconds", number]


class Misuse(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World()
        cls.world.empty()
        for name, content in (("binary", bytes(range(256))), ("large", b"a" * 3000000)):
            with open(cls.world.path(name), "wb") as file:
                file.write(content)

    @classmethod
    def tearDownClass(cls):
        cls.world.stop()

    def environment(self):
        own = {**clients.CLEAN, **self.world.environment}
        return {**own, "AWS_ENDPOINT_URL_IVS": self.world.environment["IVS_SIM_HTTP"]}

    def run_one(self, words):
        try:
            return subprocess.run([clients.PROGRAM, *words], env=self.environment(), cwd=self.world.folder.name, capture_output=True,
                                  timeout=DEADLINE, check=False)
        except subprocess.TimeoutExpired:
            return None

    def problem(self, words, done, codes):
        """What is wrong with the way that a command ended, or None."""
        if done is None:
            return "it took over %d s" % DEADLINE
        if done.returncode < 0:
            return "ended by " + signal.Signals(-done.returncode).name
        if done.returncode not in codes:
            return "exit code %d" % done.returncode
        if not done.stderr.strip():
            return "nothing on stderr"
        if len(done.stderr) > SHOWN + 3 * max(map(len, words)):
            return "%d bytes on stderr" % len(done.stderr)
        if done.stdout:
            return "something on standard output"
        if INTERNAL.search(done.stderr):
            return "an error of the program itself"
        try:
            done.stderr.decode()
        except UnicodeDecodeError:
            return None if any(isinstance(word, bytes) for word in words) else "no UTF-8 on stderr"
        return None

    def check(self, cases, codes):
        with ThreadPoolExecutor(2) as pool:
            ended = pool.map(lambda case: self.run_one(case[1]), cases)
            for (what, words), done in zip(cases, ended):
                short = [word if len(word) < 80 else word[:60] + type(word)() for word in words]
                with self.subTest(what=what, words=short):
                    self.assertIsNone(self.problem(words, done, codes), done and (done.returncode, done.stdout[:300], done.stderr[:600]))

    def test_refused_here(self):
        cases = Maker(random.Random(SEED), self.world.folder.name).make()
        print("test_refused_here: %d command lines" % len(cases), flush=True)
        self.assertGreaterEqual(len(cases), 1000)
        self.world.journal.clear()
        self.check(cases, (252, 255))
        arrived = self.world.journal.recent()
        self.assertEqual([(each["operation"], each["code"], each["why"]) for each in arrived], [])

    def test_refused_there(self):
        cases = list(may_be_sent())
        print("test_refused_there: %d command lines" % len(cases), flush=True)
        self.world.journal.clear()
        self.check(cases, (252, 254, 255))
        self.assertEqual([each for each in self.world.journal.recent() if not each["code"]], [])


if __name__ == "__main__":
    print("%s; seed: IVS_SEED=%d" % (clients.versions(), SEED), flush=True)
    unittest.main(warnings="ignore")
