"""Hostile scripts against `ivs run --sandbox`: every one is contained.

The scripts are the files of sandbox/. Comments at the head of each say what comes of it:

    -- end: CODE TEXT     the exit code, and what the one line on standard error has in it; of code 0, "contained" is printed instead
    -- options: WORDS     of run, behind --sandbox; {encoder} is the stand-in
    -- live: true         a channel is live that the script may find
    -- lines: many        on standard error; the last one counts
    -- input: open        standard input stays open, without a byte
"""

import os
import re
import resource
import shlex
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor

from support import DEADLINE, ENCODER, PROGRAM, ProgramTest, main

SCRIPTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sandbox")
MOST_RSS_KB = 400 * 1024  # the most that a script is given is 256 MB; with TLS, the program, and an emulator under it
AT_A_TIME = 2


def said_in(text, what):
    found = re.search(rf"^-- {what}: (.*)$", text, re.M)
    return found.group(1) if found else ""


class Sandbox(ProgramTest):
    simulator_options = ["--start-delay", "0.05"]

    def setUp(self):
        super().setUp()
        self.simulator.tell("reset", {})

    def run_script(self, name, *words, options=(), stdin=subprocess.DEVNULL, text=None):
        path = os.path.join(SCRIPTS, name)
        done = subprocess.run([PROGRAM, "run", "--sandbox", *options, path, *words], env=self.environment(), cwd=self.folder,
                              stdin=None if text is not None else stdin, input=text, capture_output=True, timeout=DEADLINE / 2)
        self.assertNoSecret(done.stdout.decode(errors="replace") + done.stderr.decode(errors="replace"))
        return done

    def look_at(self, name):
        """Problems with what came of one script."""
        with open(os.path.join(SCRIPTS, name), encoding="utf-8") as file:
            text = file.read()
        wanted, _, part = said_in(text, "end").partition(" ")
        options = ["--cpu", "0.1", *shlex.split(said_in(text, "options").replace("{encoder}", ENCODER))]
        source, sink = os.pipe()
        try:
            stdin = source if said_in(text, "input") == "open" else subprocess.DEVNULL
            more = {"text": b"a line\n"} if name == "works.lua" else {"stdin": stdin}
            done = self.run_script(name, "one", "two", options=options, **more)
        except subprocess.TimeoutExpired:
            return [f"{name}: not ended"]
        finally:
            os.close(source)
            os.close(sink)
        problems = []
        errors = done.stderr.decode(errors="replace").strip("\n")
        if done.returncode != int(wanted):
            problems.append(f"ended with {done.returncode}, not {wanted}")
        if int(wanted) == 0 and done.stdout != b"contained\n":
            problems.append(f"printed {done.stdout[:200]!r}")
        if said_in(text, "lines") == "many":
            errors = errors.split("\n")[-1]
        if "\n" in errors or part not in errors or (errors == "") != (int(wanted) == 0):
            problems.append(f"said, where '{part}' was to be: {errors[:500]!r}")
        if errors and not errors.startswith("ivs: ") or len(errors) > 400 or "\x1b" in errors:
            problems.append(f"not one clear line: {errors[:500]!r}")
        return [f"{name}: {problem}" for problem in problems]

    def test_scripts(self):
        names = sorted(os.listdir(SCRIPTS))
        alone = [name for name in names if self.is_live(name)]
        self.assertGreater(len(names), 50)
        with ThreadPoolExecutor(AT_A_TIME) as pool:
            problems = sum(pool.map(self.look_at, [name for name in names if name not in alone]), [])
        for name in alone:
            self.simulator.tell("reset", {})
            self.make_live()
            problems += self.look_at(name)
        self.assertEqual(problems, [])
        self.assertEqual(os.listdir(self.folder), ["encoder.log"])
        self.assertEqual(os.stat(os.path.join(self.folder, "encoder.log")).st_mode & 0o777, 0o600)
        self.assertNotIn("sk_", self.read("encoder.log"))
        most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        self.assertLess(most, MOST_RSS_KB)

    @staticmethod
    def is_live(name):
        with open(os.path.join(SCRIPTS, name), encoding="utf-8") as file:
            return said_in(file.read(), "live") == "true"

    def make_live(self):
        done = self.ivs("-e", "print(require 'ivs'.client():create_channel { name = 'lobby' }.channel.arn)")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.simulator.tell("live", {"channelArn": done.stdout.strip(), "live": True})

    def test_words(self):
        """What the command line may say."""
        path = os.path.join(SCRIPTS, "works.lua")
        for words, code, part in (
                (["--sandbox"], 252, "run needs a script"), (["--cpu", "1", path], 252, "run --sandbox"),
                (["--nonsense", path], 252, "ivs: run has no option --nonsense"), (["--", path], 252, "ivs: run has no option --"),
                (["--sandbox", "--nonsense", path], 252, "run --sandbox has no option --nonsense"), (["--sandbox", "--cpu", "0", path], 252, "--cpu"),
                (["--sandbox", "--memory", "1e3", path], 252, "--memory"), (["--sandbox", "--time"], 252, "--time"),
                (["--sandbox", "--allow", "get-nothing", path], 252, "get-nothing"), (["--sandbox", "--allow", ",", path], 252, "--allow"),
                (["--sandbox", "--encoder", "'x", path], 252, "--encoder"), (["--sandbox", "--sandbox=1", path], 252, "--sandbox"),
                (["--sandbox", "missing.lua"], 1, "missing.lua")):
            with self.subTest(words):
                self.assertFails(self.ivs("run", *words), code, part)

    def test_command_line_decides(self):
        """Region, endpoint and operations are those of the words before the script; a text from standard input is a script too."""
        text = "print(require 'ivs'.client())"
        words = ["--region=eu-central-1", "--endpoint-url", "http://127.0.0.1:1", "--allow=list-streams", "-"]
        done = self.ivs("run", "--sandbox", *words, text=text)
        self.assertEqual(done.stdout, "ivs client (eu-central-1, http://127.0.0.1:1)\n", done.stderr)

    def test_signals(self):
        """They can be caught, and the limits hold afterwards."""
        self.write("caught.lua", """
            pcall(function() print "ready" require "ivs".sleep(1e9) end)
            while true do pcall(function() while true do end end) end""")
        child = self.start("run", "--sandbox", "--cpu", "0.2", "caught.lua")
        self.assertEqual(child.stdout.readline(), "ready\n")
        child.send_signal(signal.SIGTERM)
        _, errors = child.communicate(timeout=DEADLINE)
        self.assertEqual(child.returncode, 124, errors)


if __name__ == "__main__":
    main()
