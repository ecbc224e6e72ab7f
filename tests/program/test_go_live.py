"""The verb go-live, and the commands of lua/README.md about going live."""

import json
import os
import re
import select
import signal
import subprocess
import threading
import time

from support import ENCODER, PROGRAM, TOP, Simulator, main, processes_with
from test_verbs import VerbTest


class GoLive(VerbTest):
    def test_story(self):
        done = self.ivs("go-live", "lobby", "--encoder", f"'{ENCODER}'", "--seconds", "1", "--temporary")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        story = (r"Created channel lobby \(arn:aws:ivs:\S+\)", r"Ingest URL for the encoder: rtmps://localhost:\d+/app/\[stream key\]",
                 r"Started encoder \S+stand-in-encoder \(process \d+\); waiting for its stream", r"LIVE after \d+\.\d s",
                 "Stopped the stream", "Ended the encoder", "Removed the channel")
        self.assertRegex(done.stdout, "^" + "\n".join(story) + "\n$")
        self.assertEqual(self.simulator.ask("state")["channels"], [])

    def test_json_and_cues(self):
        done = self.ivs("go-live", "lobby", "--cues", "--seconds", "2", "--output", "json", "--", ENCODER, text="one\n\ntwo\n")
        events = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([event["event"] for event in events if event["event"] != "state"],
                         ["channel", "ingest", "encoder", "live", "metadata", "stopped", "encoder_ended"])
        self.assertEqual(self.sent(), ["one", "two"])
        self.assertEqual(next(e for e in events if e["event"] == "metadata"), 
                         {"event": "metadata", "sent": 2, "bytes": 6, "refused": 0, "pending": 0})
        self.assertEqual(len(self.simulator.ask("state")["channels"]), 1)

    def test_cues_that_are_left(self):
        """What has come is sent for a moment; lines that are lost then are counted, and told."""
        done = self.ivs("go-live", "lobby", "--cues", "--seconds", "0", "--output", "json", "--", ENCODER,
                        text="".join(f"{n}\n" for n in range(60)))
        counts = next(event for event in map(json.loads, done.stdout.splitlines()) if event["event"] == "metadata")
        self.assertEqual((done.returncode, counts["sent"] + counts["pending"], counts["refused"]), (255, 60, 0))
        self.assertEqual(self.sent(), [str(n) for n in range(counts["sent"])])
        self.assertGreater(counts["sent"], 0)
        self.assertEqual(done.stderr, f"ivs: lines of standard input: {counts['pending']} not sent\n")

    def test_cues_that_cannot_be_sent(self):
        self.simulator.tell("fault", {"fault": "throttled", "operation": "PutMetadata", "times": None})
        done = self.ivs("go-live", "lobby", "--cues", "--seconds", "0", "--", ENCODER, text="goal\n")
        self.assertFails(done, 255, "ivs: lines of standard input: 1 not sent: PutMetadata: ThrottlingException")
        self.assertIn("Pushed metadata: 0 items, 0 bytes, 0 not taken, 1 not sent\nStopped the stream\n", done.stdout)

    def test_cues_at_ctrl_c(self):
        """What is lost is told then too; nothing is waited for."""
        self.simulator.tell("fault", {"fault": "throttled", "operation": "PutMetadata", "times": None})
        child = self.open_input("go-live", "lobby", "--cues", "--", ENCODER, text="goal\n")
        self.read_until(child, "LIVE after")
        self.wait_for("PutMetadata")
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=30)
        self.assertEqual((child.returncode, out),
                         (130, "Pushed metadata: 0 items, 0 bytes, 0 not taken, 1 not sent\nStopped the stream\nEnded the encoder\n"))
        self.assertRegex(err, r"^ivs: lines of standard input: 1 not sent[^\n]*\n$")

    def test_cues_at_ctrl_c_at_the_end(self):
        """Nor while what has come is still being sent."""
        self.simulator.tell("fault", {"fault": "throttled", "operation": "PutMetadata", "times": None})
        child = self.open_input("go-live", "lobby", "--cues", "--seconds", "0", "--", ENCODER, text="goal\n")
        self.wait_for("PutMetadata")
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=30)
        self.assertEqual(child.returncode, 130)
        self.assertTrue(out.endswith("\nPushed metadata: 0 items, 0 bytes, 0 not taken, 1 not sent\nStopped the stream\nEnded the encoder\n"), out)
        self.assertRegex(err, r"^ivs: lines of standard input: 1 not sent[^\n]*\n$")

    def test_cues_that_never_end(self):
        """Lines that go nowhere do not keep it from its end; the first ones are told, all are counted."""
        for line in ("", r"\xff"):
            with self.subTest(line):
                done = self.endless(line, "go-live", "lobby", "--cues", "--seconds", "1", "--", ENCODER)
                self.assertTrue(done.stdout.endswith("\nStopped the stream\nEnded the encoder\n"), done.stdout)
                self.assertToldOfEndless(line, done)

    def test_settings(self):
        self.make()
        done = self.ivs("go-live", "lobby", "--latency-mode", "NORMAL", "--type", "BASIC", "--seconds", "0", "--", ENCODER)
        self.assertIn("Changed the channel: latencyMode from LOW to NORMAL, type from STANDARD to BASIC\n", done.stdout)
        arn = self.simulator.ask("state")["channels"][0]["arn"]
        self.live(arn)
        self.assertFails(self.ivs("go-live", "lobby", "--type", "STANDARD", "--", ENCODER), 255, "the channel is live, and cannot be changed",
                         "type from BASIC to STANDARD", "--restart")
        self.assertFails(self.ivs("go-live", "lobby", "--", ENCODER), 255, "the channel is live already",
                         "Wait; or end it with --restart, or take it over with --takeover")
        done = self.ivs("go-live", "lobby", "--type", "STANDARD", "--restart", "--seconds", "0", "--", ENCODER)
        self.assertEqual(done.returncode, 0)
        self.assertIn("Stopping the stream that is live already\n", done.stdout)

    def test_encoder(self):
        """From an option, behind --, or the environment, but from one of them only; and with words that look like options."""
        for words, env in ((("--encoder", "sh -c 'exit 9' --seconds"), {}), (("--", "sh", "-c", "exit 9", "--", "--seconds"), {}),
                           ((), {"IVS_ENCODER": "sh -c 'exit 9'"})):
            with self.subTest(words):
                self.assertFails(self.ivs("go-live", "lobby", *words, env=self.environment(**env)), 255, "the encoder ended (exit status 9)")
        for words, part in ((("--encoder", "a", "--", "b"), "give the encoder once"), (("--",), "behind -- comes the encoder's program"),
                            (("--encoder", "it's"), "a quote"), (("--encoder", " "), "names no program"),
                            (("--test-pattern", "--encoder", "x"), "give the encoder once"), (("--priority", "3"), "--takeover")):
            with self.subTest(words):
                self.assertFails(self.ivs("go-live", "lobby", *words), 252, "ivs: go-live: ", part)
        before = len(self.operations())
        for words, part in ((("--encoder", ""), "argument --encoder: must be a command, not an empty word; is a variable unset?"),
                            (("--log", "", "--", ENCODER), "argument --log: must be a file, not an empty word; is a variable unset?"),
                            (("--", ""), "behind -- comes the encoder's program")):
            with self.subTest(words):
                done = self.ivs("go-live", "lobby", *words)
                self.assertEqual(done.returncode, 252)
                self.assertIn(part, done.stderr)
        self.assertEqual(len(self.operations()), before)
        self.assertFails(self.ivs("go-live", "lobby", "--", "no-such-encoder"), 255, "no-such-encoder: No such file or directory")

    def test_finished_encoder(self):
        done = self.ivs("go-live", "lobby", "--", "timeout", "--foreground", "--preserve-status", "2", ENCODER)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertTrue(done.stdout.endswith("Stopped the stream\n"), done.stdout)

    def test_someone_elses_encoder(self):
        arn = self.make()
        timer = threading.Timer(1, self.live, [arn])
        timer.start()
        self.addCleanup(timer.cancel)
        done = self.ivs("go-live", "lobby", "--seconds", "0", env=self.environment(IVS_ENCODER=""))
        self.assertEqual((done.returncode, done.stderr),
                         (0, "ivs: waiting for an encoder; ivs ingest-url lobby prints the whole URL\n"))
        self.assertNotIn("Started encoder", done.stdout)

    def test_srt(self):
        arn = self.make()
        timer = threading.Timer(1, self.live, [arn])
        timer.start()
        self.addCleanup(timer.cancel)
        done = self.ivs("go-live", "lobby", "--protocol", "srt", "--seconds", "0", "--", "sleep", "60")
        self.assertRegex(done.stdout, r"Ingest URL for the encoder: srt://\S+:9000\?streamid=\[stream key\]&passphrase=\[passphrase\]\n")
        self.assertEqual(done.returncode, 0)

    def test_log(self):
        done = self.ivs("go-live", "lobby", "--seconds", "0", "--log", "encoder.log", "--", "sh", "-c", 'echo "$IVS_INGEST_URL"; exec "$0"', ENCODER)
        self.assertEqual(done.returncode, 0)
        self.assertRegex(self.read("encoder.log"), r"^rtmps://localhost:\d+/app/\[redacted\]\n")
        self.assertFails(self.ivs("go-live", "lobby", "--log", "no/such/file", "--", ENCODER), 255, "no/such/file: No such file or directory")

    def test_log_is_a_pipe(self):
        os.mkfifo(os.path.join(self.folder, "log"))
        words = ("go-live", "lobby", "--seconds", "0", "--log", "log", "--", "sh", "-c", 'echo up; exec "$0"', ENCODER)
        self.assertFails(self.ivs(*words), 255, "the encoder cannot be started: log: a named pipe that nobody reads; start its reader first")
        self.assertEqual(self.operations(), [])
        reader = os.open(os.path.join(self.folder, "log"), os.O_RDONLY | os.O_NONBLOCK)
        self.addCleanup(os.close, reader)
        poll = select.poll()
        poll.register(reader, select.POLLIN)
        child = self.start(*words)
        self.assertTrue(poll.poll(20000)[0][1] & select.POLLIN, "the end came before the first line")
        self.assertEqual((child.communicate(timeout=60)[1], child.returncode), ("", 0))
        self.assertTrue(os.read(reader, 65536).startswith(b"up\n"))
        self.assertEqual(os.read(reader, 1), b"", "the end")

    def test_the_account_is_not_for_the_encoder(self):
        """Neither in its environment, nor in its log if it finds the values elsewhere."""
        token = "token" * 300
        simulator = self.enterContext(Simulator("--session-token", token))
        environment = {**self.environment(AWS_CONTAINER_AUTHORIZATION_TOKEN="Bearer container"), **simulator.environment,
                       "AWS_SESSION_TOKEN": "not that one", "AWS_SECURITY_TOKEN": token}
        secrets = [environment[name] for name in ("AWS_SECRET_ACCESS_KEY", "AWS_SECURITY_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN")]
        self.write("found", "\n".join(secrets) + "\n")
        done = self.ivs("go-live", "lobby", "--log", "encoder.log", "--", "sh", "-c", "env; cat found; exit 1", env=environment)
        self.assertFails(done, 255, "the encoder ended (exit status 1)")
        log = self.read("encoder.log")
        self.assertIn("IVS_INGEST_URL=", log)
        self.assertNotRegex(log, "AWS_(ACCESS|SEC|SESSION|CONTAINER)")
        for secret in secrets:
            self.assertNotIn(secret, log)
        self.assertTrue(log.endswith("[redacted]\n[redacted][redacted]\n[redacted]\n"), log[-200:])

    def test_reason_of_a_failure_in_json(self):
        done = self.ivs("go-live", "lobby", "--output", "json", "--", "sh", "-c", "exit 9")
        self.assertEqual(done.returncode, 255)
        last = json.loads(done.stdout.splitlines()[-1])
        self.assertEqual((last["event"], type(last["code"])), ("failed", str))
        self.assertIn("the encoder ended (exit status 9)", last["message"])
        done = self.ivs("go-live", "arn:aws:ivs:us-west-2:123456789012:channel/nosuchchannel", "--output", "json")
        self.assertEqual((done.returncode, json.loads(done.stdout)["code"]), (254, "ResourceNotFoundException"))

    def test_a_key_that_shows_is_told_without_a_terminal(self):
        done = self.ivs("go-live", "lobby", "--seconds", "0", "--", "sh", "-c", 'exec "$0"', ENCODER, "{url}")
        self.assertEqual(done.returncode, 0)
        self.assertIn("ivs: the stream key is in the encoder's arguments", done.stderr)

    def test_an_encoder_that_speaks_no_utf8(self):
        done = subprocess.run([PROGRAM, "go-live", "lobby", "--output", "json", "--seconds", "8", "--", "sh", "-c",
                               'if [ -e once ]; then exec "$0"; fi; touch once; timeout 1 "$0"; echo first; printf "Gr\\374n \\303\n" >&2; exit 3', ENCODER],
                              env=self.environment(), cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        events = [json.loads(line) for line in done.stdout.decode().splitlines()]
        (lost,) = (event for event in events if event["event"] == "encoder_lost")
        self.assertEqual((lost["how"], lost["words"].split("\n")[-2:]), ("exit status 3", ["first", "Gr\ufffdn \ufffd"]))
        self.assertNotIn("last words", lost["words"])
        self.assertEqual([event["event"] for event in events][-2:], ["stopped", "encoder_ended"])
        for event in events:
            self.assertEqual(event.get("seconds", 0), round(event.get("seconds", 0), 3), "milliseconds")

    def test_query(self):
        done = self.ivs("go-live", "lobby", "--seconds", "0", "--output", "json", "--query", "[event, created]", "--", ENCODER)
        self.assertEqual(done.returncode, 0, done.stderr)
        told = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual((told[0], told[-1]), (["channel", True], ["encoder_ended", None]))
        self.assertFails(self.ivs("go-live", "lobby", "--query", "event", "--", ENCODER), 252, "ivs: go-live: --query goes with --output json")

    def test_on_a_terminal(self):
        code, out = self.on_terminal("go-live", "lobby", "--seconds", "2.5", "--", ENCODER)
        self.assertEqual(code, 0)
        self.assertRegex(out, r"\rLIVE 0:00:\d\d, HEALTHY, 0 viewers, 1280x720 30 fps 2000\+160 kbit/s\x1b\[K")
        self.assertTrue(out.endswith("\nStopped the stream\nEnded the encoder\n"), repr(out))
        self.assertNotIn("other users", out)

    def test_progress_and_a_key_that_shows(self):
        code, out = self.on_terminal("go-live", "lobby", "--wait", "3", "--", "sh", "-c", "exec sleep 30", "{url}")
        self.assertEqual(code, 255)
        self.assertIn("\rwaiting for the stream ... 2 s", out)
        self.assertIn("the stream key is in the encoder's arguments", out)
        self.assertRegex(out, r"ivs: the channel was not live after 3 s: the encoder runs, but its stream did not arrive at \S+/app/\n$")

    def test_ctrl_c_at_any_moment(self):
        for line in ("Created channel", "Ingest URL", "Started encoder", "LIVE after"):
            for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
                with self.subTest(line=line, number=number):
                    child = self.start("go-live", "cut", "--temporary", "--", ENCODER)
                    self.addCleanup(child.kill)
                    self.read_until(child, line)
                    child.send_signal(number)
                    rest, err = child.communicate(timeout=30)
                    self.assertEqual((child.returncode, err), (code, ""))
                    self.assertTrue(rest.endswith("Removed the channel\n"), rest)
                    self.assertEqual(self.simulator.ask("state")["channels"], [])
                    self.assertNothingLeft(1)

    def test_reader_that_goes_away(self):
        done = subprocess.run(f"'{PROGRAM}' go-live lobby --cues -- '{ENCODER}' | head -n 1; echo ${{PIPESTATUS[0]}}", shell=True,
                              env=self.environment(), capture_output=True, text=True, timeout=60, executable="/bin/bash",
                              stdin=subprocess.DEVNULL)
        self.assertRegex(done.stdout, r"^Created channel [^\n]*\n141\n$")
        self.assertEqual((done.stderr, self.simulator.ask("state")["live"]), ("", []))
        self.assertNothingLeft(1)

    def test_reader_that_stands_still(self):
        """Stream and encoder are ended before anybody is told."""
        child = self.start("go-live", "lobby", "--", ENCODER)
        self.addCleanup(child.kill)
        self.read_until(child, "LIVE after")
        full = os.open(f"/proc/self/fd/{child.stdout.fileno()}", os.O_WRONLY | os.O_NONBLOCK)
        with self.assertRaises(BlockingIOError):
            while os.write(full, b"\n"):
                pass
        os.close(full)
        child.send_signal(signal.SIGTERM)
        until = time.monotonic() + 20
        while (self.simulator.ask("state")["live"] or any("stand-in" in one for one in processes_with(self.mark))) and time.monotonic() < until:
            time.sleep(0.05)
        self.assertEqual(self.simulator.ask("state")["live"], [])
        out, err = child.communicate(timeout=20)
        self.assertEqual((child.returncode, out.strip(), err), (143, "Stopped the stream\nEnded the encoder", ""))
        self.assertEqual(self.operations().count("StopStream"), 1)

    def cut_off(self, *words):
        """Ended while CreateChannel, which is done, is not answered yet."""
        self.simulator.tell("fault", {"fault": "stall-before-answer", "operation": "CreateChannel", "seconds": 20})
        child = self.start("go-live", "cut", *words, "--", ENCODER)
        self.addCleanup(child.kill)
        until = time.monotonic() + 20
        while not self.simulator.ask("state")["channels"] and time.monotonic() < until:
            time.sleep(0.05)
        child.send_signal(signal.SIGTERM)
        out, err = child.communicate(timeout=30)
        self.assertEqual(child.returncode, 143)
        return out, err

    def test_creation_that_is_cut_off(self):
        out, err = self.cut_off()
        self.assertEqual((out, err), ("", "ivs: channel cut may be there; look with ivs list-channels --filter-by-name cut: its creation was cut off\n"))
        self.simulator.tell("reset", {})
        self.assertEqual(self.cut_off("--temporary"), ("Removed the channel\n", ""))
        self.assertEqual(self.simulator.ask("state")["channels"], [])

    def test_no_account(self):
        environment = self.environment(AWS_SECRET_ACCESS_KEY=None, AWS_ACCESS_KEY_ID=None)
        self.assertFails(self.ivs("go-live", "lobby", "--", ENCODER, env=environment), 253, "Unable to locate credentials")


class Readme(VerbTest):
    """What lua/README.md says of going live: its commands, with the stand-in for ffmpeg; options and events."""

    def text(self, name):
        with open(os.path.join(TOP, name), encoding="utf-8") as file:
            return file.read()

    def section(self, title):
        return self.text("lua/README.md").split(f"\n## {title}\n")[1].split("\n## ")[0]

    def options_of(self, verb):
        lines = re.findall(r"^  (--\S+.*)$", self.ivs(verb, "help").stdout, re.M)
        return {option for line in lines for option in re.findall(r"--[a-z-]+", line)}

    def test_options(self):
        """Each that there is is told, and none that there is not."""
        section = self.section("Going live")
        told = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", section))
        there = {verb: self.options_of(verb) for verb in ("go-live", "watch", "kick", "metadata", "ingest-url")}
        for verb, options in there.items():
            self.assertGreater(len(options), 1)
            rows = "".join(re.findall(rf"^\| (?:Option of )?`{verb}` \|.*\n(?:\| [^`].*\n|\| `--.*\n|\|---.*\n)*", section, re.M))
            self.assertEqual(options - set(re.findall(r"--[a-z][a-z-]*", rows)), set(), verb)
        general = {"--output", "--query"}
        self.assertEqual(told - set().union(*there.values()), general | {"--arn", "--force"})
        self.assertLessEqual({"--arn", "--force"}, self.options_of("delete-channel"))

    def test_options_of_token(self):
        """They are named by those of ivs.token.sign."""
        section = self.section("Viewer tokens")
        for option in self.options_of("token"):
            self.assertTrue("`" + option[2:].replace("-", "_") in section or f"`{option}`" in section, option)

    def test_events(self):
        """The same in the story, in the annotations and here."""
        story = set(re.findall(r"^  (\w+) = function", self.text("lua/lib/ivs/live/story.lua"), re.M))
        alias = self.text("lua/meta/ivs/live.lua").split("---@alias ivs.live.Event\n")[1].split("\n\n")[0]
        table = self.section("Going live").split("\n| `event` |")[1]
        self.assertEqual(set(re.findall(r'^---\| "(\w+)"', alias, re.M)), story)
        self.assertEqual(set(re.findall(r"^\| `(\w+)` \|", table, re.M)), story | {"metadata", "failed"})

    def test_commands(self):
        section = self.section("Going live")
        commands = [line for block in re.findall(r"^```sh\n(.*?)^```", section, re.M | re.S) for line in block.splitlines()]
        self.assertEqual(len(commands), 11)
        live = """curl -s "$IVS_SIM_CONTROL/live" -d '{"channelArn": "'"$ARN"'", "live": true}'"""
        fake = self.write("ffmpeg", f'#!/bin/sh\ncase $IVS_INGEST_URL in srt:*) {live}; exec sleep 60 ;; esac\nexec "{ENCODER}"\n')
        os.chmod(fake, 0o755)
        os.symlink(PROGRAM, os.path.join(self.folder, "ivs"))
        environment = self.environment(PATH=f"{self.folder}:{os.environ['PATH']}")
        for command in commands:
            with self.subTest(command):
                command = re.sub("--seconds [35]", "--seconds 1", command)
                if self.simulator.ask("state")["channels"]:
                    environment["ARN"] = self.simulator.ask("state")["channels"][0]["arn"]
                if "ivs metadata" in command:
                    self.live(environment["ARN"])
                done = subprocess.run(["bash", "-c", command], env=environment, cwd=self.folder, capture_output=True, text=True, timeout=60)
                self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.simulator.ask("state")["channels"], [])


if __name__ == "__main__":
    main()
