"""Answers as only a server of our own gives them: numbers as times, redirections, empty tokens. What is expected of the command line
is what the AWS CLI prints."""

import http.server
import json
import os
import threading

from support import DEADLINE, TOP, ProgramTest, main

ARN = "arn:aws:ivs:us-west-2:123456789012:channel/abcdefgh"


class Canned(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        body = b"" if self.server.status == 304 else self.server.body
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class AnswerTest(ProgramTest):
    def setUp(self):
        super().setUp()
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Canned)
        server.daemon_threads, server.status, server.body = True, 200, b"{}"
        threading.Thread(target=server.serve_forever).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.server = server

    def environment(self, **more):
        return super().environment(
            **{"AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.server.server_port}", "AWS_REGION": "us-west-2", "HOME": self.folder,
               "AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "s", **more})


class Times(AnswerTest):
    def shown(self, time, **more):
        """What is printed of a time that the service writes so."""
        self.server.body = b'{"streams":[{"startTime":%s}]}' % time.encode()
        done = self.ivs("list-streams", "--query", "streams[0].startTime", env=self.environment(**more))
        self.assertEqual((done.returncode, done.stderr), (0, ""), time)
        return json.loads(done.stdout)

    def test_numbers(self):
        for time, expected in (
                ("1795339800", "2026-11-22T09:30:00+00:00"),
                ("1795339800.0", "2026-11-22T09:30:00+00:00"),
                ("1795339800.5", "2026-11-22T09:30:00.500000+00:00"),
                ("1795339800.1234567", "2026-11-22T09:30:00.123457+00:00"),
                ("1795339800.9999999", "2026-11-22T09:30:01+00:00"),
                ("-0.5", "1969-12-31T23:59:59.500000+00:00"),
                ("99999999999", "5138-11-16T09:46:39+00:00")):
            self.assertEqual(self.shown(time, TZ="UTC0"), expected)
        self.assertEqual(self.shown("1795339800.25", TZ="IST-5:30"), "2026-11-22T15:00:00.250000+05:30")
        self.assertEqual(self.shown("1795339800", TZ="NST3:30"), "2026-11-22T06:00:00-03:30")

    def test_zones(self):
        for time, expected in (
                ("2026-11-22T09:30:00.5Z", "2026-11-22T09:30:00.500000+00:00"),
                ("2026-11-22T09:30:00.000Z", "2026-11-22T09:30:00+00:00"),
                ("2026-11-22T09:30:00+02:00", "2026-11-22T09:30:00+02:00"),
                ("2026-11-22T09:30:00.5+02:00", "2026-11-22T09:30:00.500000+02:00"),
                ("2026-11-22T09:30:00.123456789-0330", "2026-11-22T09:30:00.123456-03:30")):
            self.assertEqual(self.shown(json.dumps(time), TZ="IST-5:30"), expected)

    def test_wire(self):
        """A text stays a text, a number a number."""
        file = self.write("config", "[default]\ncli_timestamp_format = wire\n[profile p]\n")
        for time in ('"2026-11-22T09:30:00.500+02:00"', "1795339800", "1795339800.5", "1795339800.0"):
            self.assertEqual(json.dumps(self.shown(time, AWS_CONFIG_FILE=file)), time)
        self.assertEqual(self.shown("1795339800", AWS_CONFIG_FILE=file, AWS_PROFILE="p", TZ="UTC0"), "2026-11-22T09:30:00+00:00")


class Redirections(AnswerTest):
    def test_which_are_called_so(self):
        for status in (301, 302, 303, 307, 308):
            self.server.status = status
            self.assertFails(self.ivs("list-channels"), 254, f"An error occurred ({status}) when calling the ListChannels operation: redirect "
                             "refused (give the endpoint that was meant; redirects are not followed)")
        for status in (304, 305, 399):
            self.server.status = status
            self.assertFails(self.ivs("list-channels"), 254, f"An error occurred ({status}) when calling the ListChannels operation: HTTP "
                             f"status {status}, which the service does not use (is the endpoint that of the service?)")


class EmptyToken(AnswerTest):
    """A page whose nextToken is empty is the last one, for all that read pages."""

    def setUp(self):
        super().setUp()
        one = {"arn": ARN, "name": "one", "authorized": True, "ingestEndpoint": "a.example", "playbackUrl": "https://b.example/c.m3u8"}
        self.server.body = json.dumps({
            "channels": [one], "channel": one, "streams": [{"channelArn": ARN, "state": "LIVE"}], "nextToken": ""}).encode()

    def path(self, name):
        return os.path.join(TOP, "scripts", name)

    def done(self, *words):
        done = self.ivs(*words)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def test_program(self):
        self.assertEqual(self.done("list-channels", "--query", "channels[].name", "--output", "text"), "one\n")
        self.assertIn(ARN, self.done("kick", "one", "--output", "json"))
        out = self.done("-e", "for one in ivs.client{}:each_channel{} do print(one.name) end")
        self.assertEqual(out, "one\n")

    def test_scripts(self):
        self.write("fleet.csv", "name\none\n")
        self.assertIn("as it should be", self.done("run", self.path("fleet_provision.lua"), "fleet.csv"))
        self.assertEqual(self.done("run", self.path("nightly_recordings.lua"), "off", ARN), f"{ARN}  does not record\n")
        self.assertEqual(self.done("run", self.path("private_channel.lua"), "setup", "one", "key.pem"), ARN + "\n")

    def test_watchdog(self):
        child = self.start("run", self.path("watchdog.lua"))
        deadline = threading.Timer(DEADLINE, child.kill)
        deadline.start()
        self.addCleanup(deadline.cancel)
        self.assertRegex(child.stdout.readline(), f"  {ARN}  LIVE\n$")
        child.terminate()
        child.communicate()


class NotTheService(AnswerTest):
    """What answers without what is needed is said to be something else, by every command of our own."""

    COMMANDS = (
        ("go-live", ARN, "--encoder", "sleep 60"),
        ("go-live", "one", "--encoder", "sleep 60"),
        ("ingest-url", ARN),
        ("watch", ARN, "--seconds", "5"),
        ("watch", "one", "--seconds", "5"),
        ("kick", ARN),
        ("kick", ARN, "--rotate-key"),
        ("token", "one", "--key", "made.pem"),
    )

    def test_commands(self):
        self.write("made.pem", self.ivs("-e", "io.write(ivs.token.key_pair():private_pem())").stdout)
        empty = b'{"channels": [{}], "channel": {"arn": "%s"}, "stream": {}}' % ARN.encode()
        for self.server.body in (b"{}", empty):
            for words in self.COMMANDS:
                with self.subTest(words=words, body=self.server.body):
                    self.assertFails(self.ivs(*words), 255, "the answer has no ", "is the endpoint that of the service?")

    def test_key_is_kept(self):
        """What came of the import is not known."""
        done = self.ivs("create-playback-key-pair", "--key", "made.pem")
        self.assertEqual(done.returncode, 255)
        self.assertIn("made.pem is kept", done.stderr)
        self.assertIn("ImportPlaybackKeyPair: the answer has no keyPair.arn", done.stderr)
        self.assertTrue(os.path.exists(os.path.join(self.folder, "made.pem")))


if __name__ == "__main__":
    main()
