"""The page at /console and its data, without a browser: tests/ingest/test_console.py has one."""

import base64
import hashlib
import http.client
import json
import re
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from support import DEADLINE, MISSING, Running, send, sign, versions  # noqa: E402


def setUpModule():
    global running
    running = Running()


def tearDownModule():
    running.stop()


def ask(path, method="GET"):
    connection = http.client.HTTPConnection("127.0.0.1", running.simulator.http_port,
                                            timeout=DEADLINE)
    connection.request(method, path)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, answer.headers, text


class Page(unittest.TestCase):
    def test_only_its_own_script_and_style_may_run(self):
        status, headers, text = ask("/console")
        self.assertEqual((status, headers["Content-Type"]), (200, "text/html; charset=utf-8"))
        policy = headers["Content-Security-Policy"]
        self.assertTrue(policy.startswith("default-src 'none'; "))
        self.assertNotIn("unsafe", policy)
        for kind in ("script", "style"):
            (body,) = re.findall(f"<{kind}>(.*?)</{kind}>", text, re.DOTALL)
            digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
            self.assertIn(f"{kind}-src 'sha256-{digest}'", policy)

    def test_it_needs_no_other_file(self):
        text = ask("/console")[2]
        for address in re.findall(r"""(?:src|href|url)\s*[=(]\s*["']?([^"')\s>]+)""", text):
            self.assertTrue(address.startswith(("data:", "#")), address)
        self.assertNotIn("innerHTML", text)

    def test_methods(self):
        self.assertEqual(ask("/console", "HEAD")[::2], (200, ""))
        self.assertEqual(ask("/console", "POST")[0], 405)

    def test_it_is_no_part_of_the_api(self):
        url = f"https://localhost:{running.simulator.https_port}/console"
        self.assertEqual(send(running.connect(), sign("GET", url))[0], 404)


class Data(unittest.TestCase):
    def setUp(self):
        running.control("reset", {})

    def test_empty(self):
        shown = running.control("console")
        self.assertEqual((shown["channels"], shown["metadata"], shown["requests"]), ([], [], []))
        self.assertEqual((shown["ingest"], shown["refusedCount"]), ("stand-in", 0))

    def test_what_is_going_on(self):
        made = [running.post("CreateChannel", {"name": name})[2] for name in ("quiet", "loud")]
        arn = made[1]["channel"]["arn"]
        running.control("live", {"channelArn": arn, "live": True, "viewerCount": 7})
        running.post("PutMetadata", {"channelArn": arn, "metadata": "cue"})
        running.post("GetStream", {"channelArn": made[0]["channel"]["arn"]})
        running.post("GetChannel", {"arn": MISSING})
        shown = running.control("console")
        self.assertEqual([c["name"] for c in shown["channels"]], ["loud", "quiet"])
        loud, quiet = shown["channels"]
        self.assertEqual((loud["live"], loud["health"], loud["viewers"], loud["connected"]),
                         (True, "HEALTHY", 7, False))
        self.assertEqual([e["name"] for e in loud["sessions"][0]["events"]],
                         ["Stream Start", "Session Created"])
        self.assertEqual((quiet["live"], quiet["sessions"]), (False, []))
        self.assertEqual([m["metadata"] for m in shown["metadata"]], ["cue"])
        self.assertEqual((shown["channelCount"], shown["liveCount"], shown["metadataCount"],
                          shown["requestCount"], shown["refusedCount"]), (2, 1, 1, 5, 1))
        text = json.dumps(shown)
        for channel in made:
            self.assertNotIn(channel["streamKey"]["value"], text)
            self.assertNotIn(channel["channel"]["srt"]["passphrase"], text)

    def test_only_what_is_new(self):
        for _ in range(3):
            running.post("ListChannels", {})
        newer = running.control("console?after=2")["requests"]
        self.assertEqual([e["number"] for e in newer], [3])
        self.assertEqual(ask("/_sim/console?after=x")[0], 400)
        self.assertEqual(ask("/_sim/console?after=-1")[0], 400)

    def test_nobody_sees_that_somebody_looks(self):
        ask("/console")
        self.assertEqual(running.control("console")["requests"], [])


if __name__ == "__main__":
    versions("python", "openssl")
    unittest.main()
