"""Our model to the published form and back, by the commands that people use."""

import copy
import json
import os
import re
import tempfile
import unittest

from support import MODEL, ROOT, SCRIPT, run
from generator import service2
from generator.model import Model, ModelError

OURS = "core/model/ivs-2020-07-14.json"
PUBLISHED = "ivs/2020-07-14/service-2.json"


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


class Commands(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.out = os.path.join(folder.name, "published")
        self.root = os.path.join(folder.name, "tree")
        self.assertEqual(run(SCRIPT, "--service-2", self.out).returncode, 0)
        self.service = os.path.join(self.out, PUBLISHED)

    def adopt(self):
        return run(SCRIPT, "--root", self.root, "--import", self.service)

    def change(self, change):
        facts = json.loads(read(self.service))
        change(facts)
        with open(self.service, "w", encoding="utf-8") as file:
            json.dump(facts, file)

    def test_back_gives_the_same_bytes(self):
        result = self.adopt()
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "written: %s\n" % OURS, ""))
        self.assertEqual(read(os.path.join(self.root, OURS)), read(os.path.join(ROOT, OURS)))

    def test_the_second_time_nothing_is_written(self):
        self.assertEqual(run(SCRIPT, "--service-2", self.out).stdout, "")
        self.adopt()
        self.assertEqual(self.adopt().stdout, "")

    def test_without_paginators(self):
        os.remove(os.path.join(os.path.dirname(self.service), "paginators-1.json"))
        self.assertEqual(self.adopt().returncode, 0)
        operations = json.loads(read(os.path.join(self.root, OURS)))["operations"]
        self.assertEqual([name for name, op in operations.items() if "pagination" in op], [])
        self.assertEqual(sorted(operations), sorted(MODEL["operations"]))

    def test_a_newer_operation_comes_over(self):
        def add(facts):
            facts["operations"]["PauseChannel"] = {
                "name": "PauseChannel", "http": {"method": "POST", "requestUri": "/PauseChannel"},
                "input": {"shape": "GetChannelRequest"}, "documentation": "<p>Not there yet.</p>"}
        self.change(add)
        self.assertEqual(self.adopt().returncode, 0)
        facts = json.loads(read(os.path.join(self.root, OURS)))
        self.assertEqual(facts["operations"]["PauseChannel"],
                         {"method": "POST", "uri": "/PauseChannel", "success": 200, "input": "GetChannelRequest",
                          "output": None, "errors": []})
        self.assertEqual(len(Model(facts).operations), len(MODEL["operations"]) + 1)

    def test_headers_of_answers_are_left_out(self):
        def add(facts):
            for shape in ("ConflictException", "GetChannelResponse"):
                facts["shapes"][shape]["members"]["origin"] = {
                    "shape": "errorMessage", "location": "header", "locationName": "Access-Control-Allow-Origin"}
            facts["shapes"]["GetChannelResponse"]["required"] = ["origin"]
        self.change(add)
        self.assertEqual(self.adopt().returncode, 0)
        self.assertEqual(read(os.path.join(self.root, OURS)), read(os.path.join(ROOT, OURS)))

    def test_what_cannot_be_said_is_one_line_and_nothing_is_written(self):
        def rename(facts):
            facts["shapes"]["Srt"]["members"]["endpoint"]["locationName"] = "host"
        self.change(rename)
        result = self.adopt()
        self.assertEqual((result.returncode, len(result.stderr.splitlines())), (1, 1))
        self.assertIn("Srt.endpoint", result.stderr)
        self.assertFalse(os.path.exists(os.path.join(self.root, OURS)))

    def test_no_model_is_one_line(self):
        for text in ("{}", "[1]", "{\"metadata\": 1}", "not JSON"):
            with open(self.service, "w", encoding="utf-8") as file:
                file.write(text)
            result = self.adopt()
            self.assertEqual((result.returncode, len(result.stderr.splitlines())), (1, 1), result.stderr)


class Published(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service, cls.paginators = service2.publish(MODEL)
        cls.shapes = cls.service["shapes"]

    def test_operations(self):
        self.assertEqual(sorted(self.service["operations"]), sorted(MODEL["operations"]))
        self.assertEqual(self.service["operations"]["DeleteChannel"]["http"],
                         {"method": "POST", "requestUri": "/DeleteChannel", "responseCode": 204})
        self.assertNotIn("output", self.service["operations"]["DeleteChannel"])

    def test_every_shape_that_is_meant_is_there(self):
        text = json.dumps(self.service)
        self.assertEqual(set(re.findall(r'"shape": "(\w+)"', text)) - set(self.shapes), set())

    def test_errors(self):
        for name, status in MODEL["errors"].items():
            shape = self.shapes[name]
            self.assertIs(shape["exception"], True)
            self.assertEqual(shape["error"]["httpStatusCode"], status)
            self.assertEqual(shape.get("fault", False), status >= 500)
            self.assertEqual(list(shape["members"]), ["exceptionMessage"])

    def test_places(self):
        member = self.shapes["UntagResourceRequest"]["members"]["tagKeys"]
        self.assertEqual(member, {"shape": "TagKeyList", "location": "querystring", "locationName": "tagKeys"})

    def test_pages(self):
        self.assertEqual(sorted(self.paginators["pagination"]),
                         sorted(name for name, op in MODEL["operations"].items() if "pagination" in op))


class Refused(unittest.TestCase):
    """What would change the wire without our form being able to say so."""

    def refuse(self, text, change):
        service, paginators = service2.publish(copy.deepcopy(MODEL))
        change(service)
        with self.assertRaisesRegex(ModelError, text):
            service2.adopt(service, paginators)

    def test_protocol(self):
        self.refuse("protocol is json", lambda s: s["metadata"].update(protocol="json"))

    def test_header_of_a_request(self):
        self.refuse("GetChannelRequest.arn.*header",
                    lambda s: s["shapes"]["GetChannelRequest"]["members"]["arn"].update(location="header"))

    def test_token(self):
        self.refuse("Srt.endpoint.*idempotencyToken",
                    lambda s: s["shapes"]["Srt"]["members"]["endpoint"].update(idempotencyToken=True))

    def test_payload(self):
        self.refuse("GetChannelRequest.*payload", lambda s: s["shapes"]["GetChannelRequest"].update(payload="arn"))

    def test_element_name(self):
        self.refuse("ChannelArnList.*locationName",
                    lambda s: s["shapes"]["ChannelArnList"]["member"].update(locationName="item"))

    def test_host_prefix(self):
        self.refuse("GetChannel.*endpoint",
                    lambda s: s["operations"]["GetChannel"].update(endpoint={"hostPrefix": "x."}))

    def test_error_without_status(self):
        self.refuse("ConflictException.*status", lambda s: s["shapes"]["ConflictException"].pop("error"))

    def test_error_without_message(self):
        self.refuse("ConflictException.*exceptionMessage",
                    lambda s: s["shapes"]["ConflictException"].update(members={}))


if __name__ == "__main__":
    unittest.main()
