"""What the tests of the program ivs share: running it, simulators, and looking for what was left behind."""

import json
import os
import shlex
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request
import uuid

# Where a test was started in the background Ctrl-C is ignored, and would be by all that it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("IVS_BUILD", os.path.join(TOP, "build"))
PROGRAM = os.path.abspath(os.environ.get("IVS_PROGRAM", os.path.join(BUILD, "ivs")))
SIMULATOR = os.path.join(TOP, "scripts", "ivs-sim")
ENCODER = os.path.join(TOP, "scripts", "stand-in-encoder")
GO_LIVE = os.path.join(TOP, "scripts", "go_live.lua")

SECRET = "simulator+secret/key+for+tests+only"
DEADLINE = 60  # s, for anything that is run


def clean_environment():
    """Ours without what would decide for the program where to go and as whom; EC2's metadata are out of reach."""
    ours = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "IVS_", "LUA_"))}
    return {**ours, "AWS_EC2_METADATA_DISABLED": "true"}


def processes_with(mark):
    """Process ids and command lines of all that inherited this word in their environment."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:
                environment = file.read()
            with open(f"/proc/{pid}/stat", "rb") as file:
                state = file.read().rpartition(b")")[2].split()[0]
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                words = file.read().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if mark.encode() in environment and state != b"Z":
            found.append(f"{pid} {words}")
    return found


def read_terminal(master, until=None, then=None):
    """What a terminal shows until its other end is closed; `until` seen, then() is called. Closes the terminal."""
    out = b""
    try:
        while piece := os.read(master, 4096):
            out += piece
            if until and until.encode() in out:
                until = None
                then()
    except OSError:  # EIO: the other end is closed
        pass
    os.close(master)
    return out.decode().replace("\r\n", "\n")


class Simulator:
    """scripts/ivs-sim for as long as the `with` lasts. .environment is what a client needs."""

    def __init__(self, *options):
        self.options = options

    def __enter__(self):
        self.process = subprocess.Popen(
            [SIMULATOR, "--quiet", *self.options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=clean_environment())
        self.environment = {}
        while "IVS_SIM_HTTP" not in self.environment:
            line = self.process.stdout.readline()
            if not line:
                raise AssertionError("the simulator did not start: " + self.process.stderr.read())
            name, _, value = shlex.split(line)[1].partition("=")
            self.environment[name] = value
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(DEADLINE)
        finally:
            self.process.kill()
            self.process.stdout.close()
            self.process.stderr.close()

    def ask(self, what):
        with urllib.request.urlopen(f"{self.environment['IVS_SIM_CONTROL']}/{what}", timeout=DEADLINE) as answer:
            return json.load(answer)

    def tell(self, what, body):
        request = urllib.request.Request(f"{self.environment['IVS_SIM_CONTROL']}/{what}", json.dumps(body).encode(),
                                         {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=DEADLINE) as answer:
            return json.load(answer)


class ProgramTest(unittest.TestCase):
    """A folder of its own for each test, and no process that outlives it."""

    maxDiff = None
    simulator_options = None  # a list: the class has a simulator, self.simulator

    @classmethod
    def setUpClass(cls):
        if not os.access(PROGRAM, os.X_OK):
            raise AssertionError(f"{PROGRAM} is not there; build it, or name it with IVS_PROGRAM")
        if cls.simulator_options is not None:
            cls.simulator = Simulator(*cls.simulator_options)
            cls.simulator.__enter__()

    @classmethod
    def tearDownClass(cls):
        if cls.simulator_options is not None:
            cls.simulator.__exit__()

    def setUp(self):
        self.mark = f"ivs-test-{uuid.uuid4()}"
        self.secrets = {SECRET}
        folder = tempfile.TemporaryDirectory(prefix="ivs-test-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.addCleanup(self.assertNothingLeft)

    def environment(self, **more):
        """To run a program with: the simulator's variables if there is one, then `more`; None takes one away."""
        environment = clean_environment()
        if self.simulator_options is not None:
            environment.update(self.simulator.environment)
        environment.update(more)
        environment["IVS_TEST_MARK"] = self.mark
        return {k: v for k, v in environment.items() if v is not None}

    def start(self, *words, env=None, **options):
        """Starts the program in a process group of its own."""
        return subprocess.Popen([PROGRAM, *words], env=env or self.environment(), cwd=self.folder, text=True,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                start_new_session=True, **options)

    def ivs(self, *words, env=None, text=None):
        """Runs the program to its end. Whatever the test, no secret may be in what it said."""
        done = subprocess.run([PROGRAM, *words], env=env or self.environment(), cwd=self.folder, input=text or "",
                              capture_output=True, text=True, timeout=DEADLINE)
        self.assertNoSecret(done.stdout + done.stderr)
        return done

    def ivs_on_folder(self, *words):
        """The same with a folder as its standard input, which can be opened but not read."""
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            done = subprocess.run([PROGRAM, *words], env=self.environment(), cwd=self.folder, stdin=folder,
                                  capture_output=True, text=True, timeout=DEADLINE)
        finally:
            os.close(folder)
        self.assertNoSecret(done.stdout + done.stderr)
        return done

    def read_until(self, child, text):
        """What a program that was started says, up to the line that has this text."""
        out = ""
        while text not in out:
            piece = child.stdout.readline()
            self.assertTrue(piece, out)
            out += piece
        return out

    def script(self, text, *words, env=None, name="script.lua"):
        self.write(name, text)
        return self.ivs("run", name, *words, env=env)

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def read(self, name):
        with open(os.path.join(self.folder, name), encoding="utf-8") as file:
            return file.read()

    def assertNoSecret(self, text):
        for secret in self.secrets:
            self.assertNotIn(secret, text)

    def assertNothingLeft(self, seconds=3):
        """No process of this test is running any more."""
        end = time.monotonic() + seconds
        while (left := processes_with(self.mark)) and time.monotonic() < end:
            time.sleep(0.02)
        self.assertEqual(left, [])

    def assertFails(self, done, code, *parts):
        """The exit code, and one line on stderr that has all of these parts and is no dump of Lua's or C's insides."""
        self.assertEqual(done.returncode, code, done.stderr)
        lines = done.stderr.strip().split("\n")
        self.assertEqual(len(lines), 1, done.stderr)
        for part in parts:
            self.assertIn(part, lines[0])
        for inside in ("stack traceback", "[C]", "upvalue", "ivs_", "src/", "ivs.cli"):
            self.assertNotIn(inside, done.stderr)
        self.assertNotRegex(done.stderr, "0x[0-9a-f]{6}")
        return lines[0]


def main():
    print(f"program: {PROGRAM}; python {sys.version.split()[0]}", flush=True)
    unittest.main()
