"""Answers by chance, for every operation: what C, Lua and the command line make of them.

usage: tests/aws_cli/random_rounds.py CODEC     CODEC: the program of tests/core/codec_stdin.c. IVS_SEED repeats a run.

What a client has to see is told by the simulator, apart from what it sends. The command line's four forms are also compared
with what the AWS CLI prints of the same answer.
"""

import json
import os
import random
import re
import subprocess
import sys
import unittest

import compare
from compare import MODEL, SEED, clients, kebab

from simulator.random_mode import RandomMode  # found by way of compare

OPERATIONS = list(MODEL["operations"])
ROUNDS_C, ROUNDS_LUA, ROUNDS_CLI, ROUNDS_AWS = 3000, 1500, 450, 260
OUTPUTS = ("json", "text", "table", "yaml")
CODEC = None
SHORTEST = {"arns": ["arn:aws:ivs:us-west-2:123456789012:channel/x"], "durationSeconds": 7, "tags": {"a": "b"}, "tagKeys": ["a"],
            "streamId": "st-" + "a" * 24, "metadata": "x", "viewerId": "v", "publicKeyMaterial": "x",
            "destinationConfiguration": {"s3": {"bucketName": "abc"}}, "mediaTailorPlaybackConfigurations": [
                {"playbackConfigurationArn": "arn:aws:mediatailor:us-west-2:123456789012:playbackConfiguration/x"}]}


def arn(use):
    """A text that the pattern of the member takes."""
    pattern = MODEL["shapes"][use["shape"]].get("pattern", "")
    kind = re.search(r":([a-z-]+)\\?/", pattern)
    return "arn:aws:ivs:us-west-2:123456789012:%s/x" % (kind[1] if kind else "channel")


def request(operation):
    """The smallest request that the service takes."""
    shape = MODEL["shapes"][MODEL["operations"][operation]["input"]]
    values = dict(SHORTEST)
    if operation == "BatchGetStreamKey":
        values["arns"] = ["arn:aws:ivs:us-west-2:123456789012:stream-key/x"]
    if operation == "BatchStartViewerSessionRevocation":
        return {"viewerSessions": [{"channelArn": "arn:aws:ivs:us-west-2:123456789012:channel/x", "viewerId": "v"}]}
    return {member: values.get(member) or arn(shape["members"][member]) for member in shape.get("required", [])}


def words(operation):
    """The same for a command line, every value as JSON or text."""
    return " ".join("--%s '%s'" % (kebab(member), value if isinstance(value, str) else json.dumps(value))
                    for member, value in request(operation).items())


def pairs(text):
    """JSON with the order of its members."""
    return json.loads(text, object_pairs_hook=lambda members: ["object", *map(list, members)])


def exact(value):
    """A text that is the same for the same value only: 1 is neither 1.0 nor true."""
    return json.dumps(value, sort_keys=True)


def shown_time(text):
    """A time in the form of the AWS CLI."""
    seconds, fraction = re.fullmatch(r"(.*?)(?:\.(\d+))?Z", text).groups()
    digits = ((fraction or "") + "000000")[:6]
    return seconds + ("." + digits if int(digits) else "") + "+00:00"


def walk(shape_name, value, leaf):
    """A copy of a value, with leaf(shape, value) in place of maps and of what holds no more."""
    shape = MODEL["shapes"][shape_name]
    if shape["type"] == "structure":
        return {name: walk(shape["members"][name]["shape"], inner, leaf) for name, inner in value.items()}
    if shape["type"] == "list":
        return [walk(shape["member"], inner, leaf) for inner in value]
    return leaf(shape, value)


def for_c(shape, value):
    """As codec_stdin prints it: a map as pairs, a time without the seconds that it also tells."""
    if shape["type"] == "map":
        return [list(pair) for pair in value.items()]
    return value


def from_c(shape, value):
    return value["text"] if shape["type"] == "timestamp" else value


def for_command_line(shape, value):
    return shown_time(value) if shape["type"] == "timestamp" else value


class Rounds(compare.Comparison):
    def setUp(self):
        self.rng = random.Random("%d %s" % (SEED, self.id()))

    def operations(self, rounds):
        print("%s: %d rounds" % (self.id().rpartition(".")[2], rounds), flush=True)
        for number in range(rounds):
            yield number, OPERATIONS[number % len(OPERATIONS)]

    def environment(self):
        return {**clients.CLEAN, **self.world.environment, "AWS_ENDPOINT_URL_IVS": self.world.environment["IVS_SIM_HTTP"]}

    def expected(self, operation):
        _, answered, text = self.world.service.random.expected()
        self.assertEqual(answered, operation)
        return text

    def test_c(self):
        mode = RandomMode(self.world.service.model)
        mode.switch(True, SEED)
        with subprocess.Popen([CODEC], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as codec:
            for number, operation in self.operations(ROUNDS_C):
                output = MODEL["operations"][operation].get("output")
                reply = mode.reply(operation, str(number))
                if not output:
                    continue
                codec.stdin.write(b"decode %d %s\n" % (OPERATIONS.index(operation), reply.body.hex().encode()))
                codec.stdin.flush()
                line = codec.stdout.readline()
                answer = json.loads(line.rpartition(b"\t")[2])
                wanted = json.loads(mode.expected()[2])
                self.assertEqual(exact(walk(output, answer["answer"], from_c)), exact(walk(output, wanted, for_c)), (number, operation))
            codec.stdin.close()
            self.assertEqual(codec.wait(10), 0)

    def test_lua(self):
        self.world.random(SEED)
        script = os.path.join(compare.HERE, "rounds.lua")
        with subprocess.Popen([clients.PROGRAM, "run", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              env=self.environment()) as program:
            for number, operation in self.operations(ROUNDS_LUA):
                program.stdin.write(("%s\t%s\n" % (operation, json.dumps(request(operation)))).encode())
                program.stdin.flush()
                line = program.stdout.readline().decode()
                self.assertFalse(line.startswith("error") or not line, (number, operation, line))
                self.assertEqual(exact(json.loads(line)), exact(json.loads(self.expected(operation))), (number, operation))
            program.stdin.close()
            self.assertEqual(program.wait(10), 0)

    def test_command_line(self):
        self.world.random(SEED)
        for number, operation in self.operations(ROUNDS_CLI):
            run = "%s %s --no-paginate" % (kebab(operation), words(operation))
            result = clients.ivs(compare.shlex.split(run), self.environment())
            self.assertEqual((result.code, result.stderr), (0, b""), (number, run, result))
            output = MODEL["operations"][operation].get("output")
            wanted = json.loads(self.expected(operation))
            wanted = walk(output, wanted, for_command_line) if output else wanted
            self.assertEqual(exact(pairs(result.stdout or "{}")), exact(pairs(json.dumps(wanted))), (number, run))

    def test_forms(self):
        """The same answers for both clients, over several pages where there are several."""
        refused = 0
        for number, operation in self.operations(ROUNDS_AWS):
            output = OUTPUTS[number // len(OPERATIONS) % len(OUTPUTS)]
            run = "%s %s --output %s%s" % (kebab(operation), words(operation), output, self.rng.choice(("", " --no-paginate")))
            if "no-paginate" not in run and operation in compare.PAGED:
                run += " --max-items 150"
            with self.subTest(run=run, number=number):
                moment = self.world.moment()
                fields = {"run": run, "seed": SEED + number}
                theirs = self.case(fields).result(clients.aws, moment)
                self.check(self.case({**fields, "exit": theirs.code}), self.case(fields).result(clients.ivs, moment), theirs)
                self.assertIn(theirs.code, (0, 255), theirs)
                refused += theirs.code != 0
        self.assertLess(refused, ROUNDS_AWS / 10)


if __name__ == "__main__":
    CODEC = sys.argv.pop(1)
    print("%s; seed: IVS_SEED=%d" % (clients.versions(), SEED), flush=True)
    unittest.main(warnings="ignore")
