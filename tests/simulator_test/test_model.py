"""Validation of requests against the model file, and pages."""

import json
import sys
import unicodedata
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from support import MISSING, versions  # noqa: E402
from simulator.errors import GenericError, ServiceError, UnknownOperation  # noqa: E402
from simulator.model import Model, parse_json  # noqa: E402
from simulator.operations import REGISTERED  # noqa: E402
from simulator.pages import Pager  # noqa: E402
from simulator.rates import PER_OPERATION  # noqa: E402
from simulator.service import MODEL  # noqa: E402

model = Model(MODEL)
TAGS = "/tags/arn%3Aaws%3Aivs%3Aus-west-2%3A1%3Achannel%2Fab"


def read(operation, body, labels=None, query=""):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return model.read_input(operation, labels or {}, query, data)


class Base(unittest.TestCase):
    def invalid(self, text, operation, body, **options):
        with self.assertRaises(ServiceError) as caught:
            read(operation, body, **options)
        self.assertEqual(caught.exception.code, "ValidationException")
        self.assertIn(text, caught.exception.message)
        return caught.exception.message

    def unreadable(self, operation, body):
        with self.assertRaises(GenericError) as caught:
            read(operation, body)
        self.assertEqual((caught.exception.status, caught.exception.code),
                         (400, "SerializationException"))


class Routes(unittest.TestCase):
    def test_every_operation_has_its_route(self):
        for name, operation in model.operations.items():
            path = operation["uri"].replace("{resourceArn}", "a%2Fb")
            labels = {"resourceArn": "a/b"} if "{" in operation["uri"] else {}
            self.assertEqual(model.route(operation["method"], path), (name, labels))

    def test_everything_else_is_unknown(self):
        for method, path in (("POST", "/"), ("POST", "/listchannels"), ("GET", "/ListChannels"),
                             ("POST", "/ListChannels/"), ("GET", "/tags/"), ("PUT", TAGS),
                             ("GET", "/tags/arn:aws:ivs:us-west-2:1:channel/ab")):
            with self.assertRaises(UnknownOperation):
                model.route(method, path)

    def test_what_is_registered_is_in_the_model(self):
        self.assertEqual(set(REGISTERED) - set(model.operations), set())
        self.assertEqual(set(PER_OPERATION), set(model.operations))


class Requests(Base):
    def test_an_empty_body_is_an_empty_object(self):
        self.assertEqual(read("ListChannels", b""), {})

    def test_null_counts_as_absent(self):
        self.assertEqual(read("CreateChannel", {"name": None, "type": "BASIC"}), {"type": "BASIC"})

    def test_not_json(self):
        for body in (b"{", b"[]", b"null", b'{"name":"a",}', b'{"a":1}{"a":1}', b'{"name":NaN}',
                     b'{"name":"a","name":"b"}', b'{"name":"\xff"}', b'{"name":"\\ud800"}',
                     b"[" * 100000):
            self.unreadable("CreateChannel", body)

    def test_wrong_types(self):
        for body in ({"name": 1}, {"authorized": "true"}, {"authorized": 0}, {"tags": []},
                     {"tags": {"a": 1}}, {"tags": {"a": None}},
                     {"multitrackInputConfiguration": "x"},
                     {"multitrackInputConfiguration": {"enabled": "yes"}}):
            self.unreadable("CreateChannel", body)
        for value in ("5", 5.0, True, 1 << 31):
            self.unreadable("ListChannels", {"maxResults": value})
        for value in ("x", [1], [None], {}):
            self.unreadable("BatchGetChannel", {"arns": value})

    def test_unknown_members(self):
        self.invalid("'nmae'", "CreateChannel", {"nmae": "x"})
        self.invalid("'multitrackInputConfiguration.on'", "CreateChannel",
                     {"multitrackInputConfiguration": {"on": True}})
        self.invalid("'tagkeys'", "UntagResource", b"", labels={"resourceArn": MISSING},
                     query="tagkeys=a")

    def test_required(self):
        self.invalid("Value null at 'channelArn' failed to satisfy constraint: Member must not be "
                     "null", "PutMetadata", {"metadata": "x"})
        self.invalid("'tagKeys'", "UntagResource", b"", labels={"resourceArn": MISSING})
        self.invalid("'postRollConfiguration.enabled'", "CreateAdConfiguration",
                     {"mediaTailorPlaybackConfigurations": [{}],
                      "postRollConfiguration": {"durationSeconds": 3}})

    def test_lengths_count_characters(self):
        self.assertTrue(read("TagResource", {"tags": {"é" * 128: "é" * 256}},
                             labels={"resourceArn": MISSING}))
        self.invalid("length less than or equal to 128", "TagResource", {"tags": {"é" * 129: ""}},
                     labels={"resourceArn": MISSING})
        self.invalid("length greater than or equal to 1", "TagResource", {"tags": {"": ""}},
                     labels={"resourceArn": MISSING})
        self.invalid("length less than or equal to 128", "CreateChannel", {"name": "x" * 129})
        self.invalid("length less than or equal to 50", "BatchGetChannel", {"arns": [MISSING] * 51})
        self.invalid("length greater than or equal to 1", "BatchGetChannel", {"arns": []})
        self.invalid("length less than or equal to 50", "CreateChannel",
                     {"tags": {f"t{n}": "" for n in range(51)}})

    def test_ranges(self):
        for value, text in ((0, "greater than or equal to 1"), (101, "less than or equal to 100")):
            self.invalid(f"Value '{value}' at 'maxResults' failed to satisfy constraint: Member "
                         f"must have value {text}", "ListChannels", {"maxResults": value})

    def test_patterns(self):
        for name in ("a b", "é", "a\n", "a.b"):
            self.invalid("pattern", "CreateChannel", {"name": name})
        self.invalid("pattern", "GetChannel", {"arn": "arn:aws:ivs:us-west-2:1:stream-key/a"})
        self.invalid("pattern", "CreateChannel", {"recordingConfigurationArn": "x"})
        self.assertEqual(read("CreateChannel", {"recordingConfigurationArn": ""}),
                         {"recordingConfigurationArn": ""})
        self.invalid("pattern", "ListTagsForResource", b"", labels={"resourceArn": "arn:x"})
        self.invalid("tags.key", "CreateChannel", {"tags": {"a!": "b"}})
        self.invalid("'tags.a.value'", "CreateChannel", {"tags": {"a": "b!"}})

    def test_enums_and_several_faults(self):
        message = self.invalid("enum value set: [NORMAL, LOW]", "CreateChannel",
                               {"latencyMode": "FAST", "name": "a b"})
        self.assertTrue(message.startswith("2 validation errors detected: "), message)

    def test_sensitive_values_are_not_repeated(self):
        self.assertNotIn("''", self.invalid("'metadata'", "PutMetadata",
                                            {"channelArn": MISSING, "metadata": ""}))

    def test_unicode_classes_are_exact(self):
        """Tag keys take every letter, separator and number there is, and no other character."""
        pattern = model.shapes["TagKey"]["pattern"]
        for number in [*range(0, 0xD800), *range(0xE000, 0x110000, 7)]:
            text = chr(number)
            wanted = unicodedata.category(text)[0] in "LZN" or text in "_.:/=+-@"
            self.assertEqual(model.patterns.matches(pattern, text), wanted, hex(number))


class Json(unittest.TestCase):
    def test_numbers_stay_whole(self):
        self.assertEqual(parse_json(b'{"a":9223372036854775807}'), {"a": 9223372036854775807})


class Pages(unittest.TestCase):
    def walk(self, pager, items, size, scope="s"):
        got, request, calls = [], {"maxResults": size}, 0
        while True:
            page, token = pager.cut(items, request, scope, 100)
            got += page
            calls += 1
            if token is None:
                return got, calls
            request = {"maxResults": size, "nextToken": token}

    def test_every_size(self):
        pager = Pager()
        for order in (1, -1):
            items = [(n, f"v{n}") for n in range(1, 8)][::order]
            for size in range(1, 9):
                got, calls = self.walk(pager, items, size)
                self.assertEqual(got, [value for _, value in items])
                self.assertEqual(calls, -(-7 // size))

    def test_items_that_vanish_between_pages(self):
        pager = Pager()
        items = [(n, n) for n in range(1, 8)]
        _, token = pager.cut(items, {"maxResults": 3}, "s", 100)
        later = [item for item in items if item[0] not in (2, 4)]
        page, _ = pager.cut(later, {"maxResults": 3, "nextToken": token}, "s", 100)
        self.assertEqual(page, [5, 6, 7])

    def test_bad_tokens(self):
        pager = Pager()
        items = [(n, n) for n in range(1, 8)]
        _, token = pager.cut(items, {"maxResults": 3}, "s", 100)
        spoilt = ("A" if token[0] != "A" else "B") + token[1:]
        for bad, scope in (("x", "s"), (token, "other"), (spoilt, "s"), ("====", "s")):
            with self.assertRaises(ServiceError) as caught:
                pager.cut(items, {"nextToken": bad}, scope, 100)
            self.assertEqual(caught.exception.code, "ValidationException")


if __name__ == "__main__":
    versions("python")
    unittest.main()
