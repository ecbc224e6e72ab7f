"""A simulator, a driver against it, and one call under one fault."""

import http.client
import json
import os
import select
import shlex
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHON = "/usr/bin/python3"
CONTROL_TIMEOUT = 20.0
CONTROL_IDLE = 5.0  # seconds after which the simulator may have closed the connection
# Without what the user has set for AWS's tools, such as a session token.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
SETTLE = 1.0  # seconds for the simulator to have done what is under way


class Hung(Exception):
    """The driver did not answer, or ended."""


class Simulator:
    """scripts/ivs-sim as a user starts it."""

    def __init__(self, *options):
        self._child = subprocess.Popen(
            [PYTHON, str(ROOT / "scripts" / "ivs-sim"), "--quiet", "--no-metadata-limit", *options],
            stdout=subprocess.PIPE, text=True, cwd=ROOT)
        self.environment = {}
        for line in self._child.stdout:
            name, _, value = line.removeprefix("export ").strip().partition("=")
            self.environment[name] = "".join(shlex.split(value))
            if name == "IVS_SIM_HTTP":
                break
        else:
            raise RuntimeError("the simulator did not start")
        where = self.environment["IVS_SIM_CONTROL"].split("/")[2]
        self._http = http.client.HTTPConnection(where, timeout=CONTROL_TIMEOUT)
        self._asked = time.monotonic()

    def __getitem__(self, name):
        return self.environment[name]

    def control(self, name, body=None, method=None):
        data = None if body is None else json.dumps(body)
        if time.monotonic() - self._asked > CONTROL_IDLE:
            self._http.close()
        self._asked = time.monotonic()
        self._http.request(method or ("GET" if body is None else "POST"), f"/_sim/{name}", data)
        answer = self._http.getresponse()
        value = json.loads(answer.read())
        if answer.status != 200:
            raise RuntimeError(f"{name} {data}: {value['error']}")
        return value

    def stop(self):
        self._http.close()
        self._child.terminate()
        self._child.wait(CONTROL_TIMEOUT)
        self._child.stdout.close()


class Driver:
    """The C program, told in words what to do."""

    def __init__(self, program, environment):
        self._child = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                       env={**ENVIRONMENT, **environment})
        self._buffer = b""

    def tell(self, line, seconds=10.0):
        try:
            self._child.stdin.write(line.encode() + b"\n")
            self._child.stdin.flush()
        except BrokenPipeError:
            raise Hung(f"the driver is gone, with {self._child.wait()}") from None
        return json.loads(self._line(line, seconds))

    def _line(self, asked, seconds):
        end = time.monotonic() + seconds
        while b"\n" not in self._buffer:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self._child.stdout], [], [], left)[0]:
                raise Hung(f"no answer within {seconds:.1f} s to: {asked}")
            data = os.read(self._child.stdout.fileno(), 65536)
            if not data:
                raise Hung(f"the driver ended, with {self._child.wait()}, at: {asked}")
            self._buffer += data
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line

    def stop(self):
        try:
            self._child.stdin.close()
        except BrokenPipeError:  # it is gone already
            pass
        try:
            self._child.wait(5)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        self._child.stdout.close()

    def kill(self):
        self._child.kill()
        self.stop()


class Rig:
    """A simulator with two drivers: one under test, and one that sets the stage by plain HTTP."""

    def __init__(self, program, stage=None):
        self.simulator = Simulator()
        self._program = program
        self._tested = None
        self._stage = Driver(stage or program, self.simulator.environment)
        self._stage.tell(f"client url={self.simulator.environment['IVS_SIM_HTTP']}")
        self._names = 0

    def stop(self):
        self.use(None)
        self._stage.stop()
        self.simulator.stop()

    def use(self, program):
        """Another driver is under test from now on."""
        self._program = program
        if self._tested is not None:
            self._tested.stop()
            self._tested = None

    def name(self):
        self._names += 1
        return f"channel-{self._names}"

    def make_channel(self):
        made = self._stage.tell(f"create {self.name()}")
        if made["result"] != "OK":
            raise RuntimeError(f"the stage could not be set: {made}")
        return made["arn"]

    def begin(self):
        """An empty account with one live channel; returns its ARN."""
        self.simulator.control("reset", {})
        arn = self.make_channel()
        self.simulator.control("live", {"channelArn": arn, "live": True})
        return arn

    def open_client(self, transport, **options):
        name = "IVS_SIM_HTTP" if transport == "http" else "AWS_ENDPOINT_URL_IVS"
        url = self.simulator.environment[name]
        if transport != "http":
            options["tls"] = {"1.2": 12, "1.3": 13}[transport]
        words = " ".join(f"{name}={int(value)}" for name, value in options.items())
        if self._tested is None:
            self._tested = Driver(self._program, self.simulator.environment)
        self._tested.tell(f"client url={url} {words}")

    def call(self, words, seconds):
        """What the driver under test says of the call. One that hangs is replaced."""
        try:
            return self._tested.tell(words, seconds)
        except Hung:
            self._tested.kill()
            self._tested = None
            raise

    def counts(self):
        return self.simulator.control("counts")

    def settled(self, counted, wanted, seconds=SETTLE):
        """What `counted` gives as soon as it is as wanted, or at the end."""
        end = time.monotonic() + seconds
        while True:
            value = counted()
            if value == wanted or time.monotonic() > end:
                return value
            time.sleep(0.01)
