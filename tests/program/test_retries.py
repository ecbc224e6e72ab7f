"""What the command line says of attempts, delays and calls whose outcome is unknown, while the simulator lets them go wrong."""

import os
import pty
import re
import subprocess
import time

from support import DEADLINE, PROGRAM, ProgramTest, main, read_terminal

ARN = "arn:aws:ivs:us-west-2:123456789012:channel/abcdefgh"
COUNTERS = re.compile(r"ivs: debug: \d+\.\d{3} s: attempts (\d+), delays (\d+\.\d{3}) s, connections (\d+), reused (\d+), handshakes (\d+), "
                      r"resumed (\d+), bytes sent (\d+), received (\d+)")


class RetryTest(ProgramTest):
    simulator_options = []

    def setUp(self):
        super().setUp()
        self.simulator.tell("reset", {})

    def fault(self, name, **more):
        self.simulator.tell("fault", {"fault": name, **more})

    def seen(self, operation):
        return [request["operation"] for request in self.simulator.ask("requests")["requests"]].count(operation)


class Attempts(RetryTest):
    def test_last_attempt(self):
        self.fault("unavailable", times=3)
        line = self.assertFails(self.ivs("list-channels"), 254)
        self.assertRegex(line, r"^An error occurred \(ServiceUnavailable\) when calling the ListChannels operation "
                               r"\(reached max retries: 2\): The service is unavailable \(request id [0-9a-f-]{36}\)$")

    def test_earlier_one(self):
        self.fault("unavailable")
        done = self.ivs("get-channel", "--arn", ARN)
        self.assertFails(done, 254, "An error occurred (ResourceNotFoundException) when calling the GetChannel operation: ")

    def test_as_many_as_the_environment_says(self):
        self.fault("unavailable", times=4)
        self.assertFails(self.ivs("list-channels", env=self.environment(AWS_MAX_ATTEMPTS="4")), 254, "(reached max retries: 3): ")
        self.assertEqual(self.ivs("list-channels").returncode, 0)

    def test_delay_that_is_longer_than_a_call(self):
        """It is not waited for; the line says how long it is."""
        for name in ("throttled", "unavailable"):
            self.fault(name, retryAfter=70)
            line = self.assertFails(self.ivs("list-channels"), 254, "(the service asks to come back in 70 s; request id ")
            self.assertNotIn("reached max", line)
        self.assertEqual(self.seen("ListChannels"), 2)

    def test_network(self):
        """Trouble of the network is told without a number, as by the AWS CLI."""
        self.fault("reset-connect", times=3)
        line = self.assertFails(self.ivs("list-channels"), 255, "ListChannels: ")
        self.assertNotIn("reached max", line)

    def test_expired_credentials(self):
        self.fault("expired-token")
        self.assertFails(self.ivs("list-channels"), 254, "(ExpiredTokenException)", "the credentials have expired: get new ones;")


class Unsure(RetryTest):
    CALLS = (("create-channel", "list-channels", ()),
             ("create-stream-key", "list-stream-keys", ("--channel-arn", ARN)),
             ("create-playback-restriction-policy", "list-playback-restriction-policies", ()),
             ("create-recording-configuration", "list-recording-configurations", ("--destination-configuration", "s3={bucketName=abc}")),
             ("create-ad-configuration", "list-ad-configurations", ("--media-tailor-playback-configurations", "playbackConfigurationArn=x")),
             ("import-playback-key-pair", "list-playback-key-pairs", ("--public-key-material", "x")))

    def test_how_to_find_out(self):
        for command, where, words in self.CALLS:
            with self.subTest(command):
                self.fault("close-before-answer")
                self.assertFails(self.ivs(command, *words), 255, ": Unsure: localhost:", "request left, outcome unknown: ",
                                 f"it may have been done: look with ivs {where} before you repeat it")
        self.assertEqual(self.seen("CreateChannel"), 1)
        self.assertEqual(len(self.simulator.ask("state")["channels"]), 1)

    def test_without_a_list(self):
        self.fault("close-before-answer")
        done = self.ivs("insert-ad-break", "--channel-arn", ARN, "--duration-seconds", "5")
        self.assertFails(done, 255, "it may have been done; repeated, it may be done twice")

    def test_what_stands_before_the_service(self):
        """503 without a code is a gateway's, and the service may be at work behind it."""
        self.fault("status", status=503, code="", body="<html>")
        done = self.ivs("create-channel")
        self.assertFails(done, 254, "An error occurred (503) when calling the CreateChannel operation: ", "look with ivs list-channels")
        self.assertEqual(self.seen("CreateChannel"), 1)

    def test_what_can_be_repeated(self):
        self.fault("close-before-answer")
        self.assertEqual(self.ivs("list-channels").returncode, 0)
        self.assertEqual(self.seen("ListChannels"), 2)


class Debug(RetryTest):
    def counters(self, *words, code=0):
        """The line of each call, as numbers; delays in s."""
        done = self.ivs(*words, "--debug")
        self.assertEqual(done.returncode, code, done.stderr)
        return [[float(number) for number in found.groups()] for found in COUNTERS.finditer(done.stderr)], done.stderr

    def test_one_call(self):
        (line,), text = self.counters("list-channels")
        self.assertEqual(line[:6], [1, 0, 1, 0, 1, 0])
        self.assertGreater(min(line[6:]), 100)
        self.assertLess(text.index("answer:"), text.index(": attempts 1, "))

    def test_attempts(self):
        for _ in range(5):
            self.fault("throttled")
            self.fault("unavailable")
            (line,), text = self.counters("list-channels")
            attempts, delays, connections, reused, handshakes = line[:5]
            self.assertEqual((attempts, connections, reused, handshakes), (3, 1, 2, 1))
            told = [float(seconds) for seconds in re.findall(r"attempt \d of 3 follows in (\d+\.\d{3}) s", text)]
            self.assertAlmostEqual(sum(told), delays, places=2)
            if len(told) == 2:
                break  # a delay is by chance; one that is over at once is not told
        self.assertEqual(len(told), 2)
        self.assertRegex(text, r"s: throttled; attempt 2 of 3 follows")

    def test_connections(self):
        self.fault("reset-before-answer")
        (line,), _ = self.counters("list-channels")
        attempts, _, connections, reused, handshakes, resumed = line[:6]
        self.assertEqual((attempts, connections, reused, handshakes), (2, 2, 0, 2))
        self.assertLessEqual(resumed, 1)

    def test_failure(self):
        self.fault("unavailable", times=3)
        (line,), _ = self.counters("list-channels", code=254)
        self.assertEqual(line[0], 3)

    def test_a_line_for_each_page(self):
        for _ in range(3):
            self.ivs("create-channel")
        lines, _ = self.counters("list-channels", "--page-size", "1")
        self.assertEqual([(line[0], line[2], line[3]) for line in lines], [(1, 1, 0), (1, 0, 1), (1, 0, 1)])


class Terminal(RetryTest):
    def said_to_terminal(self, *words):
        """What comes on standard error where that is a terminal, standard output being none."""
        master, slave = pty.openpty()
        child = subprocess.Popen([PROGRAM, *words], env=self.environment(), cwd=self.folder, stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE, stderr=slave)
        os.close(slave)
        out, _ = child.communicate(timeout=DEADLINE)
        said = read_terminal(master)
        self.assertEqual(child.returncode, 0)
        return out.decode(), said

    def test_long_delay(self):
        self.fault("throttled", times=2, retryAfter=2)
        began = time.monotonic()
        out, said = self.said_to_terminal("list-channels", "--output", "text")
        self.assertGreater(time.monotonic() - began, 4)
        self.assertEqual((out, said), ("", "throttled, trying again in 2 s (attempt 2 of 3)\nthrottled, trying again in 2 s (attempt 3 of 3)\n"))

    def test_short_delay(self):
        self.fault("unavailable")
        self.assertEqual(self.said_to_terminal("list-channels", "--output", "text"), ("", ""))

    def test_no_terminal(self):
        self.fault("unavailable", retryAfter=2)
        self.assertEqual(self.ivs("list-channels", "--output", "text").stderr, "")


class Proxy(ProgramTest):
    simulator_options = ["--proxy", "--proxy-user", "me:hidden+word"]

    def test_refusal(self):
        proxy = self.simulator.environment["HTTPS_PROXY"]
        self.secrets.add("hidden+word")
        self.assertEqual(self.ivs("list-channels").returncode, 0)
        bare = re.sub("//.*@", "//", proxy)
        wrong = bare.replace("//", "//me:other+word@")
        self.secrets.add("other+word")
        for url in (bare, wrong):
            done = self.ivs("list-channels", env=self.environment(HTTPS_PROXY=url, https_proxy=url))
            self.assertFails(done, 255, f'Failed to connect to proxy URL: "{bare}" (ListChannels: Proxy: localhost:', "refused by the proxy: ",
                             "check user and password of HTTPS_PROXY")

    def test_nobody_there(self):
        url = "http://me:hidden+word@127.0.0.1:1"
        self.secrets.add("hidden+word")
        done = self.ivs("list-channels", env=self.environment(HTTPS_PROXY=url, https_proxy=url))
        self.assertFails(done, 255, 'Failed to connect to proxy URL: "http://127.0.0.1:1" (ListChannels: CannotConnect: localhost:',
                         " through the proxy http://127.0.0.1:1: cannot connect")


if __name__ == "__main__":
    main()
