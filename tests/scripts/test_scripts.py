"""The scripts to start from, each against the simulator: its command of the README, again, with bad input, interrupted. Those for
what is live."""

import os
import re
import signal
import subprocess
import unittest

from case import DEADLINE, ENCODER, NOBODY, ROWS, TOP, ScriptTest
from support import main

# The resources that each action is about, by the service's authorization reference.
RESOURCES = {
    "channel": {
        "BatchGetChannel", "CreateChannel", "DeleteChannel", "GetChannel", "GetStream", "GetStreamSession", "ListChannels",
        "ListStreamKeys", "ListStreams", "PutMetadata", "StartViewerSessionRevocation", "StopStream", "TagResource", "UpdateChannel"},
    "stream-key": {"CreateChannel", "CreateStreamKey", "DeleteChannel", "DeleteStreamKey", "GetStreamKey", "ListStreamKeys"},
    "recording-configuration": {"GetRecordingConfiguration"},
    "playback-key": {"ImportPlaybackKeyPair"},
}


class Table(unittest.TestCase):
    def test_all_scripts_are_in_it(self):
        self.assertEqual(set(ROWS), {path.name for path in (TOP / "scripts").glob("*.lua")})

    def test_resources(self):
        """Every action is allowed on all the kinds of resource that it is about, and on no other."""
        for name, (_, kinds) in ROWS.items():
            actions = set().union(*kinds.values())
            for kind, allowed in kinds.items():
                self.assertEqual(allowed, actions & RESOURCES[kind], (name, kind))
            self.assertEqual(set(), {kind for kind in RESOURCES if kind not in kinds and actions & RESOURCES[kind]}, name)

    def test_head_says_the_same(self):
        for name, (_, kinds) in ROWS.items():
            if name != "go_live.lua":  # which says it with --help
                head = (TOP / "scripts" / name).read_text(encoding="utf-8").split("\nlocal ")[0]
                self.assertEqual(set(re.findall(r"ivs:([A-Z]\w+)", head)), set().union(*kinds.values()), name)
                self.assertLessEqual(max(map(len, head.split("\n"))), 140)


class GoLive(ScriptTest):
    name = "go_live.lua"

    def test_policy(self):
        self.assertEqual(self.documented(IVS_ENCODER=ENCODER).returncode, 0)
        self.assertEqual(self.channels(), {})
        arn = self.make(name="lobby")
        self.assertEqual(self.run_it("--name", "lobby", "--items", "1").returncode, 0)
        self.own("delete-stream-key", "--arn", self.own("list-stream-keys", "--channel-arn", arn, "--query", "streamKeys[].arn"))
        self.assertEqual(self.run_it("--name", "lobby", "--items", "1").returncode, 0)
        self.assertEqual(self.channels(), {"lobby": arn})
        self.assertWholePolicy()


class Gpio(ScriptTest):
    name = "metadata_from_gpio.lua"
    EDGES = ("event:  RISING EDGE offset: 17 timestamp: [   100.000000000]\nevent:  RISING EDGE offset: 17 timestamp: [   100.020000000]\n"
             "event: FALLING EDGE offset: 17 timestamp: [   101.000000000]\nevent:  RISING EDGE offset: 27 timestamp: [   101.010000000]\n")

    def cues(self):
        return [item["cue"] for payload in self.sent() for item in payload]

    def test_command(self):
        arn = self.make()
        self.live(arn)
        self.tool("gpiomon", 'test "$*" = "-b gpiochip0 17 27" && cat edges\n')
        self.write("edges", self.EDGES)
        for times in (1, 2):
            out = self.assertDone(self.documented(CHANNEL=arn)).split("\n")
            self.assertRegex(out[0], r'^17 rising: \{"at":\d{10},"cue":"goal"\}$')
            self.assertEqual(len(out), 4)
            self.assertRegex(out[2], r"^2 cues, 2 sent in [12] payloads$")
            self.assertEqual(self.cues(), ["goal", "replay"] * times)
        self.assertWholePolicy()

    def test_cues_of_a_file(self):
        arn = self.make()
        self.live(arn)
        self.write("cues.json", '{"5 falling": {"cue": "bell", "loud": true}}')
        done = self.run_it(arn, "cues.json", text="5 rising 1.0\n5 falling 2.5\nnoise\n5 falling\n")
        self.assertEqual((done.returncode, self.cues()), (0, ["bell", "bell"]))
        self.assertEqual(done.stderr, "metadata_from_gpio.lua: no edge of a GPIO line: noise\n")

    def test_bad_input(self):
        one = [False]
        self.assertRefuses(252, "usage", lua=one)
        self.assertRefuses(252, "usage", "lobby", lua=one)
        self.assertRefuses(252, "none.json", NOBODY, "none.json", lua=one)
        for text, part in (('{"5 up": {}}', "5 up"), ('{"5 rising": 1}', "5 rising"), ("{", "NotJson"), ("7", "an object")):
            self.write("cues.json", text)
            self.assertRefuses(252, part, NOBODY, "cues.json", lua=one)

    def test_not_sent(self):
        done = self.run_it(NOBODY, text="17 rising\n")
        self.assertEqual(done.returncode, 1)
        self.assertIn("1 cues were not sent: PutMetadata: ResourceNotFoundException", done.stderr)

    def test_interrupted(self):
        arn = self.make()
        self.live(arn)
        child = self.begin(arn, stdin=subprocess.PIPE)
        child.stdin.write("17 rising 5.0\n")
        child.stdin.flush()
        self.until(self.sent)
        self.assertEqual(self.interrupt(child)[1], "")


class Scoreboard(ScriptTest):
    name = "scoreboard.lua"

    def test_command(self):
        arn = self.make()
        self.live(arn)
        self.write("scores", "".join(f"home {n}\naway 2\n" for n in range(1, 40)))
        for times in (1, 2):
            self.assertRegex(self.assertDone(self.documented(CHANNEL=arn)), r"^78 scores, \d boards sent, \d\d replaced by newer ones\n$")
            boards = [payload["score"] for payload in self.sent()]
            self.assertEqual(boards[-1], {"home": 39, "away": 2})
            self.assertLess(len(boards), 10 * times)
            home = [board["home"] for board in boards[len(boards) // times * (times - 1):]]
            self.assertEqual(home[-1], max(home))
        self.assertWholePolicy()

    def test_again_for_those_who_come_later(self):
        arn = self.make()
        self.live(arn)
        child = self.begin(arn, "--repeat", "1", stdin=subprocess.PIPE)
        child.stdin.write("home 1\nwhat is this\n")
        child.stdin.flush()
        self.until(lambda: len(self.sent()) == 2)
        self.assertEqual(self.interrupt(child)[1], "scoreboard.lua: not a team and its score: what is this\n")
        self.assertEqual(self.sent(), [{"score": {"home": 1}}] * 2)

    def test_bad_input(self):
        one = [False]
        for words in ([], ["lobby"], [NOBODY, "--repeat"], [NOBODY, "--repeat", "x"], [NOBODY, "--repeat", "0"]):
            self.assertRefuses(252, "ARN" if words == ["lobby"] else "usage", *words, lua=one)

    def test_refused(self):
        self.assertFails(self.run_it(NOBODY, text="home 1\n"), 1, "scoreboard.lua: the scores cannot be sent", "ResourceNotFoundException")


class Rotate(ScriptTest):
    name = "rotate_stream_key.lua"

    def key_of(self, out):
        (key,) = set(re.findall(r"sk_[\w-]+", out))
        return key

    def test_command(self):
        arn = self.make("--insecure-ingest")
        first = self.own("list-stream-keys", "--channel-arn", arn, "--query", "streamKeys[].arn")
        self.live(arn)
        out = self.assertDone(self.documented(CHANNEL=arn))
        key = self.key_of(out)
        self.assertRegex(out, rf"^rtmps://localhost:\d+/app/{key}\nrtmp://localhost:\d+/app/{key}\nsrt://\S+:9000\?streamid={key}\n$")
        order = [o for o in self.asked_list().values() if o != "GetChannel"]
        self.assertEqual(order, ["ListStreamKeys", "DeleteStreamKey", "StopStream", "CreateStreamKey"])
        now = self.own("list-stream-keys", "--channel-arn", arn, "--query", "streamKeys[].arn")
        self.assertNotIn(now, ("", first))
        self.assertEqual(self.own("get-stream-key", "--arn", now, "--query", "streamKey.value"), key)
        self.simulator.tell("fault", {"fault": "reset-before-answer", "operation": "CreateStreamKey"})
        again = self.assertDone(self.run_it(arn, lua=True))
        now = self.own("list-stream-keys", "--channel-arn", arn, "--query", "streamKeys[].arn")
        self.assertEqual(self.own("get-stream-key", "--arn", now, "--query", "streamKey.value"), self.key_of(again))
        self.assertNotEqual(self.key_of(again), key)
        self.assertWholePolicy()

    def test_encrypted_srt(self):
        self.assertRegex(self.assertDone(self.run_it(self.make())), r"\nsrt://\S+:9000\?streamid=sk_\S+&passphrase=\w+\n$")

    def test_half_way(self):
        arn = self.make()
        self.live(arn)
        self.simulator.tell("fault", {"fault": "status", "status": 403, "code": "AccessDeniedException", "operation": "CreateStreamKey",
                                      "message": "no"})
        done = self.run_it(arn, lua=True)
        self.assertFails(done, 1, "AccessDeniedException", "deleted the key arn:", "stopped the stream", "run this again")
        self.assertEqual(self.simulator.ask("state")["streamKeys"], 0)
        self.key_of(self.assertDone(self.run_it(arn)))
        self.assertEqual(self.simulator.ask("state")["streamKeys"], 1)

    def test_bad_input(self):
        self.assertRefuses(252, "usage")
        self.assertRefuses(252, "usage", "lobby")
        self.assertFails(self.run_it(NOBODY), 1, "ResourceNotFoundException", "nothing was changed")

    def test_interrupted(self):
        arn = self.make()
        self.live(arn)
        self.simulator.tell("fault", {"fault": "stall-before-work", "operation": "CreateStreamKey", "seconds": 30})
        child = self.begin(arn)
        self.until(lambda: self.simulator.ask("counts")["operations"].get("CreateStreamKey"))
        out, err = self.interrupt(child)
        self.assertEqual(out, "")
        self.assertRegex(err, r"^rotate_stream_key.lua: ended half way. deleted the key arn:\S+, stopped the stream; .* run this again\n$")
        self.simulator.tell("fault", {"clear": True})
        self.key_of(self.assertDone(self.run_it(arn)))


class Watchdog(ScriptTest):
    name = "watchdog.lua"

    def test_command(self):
        arn = self.make()
        self.live(arn)
        self.tool("logger", 'printf "%s\\n" "$@" >> logged\n')
        child = subprocess.Popen(["bash", "-c", "exec " + ROWS[self.name][0]], env=self.in_shell(CHANNEL=arn), cwd=self.folder, text=True,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(child.kill)
        self.assertRegex(child.stdout.readline(), rf"^\d{{4}}-\S+Z  {arn}  LIVE HEALTHY\n$")
        self.assertEqual(self.interrupt(child, signal.SIGTERM), ("", ""))
        self.assertWholePolicy()

    def test_changes(self):
        """The same in both hosts, with nobody named and all; and a command for changes to the worse alone."""
        arn, other = self.make(), self.make(name="other")
        self.tool("logger", 'printf "%s|" "$@" >> logged\n')
        self.live(arn)
        logger = os.path.join(self.folder, "bin/logger")
        children = [self.begin("--every", "1", arn, other, "--", logger, "-t", "ivs"), self.begin("--every", "1", lua=True)]
        first = [child.stdout.readline() + (child.stdout.readline() if child is children[0] else "") for child in children]
        self.assertIn(f"{other}  OFFLINE\n", first[0])
        self.assertNotIn(other, first[1])
        for change, text in ((lambda: self.live(arn, health="STARVING"), "LIVE HEALTHY -> LIVE STARVING"),
                             (lambda: self.live(arn, health=None), "LIVE STARVING -> LIVE HEALTHY"),
                             (lambda: self.live(arn, False), "LIVE HEALTHY -> OFFLINE")):
            change()
            for child in children:
                self.assertRegex(child.stdout.readline(), rf"Z  {arn}  {text}\n$")
        self.until(lambda: self.read("logged").count("|") == 6)
        self.assertRegex(self.read("logged"), r"^-t\|ivs\|\S+  \S+  LIVE HEALTHY -> LIVE STARVING\|-t\|ivs\|\S+  \S+  \S+ \S+ -> OFFLINE\|$")
        self.assertEqual(self.interrupt(children[0], signal.SIGTERM), ("", ""))
        children[1].send_signal(signal.SIGINT)
        self.assertIn("interrupted", children[1].communicate(timeout=DEADLINE)[1])
        self.assertNotEqual(children[1].returncode, 0)
        self.assertEqual(self.asked(), {"ListStreams"})

    def test_trouble(self):
        """What passes is waited out and told once; a refusal ends it."""
        self.live(self.make())
        self.simulator.tell("fault", {"fault": "unavailable", "operation": "ListStreams", "times": 3})
        child = self.begin("--every", "1")
        self.assertIn("LIVE", child.stdout.readline())
        self.simulator.tell("fault", {"fault": "status", "status": 403, "code": "AccessDeniedException", "operation": "ListStreams"})
        out, err = child.communicate(timeout=DEADLINE)
        self.assertEqual(child.returncode, 1)
        lines = err.strip().split("\n")
        self.assertEqual(len(lines), 3, err)
        for line, part in zip(lines, ("ServiceUnavailable", "answers again", "AccessDeniedException")):
            self.assertIn(part, line)

    def test_bad_input(self):
        for words, part in ((["lobby"], "cannot use lobby"), (["--every"], "--every"), (["--every", "0"], "--every"), (["--"], "behind --")):
            self.assertRefuses(252, part, *words)


if __name__ == "__main__":
    main()
