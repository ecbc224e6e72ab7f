"""Random mode: answers that the model allows, in every spelling, and what a client has to see."""

import functools
import http.client
import json
import os
import random
import re
import sys
import unittest
import urllib.request
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from support import (DEADLINE, MISSING, Process, Running, control, make_client,  # noqa: E402
                     make_session, sign, versions)
from botocore.exceptions import ClientError  # noqa: E402
from simulator.model import Model  # noqa: E402
from simulator.patterns import Patterns  # noqa: E402
from simulator.random_mode import RandomMode  # noqa: E402
from simulator.service import MODEL  # noqa: E402

SEED = int(os.environ.get("SEED") or random.SystemRandom().randrange(1 << 32))
ROUNDS = 3  # of all operations, through botocore
FIXED_SEED = 1  # where all that can come has to come, whatever the day

model = Model(MODEL)


def dechunk(data):
    """(body, trailers) of a chunked message, by the grammar of RFC 9112."""
    body = b""
    while True:
        line, data = data.split(b"\r\n", 1)
        size = int(re.fullmatch(rb'([0-9a-fA-F]+)(;[^\r\n]*)?', line).group(1), 16)
        if size == 0:
            return body, data
        body, data = body + data[:size], data[size:]
        assert data[:2] == b"\r\n"
        data = data[2:]


@functools.lru_cache(maxsize=None)
def strict(text):
    """JSON read with nothing let through that RFC 8259 forbids; objects as lists of pairs."""
    def constant(name):
        raise ValueError(name)
    return json.loads(text, object_pairs_hook=Pairs, parse_constant=constant)


class Pairs(list):
    """An object's (name, value) pairs as they came."""


def modelled(value, shape_name):
    """What a client has to see of an answer: known members that are not null, in model order."""
    shape = model.shape(shape_name)
    if shape["type"] == "structure":
        members = dict(value)
        return {member: modelled(members[member], use["shape"])
                for member, use in shape["members"].items() if members.get(member) is not None}
    if shape["type"] == "list":
        return [modelled(item, shape["member"]) for item in value]
    return dict(value) if shape["type"] == "map" else value


def walk(value):
    """Every value inside a strictly read one, and itself."""
    yield value
    for inner in value if isinstance(value, list) else ():
        yield from walk(inner[1] if isinstance(value, Pairs) else inner)


def generate(seed, operations):
    """(operation, reply, expected value) of one answer each."""
    mode = RandomMode(model)
    mode.switch(True, seed)
    for name in operations:
        reply = mode.reply(name, "id")
        yield name, reply, json.loads(mode.expected()[2])


class Answers(unittest.TestCase):
    """Straight from the generator."""

    @classmethod
    def setUpClass(cls):
        many = [*model.operations] * 10 + ["GetStreamSession"] * 30  # it has the most inside
        cls.answers = list(generate(FIXED_SEED, many))
        cls.answers += list(generate(SEED, [*model.operations] * 3))
        cls.with_body = [(name, model.operations[name]["output"], reply, expected)
                         for name, reply, expected in cls.answers
                         if model.operations[name]["output"]]

    def test_what_is_expected_follows_from_the_body(self):
        for name, shape, reply, expected in self.with_body:
            read = modelled(strict(reply.body.decode()), shape)
            self.assertEqual(json.dumps(read), json.dumps(expected), name)

    def test_the_model_allows_it(self):
        for name, shape, _, expected in self.with_body:
            model.check_types(expected, model.shape(shape), "")
            self.assertEqual(list(model.violations(expected, model.shape(shape), "")), [], name)

    def test_no_name_twice_in_an_object(self):
        for _, _, reply, _ in self.with_body:
            for value in walk(strict(reply.body.decode())):
                if isinstance(value, Pairs):
                    self.assertEqual(len(dict(value)), len(value))

    def test_success_and_empty_bodies(self):
        for name, reply, expected in self.answers:
            self.assertEqual(reply.status, model.operations[name]["success"])
            if model.operations[name]["output"] is None:
                self.assertEqual((reply.body, reply.chunks, expected), (b"", None, {}))

    def test_every_member_comes_in_every_state(self):
        """Present, and where the model lets it: null, absent. Lists and maps also empty."""
        seen = defaultdict(set)
        for _, shape, reply, _ in self.with_body:
            self.note(strict(reply.body.decode()), shape, seen)
        for number in range(100):  # what is rare may take more answers
            lacking = self.lacking(seen)
            if not lacking:
                return
            for name, reply, _ in generate(f"{FIXED_SEED}+{number}", model.operations):
                if model.operations[name]["output"]:
                    self.note(strict(reply.body.decode()), model.operations[name]["output"], seen)
        self.fail(f"never seen: {lacking}")

    def lacking(self, seen):
        states = []
        for name in {shape for shape, _ in seen}:
            shape = model.shape(name)
            for member, use in shape["members"].items():
                wanted = {"present"} if member in shape["required"] else \
                    {"present", "null", "absent"}
                kind = model.shape(use["shape"])
                if kind["type"] in ("list", "map") and not kind.get("min"):
                    wanted.add("empty")
                states += [(name, member, state) for state in wanted - seen[name, member]]
        return states

    def note(self, value, shape_name, seen):
        shape = model.shape(shape_name)
        if shape["type"] == "list":
            for item in value:
                self.note(item, shape["member"], seen)
        if shape["type"] != "structure":
            return
        members = dict(value)
        for member, use in shape["members"].items():
            if member not in members:
                seen[shape_name, member].add("absent")
            elif members[member] is None:
                seen[shape_name, member].add("null")
            else:
                seen[shape_name, member].add("present" if members[member] != [] else "empty")
                self.note(members[member], use["shape"], seen)

    def test_unknown_members_of_every_type(self):
        types = set()
        for _, shape, reply, _ in self.with_body:
            known = model.shape(shape)["members"]
            types |= {type(value) for name, value in strict(reply.body.decode())
                      if name not in known}
        self.assertEqual(types, {str, int, float, bool, type(None), list, Pairs})

    def test_pages_of_every_size(self):
        sizes = defaultdict(set)
        for name, _, _, expected in self.with_body:
            if name.startswith("List") and name != "ListTagsForResource":
                sizes[name].add(len(next(iter(expected.values()))))
                sizes["every"].add(len(next(iter(expected.values()))))
        self.assertLessEqual({0, 1, 2, 100}, sizes["every"])
        self.assertEqual(max(sizes["every"]), 100)
        self.assertTrue(all(len(s) > 3 for s in sizes.values()), sizes)

    def test_spellings_and_characters(self):
        raw = b"".join(reply.body for _, _, reply, _ in self.with_body).decode()
        for escape in (r'\"', r"\\", r"\/", r"\b", r"\f", r"\n", r"\r", r"\t", r"\u0000",
                       r"\u00", r"\u000A", r"\u000a"):
            self.assertIn(escape, raw)
        self.assertRegex(raw, r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F]")
        for space in ('" :', ': "', "\r\n\t", ",\n"):
            self.assertIn(space, raw)
        text = "".join(value for _, _, _, expected in self.with_body for value in texts(expected))
        self.assertEqual({ord(c) >> 16 for c in text}, set(range(17)))
        self.assertLessEqual(set(map(chr, range(128))), set(text))

    def test_numbers_and_times(self):
        numbers, times = set(), set()
        for _, shape, _, expected in self.with_body:
            for name, value in leaves(expected, shape):
                if model.shape(name)["type"] == "timestamp":
                    times.add(value)
                if model.shape(name)["type"] in ("integer", "long"):
                    numbers.add(value)
        self.assertLessEqual({-2**63, 2**63 - 1, 0, 1, 300}, numbers)
        self.assertTrue(any("." in t for t in times) and any("." not in t for t in times))
        for text in times:
            self.assertRegex(text, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")

    def test_both_framings(self):
        chunked = [reply for _, _, reply, _ in self.with_body if reply.chunks is not None]
        self.assertTrue(len(self.with_body) * 0.3 < len(chunked) < len(self.with_body) * 0.7)
        for reply in chunked:
            head, data = reply.encode("now", True).split(b"\r\n\r\n", 1)
            self.assertNotIn(b"Content-Length", head)
            body, trailers = dechunk(data)
            self.assertEqual((body, trailers[-4:]), (reply.body, b"\r\n\r\n"))

    def test_the_seed_decides(self):
        def bodies(seed):
            return [reply.encode("now", True) for _, reply, _ in generate(seed, model.operations)]
        self.assertEqual(bodies(SEED), bodies(SEED))
        self.assertNotEqual(bodies(SEED), bodies(SEED + 1))


def texts(value):
    for inner in value if isinstance(value, list) else \
            [*value, *value.values()] if isinstance(value, dict) else []:
        yield from [inner] if isinstance(inner, str) else texts(inner)


def leaves(value, shape_name):
    """(shape name, value) of everything simple inside."""
    shape = model.shape(shape_name)
    if shape["type"] == "structure":
        for member, inner in value.items():
            yield from leaves(inner, shape["members"][member]["shape"])
    elif shape["type"] == "list":
        for inner in value:
            yield from leaves(inner, shape["member"])
    elif shape["type"] != "map":
        yield shape_name, value


class Samples(unittest.TestCase):
    def test_every_pattern_of_the_model(self):
        rng = random.Random(SEED)
        for name in model.shapes:
            shape = model.shape(name)
            if "pattern" not in shape:
                continue
            low, high = shape.get("min", 0), shape.get("max", 300)
            lengths = set()
            for at in range(2000):
                if at >= 60 and high in lengths:
                    break
                text = model.patterns.sample(shape["pattern"], rng, low, high)
                self.assertTrue(model.patterns.matches(shape["pattern"], text), (name, text))
                self.assertTrue(low <= len(text) <= high, (name, text))
                lengths.add(len(text))
            self.assertIn(high, lengths, name)

    def test_what_it_cannot_do_is_said(self):
        with self.assertRaises(NotImplementedError):
            Patterns().sample("[^a]", random.Random(SEED), 0, 9)
        with self.assertRaises(NotImplementedError):
            Patterns().sample("(?=a)", random.Random(SEED), 0, 9)
        with self.assertRaises(ValueError):
            Patterns().sample("a?", random.Random(SEED), 2, 9)


# For each shape that a request needs: a value.
INPUTS = {
    "ChannelArn": MISSING, "ResourceArn": MISSING, "ChannelArnList": [MISSING],
    "StreamKeyArn": MISSING.replace("channel", "stream-key"),
    "StreamKeyArnList": [MISSING.replace("channel", "stream-key")],
    "RecordingConfigurationArn": MISSING.replace("channel", "recording-configuration"),
    "PlaybackKeyPairArn": MISSING.replace("channel", "playback-key"),
    "PlaybackRestrictionPolicyArn": MISSING.replace("channel", "playback-restriction-policy"),
    "AdConfigurationArn": MISSING.replace("channel", "ad-configuration"),
    "BatchStartViewerSessionRevocationViewerSessionList": [{"channelArn": MISSING,
                                                            "viewerId": "v"}],
    "MediaTailorPlaybackConfigurationsList": [{}], "PlaybackPublicKeyMaterial": "x",
    "DestinationConfiguration": {}, "StreamMetadata": "x", "ViewerId": "v",
    "AdDurationSeconds": 1, "Tags": {"a": "b"}, "TagKeyList": ["a"],
}


def fewest(operation):
    shape = model.shapes[model.operations[operation]["input"]]
    return {member: INPUTS[shape["members"][member]["shape"]] for member in shape["required"]}


def call(client, operation):
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower()
    answer = getattr(client, name)(**fewest(operation))
    return answer.pop("ResponseMetadata"), answer


class Botocore(unittest.TestCase):
    """Every operation through botocore, whose answer has to be the expected one to the byte."""

    @classmethod
    def setUpClass(cls):
        session = make_session()
        session.get_component("response_parser_factory").set_parser_defaults(
            timestamp_parser=lambda text: text)
        cls.running = Running()
        cls.client = make_client(cls.running.environment, session)

    @classmethod
    def tearDownClass(cls):
        cls.client.close()
        cls.running.stop()

    def setUp(self):
        self.running.control("reset", {})
        self.assertEqual(self.running.control("random", {"on": True, "seed": SEED}),
                         {"on": True, "seed": SEED})

    def expected(self, query=""):
        """(headers, text) of a kept answer."""
        url = f"{self.running.environment['IVS_SIM_CONTROL']}/answer{query}"
        with urllib.request.urlopen(url, timeout=DEADLINE) as answer:
            return answer.headers, answer.read().decode()

    def test_every_operation(self):
        for number, operation in enumerate([*model.operations] * ROUNDS, 1):
            metadata, answer = call(self.client, operation)
            headers, text = self.expected(f"?request-id={metadata['RequestId']}")
            self.assertEqual(json.dumps(answer, ensure_ascii=False, separators=(",", ":")), text,
                             f"{operation}, answer {number} of seed {SEED}")
            self.assertEqual((headers["X-Sim-Operation"], headers["X-Sim-Number"]),
                             (operation, str(number)))

    def test_answers_by_number_and_the_last_one(self):
        texts = []
        for operation in ("GetChannel", "GetStream", "ListStreams"):
            call(self.client, operation)
            texts.append(self.expected()[1])
        self.assertEqual([self.expected(f"?number={n}")[1] for n in (1, 2, 3)], texts)
        self.assertEqual(self.expected("?number=2")[0]["X-Sim-Operation"], "GetStream")

    def test_only_the_last_answers_are_kept(self):
        for _ in range(201):
            self.running.service.random.reply("StopStream", "id")
        self.assertIsNone(self.running.service.random.expected(number=1))
        self.assertEqual(self.running.service.random.expected(number=2)[1], "StopStream")

    def test_requests_are_still_examined(self):
        for bad, code in ((self.running.client(secret_key="x"), "InvalidSignatureException"),
                          (self.running.client(access_key="x"), "UnrecognizedClientException")):
            with self.assertRaises(ClientError) as caught:
                bad.list_channels()
            self.assertEqual(caught.exception.response["Error"]["Code"], code)
            bad.close()
        for body, wanted in (({"name": "a b"}, 400), ({"nmae": "x"}, 400), (b"{", 400), ({}, 200)):
            self.assertEqual(self.running.post("CreateChannel", body)[0], wanted)

    def test_nothing_is_remembered(self):
        call(self.client, "CreateChannel")
        self.assertEqual(self.running.control("random", {"on": False}), {"on": False, "seed": None})
        self.assertEqual(self.client.list_channels()["channels"], [])
        self.assertEqual(self.running.control("state")["randomSeed"], None)

    def test_a_new_seed_is_told(self):
        seeds = {self.running.control("random", {"on": True})["seed"] for _ in range(4)}
        self.assertGreater(len(seeds), 1)

    def test_old_http_gets_no_chunks(self):
        data = json.dumps(fewest("GetChannel")).encode()
        for _ in range(8):
            prepared = sign("POST", f"{self.running.environment['IVS_SIM_HTTP']}/GetChannel", data)
            connection = http.client.HTTPConnection("localhost", self.running.simulator.http_port,
                                                    timeout=DEADLINE)
            connection._http_vsn, connection._http_vsn_str = 10, "HTTP/1.0"
            connection.request("POST", "/GetChannel", data,
                               {**prepared.headers, "Host": prepared.url.split("/")[2]})
            answer = connection.getresponse()
            self.assertEqual((answer.status, answer.getheader("Transfer-Encoding")), (200, None))
            self.assertEqual(len(answer.read()), int(answer.getheader("Content-Length")))
            connection.close()


class Option(unittest.TestCase):
    def test_from_the_command_line(self):
        simulator = Process("--quiet", "--random", str(SEED))
        try:
            self.assertEqual(control(simulator.environment, "state")["randomSeed"], SEED)
            client = make_client(simulator.environment)
            call(client, "ListTagsForResource")
            text = control(simulator.environment, "answer")
            client.close()
        finally:
            simulator.stop()
        mode = RandomMode(model)
        mode.switch(True, SEED)
        mode.reply("ListTagsForResource", "id")
        self.assertEqual(text, json.loads(mode.expected()[2]))


if __name__ == "__main__":
    versions("python", "botocore", "openssl")
    print(f"seed: {SEED} (repeat with SEED={SEED})", flush=True)
    unittest.main()
