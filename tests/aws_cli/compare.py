"""The program against Debian's AWS CLI: the same words, the same service; standard output to the byte, exit code, error line.

usage: tests/aws_cli/compare.py

The cases are in cases/, with the exit code that both have to end with. Where we differ on purpose is told in
differences.json, and each difference is tested to be just that. IVS_PROGRAM names another program than that of the build.
"""

import itertools
import json
import os
import random
import re
import shlex
import unittest
from unittest import mock

SEED = int(os.environ.get("IVS_SEED", str(random.SystemRandom().randrange(2**32))))

import clients  # noqa: E402, it cleans the environment
from world import TOP, World  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
NAME = re.compile(r"\$([a-z_]+[0-9]?)")
SAMPLE = 16  # cases that are also run by /usr/bin/aws itself

with open(os.path.join(HERE, "keys.pem"), encoding="ascii") as file:
    # Public halves of pairs on P-384, made by openssl for these tests; nobody has the other halves.
    KEYS = [key + "\n" for key in file.read().strip().split("\n\n")]
with open(os.path.join(TOP, "core", "model", "ivs-2020-07-14.json"), encoding="utf-8") as file:
    MODEL = json.load(file)


def kebab(name):
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()


PAGED = {"ListAdConfigurations", "ListChannels", "ListPlaybackKeyPairs", "ListRecordingConfigurations", "ListStreamKeys", "ListStreams"}
COMMANDS = [kebab(name) for name in MODEL["operations"]]
LEAST = {"arns": "x", "viewerSessions": "channelArn=x,viewerId=v", "destinationConfiguration": "s3={bucketName=abc}",
         "mediaTailorPlaybackConfigurations": "playbackConfigurationArn=x", "durationSeconds": "7", "tags": "a=b", "tagKeys": "a"}
with open(os.path.join(HERE, "differences.json"), encoding="utf-8") as file:
    DIFFERENCES = {difference["name"]: difference for difference in json.load(file)}


def cases(name):
    with open(os.path.join(HERE, "cases", name + ".jsonl"), encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


class Case:
    """
    run: the words, as a shell reads them, with names of the world. exit: of both. env: more or, where null, fewer variables.
    files: what is in the world's folder. after: a command whose token is $token. alone: nothing is added to the words.
    differs: the difference that is meant. seed: answers are by chance, and follow from it.
    throttled: the service takes no more metadata. faults: what goes wrong, as control calls of the simulator.
    """

    def __init__(self, world, run, exit=0, env=None, files=None, after=None, alone=False, differs=None, seed=None, throttled=False,
                 faults=()):
        self.seed, self.throttled, self.faults = seed, throttled, faults
        self.world, self.run, self.exit, self.files = world, run, exit, files or {}
        self.after, self.alone, self.differs = after, alone, differs
        self.env = {"AWS_ACCESS_KEY_ID": world.environment["AWS_ACCESS_KEY_ID"],
                    "AWS_SECRET_ACCESS_KEY": world.environment["AWS_SECRET_ACCESS_KEY"], "AWS_REGION": "us-west-2"}
        for name, value in (env or {}).items():
            self.env[name] = value and self.fill(value, world.names)
        self.env = {name: value for name, value in self.env.items() if value is not None}

    @staticmethod
    def fill(text, names):
        return NAME.sub(lambda found: names.get(found[1], found[0]), text)

    def words(self, run, **more):
        names = {**self.world.names, **more}
        return [self.fill(word, names) for word in shlex.split(run)] + ([] if self.alone else ["--endpoint-url", names["http"]])

    def at(self, moment):
        """The world and the files as they are when the case begins."""
        self.world.build(KEYS, moment)
        names = {**self.world.names, "new_pem": KEYS[0], "old_pem": KEYS[1]}
        for name, content in self.files.items():
            with open(self.world.path(name), "w", encoding="utf-8") as file:
                file.write(self.fill(content, names))

    def token(self):
        if not self.after:
            return {}
        answer = json.loads(clients.aws(self.words(self.after), self.env).stdout)
        return {"token": answer.get("NextToken") or answer["nextToken"]}

    def result(self, client, moment):
        """What the client did; with the last that the service had to say about it."""
        self.at(moment)
        words = self.words(self.run, **self.token())
        if self.throttled:
            self.world.exhaust(self.world.names["live"])
        if self.seed is not None:
            self.world.random(self.seed)
        for fault in self.faults:
            self.world.fault(fault)
        self.world.journal.clear()
        result = client(words, self.env)
        requests = self.world.journal.recent()
        result.requests = [(request["method"], request["path"], request["code"]) for request in requests]
        result.last = requests[-1] if requests else None
        return result


class Comparison(unittest.TestCase):
    maxDiff = 6000

    @classmethod
    def setUpClass(cls):
        cls.world = World()
        cls.world.build(KEYS)

    @classmethod
    def tearDownClass(cls):
        cls.world.stop()

    def case(self, fields):
        return Case(self.world, **fields)

    def difference(self, case, ours, theirs):
        """The difference that explains what is on stderr, if it does."""
        if ours.stderr == theirs.stderr and not case.differs:
            return None, {}
        wanted = [case.differs] if case.differs else [name for name, each in DIFFERENCES.items() if each.get("everywhere")]
        for name in wanted:
            known = DIFFERENCES[name]
            found = [re.fullmatch(known[who], text.decode(), re.DOTALL) for who, text in (("aws", theirs.stderr), ("ivs", ours.stderr))]
            if all(found) and all(found[1][group] == text for group, text in found[0].groupdict().items()):
                return known, found[1].groupdict()
        return None, {}

    def check(self, case, ours, theirs):
        both = "%s\n--- the AWS CLI: %r\n--- ivs: %r" % (case.run, theirs, ours)
        known, said = self.difference(case, ours, theirs)
        if known:
            self.seen.add(known["name"])
        else:
            self.assertIsNone(case.differs, both)
            self.assertEqual(ours.stderr, theirs.stderr, both)
            known = {}
        self.assertEqual(theirs.code, case.exit, both)
        self.assertEqual(ours.code, known.get("exit", case.exit), both)
        if "exit" not in known:
            self.assertEqual(ours.stdout, theirs.stdout, both)
            self.assertEqual(ours.requests, theirs.requests if "sends" not in known else [], both)
        if "request_id" in said:
            self.assertEqual(said["request_id"], ours.last["requestId"], both)
            shown, of, _ = said["message"].partition("\N{HORIZONTAL ELLIPSIS}")  # a long one is cut off
            why = ours.last["why"].partition("; fault ")[0]  # what the simulator said
            self.assertTrue(shown and (why.startswith(shown) if of else shown.startswith(why)),
                            "%s\n%s" % (both, ours.last))

    def compare(self, fields):
        case = self.case(fields)
        moment = self.world.moment()
        theirs = case.result(clients.aws, moment)
        self.check(case, case.result(clients.ivs, moment), theirs)

    def compare_all(self, found):
        print("%s: %d cases" % (self.id().rpartition(".")[2], len(found)), flush=True)
        self.assertGreater(len(found), 0)
        for fields in found:
            with self.subTest(run=fields["run"]):
                self.compare(fields)

    seen = set()


class Operations(Comparison):
    def test_at_least_three_for_each(self):
        found = cases("operations")
        for command in COMMANDS:
            codes = [each.get("exit", 0) for each in found if each["run"].split()[0] == command]
            self.assertGreaterEqual(len(codes), 3, command)
            self.assertLess(0, codes.count(0), command)
            self.assertLess(codes.count(0), len(codes), command)
        self.assertEqual(len(COMMANDS), 41)

    def test_every_member_is_given(self):
        given = {}
        for each in cases("operations"):
            command, *words = shlex.split(each["run"])
            given.setdefault(command, set()).update(re.sub("^--(no-)?", "", word.split("=")[0]) for word in words if word[:2] == "--")
        for command, operation in zip(COMMANDS, MODEL["operations"].values()):
            for member in MODEL["shapes"][operation["input"]]["members"]:
                self.assertIn(kebab(member), given[command], command)

    def test_operations(self):
        self.compare_all(cases("operations"))


class Usage(Comparison):
    def test_usage(self):
        self.compare_all(cases("usage"))


class Pages(Comparison):
    def test_forms_of_one_list(self):
        with open(os.path.join(HERE, "cases", "pages.json"), encoding="utf-8") as file:
            grid = json.load(file)
        found = []
        for output, query, paging in itertools.product(grid["outputs"], grid["queries"], grid["pagings"]):
            words = [grid["list"], paging["words"], "--output " + output, "--query '%s'" % query if query else ""]
            found.append({"run": " ".join(filter(None, words)), "after": paging.get("after")})
        self.assertGreaterEqual(len(found), 60)
        self.compare_all(found)

    def test_every_list(self):
        self.compare_all(cases("pages"))


def least(operation):
    """The fewest options that the model lets an operation have."""
    shape = MODEL["shapes"][MODEL["operations"][operation]["input"]]
    return " ".join("--%s %s" % (kebab(member), LEAST.get(member, "x")) for member in shape.get("required", []))


class Skeletons(Comparison):
    def test_input(self):
        self.compare_all([{"run": command + " --generate-cli-skeleton"} for command in COMMANDS])

    def test_output(self):
        runs = [command + " --generate-cli-skeleton output " + least(operation)
                for command, operation in zip(COMMANDS, MODEL["operations"])]
        print("test_output: %d cases" % len(runs), flush=True)
        for run in runs:
            with self.subTest(run=run):
                self.compare_example(run)

    def compare_example(self, run):
        """Where the AWS CLI finds fault with its own example, ours is what it prints when it does not look."""
        moment = self.world.moment()
        theirs = self.case({"run": run}).result(clients.aws, moment)
        refused = theirs.code == 252
        case = self.case({"run": run, "exit": theirs.code, "differs": "answer skeleton" if refused else None})
        ours = case.result(clients.ivs, moment)
        self.check(case, ours, theirs)
        if refused:
            with mock.patch("botocore.stub.Stubber._validate_response"):
                self.assertEqual(ours.stdout, case.result(clients.aws, moment).stdout, run)
        else:
            self.assertEqual(theirs.code, 0, theirs)

    def test_as_input(self):
        self.compare_all(cases("input"))


class Transport(Comparison):
    def test_trust(self):
        self.compare_all(cases("transport"))


class Retries(Comparison):
    """Who is asked how often, and what the last line says of that."""

    def test_retries(self):
        self.compare_all(cases("retries"))


class Harness(Comparison):
    def test_the_command_itself_says_the_same(self):
        """What is compared above is the AWS CLI inside of this process; here it is the one that is installed."""
        found = [each for name in ("operations", "usage", "pages", "input") for each in cases(name)]
        for fields in random.Random(SEED).sample(found, SAMPLE):
            case, moment = self.case(fields), self.world.moment()
            inside, outside = (case.result(client, moment) for client in (clients.aws, clients.aws_process))
            self.assertEqual(inside, outside, fields)


class ZDifferences(unittest.TestCase):
    """Named so that it comes last: each difference was met, and explains itself."""

    def test_each_is_met(self):
        for name, difference in DIFFERENCES.items():
            self.assertTrue(len(difference["why"]) > 40, name)
        if Comparison.seen:  # not when single tests were asked for
            self.assertEqual(sorted(Comparison.seen), sorted(DIFFERENCES))


if __name__ == "__main__":
    print("%s; seed: IVS_SEED=%d" % (clients.versions(), SEED), flush=True)
    unittest.main(warnings="ignore")  # of sockets that the AWS CLI leaves open
