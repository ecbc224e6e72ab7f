"""The fault switch: which request or connection meets what, what is told of it, and what real
clients make of faults.
"""

import itertools
import json
import os
import re
import ssl
import subprocess
import sys
import threading
import time
import unittest
from contextlib import closing
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).parent))

from fault_wire import FaultTest, Wire, ask_control, split  # noqa: E402
from support import AWS, DEADLINE, ROOT, SESSION, clean_environment, versions  # noqa: E402

import botocore.config  # noqa: E402
from simulator.fault_switch import Chance, Order  # noqa: E402
from simulator.faults import CONNECTION, KINDS, REQUEST  # noqa: E402
from simulator.faults.common import camel_case  # noqa: E402

CURL = "/usr/bin/curl"
CAMEL = {camel_case(name) for kind in KINDS.values() for name in kind.parameters}


def setUpModule():
    FaultTest.start()


def tearDownModule():
    FaultTest.stop()


class Switching(FaultTest):
    """Which request or connection meets what; told by statuses: 200, or that of the fault."""

    def statuses(self, *operations):
        return [self.running.post(operation, {})[0] for operation in operations]

    def test_times_and_skip(self):
        self.set("throttled", times=2, skip=1)
        self.assertEqual(self.running.control("faults")["set"], [
            {"fault": "throttled", "times": 2, "skip": 1, "operation": None}])
        self.assertEqual(self.statuses(*["ListChannels"] * 5), [200, 429, 429, 200, 200])
        self.set("unavailable", times=None, retryAfter=2)
        self.assertEqual(self.statuses(*["ListChannels"] * 4), [503] * 4)
        self.assertEqual(self.running.control("faults")["set"][0]["times"], None)
        self.assertEqual([e["number"] for e in self.log()], [2, 3, 6, 7, 8, 9])
        self.assertEqual(self.running.control("faults")["done"], {"throttled": 2, "unavailable": 4})

    def test_each_in_its_turn(self):
        self.set("throttled")
        self.set("unavailable", skip=1)
        self.set("status", status=501)
        self.assertEqual(self.statuses(*["ListChannels"] * 5), [429, 200, 503, 501, 200])

    def test_operations(self):
        self.set("throttled", operation="ListStreams", skip=1)
        self.set("unavailable", times=2)
        self.assertEqual(self.statuses("ListChannels", "ListStreams", "ListChannels", "ListStreams",
                                       "ListChannels"), [503, 200, 503, 429, 200])

    def test_connections_and_requests_do_not_mix(self):
        self.set("tls-expired", skip=1)
        self.set("throttled")
        self.assertEqual(self.statuses("ListChannels"), [429])
        with self.assertRaises(ssl.SSLCertVerificationError):
            self.statuses("ListChannels")
        self.assertEqual(self.statuses("ListChannels"), [200])
        counts = self.running.control("counts")
        self.assertEqual((counts["connections"], counts["handshakes"], counts["requests"]),
                         (3, 2, 2))

    def test_clear(self):
        for method, body in (("DELETE", None), ("POST", {"clear": True})):
            self.set("throttled", times=None)
            self.running.control("faults", {"seed": 1, "rate": 1, "faults": ["unavailable"]})
            self.assertEqual(self.statuses("ListChannels"), [429])
            answer = ask_control(self.running, method, "faults", body)
            self.assertEqual(answer, (200, {"set": [], "chance": None}))
            self.assertEqual(self.statuses("ListChannels"), [200])
            self.assertEqual((self.log(), self.running.control("faults")["done"]), ([], {}))

    def test_counts(self):
        arn = self.running.post("CreateChannel", {})[2]["channel"]["arn"]
        self.assertEqual(self.statuses("GetChannel", "ListChannels"), [400, 200])
        self.running.post("GetChannel", {"arn": arn}, secret_key="wrong")
        self.running.control("state")
        with Wire(self.running) as wire:  # neither of them is any operation's
            wire.write(b"POST /Nothing HTTP/1.1\r\nHost: x\r\n\r\nGET x HTTP/1.1\r\n\r\n")
            wire.read()
        wanted = {"connections": 4, "handshakes": 4, "resumed": 0, "requests": 6, "carriedOut": 2,
                  "operations": {"CreateChannel": {"seen": 1, "carriedOut": 1},
                                 "GetChannel": {"seen": 2, "carriedOut": 0},
                                 "ListChannels": {"seen": 1, "carriedOut": 1}}}
        self.assertEqual(self.running.control("counts"), wanted)
        self.assertEqual(ask_control(self.running, "DELETE", "counts"), (200, wanted))
        self.assertEqual(self.running.control("counts")["requests"], 0)
        self.normal()
        self.assertEqual(self.running.control("counts", {"reset": True})["requests"], 1)
        self.assertEqual(self.running.control("counts")["requests"], 0)
        self.assertEqual(ask_control(self.running, "POST", "counts", {})[0], 400)
        self.assertEqual(self.channels(), 1)

    def test_what_is_refused_is_not_carried_out(self):
        self.set("stall-before-answer", seconds=0)
        self.assertEqual(self.running.post("CreateChannel", {"name": "!"})[0], 400)
        self.assertEqual(self.log()[0]["carriedOut"], False)

    def test_control_calls_and_nonsense_meet_no_fault(self):
        self.set("reset-before-read", times=None)
        self.running.control("state")
        with Wire(self.running) as wire:
            wire.write(b"POST /Nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            self.assertTrue(wire.read()[0].startswith(b"HTTP/1.1 404 "))
        self.assertEqual(self.log(), [])

    def chance(self, seed, faults, rate=0.4, count=40):
        """What as many requests and connections meet, by the log."""
        self.running.control("reset", {})
        body = {"seed": seed, "rate": rate, "faults": faults}
        self.running.control("faults", body)
        for number in range(count):
            try:
                self.running.post(("ListChannels", "ListStreams")[number % 3 == 0], {})
            except OSError:
                pass
        return [(e["number"], e["operation"], e["fault"], e["carriedOut"]) for e in self.log()]

    def test_chance(self):
        seed = int(os.environ.get("IVS_SEED") or time.time_ns() % (1 << 32))
        print(f"IVS_SEED={seed}", end=" ", flush=True)
        faults = ["unavailable", "drip", {"fault": "status", "status": 418}, "tls-self-signed"]
        first = self.chance(seed, faults)
        self.assertEqual(self.chance(seed, faults), first)
        self.assertNotEqual(self.chance(seed + 1, faults), first)
        self.assertEqual(self.chance(seed, faults, rate=0), [])
        always = self.chance(seed, ["unavailable"], rate=1, count=10)
        self.assertEqual(always, [(n + 1, ("ListChannels", "ListStreams")[n % 3 == 0],
                                   "unavailable", False) for n in range(10)])

    def test_chance_in_numbers(self):
        """Without sockets: the share, the spread, and which half of the list meets whom."""
        orders = [Order(kind, kind.arguments({}), {}) for kind in KINDS.values()]
        chance, seen = Chance(7, 0.25, orders), {REQUEST: [], CONNECTION: []}
        for meets, number in itertools.product((REQUEST, CONNECTION), range(4000)):
            order, rng = chance.draw(meets)
            self.assertEqual(order is None, rng is None)
            if order:
                self.assertEqual(order.kind.meets, meets)
                seen[meets].append(order.kind.name)
        for meets, found in seen.items():
            self.assertTrue(900 < len(found) < 1100, len(found))
            self.assertEqual(set(found), {k.name for k in KINDS.values() if k.meets == meets})

    def test_chance_cuts_anywhere(self):
        self.running.control("faults", {"seed": 3, "rate": 1, "faults": ["close-in-body"]})
        cuts = set()
        for _ in range(12):
            with Wire(self.running) as wire:
                wire.send()
                cuts.add(len(split(wire.read()[0])[2]))
        self.assertGreater(len(cuts), 4)
        self.assertLess(max(cuts), len('{"channels":[]}'))

    def test_a_seed_is_made_up_and_told(self):
        seeds = {self.running.control("faults", {"rate": 0})["chance"]["seed"] for _ in range(3)}
        self.assertEqual(len(seeds), 3)
        self.assertEqual(len(self.running.control("faults")["chance"]["faults"]), len(KINDS))

    def test_misuse(self):
        wrong = [
            ({}, '"fault"'), ({"fault": "nothing"}, "there is no fault nothing"),
            ({"fault": 5}, "the name of a fault"), ({"fault": "drip", "sise": 1}, "no parameter"),
            ({"fault": "reset-before-read", "after": 1}, "it has: none"),
            ({"fault": "drip", "size": 0}, "size of drip has to be a whole number from 1"),
            ({"fault": "drip", "size": 1.5}, "size"), ({"fault": "drip", "size": True}, "size"),
            ({"fault": "drip", "times": 0}, "times"), ({"fault": "drip", "skip": -1}, "skip"),
            ({"fault": "drip", "times": "2"}, "times"),
            ({"fault": "drip", "operation": "MakeTea"}, "no operation MakeTea"),
            ({"fault": "tls-old", "operation": "GetChannel"}, "have no operation yet"),
            ({"fault": "tls-old", "version": "1.2"}, "1.1 or 1.0"),
            ({"fault": "stall-in-body", "seconds": None}, "seconds"),
            ({"fault": "stall-in-body", "seconds": 1e9}, "seconds"),
            ({"fault": "throttled", "code": "a\r\nb: c"}, "printable"),
            ({"fault": "interim", "statuses": [100, 200]}, "from 100 to 199"),
            ({"fault": "throttled", "retryAfter": []}, "or null"),
            ({"seed": 1}, "rate"), ({"rate": 1.1}, "probability"), ({"rate": True}, "rate"),
            ({"rate": 1, "times": 2}, "nothing else"), ({"rate": 1, "faults": {}}, "a list"),
            ({"rate": 1, "faults": [7]}, "names"), ({"rate": 1, "seed": "x"}, "seed"),
            ({"rate": 1, "faults": [{"fault": "drip", "skip": 1}]}, "names"),
            ({"clear": False}, '"clear": true'), ({"clear": True, "fault": "drip"}, "clear"),
        ]
        for body, text in wrong:
            with self.subTest(body=body):
                status, answer = ask_control(self.running, "POST", "fault", body)
                self.assertEqual(status, 400, answer)
                self.assertIn(text, answer["error"])
        self.assertEqual(self.running.control("faults")["set"], [])

    def test_at_the_same_time(self):
        """Eight clients, and no fault is used twice or lost."""
        self.set("throttled", times=40)
        self.set("reset-before-answer", times=40)
        met = []

        def client():
            for _ in range(15):
                try:
                    met.append(self.running.post("ListChannels", {})[0])
                except ConnectionError:
                    met.append("reset")
        threads = [threading.Thread(target=client) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(DEADLINE)
        self.assertEqual(sorted(map(str, met)), ["200"] * 40 + ["429"] * 40 + ["reset"] * 40)
        counts = self.running.control("counts")["operations"]["ListChannels"]
        self.assertEqual(counts, {"seen": 120, "carriedOut": 80})


class Documented(unittest.TestCase):
    def test_every_fault_with_its_parameters(self):
        text = (ROOT / "tests" / "simulator" / "README.md").read_text(encoding="utf-8")
        documented = {}
        for meets in (REQUEST, CONNECTION):
            table = text.split(f"| Fault of a {meets} |")[1].split("\n\n")[0]
            for line in table.splitlines()[2:]:
                faults, parameters = line.strip("|").split(" | ")[:2]
                known = {p for p in re.findall(r"`([^`]+)`", parameters) if p in CAMEL}
                if "as `status`" in parameters:
                    known = documented["status"][1]
                for name in re.findall(r"`([^`]+)`", faults):
                    self.assertNotIn(name, documented)
                    documented[name] = (meets, known)
        self.assertEqual(documented, {
            name: (kind.meets, set(map(camel_case, kind.parameters)))
            for name, kind in KINDS.items()})


class RealClients(FaultTest):
    def client(self, **retries):
        environment = self.running.environment
        return SESSION.create_client(
            "ivs", region_name=environment["AWS_REGION"], verify=self.running.ca,
            endpoint_url=environment["AWS_ENDPOINT_URL_IVS"],
            aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
            config=botocore.config.Config(retries=retries, read_timeout=DEADLINE))

    def test_botocore_tries_again(self):
        with closing(self.client(mode="standard", max_attempts=3)) as client, \
                mock.patch("botocore.endpoint.time.sleep"):
            for fault, work in (("throttled", 1), ("throttled-503", 1), ("internal-error", 1),
                                ("reset-before-work", 1), ("reset-before-answer", 3),
                                ("close-before-answer", 3), ("close-when-idle", 1)):
                with self.subTest(fault):
                    self.running.control("reset", {})
                    self.set(fault, times=2)
                    client.create_channel(name="twice")
                    seen = 1 if fault == "close-when-idle" else 3
                    self.assertEqual(self.running.control("counts")["operations"]["CreateChannel"],
                                     {"seen": seen, "carriedOut": work})
                    self.assertEqual(self.channels(), work)
            self.running.control("reset", {})
            self.set("expired-token")
            with self.assertRaises(client.exceptions.ClientError) as caught:
                client.list_channels()
            self.assertEqual(caught.exception.response["Error"]["Code"], "ExpiredTokenException")

    def test_curl(self):
        """Its exit code for each: 18 partial, 35 no TLS, 52 nothing, 56 broken, 60 no trust."""
        wanted = {
            "chunked": 0, "close-delimited": 0, "interim": 0, "drip": 0, "http-1.0": 0, "gzip": 0,
            "connection-close": 0, "large-body": 0, "drip-wire": 0, "stall-in-body": 0,
            "length-too-long": 18, "close-in-body": 18, "close-before-answer": 52,
            "reset-in-body": 56, "reset-before-answer": 56, "reset-when-idle": 0,
            "tls-expired": 60, "tls-not-yet-valid": 60, "tls-wrong-host": 60, "tls-unknown-ca": 60,
            "tls-self-signed": 60, "tls-alert": 35, "tls-plain": 35, "tls-old": 35,
            "reset-handshake": 35, "close-handshake": 35, "reset-connect": 35,
        }
        for fault, code in wanted.items():
            with self.subTest(fault):
                self.set(fault, **({"seconds": 0.05} if fault == "stall-in-body" else {}))
                done = subprocess.run(
                    [CURL, "-sS", "--max-time", str(DEADLINE), "--tlsv1.2", "--noproxy", "*",
                     "--cacert", self.running.ca, "-o", "/dev/null", "-d", "{}",
                     f"{self.running.environment['AWS_ENDPOINT_URL_IVS']}/ListChannels"],
                    capture_output=True, text=True, timeout=2 * DEADLINE, check=False)
                self.assertEqual(done.returncode, code, done.stderr)
                self.normal()

    def test_s_client(self):
        """curl takes a truncated connection for a closed one; openssl does not."""
        for fault, missing in (("close-delimited", False), ("truncate-close-delimited", True)):
            self.set(fault)
            with Wire(self.running, tls=False) as unsent:
                request = unsent.request()
            done = subprocess.run(
                ["openssl", "s_client", "-quiet", "-CAfile", self.running.ca, "-connect",
                 f"localhost:{self.running.simulator.https_port}"],
                input=request, capture_output=True, timeout=DEADLINE, check=False)
            self.assertIn(b"HTTP/1.1 200 OK\r\n", done.stdout)
            self.assertEqual(b"unexpected eof" in done.stderr, missing, done.stderr)

    def test_aws(self):
        self.set("reset-before-answer")
        self.set("throttled")
        environment = {**self.running.environment, "AWS_MAX_ATTEMPTS": "4"}
        done = subprocess.run([AWS, "--endpoint-url", environment["AWS_ENDPOINT_URL_IVS"], "ivs",
                               "list-channels"], env=clean_environment(environment), text=True,
                              capture_output=True, timeout=3 * DEADLINE, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(json.loads(done.stdout), {"channels": []})
        self.assertEqual(self.running.control("counts")["operations"]["ListChannels"],
                         {"seen": 3, "carriedOut": 2})


if __name__ == "__main__":
    versions("python", "botocore", "aws", "openssl")
    unittest.main()
