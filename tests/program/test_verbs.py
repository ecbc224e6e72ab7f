"""The verbs but for go-live: watch, kick, metadata, ingest-url, delete-channel --force. With pipes, on a terminal, interrupted."""

import json
import os
import pty
import signal
import subprocess
import termios
import threading
import time

from support import ENCODER, PROGRAM, ProgramTest, main, read_terminal


class VerbTest(ProgramTest):
    simulator_options = ["--start-delay", "0.05"]

    def setUp(self):
        super().setUp()
        self.simulator.tell("reset", {})

    def make(self, name="lobby"):
        done = self.ivs("create-channel", "--name", name, "--query", "channel.arn", "--output", "text")
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.strip()

    def key_of(self, arn):
        listed = self.ivs("list-stream-keys", "--channel-arn", arn, "--query", "streamKeys[].arn", "--output", "text")
        got = self.ivs("get-stream-key", "--arn", listed.stdout.strip(), "--query", "streamKey.value", "--output", "text")
        return got.stdout.strip()

    def live(self, arn, on=True):
        self.simulator.tell("live", {"channelArn": arn, "live": on})

    def operations(self):
        return [request["operation"] for request in self.simulator.ask("requests")["requests"]]

    def wait_for(self, operation):
        until = time.monotonic() + 20
        while operation not in self.operations() and time.monotonic() < until:
            time.sleep(0.05)

    def open_input(self, *words, text):
        """Starts the program with this on its standard input, which stays open."""
        child = subprocess.Popen([PROGRAM, *words], env=self.environment(), cwd=self.folder, text=True, stdin=subprocess.PIPE,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(child.kill)
        child.stdin.write(text)
        child.stdin.flush()
        return child

    def endless(self, line, *words):
        """Runs the program on a line that is repeated for ever."""
        return subprocess.run(["bash", "-c", 'yes "$(printf "$0")" | "$@"', line, PROGRAM, *words], env=self.environment(), cwd=self.folder,
                              capture_output=True, text=True, timeout=60)

    def assertToldOfEndless(self, line, done):
        told = "ivs: a line cannot be sent: it is not UTF-8"
        if line == "":
            return self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.returncode, 255)
        self.assertRegex(done.stderr, rf"^({told}\n){{2}}{told}; further ones are only counted\nivs: lines of standard input: \d+ not taken")
        self.assertEqual(done.stderr.count("\n"), 4)

    def sent(self):
        return [m["metadata"] for m in self.simulator.ask("metadata")["metadata"]]

    def on_terminal(self, *words, until=None, then=None, env=None, stdin=subprocess.DEVNULL):
        """What a terminal shows as standard output and error; `until` seen, then(child) is called."""
        master, slave = pty.openpty()
        child = subprocess.Popen([PROGRAM, *words], env=env or self.environment(), cwd=self.folder, stdin=stdin,
                                 stdout=slave, stderr=slave, start_new_session=True)
        self.addCleanup(child.kill)
        os.close(slave)
        out = read_terminal(master, until, lambda: then(child))
        self.assertNoSecret(out)
        return child.wait(60), out


class IngestUrl(VerbTest):
    def test_forms(self):
        arn = self.make()
        key = self.key_of(arn)
        done = self.ivs("ingest-url", "lobby")
        self.assertRegex(done.stdout, rf"^rtmps://localhost:\d+/app/{key}\n$")
        self.assertEqual(self.ivs("ingest-url", arn).stdout, done.stdout)
        server, own = self.ivs("ingest-url", "lobby", "--split").stdout.split()
        self.assertEqual((server + own, own), (done.stdout.strip(), key))
        self.assertTrue(self.ivs("ingest-url", "lobby", "--priority", "7").stdout.endswith(f"/app/{key}?priority=7\n"))
        srt = self.ivs("ingest-url", "lobby", "--protocol", "srt", "--priority", "7").stdout
        self.assertRegex(srt, rf"^srt://\S+:9000\?streamid=%23%21%3A%3Au%3D{key}%2Cpriority%3D7&passphrase=\w+\n$")
        self.assertEqual(len(self.ivs("ingest-url", "lobby", "--protocol", "srt", "--split").stdout.split()), 3)

    def test_insecure_ingest(self):
        arn = self.make()
        self.assertFails(self.ivs("ingest-url", "lobby", "--protocol", "rtmp"), 255, "the channel takes no RTMP: ", "--insecure-ingest")
        self.ivs("update-channel", "--arn", arn, "--insecure-ingest")
        self.assertRegex(self.ivs("ingest-url", "lobby", "--protocol", "rtmp").stdout, r"^rtmp://localhost:\d+/app/sk_\S+\n$")
        self.assertNotIn("passphrase", self.ivs("ingest-url", "lobby", "--protocol", "srt").stdout)
        every = json.loads(self.ivs("ingest-url", "lobby", "--output", "json").stdout)
        self.assertEqual(set(every), {"channelArn", "rtmps", "rtmp", "srt"})

    def test_query(self):
        self.make()
        done = self.ivs("ingest-url", "lobby", "--output", "json", "--query", "srt.server")
        self.assertRegex(done.stdout, r'^"srt://\S+:9000"\n$')

    def test_missing_key_is_made(self):
        arn = self.make()
        listed = self.ivs("list-stream-keys", "--channel-arn", arn, "--query", "streamKeys[].arn", "--output", "text").stdout
        self.ivs("delete-stream-key", "--arn", listed.strip())
        self.assertRegex(self.ivs("ingest-url", "lobby").stdout, "/app/sk_")

    def test_refusals(self):
        self.assertFails(self.ivs("ingest-url", "nowhere"), 255, "no channel is named nowhere")
        arn = "arn:aws:ivs:us-west-2:123456789012:channel/nosuchchannel"
        self.assertFails(self.ivs("ingest-url", arn), 254, "An error occurred (ResourceNotFoundException) when calling the GetChannel operation: ")
        for words in ((), ("a", "b"), ("a", "--nope"), ("a", "--protocol", "hls"), ("a", "--priority", "0"), ("a", "--priority", "x")):
            done = self.ivs("ingest-url", *words)
            self.assertEqual(done.returncode, 252, done.stderr)
            self.assertIn("usage: ivs ingest-url CHANNEL", done.stderr)
        self.assertEqual(self.ivs("ingest-url", "a", "--output", "table").returncode, 252)


class Kick(VerbTest):
    def test_stop(self):
        arn = self.make()
        self.live(arn)
        done = self.ivs("kick", "lobby")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        self.assertEqual(self.simulator.ask("state")["live"], [])
        done = self.ivs("kick", arn, "--output", "json")
        self.assertEqual(json.loads(done.stdout), {"channelArn": arn, "stopped": False})

    def test_rotate_key(self):
        """The key goes before the stream is stopped, so that the encoder cannot come back."""
        arn = self.make()
        before = self.key_of(arn)
        self.live(arn)
        done = self.ivs("kick", "lobby", "--rotate-key")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        after = self.key_of(arn)
        self.assertRegex(done.stdout, rf"^rtmps://localhost:\d+/app/{after}\n$")
        self.assertNotEqual(before, after)
        names = [name for name in self.operations() if name in ("DeleteStreamKey", "StopStream", "CreateStreamKey")]
        self.assertEqual(names, ["DeleteStreamKey", "StopStream", "CreateStreamKey"])

    def test_failure_half_way(self):
        """What was done is told, and the command can be given again."""
        self.make()
        self.simulator.tell("fault", {"fault": "status", "status": 403, "code": "AccessDeniedException", "operation": "CreateStreamKey"})
        done = self.ivs("kick", "lobby", "--rotate-key")
        self.assertEqual((done.returncode, done.stdout), (254, ""))
        self.assertIn("ivs: the old stream key is removed: ivs ingest-url arn:", done.stderr)
        self.assertIn("An error occurred (AccessDeniedException) when calling the CreateStreamKey operation: ", done.stderr)
        self.assertRegex(self.ivs("kick", "lobby", "--rotate-key").stdout, "/app/sk_")

    def test_protocol_is_that_of_a_new_key(self):
        before = len(self.operations())
        self.assertFails(self.ivs("kick", "lobby", "--protocol", "srt"), 252, "ivs: kick: --protocol goes with --rotate-key")
        self.assertEqual(len(self.operations()), before)

    def test_nothing_is_done_when_the_new_key_could_not_be_shown(self):
        arn = self.make()
        before = self.key_of(arn)
        self.assertFails(self.ivs("kick", "lobby", "--rotate-key", "--protocol", "rtmp"), 255, "the channel takes no RTMP: ")
        self.assertEqual(self.key_of(arn), before)

    def test_stream_that_could_not_be_stopped(self):
        arn = self.make()
        self.live(arn)
        self.simulator.tell("fault", {"fault": "status", "status": 403, "code": "AccessDeniedException", "operation": "StopStream"})
        done = self.ivs("kick", "lobby", "--rotate-key")
        self.assertEqual(done.returncode, 254)
        self.assertIn(f"ivs: the stream may still be live: ivs stop-stream --channel-arn {arn}\n", done.stderr)
        self.assertIn("the old stream key is removed", done.stderr)

    def test_ctrl_c_half_way(self):
        """A line says what was done, or may have been."""
        arn = self.make()
        for operation, line in (("CreateStreamKey", f"is removed: ivs ingest-url {arn} prints the URL with a new one"),
                                ("DeleteStreamKey", f"may be removed: ivs ingest-url {arn} prints the URL with the key that there is, or a new one")):
            with self.subTest(operation):
                self.ivs("ingest-url", arn)
                self.simulator.tell("fault", {"fault": "stall-before-answer", "operation": operation, "seconds": 20})
                seen = self.seen(operation)
                child = self.start("kick", "lobby", "--rotate-key")
                self.addCleanup(child.kill)
                until = time.monotonic() + 20
                while self.seen(operation) == seen and time.monotonic() < until:
                    time.sleep(0.05)
                child.send_signal(signal.SIGINT)
                out, err = child.communicate(timeout=20)
                self.assertEqual((child.returncode, out, err), (130, "", f"ivs: the old stream key {line}\n"))

    def seen(self, operation):
        return self.simulator.ask("counts")["operations"].get(operation, {}).get("seen", 0)

    def test_on_a_terminal(self):
        arn = self.make()
        self.live(arn)
        self.assertEqual(self.on_terminal("kick", "lobby"), (0, "ivs: stopped the stream\n"))
        self.assertEqual(self.on_terminal("kick", "lobby"), (0, "ivs: the channel was not live\n"))

    def test_an_encoder_with_the_old_key_stays_out(self):
        arn = self.make()
        url = self.ivs("ingest-url", "lobby").stdout.strip()
        encoder = [ENCODER]
        environment = self.environment(IVS_INGEST_URL=url)
        child = subprocess.Popen(encoder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(child.kill)
        self.assertEqual(self.ivs("watch", arn, "--until", "LIVE", "--seconds", "20", "--interval", "1").returncode, 0)
        self.ivs("kick", "lobby", "--rotate-key")
        child.communicate(timeout=20)
        again = subprocess.run(encoder, env=environment, capture_output=True, text=True, timeout=20)
        self.assertEqual(again.returncode, 1)
        self.assertIn("unknown stream key", again.stderr)


class DeleteChannel(VerbTest):
    def test_live(self):
        arn = self.make()
        self.live(arn)
        self.assertEqual(self.ivs("delete-channel", "--arn", arn).returncode, 254)
        done = self.ivs("delete-channel", "--force", "--arn", arn)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        self.assertEqual(self.simulator.ask("state")["channels"], [])

    def test_not_live(self):
        arn = self.make()
        self.assertEqual(self.ivs("--debug", "delete-channel", "--arn=" + arn, "--force").returncode, 0)
        self.assertFails(self.ivs("delete-channel", "--arn", arn, "--force"), 254, "(ResourceNotFoundException)", "DeleteChannel operation")

    def test_it_waits_for_the_end(self):
        """The service may say that the stream is still there for a while after it was stopped."""
        arn = self.make()
        self.live(arn)
        self.simulator.tell("fault", {"fault": "status", "status": 409, "code": "ConflictException", "operation": "DeleteChannel", "times": 2})
        code, out = self.on_terminal("delete-channel", "--arn", arn, "--force")
        self.assertEqual(code, 0)
        self.assertIn("\rwaiting until the channel can be removed ... 1 s", out)
        self.assertTrue(out.endswith("\r\33[K"), repr(out))

    def test_narrow_terminal(self):
        """What is waited for is as wide as the terminal of standard error, wherever standard output goes."""
        arn = self.make()
        self.simulator.tell("fault", {"fault": "status", "status": 409, "code": "ConflictException", "operation": "DeleteChannel", "times": 2})
        master, slave = pty.openpty()
        termios.tcsetwinsize(slave, (24, 30))
        done = subprocess.run([PROGRAM, "delete-channel", "--arn", arn, "--force"], env=self.environment(), stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=slave, timeout=60)
        os.close(slave)
        out = os.read(master, 4096).decode()
        os.close(master)
        self.assertEqual(done.returncode, 0)
        self.assertIn("\rwaiting until the channel can\33[K", out)

    def test_ctrl_c_half_way(self):
        arn = self.make()
        self.simulator.tell("fault", {"fault": "status", "status": 409, "code": "ConflictException", "operation": "DeleteChannel", "times": None})
        code, _ = self.on_terminal("delete-channel", "--arn", arn, "--force", until="waiting until", then=lambda c: c.send_signal(signal.SIGINT))
        self.assertEqual(code, 130)
        self.simulator.tell("fault", {"clear": True})
        self.assertEqual(self.ivs("delete-channel", "--arn", arn, "--force").returncode, 0)

    def test_words(self):
        done = self.ivs("delete-channel", "--force")
        self.assertEqual(done.returncode, 252)
        self.assertIn("the following arguments are required: --arn", done.stderr)
        self.assertIn("--force", self.ivs("delete-channel", "help").stdout)


class Metadata(VerbTest):
    def feed(self, text, *words):
        return self.ivs("metadata", "lobby", *words, text=text)

    def test_lines_that_never_end(self):
        """Lines that go nowhere keep nothing else from being done; Ctrl-C ends it, and they were counted."""
        self.live(self.make())
        with subprocess.Popen(["yes", b"\xff"], stdout=subprocess.PIPE) as lines:
            self.addCleanup(lines.kill)
            code, out = self.on_terminal("metadata", "lobby", stdin=lines.stdout, until="further ones are only counted",
                                         then=lambda child: child.send_signal(signal.SIGINT))
            lines.kill()
        self.assertEqual(code, 130)
        self.assertIn("\r0 sent, 0 waiting", out)
        self.assertRegex(out, r"\n(\r0 sent, 0 waiting)?(\x1b\[K|\r)*0 sent in 0 payloads, \d+ refused\n$")

    def test_lines(self):
        self.live(self.make())
        done = self.feed('{"a":1}\n\n  \nplain text\r\nno line break')
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "3 sent in 3 payloads\n", ""))
        self.assertEqual(self.sent(), ['{"a":1}', "plain text", "no line break"])

    def test_pacing(self):
        """Five payloads a second, and none is lost."""
        self.live(self.make())
        done = self.feed("".join(f"{n}\n" for n in range(12)), "--output", "json")
        counts = json.loads(done.stdout)
        self.assertEqual((counts["sent"], counts["payloads"], counts["throttled"]), (12, 12, 0))
        self.assertEqual(self.sent(), [str(n) for n in range(12)])

    def test_together_and_newest(self):
        self.live(self.make())
        done = self.feed("".join('{"n":%d}\n' % n for n in range(30)) + "half \"time\"\n", "--together")
        self.assertRegex(done.stdout, r"^31 sent in [1-9] payloads?\n$")
        items = [item for payload in self.sent() for item in json.loads(payload)]
        self.assertEqual(items, [{"n": n} for n in range(30)] + ['half "time"'])
        done = self.feed("".join(f"{n}\n" for n in range(100)), "--newest")
        self.assertRegex(done.stdout, r"^\d+ sent in \d+ payloads?, \d+ replaced\n$")
        self.assertEqual(self.sent()[-1], "99")

    def test_more_than_the_queue_holds(self):
        """Reading waits for sending."""
        self.live(self.make())
        line = "x" * 1000
        done = self.feed((line + "\n") * 20)
        self.assertEqual((done.returncode, done.stdout), (0, "20 sent in 20 payloads\n"))

    def test_bad_lines(self):
        self.live(self.make())
        done = self.feed("good\n" + "x" * 1025 + "\n")
        self.assertEqual((done.returncode, done.stdout), (255, "1 sent in 1 payload, 1 refused\n"))
        self.assertIn("ivs: a line cannot be sent: the item is too long", done.stderr)

    def test_very_long_line(self):
        """One bad line, and no part of it is sent."""
        self.live(self.make())
        done = self.feed("before\n" + "x" * 200000 + " tail\nafter\n" + "y" * 70000)
        self.assertEqual((done.returncode, done.stdout), (255, "2 sent in 2 payloads, 2 refused\n"))
        self.assertEqual(self.sent(), ["before", "after"])
        self.assertEqual(done.stderr.count("a line cannot be sent"), 2)

    def test_not_live(self):
        self.make()
        done = self.feed("cue\n")
        self.assertEqual((done.returncode, done.stdout), (254, "0 sent in 0 payloads, 1 refused\n"))
        self.assertIn("An error occurred (ChannelNotBroadcasting) when calling the PutMetadata operation: the channel is not live; with --ttl",
                      done.stderr)
        done = self.feed("cue\n", "--ttl", "1")
        self.assertIn("1 expired", done.stdout)
        self.assertNotEqual(done.returncode, 0)

    def test_ttl_too_short(self):
        """An item that is over when it is pushed is never sent."""
        before = len(self.operations())
        for seconds in ("0", "0.0009", "-1", "1000001", "0x10", ""):
            done = self.feed("cue\n", "--ttl", seconds)
            self.assertEqual((done.returncode, done.stdout), (252, ""))
            self.assertIn(f"argument --ttl: must be 0.001 to 1000000 seconds, not '{seconds}'", done.stderr)
        self.assertEqual(len(self.operations()), before)

    def test_not_live_and_much_to_say(self):
        """The first refusal is enough."""
        self.make()
        done = self.feed("".join(f"{n}\n" for n in range(60)))
        self.assertEqual(done.returncode, 254)
        self.assertLessEqual(self.operations().count("PutMetadata"), 2)

    def test_ttl_above_the_patience(self):
        """Items wait for the stream as long as they live, and nobody is told to give --ttl who has."""
        arn = self.make()
        timer = threading.Timer(3, self.live, [arn])
        timer.start()
        self.addCleanup(timer.cancel)
        self.write("fast.lua", """
        local ivs, real = require "ivs", require "ivs".monotonic
        function ivs.monotonic() return 15 * real() end -- the patience of a minute in 4 s
        require "ivs.cli.verb".run("metadata", "ivs.cli.verbs.metadata", { "lobby", "--ttl", "900" }, {})""")
        done = self.ivs("run", "fast.lua", text="cue\n")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "1 sent in 1 payload\n", ""))
        self.live(arn, on=False)
        late = self.feed("cue\n", "--ttl", "1")
        self.assertIn("1 expired", late.stdout)
        self.assertNotIn("with --ttl", late.stderr)

    def test_json_values_together(self):
        self.live(self.make())
        self.assertEqual(self.feed('false\nnull\n0\n""\nword\n', "--together").returncode, 0)
        self.assertEqual([item for payload in self.sent() for item in json.loads(payload)], [False, None, 0, "", "word"])

    def test_no_permission(self):
        """Nobody waits for what cannot come; the rest is counted."""
        self.live(self.make())
        self.simulator.tell("fault", {"fault": "status", "status": 403, "code": "AccessDeniedException", "operation": "PutMetadata", "times": None})
        done = self.feed("a\nb\nc\n")
        self.assertEqual(done.returncode, 254)
        self.assertRegex(done.stdout, r"^0 sent in 0 payloads, \d refused(, \d not sent)?\n$")
        self.assertIn("(AccessDeniedException)", done.stderr)

    def test_interrupted(self):
        """The count is printed all the same."""
        self.live(self.make())
        child = subprocess.Popen([PROGRAM, "metadata", "lobby"], env=self.environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True)
        self.addCleanup(child.kill)
        child.stdin.write("one\n")
        child.stdin.flush()
        until = time.monotonic() + 20
        while self.sent() != ["one"] and time.monotonic() < until:
            time.sleep(0.05)
        child.send_signal(signal.SIGINT)
        out = child.stdout.read()
        err = child.stderr.read()
        self.assertEqual((child.wait(20), out, err), (130, "1 sent in 1 payload\n", ""))
        for pipe in (child.stdin, child.stdout, child.stderr):
            pipe.close()


class Watch(VerbTest):
    def test_cues_that_never_end(self):
        """Lines that go nowhere do not keep it from its end; the first ones are told, all are counted."""
        self.live(self.make())
        for line in ("", r"\xff"):
            with self.subTest(line):
                self.assertToldOfEndless(line, self.endless(line, "watch", "lobby", "--cues", "--seconds", "1"))

    def test_cues_at_the_end(self):
        """A line that can be sent is, whatever stands before it."""
        self.live(self.make())
        self.assertEqual(self.ivs("watch", "lobby", "--cues", "--seconds", "0", text="\n" * 350 + "goal\n").returncode, 0)
        self.assertEqual(self.sent(), ["goal"])

    def test_cues_at_a_signal(self):
        """What is lost is told then too; nothing is waited for."""
        self.live(self.make())
        self.simulator.tell("fault", {"fault": "throttled", "operation": "PutMetadata", "times": None})
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                child = self.open_input("watch", "lobby", "--cues", "--output", "json", text="goal\n")
                self.read_until(child, "LIVE")
                self.wait_for("PutMetadata")
                child.send_signal(number)
                out, err = child.communicate(timeout=30)
                self.assertEqual(child.returncode, 128 + number)
                last = json.loads(out.splitlines()[-1])
                self.assertEqual((last["metadataSent"], last["metadataRefused"], last["metadataPending"]), (0, 0, 1))
                self.assertRegex(err, r"^ivs: lines of standard input: 1 not sent[^\n]*\n$")

    def test_lines(self):
        arn = self.make()
        done = self.ivs("watch", "lobby", "--seconds", "1.5", "--interval", "1")
        self.assertRegex(done.stdout, r"^(20\d\d-\S+Z  OFFLINE\n){1,2}$")
        self.live(arn)
        self.simulator.tell("live", {"channelArn": arn, "viewerCount": 3, "health": "STARVING"})
        done = self.ivs("watch", arn, "--seconds", "0")
        self.assertRegex(done.stdout, r"^\S+Z  LIVE 0:00:\d\d, STARVING, 3 viewers\n$")

    def test_json(self):
        arn = self.make()
        url = self.ivs("ingest-url", arn).stdout.strip()
        child = subprocess.Popen([ENCODER], env=self.environment(IVS_INGEST_URL=url), stdout=subprocess.DEVNULL)
        self.addCleanup(child.wait)
        self.addCleanup(child.terminate)
        done = self.ivs("watch", "lobby", "--until", "LIVE", "--seconds", "20", "--interval", "1", "--output", "json")
        self.assertEqual(done.returncode, 0, done.stderr)
        events = [json.loads(line) for line in done.stdout.splitlines()]
        last = events[-1]
        self.assertEqual((last["state"], last["health"], last["viewers"]), ("LIVE", "HEALTHY", 0))
        self.assertEqual((last["video"]["targetBitrate"], last["video"]["videoWidth"], last["audio"]["targetBitrate"]), (2000000, 1280, 160000))
        self.assertTrue(all(event["state"] == "OFFLINE" for event in events[:-1]))
        self.assertNotIn("metadataSent", last)
        words = ("watch", "lobby", "--seconds", "0", "--query", "{s: state, w: video.videoWidth}")
        self.assertEqual(self.ivs(*words, "--output", "json").stdout, '{"s":"LIVE","w":1280}\n')
        for words, env in ((words, {}), (("kick", "lobby", "--query", "a"), {"AWS_DEFAULT_OUTPUT": "json"}),
                           ((*words, "--output", "text"), {})):
            self.assertFails(self.ivs(*words, env=self.environment(**env)), 252, f"ivs: {words[0]}: --query goes with --output json")

    def test_until(self):
        arn = self.make()
        self.assertEqual(self.ivs("watch", "lobby", "--until", "OFFLINE").returncode, 0)
        self.assertFails(self.ivs("watch", "lobby", "--until", "LIVE", "--seconds", "1"), 255, "the channel is not LIVE after 1 s")
        timer = threading.Timer(1.5, self.live, [arn])
        timer.start()
        self.addCleanup(timer.cancel)
        self.assertEqual(self.ivs("watch", "lobby", "--until", "LIVE", "--seconds", "20", "--interval", "1").returncode, 0)

    def test_cues(self):
        self.live(self.make())
        done = self.ivs("watch", "lobby", "--seconds", "1", "--interval", "1", "--cues", text="one\ntwo\n")
        self.assertIn(", 2 cues sent\n", done.stdout)
        self.assertEqual(self.sent(), ["one", "two"])

    def test_cues_that_are_lost(self):
        """They are sent to the last; what is not is told, in the last line for machines too."""
        self.live(self.make())
        words = ("watch", "lobby", "--seconds", "0", "--cues")
        self.assertTrue(self.ivs(*words, text="one\ntwo\n").stdout.endswith(", 2 cues sent\n"))
        self.simulator.tell("fault", {"fault": "status", "status": 403, "code": "AccessDeniedException", "operation": "PutMetadata"})
        done = self.ivs(*words, "--output", "json", text="bad\ngood\n")
        self.assertFails(done, 255, "ivs: lines of standard input: 1 not taken: PutMetadata: AccessDeniedException")
        last = json.loads(done.stdout.splitlines()[-1])
        self.assertEqual((last["metadataSent"], last["metadataRefused"], last["metadataPending"]), (1, 1, 0))
        self.simulator.tell("fault", {"fault": "throttled", "operation": "PutMetadata", "times": None})
        self.assertFails(self.ivs(*words, text="goal\n"), 255, "ivs: lines of standard input: 1 not sent: PutMetadata: ThrottlingException")

    def test_a_look_is_brief(self):
        """Not longer than the seconds that are left, which no option changes."""
        self.make()
        self.simulator.tell("fault", {"fault": "stall-before-work", "operation": "GetStream", "seconds": 30, "skip": 1})
        done = self.ivs("watch", "lobby", "--seconds", "2.5", "--interval", "1")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stderr, r"^ivs: GetStream: Timeout: \S+ deadline passed; check the network\n$")

    def test_no_look_succeeds(self):
        """Which is a failure; and the hint names an option of the command line."""
        arn = self.make()
        self.simulator.tell("fault", {"fault": "stall-before-work", "operation": "GetStream", "seconds": 30, "times": None})
        done = self.ivs("watch", arn, "--seconds", "1", "--cli-read-timeout", "1", env=self.environment(AWS_MAX_ATTEMPTS="1"))
        self.assertEqual((done.returncode, done.stdout), (255, ""))
        self.assertRegex(done.stderr, r"^ivs: GetStream: Timeout: .*, or give more time with --cli-read-timeout\n"
                                      r"ivs: the state of the channel could not be read within 1 s\n$")
        self.simulator.tell("fault", {"clear": True})
        self.simulator.tell("fault", {"fault": "throttled", "operation": "GetStream", "retryAfter": 40})
        done = self.ivs("watch", arn, "--until", "OFFLINE", "--seconds", "1")
        self.assertEqual(done.returncode, 255)
        self.assertRegex(done.stderr, r"^ivs: GetStream: ThrottlingException: .*\nivs: the state of the channel could not be read within 1 s\n$")

    def test_trouble_is_waited_out(self):
        arn = self.make()
        self.live(arn)
        self.simulator.tell("fault", {"fault": "throttled", "operation": "GetStream", "skip": 1})
        done = self.ivs("watch", "lobby", "--seconds", "5", "--interval", "1", env=self.environment(AWS_MAX_ATTEMPTS="1"))
        self.assertEqual(done.returncode, 0)
        self.assertIn("ivs: GetStream: ThrottlingException", done.stderr)
        self.assertGreaterEqual(done.stdout.count("  LIVE "), 2)
        self.simulator.tell("fault", {"fault": "status", "status": 403, "code": "AccessDeniedException", "operation": "GetStream"})
        self.assertFails(self.ivs("watch", "lobby", "--seconds", "6"), 254, "(AccessDeniedException)")

    def test_trouble_is_told_once(self):
        self.live(self.make())
        self.simulator.tell("fault", {"fault": "throttled", "operation": "GetStream", "skip": 1, "times": None})
        done = self.ivs("watch", "lobby", "--seconds", "8", "--interval", "1", env=self.environment(AWS_MAX_ATTEMPTS="1"))
        self.assertEqual((done.returncode, done.stderr.count("ThrottlingException")), (0, 1), done.stderr)
        self.assertGreater(self.operations().count("GetStream"), 2)

    def test_channel_that_is_removed(self):
        """It is over; and well over for whoever waits for the end."""
        for words, code, text in (((), 254, "(ResourceNotFoundException)"), (("--until", "OFFLINE"), 0, "")):
            with self.subTest(words):
                arn = self.make()
                self.live(arn)
                child = self.start("watch", arn, "--interval", "1", "--seconds", "30", *words)
                self.addCleanup(child.kill)
                self.assertIn("  LIVE ", child.stdout.readline())
                self.live(arn, on=False)
                self.assertEqual(self.ivs("delete-channel", "--force", "--arn", arn).returncode, 0)
                _, err = child.communicate(timeout=20)
                self.assertEqual(child.returncode, code, err)
                self.assertIn(text, err)

    def test_on_a_terminal(self):
        """One line that is replaced, and stays at the end."""
        arn = self.make()
        self.live(arn)
        code, out = self.on_terminal("watch", "lobby", "--seconds", "3", "--interval", "1")
        self.assertEqual(code, 0)
        self.assertRegex(out, r"^(\rLIVE 0:00:\d\d, HEALTHY, 0 viewers\x1b\[K){2,4}\n$")
        code, out = self.on_terminal("watch", "lobby", until="LIVE", then=lambda child: child.send_signal(signal.SIGINT))
        self.assertEqual(code, 130)
        self.assertTrue(out.endswith("\33[K\n"), repr(out))

    def test_reader_that_goes_away(self):
        self.make()
        done = subprocess.run(f"'{PROGRAM}' watch lobby --interval 1 | head -n 1", shell=True, env=self.environment(), capture_output=True,
                              text=True, timeout=30, executable="/bin/bash")
        self.assertRegex(done.stdout, r"^\S+  OFFLINE\n$")
        self.assertEqual(done.stderr, "")


class Words(VerbTest):
    def test_places_of_the_options_of_every_operation(self):
        arn = self.make()
        environment = self.environment()
        region = environment.pop("AWS_REGION", None) or environment.pop("AWS_DEFAULT_REGION")
        environment = {k: v for k, v in environment.items() if k not in ("AWS_REGION", "AWS_DEFAULT_REGION")}
        for words in (("--region", region, "kick", "lobby"), ("kick", "--region", region, "lobby"), ("kick", "lobby", f"--region={region}"),
                      ("ivs", "kick", arn, "--region", region)):
            with self.subTest(words):
                self.assertEqual(self.ivs(*words, env=environment).returncode, 0)
        self.assertFails(self.ivs("kick", "lobby", env=environment), 253, "You must specify a region")

    def test_debug_shows_no_secret(self):
        arn = self.make()
        self.secrets.add(self.key_of(arn))
        self.live(arn)
        done = self.ivs("metadata", "lobby", "--debug", text="very secret cue\n")
        self.assertEqual(done.returncode, 0)
        self.assertIn("POST /PutMetadata", done.stderr)
        self.assertNotIn("secret cue", done.stderr)
        done = subprocess.run([PROGRAM, "ingest-url", "lobby", "--debug"], env=self.environment(), capture_output=True, text=True, timeout=60)
        self.assertIn("POST /GetStreamKey", done.stderr)
        self.assertNoSecret(done.stderr)

    def test_a_verb_is_offered(self):
        done = self.ivs("go-lvie")
        self.assertEqual(done.returncode, 252)
        self.assertIn("  * go-live", done.stderr)
        self.assertIn("did you mean kick?", self.ivs("help", "kikc").stderr)


if __name__ == "__main__":
    main()
