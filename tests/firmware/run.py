#!/usr/bin/python3
"""Runs the firmware of boards in an emulator, against the simulator of the service, over TLS.

usage: run.py FOLDER [BOARD...]

FOLDER has the images, FOLDER/BOARD/firmware.elf, as `make firmware` builds them; all of them are run, or those named.
The guest reaches the simulator and nothing else. Prints one line for each check, and the figures of each
board, which it also writes to FOLDER/figures.json as {image: {name: integer}}, for the images that passed; exit code 1
if any check failed.
"""

import argparse
import base64
import json
import re
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

TOP = Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(TOP / "tests" / "faults"))
sys.path.insert(0, str(TOP / "tests" / "platform"))

import chain  # noqa: E402  (the path has to be set first)
import figures  # noqa: E402
import options  # noqa: E402
from certificates import Maker  # noqa: E402
from port_peer import Peer  # noqa: E402
from rig import Simulator  # noqa: E402
from with_lua import WithLua  # noqa: E402

PYTHON = "/usr/bin/python3"
RELAY = TOP / "tests" / "firmware" / "relay.py"
ADDRESS = "10.0.2.100"
IOT_PORT, PEER_PORT, TLS_PEER_PORT = 8443, 7007, 7008
SECONDS = 90  # for a run of the emulator
YEAR = 365 * 86400
ITEMS = 50
LIFETIME = 4  # seconds of credentials that end while the main job is done
RATE = 5  # PutMetadata a second
# Images, with the machine of qemu-system-arm that runs each, and its network interface.
MACHINES = {
    "mps2-an386": ("mps2-an386", "lan9118"),
    "mps2-an386-v6m": ("mps2-an386", "lan9118"),
    "lm3s6965evb": ("lm3s6965evb", "stellaris"),
    "mps2-an386-lua": ("mps2-an386", "lan9118"),
}
WITH_IOT = ("mps2-an386", "mps2-an386-v6m")  # those whose board.cmake sets FIRMWARE_IOT
COUNTED = ("-icount", "shift=3")
MIPS = 125  # million instructions in a second of it
LOOP_ITEMS = 15
# Bounds of a step, in instructions: with no connection yet, where it may be of the handshake; and with one.
STEPS = ("task-connecting", "task")
STEP_AT_MOST = {"mps2-an386": (3_000_000, 400_000), "mps2-an386-v6m": (4_500_000, 900_000),
                "lm3s6965evb": (30_000_000, 400_000)}
STEP_RSA_AT_MOST = {"mps2-an386": 25_000_000, "mps2-an386-v6m": 60_000_000, "lm3s6965evb": 25_000_000}
HANDSHAKE = ("handshake", "handshake-step")
MEASURED = HANDSHAKE + ("resumed", "resumed-step", "key", "signature", "call")
ERR_NAME, ERR_TLS_TRUST, ERR_TLS_NAME, ERR_TLS_DATE = 40, 61, 62, 63


def ways_out(simulator):
    """{port of ADDRESS: port of the simulator's} that the guest can reach."""
    urls = {443: simulator.environment["AWS_ENDPOINT_URL_IVS"]}
    if "IVS_SIM_IOT_ENDPOINT" in simulator.environment:
        urls[IOT_PORT] = "https://" + simulator.environment["IVS_SIM_IOT_ENDPOINT"]
    return {port: urlsplit(url).port for port, url in urls.items()}


def forward(port, to):
    """A relay for each connection."""
    return f",guestfwd=tcp:{ADDRESS}:{port}-cmd:{PYTHON} {RELAY} {to}"


class Run:
    """One run of an image: its exit code, and what it printed as {name: [value, ...]}."""

    def __init__(self, folder, board, simulator, words, extra=(), on_line=None, ways=None):
        self.said, self._on_line = {}, on_line
        machine, interface = MACHINES[board]
        ways = ways_out(simulator) | (ways or {})
        network = f"user,model={interface},restrict=on" + "".join(forward(*way) for way in ways.items())
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

    def instructions(self, name):
        """Of a number of cycles, in a run with COUNTED."""
        return self.number(name) * MIPS * 1_000_000 // self.number("cycles-second")

    def __str__(self):
        return f"exit code {self.code}, said {json.dumps(self.said)}"


class Failed(Exception):
    """A check; the text says what was seen."""


def expect(condition, what):
    if not condition:
        raise Failed(what)


def der(path):
    """What a PEM file has first in DER, as hexadecimal digits."""
    text = re.search(r"-----BEGIN [A-Z ]+-----(.*?)-----END", Path(path).read_text(encoding="ascii"), re.S).group(1)
    return base64.b64decode(text).hex()


def peer_certificate(folder):
    """The paths of a certificate for the peer of ports, its key, and who has signed it."""
    maker = Maker(folder)
    ca_key, key = maker.key("ca", "ec"), maker.key("peer", "ec")
    ca = maker.certificate("ca", ca_key, authority=True)
    return maker.certificate("peer", key, (ca, ca_key), san=f"DNS:localhost,IP:{ADDRESS}"), key, ca


def words_for(simulator, **more):
    environment = simulator.environment
    return {"endpoint": "https://localhost", "name": "localhost", "address": ADDRESS,
            "ca": der(environment["AWS_CA_BUNDLE"]), "key": environment["AWS_ACCESS_KEY_ID"],
            "secret": environment["AWS_SECRET_ACCESS_KEY"], "region": environment["AWS_REGION"], **more}


def words_for_iot(simulator, **more):
    """In place of keys: the device's certificate."""
    names = ("ROLE_ALIAS", "THING", "CERTIFICATE", "KEY")
    said = {name: simulator.environment["IVS_SIM_IOT_" + name] for name in names}
    words = words_for(simulator, iot=f"https://localhost:{IOT_PORT}", **more)
    del words["key"], words["secret"]
    return words | {"iot-alias": said["ROLE_ALIAS"], "iot-thing": said["THING"], "iot-cert": der(said["CERTIFICATE"]),
                    "iot-key": der(said["KEY"])}


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
        self.instructions = {}  # of what measure.c does
        self.starved = {}  # most instructions for which the task of loop.c had to wait

    def run(self, simulator, words, **more):
        return Run(self.folder, self.board, simulator, words, **more)

    def live(self, simulator):
        """the main job, from a clock of 1970, through a dropped connection, a 503 and a lost answer"""
        for fault in ({"fault": "reset-before-read", "operation": "GetStream"},
                      {"fault": "unavailable", "operation": "GetStream"},
                      {"fault": "reset-before-answer", "operation": "PutMetadata", "skip": 5},
                      {"fault": "unavailable", "operation": "PutMetadata", "skip": 10}):
            simulator.control("fault", fault)

        with_iot = self.board in WITH_IOT
        words = (words_for_iot if with_iot else words_for)(simulator, do="live", items=ITEMS, clock=0, learn=1)
        run = self.main_job(simulator, words, ITEMS)
        expect(abs(run.number("time-learned") - time.time()) < 60, run)
        faults = simulator.control("faults")
        expect(sum(faults["done"].values()) == 4, faults)
        expect(run.number("iot-credentials") == (1 if with_iot else -1), run)
        self.said = {name: run.number(name) for name in run.said if run.said[name][0].isdecimal()}

    def main_job(self, simulator, words, items, **more):
        """The run, which did all that the job is, once."""

        def on_line(name, value):
            if name == "channel":
                simulator.control("live", {"channelArn": value, "live": True})

        run = self.run(simulator, words, on_line=on_line, **more)
        expect(run.code == 0, run)
        expect(run.said.get("state") == ["LIVE"], run)
        expect(run.number("metadata-sent") == items, run)
        payloads = accepted_items(simulator)
        expect(without_repetitions(payloads) == list(range(1, items + 1)), payloads)
        expect(most_in_a_second([moment for moment, _ in payloads]) <= RATE, payloads)
        operations = simulator.control("counts")["operations"]
        expect(all(operations[name]["carriedOut"] == 1 for name in ("CreateChannel", "StopStream", "DeleteChannel")),
               operations)
        expect(simulator.control("state")["channels"] == [], "a channel was left")
        return run

    def renewed(self, simulator):
        """the main job with credentials that end meanwhile: AWS IoT is asked again, by the device's certificate"""
        simulator.control("ends", {"lifetime": LIFETIME})
        run = self.main_job(simulator, words_for_iot(simulator, do="live", items=ITEMS), ITEMS)
        expect(run.number("refreshes") >= 1, run)
        asked = simulator.control("ends")["ends"]["iot"]
        expect(asked["requests"] == run.number("iot-credentials") == run.number("refreshes") + 1, asked)
        expect(asked["refused"] == 0, asked)

    def loop(self, simulator):
        """the main job from a main loop, whose other task gets its turn within a bound of instructions"""
        simulator.control("fault", {"fault": "reset-before-read", "operation": "GetStream"})
        run = self.main_job(simulator, words_for(simulator, do="loop", items=LOOP_ITEMS), LOOP_ITEMS, extra=COUNTED)
        self.starved = {name: run.instructions("cycles-" + name) for name in STEPS}
        expect(run.number("task-runs") > 0, run)
        expect(all(0 < n <= most for n, most in zip(self.starved.values(), STEP_AT_MOST[self.board])), self.starved)

    def refused(self, simulator, code, **words):
        run = self.run(simulator, words_for(simulator, do="list", **words))
        expect(run.code == code, run)
        expect(simulator.control("counts")["requests"] == 0, "a request was sent")

    def list(self, simulator):
        """one call with the right time, which all refusals below are held against"""
        run = self.run(simulator, words_for(simulator, do="list"))
        expect(run.code == 0, run)

    def counted(self, simulator):
        """calls with time that counts instructions, where a storm of interrupts would get stuck"""
        run = self.run(simulator, words_for(simulator, do="measure"), extra=COUNTED)
        expect(run.code == 0, run)
        self.instructions |= {name: run.instructions("cycles-" + name) for name in MEASURED}
        expect(all(n > 0 for n in self.instructions.values()), run)

    def port(self, simulator):
        """the port by itself: the self-test of ports, over TCP and TLS; look-ups given up, connections given back"""
        with tempfile.TemporaryDirectory() as folder:
            chain, key, ca = peer_certificate(folder)
            with Peer() as plain, Peer(tls=(chain, key)) as secure:
                control = urlsplit(simulator.environment["IVS_SIM_CONTROL"]).port
                ways = {80: control, PEER_PORT: plain.port, TLS_PEER_PORT: secure.port}
                words = words_for(simulator, do="port", peer=PEER_PORT, **{"tls-peer": TLS_PEER_PORT}) | {"ca": der(ca)}
                run = self.run(simulator, words, ways=ways)
        expect(run.code == 0, run)
        expect(run.said["left-out"] == ["reset", "two"] and len(run.said["kept"]) >= 40, run)

    def no_heap(self, _simulator):
        """a program that calls malloc does not link"""
        done = subprocess.run(["cmake", "--build", str(self.folder / self.board), "--target", "with_malloc"],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=SECONDS)
        expect(done.returncode != 0 and "undefined reference to `_sbrk'" in done.stdout, done.stdout)

    def chain_of_four(self, _simulator):
        """a server with four RSA certificates, as the service has"""
        server = chain.Server("us-east-1")
        try:
            run = self.run(server, words_for(server, do="measure"), extra=COUNTED)
        finally:
            server.stop()
        expect(run.code == 0, run)
        self.chain = run.number("pool-most")
        self.instructions |= {name + "-rsa": run.instructions("cycles-" + name) for name in HANDSHAKE}
        step = self.instructions["handshake-step-rsa"]
        expect(0 < step <= STEP_RSA_AT_MOST[self.board], f"{step} instructions in a step of the handshake")

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

    FIRST = (no_heap,)  # which needs the processor most
    ASIDE = (port,)  # those that can go on while others do
    CHECKS = (list, counted, chain_of_four, live, loop, other_root, other_host, expired, not_yet_valid,
              clock_of_1970, clock_ahead, no_such_name)
    CHECKS_WITH_IOT = (renewed,)


class LuaBoard(WithLua, Board):
    """The same of a board whose program runs Lua scripts."""

    words = staticmethod(words_for)
    expect = staticmethod(expect)
    COUNTED = COUNTED


KINDS = {"mps2-an386-lua": LuaBoard}


def run_check(board, simulator, check):
    """True if it failed."""
    began = time.monotonic()
    try:
        check(board, simulator)
        result = "ok"
    except Failed as error:
        result = f"FAILED: {error}"
    print(f"{board.board}: {check.__doc__}: {result} ({time.monotonic() - began:.1f} s)", flush=True)
    return result != "ok"


def run_checks(board):
    """How many failed."""
    simulator = Simulator("--tls", "both", "--iot")
    failures = 0
    try:
        with ThreadPoolExecutor() as aside:
            failures += sum(run_check(board, simulator, check) for check in board.FIRST)
            waited_for = [aside.submit(run_check, board, simulator, check) for check in board.ASIDE]
            for check in board.CHECKS + (board.CHECKS_WITH_IOT if board.board in WITH_IOT else ()):
                simulator.control("reset", {})
                failures += run_check(board, simulator, check)
            return failures + sum(one.result() for one in waited_for)
    finally:
        simulator.stop()


def run_options(folder):
    """How many options of lwIP are missed without the right words, or do not go with the port."""
    sources = sorted((folder.resolve().parent / "deps" / "src").glob("lwip-*"))
    if not sources:
        sys.exit("run.py: lwIP's source is not there: make deps brings it")
    found = options.problems(sources[-1]) + options.problems_of_ipv6(sources[-1])
    print("\n".join(["lwIP without an option that is needed, and with IPv6: " + ("FAILED" if found else "ok"), *found]),
          flush=True)
    return len(found)


def print_figures(board):
    print("\n".join(figures.table(board.folder / board.board / "firmware.map", board.said)))
    if board.board in KINDS:
        board.print_more()
        return
    print(f"  TLS pool with a chain of four RSA certificates: {board.chain}")
    counts = ", ".join(f"{name} {count / 1_000_000:.2f}" for name, count in board.instructions.items())
    print(f"  million instructions: {counts}")
    print(f"  most for which the task of the main loop had to wait: {board.starved['task-connecting'] / 1_000_000:.2f} in "
          f"a handshake, {board.starved['task'] / 1_000_000:.2f} otherwise\n", flush=True)


def figures_of(board):
    """{name: integer}: what is printed, for machines."""
    numbers = figures.numbers(board.folder / board.board / "firmware.map")
    if board.board in KINDS:
        return numbers | board.numbers()
    numbers |= {name: board.said[name] for name in ("stack-size", "stack-most", "pool-size", "pool-most",
                                                    "workspace-most")}
    numbers |= {f"instructions-{name}": count for name, count in (board.instructions | board.starved).items()}
    return numbers | {"pool-most-chain": board.chain}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", help="where make firmware puts the images")
    parser.add_argument("board", nargs="*", help="those to run")
    given = parser.parse_args()
    folder = Path(given.folder)
    names = given.board or [name for name in MACHINES if (folder / name / "firmware.elf").exists()]
    unknown = [name for name in names if name not in MACHINES]
    if unknown or not names:
        sys.exit(f"run.py: no image of {', '.join(unknown) or 'any board'} in {folder}: make firmware builds them")
    boards = [KINDS.get(name, Board)(folder, name) for name in names]
    missed = run_options(folder)
    with ThreadPoolExecutor() as pool:  # they wait more than they work
        failures = list(pool.map(run_checks, boards))
    passed = [board for board, failed in zip(boards, failures) if not failed]
    for board in passed:
        print_figures(board)
    written = {board.board: figures_of(board) for board in passed}
    (folder / "figures.json").write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")
    return 1 if missed or any(failures) else 0


if __name__ == "__main__":
    sys.exit(main())
