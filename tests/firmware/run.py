#!/usr/bin/python3
"""Runs the firmware of boards in an emulator, against the simulator of the service, over TLS.

usage: run.py FOLDER [BOARD...]

FOLDER has the images, FOLDER/BOARD/firmware.elf, as `make firmware` builds them; all of them are run, or those named.
The guest reaches the simulator and nothing else. Prints one line for each check, and the figures of each
board; exit code 1 if any check failed.
"""

import argparse
import base64
import json
import re
import subprocess
import sys
import threading
import time
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

TOP = Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(TOP / "tests" / "faults"))

import chain  # noqa: E402  (the path has to be set first)
import figures  # noqa: E402
from rig import Simulator  # noqa: E402

PYTHON = "/usr/bin/python3"
RELAY = TOP / "tests" / "firmware" / "relay.py"
ADDRESS = "10.0.2.100"
SECONDS = 90  # for a run of the emulator
YEAR = 365 * 86400
ITEMS = 50
RATE = 5  # PutMetadata a second
# Images, with the machine of qemu-system-arm that runs each, and its network interface.
MACHINES = {
    "mps2-an386": ("mps2-an386", "lan9118"),
    "mps2-an386-v6m": ("mps2-an386", "lan9118"),
    "lm3s6965evb": ("lm3s6965evb", "stellaris"),
}
MIPS = 125  # million instructions in a second of -icount shift=3
ERR_NAME, ERR_TLS_TRUST, ERR_TLS_NAME, ERR_TLS_DATE = 40, 61, 62, 63


def forward(port, simulator, variable):
    """The way out of the guest's network: a relay for each connection, to the port of this URL of the simulator."""
    to = urlsplit(simulator.environment[variable]).port
    return f",guestfwd=tcp:{ADDRESS}:{port}-cmd:{PYTHON} {RELAY} {to}"


class Run:
    """One run of an image: its exit code, and what it printed as {name: [value, ...]}."""

    def __init__(self, folder, board, simulator, words, extra=(), on_line=None):
        self.said, self._on_line = {}, on_line
        machine, interface = MACHINES[board]
        network = f"user,model={interface},restrict=on" + forward(443, simulator, "AWS_ENDPOINT_URL_IVS")
        if words["do"] == "port":
            network += forward(80, simulator, "IVS_SIM_CONTROL")
        arguments = ",".join(f"arg={name}={value}" for name, value in words.items())
        self._child = subprocess.Popen(
            ["qemu-system-arm", "-M", machine, "-display", "none", "-monitor", "none", "-serial", "stdio",
             "-kernel", str(folder / board / "firmware.elf"), "-nic", network, *extra,
             "-semihosting-config", f"enable=on,target=native,arg=fw,{arguments}"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        watch = threading.Timer(SECONDS, self._child.kill)
        watch.start()
        try:
            for line in self._child.stdout:
                self._take(line.decode(errors="replace").rstrip())
            self.code = self._child.wait()
        finally:
            watch.cancel()
            self._child.kill()
            self._child.wait()

    def _take(self, line):
        name, _, value = line.partition(" ")
        self.said.setdefault(name, []).append(value)
        if self._on_line:
            self._on_line(name, value)

    def number(self, name):
        return int(self.said.get(name, ["-1"])[0])

    def __str__(self):
        return f"exit code {self.code}, said {json.dumps(self.said)}"


class Failed(Exception):
    """A check; the text says what was seen."""


def expect(condition, what):
    if not condition:
        raise Failed(what)


def certificate(path):
    """A PEM file's first certificate in DER, as hexadecimal digits."""
    text = re.search(r"-----BEGIN CERTIFICATE-----(.*?)-----END", Path(path).read_text(), re.S).group(1)
    return base64.b64decode(text).hex()


def words_for(simulator, **more):
    environment = simulator.environment
    return {"endpoint": "https://localhost", "name": "localhost", "address": ADDRESS,
            "ca": certificate(environment["AWS_CA_BUNDLE"]), "key": environment["AWS_ACCESS_KEY_ID"],
            "secret": environment["AWS_SECRET_ACCESS_KEY"], "region": environment["AWS_REGION"], **more}


def accepted_items(simulator):
    """[(time, [item, ...])] of the payloads that the service accepted."""
    return [(datetime.fromisoformat(entry["time"].replace("Z", "+00:00")).timestamp(),
             [item["item"] for item in json.loads(entry["metadata"])])
            for entry in simulator.control("metadata")["metadata"]]


def most_in_a_second(times):
    """How many of them, seconds in rising order, lie within one second at the most."""
    return max(sum(1 for t in times if start <= t < start + 1) for start in times)


def without_repetitions(payloads):
    """All items in their order. One whose answer was lost is sent again, with whatever waits by then."""
    items = []
    for _, payload in payloads:
        items += [item for item in payload if item not in items]
    return items


class Board:
    """The checks of one board; each is a method whose first line says what has to hold."""

    def __init__(self, folder, board):
        self.folder, self.board = folder, board
        self.said = None  # of the main job
        self.chain = 0  # bytes of the TLS pool that four RSA certificates take
        self.instructions = 0.0  # of a first call, in millions

    def run(self, simulator, words, **more):
        return Run(self.folder, self.board, simulator, words, **more)

    def live(self, simulator):
        """the main job, from a clock of 1970, through a dropped connection, a 503 and a lost answer"""
        for fault in ({"fault": "reset-before-read", "operation": "GetStream"},
                      {"fault": "unavailable", "operation": "GetStream"},
                      {"fault": "reset-before-answer", "operation": "PutMetadata", "skip": 5},
                      {"fault": "unavailable", "operation": "PutMetadata", "skip": 10}):
            simulator.control("fault", fault)

        def on_line(name, value):
            if name == "channel":
                simulator.control("live", {"channelArn": value, "live": True})

        run = self.run(simulator, words_for(simulator, do="live", items=ITEMS, clock=0, learn=1), on_line=on_line)
        expect(run.code == 0, run)
        expect(abs(run.number("time-learned") - time.time()) < 60, run)
        expect(run.said.get("state") == ["LIVE"], run)
        expect(run.number("metadata-sent") == ITEMS, run)
        payloads = accepted_items(simulator)
        expect(without_repetitions(payloads) == list(range(1, ITEMS + 1)), payloads)
        expect(most_in_a_second([moment for moment, _ in payloads]) <= RATE, payloads)
        faults = simulator.control("faults")
        expect(sum(faults["done"].values()) == 4, faults)
        operations = simulator.control("counts")["operations"]
        expect(all(operations[name]["carriedOut"] == 1 for name in ("CreateChannel", "StopStream", "DeleteChannel")),
               operations)
        expect(simulator.control("state")["channels"] == [], "a channel was left")
        self.said = {name: run.number(name) for name in run.said if run.said[name][0].isdecimal()}

    def refused(self, simulator, code, **words):
        run = self.run(simulator, words_for(simulator, do="list", **words))
        expect(run.code == code, run)
        expect(simulator.control("counts")["requests"] == 0, "a request was sent")

    def list(self, simulator):
        """one call with the right time, which all refusals below are held against"""
        run = self.run(simulator, words_for(simulator, do="list"))
        expect(run.code == 0, run)

    def counted(self, simulator):
        """the same with time that counts instructions, where a storm of interrupts would get stuck"""
        run = self.run(simulator, words_for(simulator, do="list"), extra=("-icount", "shift=3"))
        expect(run.code == 0, run)
        self.instructions = run.number("call-ms") * MIPS / 1000

    def port(self, simulator):
        """the port by itself: names, addresses, bytes, failures, look-ups given up, connections given back"""
        run = self.run(simulator, words_for(simulator, do="port"))
        expect(run.code == 0, run)

    def no_heap(self, _simulator):
        """a program that calls malloc does not link"""
        done = subprocess.run(["cmake", "--build", str(self.folder / self.board), "--target", "with_malloc"],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=SECONDS)
        expect(done.returncode != 0 and "undefined reference to `_sbrk'" in done.stdout, done.stdout)

    def chain_of_four(self, _simulator):
        """a server with four RSA certificates, as the service has"""
        server = chain.Server("us-east-1")
        try:
            run = self.run(server, words_for(server, do="list"))
        finally:
            server.stop()
        expect(run.code == 0, run)
        self.chain = run.number("pool-most")

    def other_root(self, simulator):
        """refused: a certificate that no trusted root has signed"""
        simulator.control("fault", {"fault": "tls-unknown-ca", "times": None})
        self.refused(simulator, ERR_TLS_TRUST)

    def other_host(self, simulator):
        """refused: a certificate for another host"""
        simulator.control("fault", {"fault": "tls-wrong-host", "times": None})
        self.refused(simulator, ERR_TLS_NAME)

    def expired(self, simulator):
        """refused: a certificate that has expired"""
        simulator.control("fault", {"fault": "tls-expired", "times": None})
        self.refused(simulator, ERR_TLS_DATE)

    def not_yet_valid(self, simulator):
        """refused: a certificate that is not valid yet"""
        simulator.control("fault", {"fault": "tls-not-yet-valid", "times": None})
        self.refused(simulator, ERR_TLS_DATE)

    def clock_of_1970(self, simulator):
        """refused: a good certificate, judged by a clock of 1970"""
        self.refused(simulator, ERR_TLS_DATE, clock=0)

    def clock_ahead(self, simulator):
        """refused: a good certificate, judged by a clock five years ahead"""
        self.refused(simulator, ERR_TLS_DATE, clock=int(time.time()) + 5 * YEAR)

    def no_such_name(self, simulator):
        """refused: a host name that DNS does not know"""
        self.refused(simulator, ERR_NAME, name="elsewhere")

    CHECKS = (no_heap, port, list, counted, chain_of_four, live, other_root, other_host, expired, not_yet_valid,
              clock_of_1970, clock_ahead, no_such_name)


def run_checks(board, simulator):
    failures = 0
    for check in Board.CHECKS:
        simulator.control("reset", {})
        began = time.monotonic()
        try:
            check(board, simulator)
            result = "ok"
        except Failed as error:
            result = f"FAILED: {error}"
            failures += 1
        print(f"{board.board}: {check.__doc__}: {result} ({time.monotonic() - began:.1f} s)", flush=True)
    return failures


def print_figures(board):
    if board.said is None:
        return
    print("\n".join(figures.table(board.folder / board.board / "firmware.map", board.said)))
    print(f"  TLS pool with a chain of four RSA certificates: {board.chain}")
    print(f"  a first call with its handshake: at most {board.instructions:.0f} million instructions\n", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", help="where make firmware puts the images")
    parser.add_argument("board", nargs="*", help="those to run")
    options = parser.parse_args()
    folder = Path(options.folder)
    boards = options.board or [name for name in MACHINES if (folder / name / "firmware.elf").exists()]
    unknown = [name for name in boards if name not in MACHINES]
    if unknown or not boards:
        sys.exit(f"run.py: no image of {', '.join(unknown) or 'any board'} in {folder}: make firmware builds them")
    simulator = Simulator("--tls", "both")
    failures = 0
    try:
        for name in boards:
            board = Board(folder, name)
            failures += run_checks(board, simulator)
            print_figures(board)
    finally:
        simulator.stop()
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
