"""What the tests of the scripts to start from share: running one, what it asked of the service, and its row in scripts/README.md.

Whatever a test does, the script never asks for an action that is not in its policy there; the test of the normal case asks for all.
"""

import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time
import unittest

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(TOP / "tests/program"))

from support import BUILD, DEADLINE, ENCODER, PROGRAM, ProgramTest, Simulator  # noqa: E402  (the path has to be set first)

README = (TOP / "scripts/README.md").read_text(encoding="utf-8")
NOBODY = "arn:aws:ivs:us-west-2:123456789012:channel/nosuchchanne"

def read_rows():
    """By script: its command, and its policy as {kind of resource: actions}."""
    rows = {}
    for name, command, policy in re.findall(r"^\| `(\w+\.lua)` \| .* \| `(.*?)` \| (on `.*?) \|$", README, re.M):
        kinds = {}
        for statement in policy.split(";"):
            kind, actions = re.fullmatch(r" ?on `([\w-]+)/(?:\*|ID)`: (.*)", statement).groups()
            kinds[kind] = set(re.findall(r"`(\w+)`", actions))
        rows[name] = command.replace(r"\|", "|"), kinds
    return rows


ROWS = read_rows()


class ScriptTest(ProgramTest):
    simulator_options = ["--start-delay", "0.05", "--recording-delay", "0.3", "--hold", "0.3", "--enforce-rates"]
    name = None  # of the script

    @classmethod
    def setUpClass(cls):
        """One simulator for all classes."""
        if not hasattr(ScriptTest, "simulator"):
            ScriptTest.simulator = Simulator(*cls.simulator_options).__enter__()
            unittest.addModuleCleanup(ScriptTest.simulator.__exit__)

    @classmethod
    def tearDownClass(cls):
        pass

    def setUp(self):
        super().setUp()
        self.simulator.tell("reset", {})
        self.ours = []  # numbers of requests
        os.symlink(TOP / "scripts", os.path.join(self.folder, "scripts"))
        os.mkdir(os.path.join(self.folder, "bin"))
        os.symlink(PROGRAM, os.path.join(self.folder, "bin/ivs"))

    def tearDown(self):
        if self.name:
            self.assertLessEqual(self.asked(), set().union(*ROWS[self.name][1].values()))

    def in_shell(self, **more):
        """The environment in which ivs and the folder's own programs are found."""
        return self.environment(PATH=f"{self.folder}/bin:/usr/bin:/bin", **more)

    def tool(self, name, text):
        path = self.write("bin/" + name, "#!/bin/sh\n" + text)
        os.chmod(path, 0o755)

    def words(self, *words, lua=False):
        path = str(TOP / "scripts" / self.name)
        return ["/usr/bin/lua5.4", path, *words] if lua else [PROGRAM, "run", path, *words]

    def host(self):
        return self.environment(LUA_CPATH=os.path.join(BUILD, "lua/?.so"), IVS_ENCODER=ENCODER)

    def run_it(self, *words, lua=False, text=""):
        return subprocess.run(self.words(*words, lua=lua), env=self.host(), cwd=self.folder, input=text, capture_output=True, text=True,
                              timeout=DEADLINE)

    def begin(self, *words, lua=False, **options):
        options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        child = subprocess.Popen(self.words(*words, lua=lua), env=self.host(), cwd=self.folder, text=True, start_new_session=True,
                                 **options)
        self.addCleanup(child.kill)
        return child

    def documented(self, **more):
        """The README's command, in a shell."""
        return subprocess.run(["bash", "-c", ROWS[self.name][0]], env=self.in_shell(**more), cwd=self.folder, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=DEADLINE)

    def interrupt(self, child, number=signal.SIGINT):
        child.send_signal(number)
        out, err = child.communicate(timeout=DEADLINE)
        self.assertEqual(child.returncode, 128 + number, err)
        return out, err

    # ------------------------------------------------ what the service has and was asked

    def make(self, *words, name="stage"):
        """A channel; the tests' own requests do not count as the script's."""
        return self.own("create-channel", "--name", name, *words, "--query", "channel.arn")

    def own(self, *words):
        before = self.asked_list()
        done = self.ivs(*words, "--output", "text")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.ours += [r["number"] for r in self.requests() if r["number"] not in before]
        return done.stdout.strip()

    def requests(self):
        return [r for r in self.simulator.ask("requests")["requests"] if r["end"] == "ivs"]

    def asked_list(self):
        return {r["number"]: r["operation"] for r in self.requests() if r["number"] not in self.ours}

    def asked(self):
        return set(self.asked_list().values())

    def count(self, operation):
        return list(self.asked_list().values()).count(operation)

    def live(self, arn, on=True, **more):
        self.simulator.tell("live", {"channelArn": arn, "live": on, **more})

    def channels(self):
        return {c["name"]: c["arn"] for c in self.simulator.ask("state")["channels"]}

    def sent(self):
        return [json.loads(m["metadata"]) for m in self.simulator.ask("metadata")["metadata"]]

    def until(self, what, seconds=20):
        end = time.monotonic() + seconds
        while not what():
            self.assertLess(time.monotonic(), end, "it does not happen")
            time.sleep(0.02)

    def assertDone(self, done, code=0):
        self.assertEqual((done.returncode, done.stderr), (code, ""))
        return done.stdout

    def assertWholePolicy(self):
        self.assertEqual(self.asked(), set().union(*ROWS[self.name][1].values()))

    def assertRefuses(self, code, part, *words, lua=(False, True), **more):
        """One line that has this part, and nothing asked of the service; in both hosts."""
        for stock in lua:
            before = len(self.requests())
            done = self.run_it(*words, lua=stock, **more)
            self.assertFails(done, code, self.name + ": ", part)
            self.assertEqual(len(self.requests()), before)
